#include "cli/command.hpp"
#include "cli/note_options.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"

#include <algorithm>
#include <map>

namespace verso::cli {

namespace {

/// The versions of a connection by id, as far as they are there.
std::map<VersionId, std::string> names_of(const std::vector<VersionOrigin>& origins) {
    std::map<VersionId, std::string> names;
    for (const VersionOrigin& each : origins) names.insert({each.version, each.name});
    return names;
}

/// As `+3 ~1 -2 >1`.
std::string format_counts(const Commit& commit) {
    std::string text;
    const auto add = [&](char sign, std::uint32_t count) {
        if (count > 0) text += (text.empty() ? "" : " ") + (sign + format_count(count));
    };
    add('+', commit.added);
    add('~', commit.changed);
    add('-', commit.removed);
    add('>', commit.renamed);
    return text;
}

class Log final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("VERSION", version_, "The version's name");
        takes.number("--limit", limit_, "How many at most (default: 20; 0: all)");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        static_cast<void>(session.version(snapshot, connection, version_));
        std::vector<Commit> commits;
        bool has_more = false;
        must(snapshot.each_commit({connection.id, version_}, [&](const Commit& commit) {
            has_more = limit_ != 0 && commits.size() == limit_;
            if (!has_more) commits.push_back(commit);
            return !has_more;
        }));
        if (session.wants_json()) return answer(session, commits, has_more);
        print_table(session, names_of(must(snapshot.lineage(connection.id))), commits);
        if (has_more)
            session.confirm("The last " + format_count(commits.size()) + "; --limit 0 shows all");
        return ExitCode::done;
    }

    static ExitCode answer(Session& session, const std::vector<Commit>& commits, bool has_more) {
        JsonWriter json;
        json.begin_object().key("hasMore").boolean(has_more).key("commits").begin_array();
        for (const Commit& each : commits) json.raw(to_json(each));
        session.answer(json.end_array().end_object().text());
        return ExitCode::done;
    }

    static void print_table(Session& session, const std::map<VersionId, std::string>& names,
                            const std::vector<Commit>& commits) {
        Table table({"COMMIT", "TIME (UTC)", "VERSION", "CHANGES", "AUTHOR", "MESSAGE"});
        table.align(0, Table::Align::right);
        for (const Commit& each : commits) {
            const auto name = names.find(each.version);
            table.add({std::to_string(each.number), format_time(each.time),
                       name == names.end() ? "(deleted)" : shown(name->second), format_counts(each),
                       abbreviated(shown(each.author), 24), abbreviated(shown(each.message), 60)});
        }
        session.print(table.text());
    }

    std::string connection_;
    std::string version_;
    std::size_t limit_ = 20;
};

/// A command that gives a draft back what it held.
class GiveBack : public Command {
protected:
    void declare_draft(Declaration& takes) {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("VERSION", version_, "The draft's name");
    }

    /// Changes the draft and says so, with how much changed.
    template <class Change>
    ExitCode run(Session& session, const std::string& done, Change change) const {
        const Connection connection = session.connection(session.snapshot(), connection_);
        const ConnectionVersion before = session.version(session.snapshot(), connection, version_);
        const Stopwatch watch;
        const ConnectionVersion after =
            must(change(session.store(), VersionKey{connection.id, before.name}, note_.note()));
        const std::string which =
            "version " + in_quotes(after.name) + " of " + in_quotes(connection.name);
        if (session.wants_json())
            session.answer(to_json(after));
        else
            session.confirm(after.revision == before.revision
                                ? "Nothing to change in " + which
                                : done + ' ' + which + ", in " + watch.text());
        return ExitCode::done;
    }

    std::string connection_;
    std::string version_;
    NoteOptions note_;
};

class Restore final : public GiveBack {
    void declare(Declaration& takes) override {
        declare_draft(takes);
        takes.required("COMMIT", commit_, "The commit's number, as `verso log` shows it");
        note_.declare(takes);
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const std::uint64_t commit = parse_commit(commit_);
        const auto restore = [&](Store& store, const VersionKey& key, const CommitNote& note) {
            return store.restore(key, commit, note);
        };
        return GiveBack::run(session, "Restored commit " + std::to_string(commit) + " in", restore);
    }

    std::string commit_;
};

class Undo final : public GiveBack {
    void declare(Declaration& takes) override {
        declare_draft(takes);
        note_.declare(takes);
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const auto undo = [](Store& store, const VersionKey& key, const CommitNote& note) {
            return store.undo(key, note);
        };
        return GiveBack::run(session, "Undid the last change of", undo);
    }
};

}  // namespace

Commands history_commands() {
    Commands commands;
    commands.push_back({"log", "List the commits of a version, newest first",
                        "  verso log Harbour 1.1.0\n  verso log Harbour 1.1.0 --limit 0 --json",
                        std::make_unique<Log>()});
    commands.push_back({"restore", "Give a draft the content that it had at a commit",
                        "  verso restore Harbour 1.1.0 12 --message 'Back to before the rename'",
                        std::make_unique<Restore>()});
    commands.push_back({"undo", "Take the last change of a draft back",
                        "  verso undo Harbour 1.1.0", std::make_unique<Undo>()});
    return commands;
}

}  // namespace verso::cli
