#include "cli/command.hpp"
#include "cli/note_options.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/resource_json.hpp"
#include "engine/merge_json.hpp"

namespace verso::cli {

namespace {

/// A command that takes something of one version over into a draft.
class TakingCommand : public Command {
protected:
    void declare_versions(Declaration& takes) {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("INTO", into_, "The draft that is changed: ours");
        takes.required("FROM", from_, "The version that it is taken from: theirs");
    }

    [[nodiscard]] ConnectionId connection(Session& session) const {
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        for (const std::string& name : {into_, from_})
            static_cast<void>(session.version(snapshot, connection, name));
        return connection.id;
    }
    [[nodiscard]] std::string both() const {
        return in_quotes(from_) + " into " + in_quotes(into_);
    }

    std::string connection_;
    std::string into_;
    std::string from_;
    NoteOptions note_;
};

/// What a side has at a place, on one line.
std::string side(std::string_view name, const std::optional<std::string>& value) {
    constexpr std::size_t columns = 60;
    return "      " + std::string(name) + ": " +
           (value ? abbreviated(shown(*value), columns) : "nothing") + '\n';
}

std::string format_conflict(const Conflict& conflict) {
    std::string text = "  " + std::string(to_string(conflict.type)) + ": " +
                       std::string(to_string(conflict.kind)) + ' ' + shown(conflict.name);
    if (!conflict.pointer.empty()) text += ' ' + shown(conflict.pointer);
    text += conflict.resolution.take == Take::unresolved
                ? " (open)\n"
                : " (" + std::string(to_string(conflict.resolution.take)) + ")\n";
    return text + side("base", conflict.base) + side("ours", conflict.ours) +
           side("theirs", conflict.theirs);
}

class Merge final : public TakingCommand {
    void declare(Declaration& takes) override {
        declare_versions(takes);
        takes.flag("--ours", ours_, "Decide every conflict our way");
        takes.flag("--theirs", theirs_, "Decide every conflict their way");
        takes.flag("--dry-run", dry_run_, "Say what would happen, and change nothing");
        takes.flag("--allow-unrelated", allow_unrelated_,
                   "Also without a common commit, as if both had begun empty");
        note_.declare(takes);
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        if (ours_ && theirs_) throw UsageError{"--ours and --theirs exclude each other; give one"};
        const ConnectionId connection = this->connection(session);
        const MergeOptions options{.policy = ours_     ? MergePolicy::ours()
                                             : theirs_ ? MergePolicy::theirs()
                                                       : MergePolicy::fail(),
                                   .allow_unrelated = allow_unrelated_,
                                   .note = note_.note()};
        const VersionKey into{connection, into_};
        const VersionKey from{connection, from_};
        const Stopwatch watch;
        const MergeReport report =
            must(dry_run_ ? session.snapshot().preview_merge(into, from, options)
                          : session.store().merge(into, from, options));
        const std::string duration = watch.text();
        if (session.wants_json())
            session.answer(to_json(report));
        else
            print(session, report, duration);
        return report.outcome == MergeOutcome::conflicted ? ExitCode::refused : ExitCode::done;
    }

    void print(Session& session, const MergeReport& report, const std::string& duration) const {
        for (const Change& change : report.changes)
            session.print("  " + std::string(to_string(change.type)) + ' ' +
                          std::string(to_string(change.kind)) + ' ' + shown(change.name) +
                          (change.old_name ? " (was " + shown(*change.old_name) + ')' : "") + '\n');
        for (const Conflict& conflict : report.conflicts) session.print(format_conflict(conflict));
        const std::string counts = counted(report.changes.size(), "change") + ", " +
                                   counted(report.conflicts.size(), "conflict");
        switch (report.outcome) {
            case MergeOutcome::up_to_date:
                session.confirm(in_quotes(into_) + " has all of " + in_quotes(from_) + " already");
                break;
            case MergeOutcome::merged:
                session.confirm((dry_run_ ? "Would merge " : "Merged ") + both() + ": " + counts +
                                ", in " + duration);
                break;
            case MergeOutcome::conflicted:
                session.confirm("Not merged " + both() + ": " + counts +
                                "; decide with --ours or --theirs, or edit one of the two");
        }
    }

    bool ours_ = false;
    bool theirs_ = false;
    bool dry_run_ = false;
    bool allow_unrelated_ = false;
};

class PickResources final : public TakingCommand {
    void declare(Declaration& takes) override {
        declare_versions(takes);
        takes.required("KIND", kind_, "Their kind, as `action`");
        takes.list("NAME", "NAME...", names_, "Their names there");
        note_.declare(takes);
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        if (names_.empty()) throw UsageError{"nothing to pick; name one resource at least"};
        const Kind kind = parse_kind_argument(kind_);
        const ConnectionId connection = this->connection(session);
        Pick pick{.note = note_.note()};
        for (const std::string& name : names_) pick.resources.emplace_back(kind, name);
        const ConnectionVersion after =
            must(session.store().pick({connection, into_}, {connection, from_}, pick));
        if (session.wants_json())
            session.answer(to_json(after));
        else
            session.confirm("Picked " + counted(names_.size(), "resource") + " from " + both());
        return ExitCode::done;
    }

    std::string kind_;
    std::vector<std::string> names_;
};

}  // namespace

Commands merge_commands() {
    Commands commands;
    commands.push_back({"merge",
                        "Merge a version into a draft: exit code 1 if a conflict is left open",
                        "  verso merge Harbour 1.1.0 1.0.1\n"
                        "  verso merge Harbour 1.1.0 1.0.1 --dry-run\n"
                        "  verso merge Harbour 1.1.0 1.0.1 --theirs --message 'The hotfix'",
                        std::make_unique<Merge>()});
    commands.push_back({"pick", "Take resources of another version over into a draft",
                        "  verso pick Harbour 1.1.0 1.0.1 action listBerths getBerth",
                        std::make_unique<PickResources>()});
    return commands;
}

}  // namespace verso::cli
