#include "cli/change_printer.hpp"
#include "cli/command.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"

#include <algorithm>
#include <utility>

namespace verso::cli {

namespace {

/// All kinds together.
KindSummary total_of(const std::vector<KindSummary>& summaries) {
    KindSummary total;
    for (const KindSummary& each : summaries) {
        total.added += each.added;
        total.removed += each.removed;
        total.changed += each.changed;
        total.renamed += each.renamed;
    }
    return total;
}

void write_counts(JsonWriter& json, const KindSummary& counts) {
    json.key(to_string(ChangeType::added)).number(counts.added);
    json.key(to_string(ChangeType::removed)).number(counts.removed);
    json.key(to_string(ChangeType::changed)).number(counts.changed);
    json.key(to_string(ChangeType::renamed)).number(counts.renamed);
}

class Diff final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("FROM", from_, "The version to start from");
        takes.required("TO", to_, "The version to arrive at");
        takes.option("--from-at", "COMMIT", from_at_, "FROM as it was at this commit of its log");
        takes.option("--to-at", "COMMIT", to_at_, "TO as it was at this commit of its log");
        takes.flag("--name-only", name_only_,
                   "One line a change: how, kind, name and old name, tabs between them");
        takes.flag("--stat", stat_, "How many changes there are of each kind, and none of them");
        takes.flag("--patch", patch_,
                   "Of each change its JSON Patch, and the documents of what came and went");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        if (name_only_ + stat_ + patch_ > 1)
            throw UsageError{"--name-only, --stat and --patch exclude each other; give one"};
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        for (const std::string& name : {from_, to_})
            static_cast<void>(session.version(snapshot, connection, name));
        const Stopwatch watch;
        const VersionKey from{connection.id, from_, from_at_ ? parse_commit(*from_at_) : 0};
        const VersionKey to{connection.id, to_, to_at_ ? parse_commit(*to_at_) : 0};
        const auto summaries = must(snapshot.summarize_changes(from, to));
        const std::string duration = watch.text();
        if (session.wants_json())
            answer(session, snapshot, {from, to}, summaries);
        else
            print(session, snapshot, {from, to}, summaries, duration);
        return summaries.empty() ? ExitCode::done : ExitCode::refused;
    }

    using Both = std::pair<VersionKey, VersionKey>;

    template <class Visit>
    void each_change(const Snapshot& snapshot, const Both& both, Visit visit) const {
        const CompareOptions options{.documents = !name_only_};
        must(snapshot.each_change(both.first, both.second, options, [&](const Change& change) {
            visit(change);
            return true;
        }));
    }

    void print(Session& session, const Snapshot& snapshot, const Both& both,
               const std::vector<KindSummary>& summaries, const std::string& duration) const {
        if (stat_) {
            print_table(session, summaries);
        } else {
            ChangePrinter printer(session.output(), detail(session), summaries);
            each_change(snapshot, both, [&](const Change& change) { printer.print(change); });
        }
        if (name_only_) return;
        const std::string sides = "from " + side(from_, from_at_) + " to " + side(to_, to_at_);
        const KindSummary total = total_of(summaries);
        session.confirm(summaries.empty()
                            ? "No differences " + sides + "; compared in " + duration
                            : counted(total.total(), "difference") + ' ' + sides + ": " +
                                  format_counts(total) + "; compared in " + duration);
    }

    [[nodiscard]] ChangeDetail detail(const Session& session) const {
        if (name_only_) return ChangeDetail::names;
        if (patch_) return ChangeDetail::patch;
        return session.settings().verbose ? ChangeDetail::all_places : ChangeDetail::places;
    }

    static std::string side(const std::string& version, const std::optional<std::string>& at) {
        return in_quotes(version) + (at ? " at commit " + *at : "");
    }

    static void print_table(Session& session, const std::vector<KindSummary>& summaries) {
        if (summaries.empty()) return;
        Table table({"KIND", "ADDED", "REMOVED", "CHANGED", "RENAMED"});
        for (std::size_t column = 1; column <= 4; ++column)
            table.align(column, Table::Align::right);
        for (const KindSummary& each : summaries)
            table.add({plural(each.kind), format_count(each.added), format_count(each.removed),
                       format_count(each.changed), format_count(each.renamed)});
        session.print(table.text());
    }

    void answer(Session& session, const Snapshot& snapshot, const Both& both,
                const std::vector<KindSummary>& summaries) const {
        JsonWriter json;
        json.begin_object().key("from").string(from_).key("to").string(to_);
        if (from_at_) json.key("fromCommit").number(parse_commit(*from_at_));
        if (to_at_) json.key("toCommit").number(parse_commit(*to_at_));
        json.key("equal").boolean(summaries.empty());
        write_counts(json, total_of(summaries));
        if (stat_) {
            json.key("kinds").begin_array();
            for (const KindSummary& each : summaries) json.raw(to_json(each));
        } else {
            json.key("changes").begin_array();
            each_change(snapshot, both, [&](const Change& change) {
                json.raw(patch_ ? to_json_with_patch(change) : to_json(change));
            });
        }
        session.answer(json.end_array().end_object().text());
    }

    std::string connection_;
    std::string from_;
    std::string to_;
    std::optional<std::string> from_at_;
    std::optional<std::string> to_at_;
    bool name_only_ = false;
    bool stat_ = false;
    bool patch_ = false;
};

}  // namespace

Commands diff_commands() {
    Commands commands;
    commands.push_back(
        {"diff", "Compare two versions: exit code 0 if they are equal, 1 if they differ",
         "  verso diff Harbour 1.0.0 1.1.0\n  verso diff Harbour latest 1.1.0 --stat\n"
         "  verso diff Harbour 1.0.0 1.1.0 --patch",
         std::make_unique<Diff>()});
    return commands;
}

}  // namespace verso::cli
