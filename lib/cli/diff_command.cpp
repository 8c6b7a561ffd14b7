#include <verso/domain/document_change.hpp>

#include "cli/command.hpp"
#include "cli/resource_facts.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace verso::cli {

namespace {

constexpr std::array all_types{ChangeType::added, ChangeType::removed, ChangeType::changed,
                               ChangeType::renamed};

std::size_t count_of(const std::vector<Change>& changes, ChangeType type) {
    return static_cast<std::size_t>(
        std::count_if(changes.begin(), changes.end(),
                      [type](const Change& change) { return change.type == type; }));
}

/// As `2 added, 1 changed`.
std::string format_counts(const std::vector<Change>& changes) {
    std::string text;
    for (const ChangeType type : all_types)
        if (const std::size_t count = count_of(changes, type); count > 0)
            text += (text.empty() ? "" : ", ") + format_count(count) + ' ' +
                    std::string(to_string(type));
    return text;
}

char sign_of(ChangeType type) {
    switch (type) {
        case ChangeType::added: return '+';
        case ChangeType::removed: return '-';
        case ChangeType::changed: return '~';
        case ChangeType::renamed: return '>';
    }
    return '?';
}

std::string format_place(const DocumentChange& place) {
    constexpr std::size_t columns = 48;
    const auto value = [](const std::string& json) { return abbreviated(shown(json), columns); };
    const std::string at = shown(place.pointer);
    if (place.before && place.after)
        return at + ": " + value(*place.before) + " -> " + value(*place.after);
    if (place.after) return at + ": added " + value(*place.after);
    if (place.before) return at + ": removed " + value(*place.before);
    return at + (at.empty() ? "in another order" : ": in another order");
}

/// Where the resource's document changed, place by place.
std::string format_places(const Change& change, bool all) {
    if (!change.before || !change.after) return {};
    const auto places = document_changes(*change.before, *change.after);
    const std::size_t most = all ? places.size() : 4;
    std::string out;
    for (std::size_t at = 0; at < std::min(places.size(), most); ++at)
        out += "      " + format_place(places[at]) + '\n';
    if (places.size() > most)
        out += "      and " + format_count(places.size() - most) + " more (all with -v)\n";
    return out;
}

std::string heading_of(Kind kind) {
    std::string heading = plural(kind);
    std::replace(heading.begin(), heading.end(), '_', ' ');
    heading.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(heading.front())));
    return heading;
}

/// The changes of one kind: what came and went as a table, then the rest, each with the places that
/// changed.
std::string format_kind(const std::vector<Change>& changes, bool all) {
    Table came_and_went;
    came_and_went.indent(2);
    std::string changed;
    for (const ChangeType type : all_types)
        for (const Change& change : changes) {
            if (change.type != type) continue;
            std::string name = sign_of(type) + (' ' + shown(change.name));
            if (change.old_name) name += " (was " + shown(*change.old_name) + ')';
            if (change.before && change.after)
                changed += "  " + name + '\n' + format_places(change, all);
            else
                came_and_went.add(
                    {name,
                     facts(change.kind, (change.after ? *change.after : *change.before).text())});
        }
    return heading_of(changes.front().kind) + ": " + format_counts(changes) + '\n' +
           came_and_went.text() + changed;
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
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        for (const std::string& name : {from_, to_})
            static_cast<void>(session.version(snapshot, connection, name));
        const Stopwatch watch;
        const VersionKey from{connection.id, from_, from_at_ ? parse_commit(*from_at_) : 0};
        const VersionKey to{connection.id, to_, to_at_ ? parse_commit(*to_at_) : 0};
        const auto changes = must(snapshot.compare(from, to));
        const std::string duration = watch.text();
        if (session.wants_json())
            print_json(session, changes);
        else if (name_only_)
            print_names(session, changes);
        else
            print(session, changes, duration);
        return changes.empty() ? ExitCode::done : ExitCode::refused;
    }

    void print(Session& session, const std::vector<Change>& changes,
               const std::string& duration) const {
        for (auto first = changes.begin(); first != changes.end();) {
            const auto last = std::find_if(first, changes.end(), [&](const Change& change) {
                return change.kind != first->kind;
            });
            session.print(format_kind({first, last}, session.settings().verbose));
            first = last;
        }
        const std::string both = "from " + side(from_, from_at_) + " to " + side(to_, to_at_);
        session.confirm(changes.empty()
                            ? "No differences " + both + "; compared in " + duration
                            : counted(changes.size(), "difference") + ' ' + both + ": " +
                                  format_counts(changes) + "; compared in " + duration);
    }

    static std::string side(const std::string& version, const std::optional<std::string>& at) {
        return in_quotes(version) + (at ? " at commit " + *at : "");
    }

    static void print_names(Session& session, const std::vector<Change>& changes) {
        for (const Change& change : changes)
            session.print(std::string(to_string(change.type)) + '\t' +
                          std::string(to_string(change.kind)) + '\t' + shown(change.name) +
                          (change.old_name ? '\t' + shown(*change.old_name) : "") + '\n');
    }

    void print_json(Session& session, const std::vector<Change>& changes) const {
        JsonWriter json;
        json.begin_object().key("from").string(from_).key("to").string(to_);
        if (from_at_) json.key("fromCommit").number(parse_commit(*from_at_));
        if (to_at_) json.key("toCommit").number(parse_commit(*to_at_));
        json.key("equal").boolean(changes.empty());
        for (const ChangeType type : all_types)
            json.key(to_string(type)).number(count_of(changes, type));
        json.key("changes").begin_array();
        for (const Change& change : changes) {
            if (name_only_)
                json.raw(to_json(
                    {change.type, change.kind, change.id, change.name, change.old_name, {}, {}}));
            else
                json.raw(to_json(change));
        }
        session.answer(json.end_array().end_object().text());
    }

    std::string connection_;
    std::string from_;
    std::string to_;
    std::optional<std::string> from_at_;
    std::optional<std::string> to_at_;
    bool name_only_ = false;
};

}  // namespace

Commands diff_commands() {
    Commands commands;
    commands.push_back(
        {"diff", "Compare two versions: exit code 0 if they are equal, 1 if they differ",
         "  verso diff Harbour 1.0.0 1.1.0\n  verso diff Harbour latest 1.1.0 --name-only",
         std::make_unique<Diff>()});
    return commands;
}

}  // namespace verso::cli
