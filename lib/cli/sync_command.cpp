#include <verso/sync.hpp>

#include "cli/command.hpp"
#include "cli/moved_versions.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"

namespace verso::cli {

namespace {

/// `push` and `pull`, which differ in who gives.
class Sync final : public Command {
public:
    enum class Direction { push, pull };

    explicit Sync(Direction direction) : direction_(direction) {}

    void declare(Declaration& takes) override {
        takes.required("PATH", path_, "The other store's file");
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.optional("VERSION", version_, "The version's name; left out: all versions");
        takes.flag("--dry-run", dry_run_, "Say what would move, and move nothing");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Stopwatch watch;
        const bool pushes = direction_ == Direction::push;
        Store& own = pushes ? session.store() : session.store_or_new();
        Store other = open_other(session, pushes && !dry_run_);
        Store& from = pushes ? own : other;
        Store& to = pushes ? other : own;
        const Snapshot snapshot = must(from.snapshot());
        const Connection connection = session.connection(snapshot, connection_);
        SyncOptions options{.dry_run = dry_run_};
        if (version_) options.version = session.version(snapshot, connection, *version_).name;

        const Settings& settings = session.settings();
        Progress progress(pushes ? "Pushing" : "Pulling", !settings.quiet && !settings.json);
        options.progress = progress.callback();
        const SyncReport report = must(push(from, to, connection.id, options));
        progress.clear();
        if (session.wants_json())
            session.answer(to_json(report));
        else if (!settings.quiet)
            tell(session, connection, report, watch);
        return has_conflicts(report.versions) ? ExitCode::refused : ExitCode::done;
    }

private:
    [[nodiscard]] Store open_other(const Session& session, bool create) const {
        auto opened =
            Store::open(path_, {.create = create, .durability = session.settings().durability});
        if (!opened && opened.error().code == Errc::store_not_found)
            fail(Errc::store_not_found,
                 "there is no store at " + path_ + "; name the file of another store");
        return must(std::move(opened));
    }

    void tell(Session& session, const Connection& connection, const SyncReport& report,
              const Stopwatch& watch) const {
        const std::string verb = direction_ == Direction::push ? "Pushed " : "Pulled ";
        const std::string would = direction_ == Direction::push ? "Would push " : "Would pull ";
        session.print(
            (dry_run_ ? would : verb) + in_quotes(connection.name) +
            (direction_ == Direction::push ? " to " : " from ") + shown(path_) + " in " +
            watch.text() + '\n' + format_moved(report.versions, session.settings().verbose) + "  " +
            counted(report.commits, "commit") + " and " + counted(report.documents, "document") +
            " of " + format_bytes(report.document_bytes) + (dry_run_ ? " to move\n" : " moved\n"));
    }

    [[nodiscard]] std::string to_json(const SyncReport& report) const {
        JsonWriter json;
        json.begin_object().key("dryRun").boolean(dry_run_);
        json.key("connectionAdded").boolean(report.connection_added).key("versions");
        write_moved(json, report.versions);
        json.key("commits").number(report.commits).key("documents").number(report.documents);
        json.key("documentBytes").number(report.document_bytes).end_object();
        return std::move(json).take();
    }

    Direction direction_;
    std::string path_;
    std::string connection_;
    std::optional<std::string> version_;
    bool dry_run_ = false;
};

}  // namespace

Commands sync_commands() {
    Commands commands;
    commands.push_back({"push", "Move what another store lacks of a connection into it",
                        "  verso push backup.store Harbour\n"
                        "  verso push backup.store Harbour 1.1.0 --dry-run",
                        std::make_unique<Sync>(Sync::Direction::push)});
    commands.push_back({"pull", "Move what this store lacks of a connection out of another",
                        "  verso pull backup.store Harbour\n"
                        "  verso pull backup.store Harbour 1.1.0",
                        std::make_unique<Sync>(Sync::Direction::pull)});
    return commands;
}

}  // namespace verso::cli
