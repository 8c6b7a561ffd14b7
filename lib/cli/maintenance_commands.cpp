#include <verso/maintenance.hpp>

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

namespace verso::cli {

namespace {

class Stat final : public Command {
    void declare(Declaration& takes) override {
        takes.number("--watch", seconds_, "Say it again every so many seconds, a line each time");
        takes.number("--times", times_, "With --watch, so many times (default: until it is ended)");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        if (seconds_ > 0) return watch(session);
        const StoreStats stats = must(stat(session.store()));
        if (session.wants_json())
            session.answer(to_json(stats));
        else
            session.print(format(stats, session.store().path().string()));
        return ExitCode::done;
    }

    [[nodiscard]] ExitCode watch(Session& session) const {
        for (std::size_t done = 0;;) {
            const StoreStats stats = must(stat(session.store()));
            if (session.wants_json())
                session.answer(to_json(stats));
            else
                session.print((done % lines_per_heading == 0 ? heading() : "") + line(stats));
            session.output().flush();
            if (++done == times_) return ExitCode::done;
            std::this_thread::sleep_for(std::chrono::seconds{seconds_});
        }
    }

    static constexpr std::size_t lines_per_heading = 20;
    static constexpr std::array widths{10, 10, 10, 10, 12, 12, 9, 10, 12};

    static std::string row(const std::array<std::string, widths.size()>& cells) {
        std::string text;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto width = static_cast<std::size_t>(widths[i]);
            text.append(width - std::min(width, cells[i].size()), ' ').append(cells[i]);
        }
        return text + '\n';
    }
    static std::string heading() {
        return row({"time UTC", "versions", "commits", "to drop", "file", "in use", "readers",
                    "behind", "held back"});
    }
    static std::string line(const StoreStats& stats) {
        const auto now =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
        return row({format_time(now).substr(11, 8), format_count(stats.versions),
                    format_count(stats.commits), format_count(stats.commits_to_drop),
                    format_bytes(stats.file_bytes), format_bytes(stats.used_bytes),
                    format_count(stats.readers), format_count(stats.oldest_reader_commits),
                    format_bytes(stats.held_bytes)});
    }

    static std::string format(const StoreStats& stats, const std::string& path) {
        Table table;
        table.add({"Store", shown(path) + ", format " + std::to_string(stats.format)});
        table.add({"File", format_bytes(stats.file_bytes) + ", of which " +
                               format_bytes(stats.used_bytes) + " in use; may grow to " +
                               format_bytes(stats.map_bytes)});
        table.add({"Connections", format_count(stats.connections)});
        table.add(
            {"Versions",
             format_count(stats.versions) + " in " + counted(stats.commits, "commit") +
                 (stats.commits_to_drop == 0 ? ""
                                             : ", of which " + format_count(stats.commits_to_drop) +
                                                   " are to be dropped (verso gc)")});
        table.add({"Documents", format_count(stats.payloads) + " different ones of " +
                                    format_bytes(stats.payload_bytes) + ", held " +
                                    format_count(stats.payload_holdings) + " times"});
        if (stats.leases > 0)
            table.add({"Leases", format_count(stats.leases) +
                                     ", which keep commits (verso lease list), or what imports "
                                     "under way have stored"});
        table.add({"Chunks", format_count(stats.node_chunks) + " nodes, " +
                                 format_count(stats.payload_chunks) + " of documents"});
        table.add({"Readers", format_count(stats.readers) +
                                  (stats.oldest_reader_commits == 0
                                       ? ""
                                       : ", the oldest of which is " +
                                             counted(stats.oldest_reader_commits, "commit") +
                                             " behind and holds " + format_bytes(stats.held_bytes) +
                                             " back")});
        return table.text();
    }

    static std::string to_json(const StoreStats& stats) {
        const std::array<std::pair<const char*, std::uint64_t>, 17> members{{
            {"format", stats.format},
            {"connections", stats.connections},
            {"versions", stats.versions},
            {"commits", stats.commits},
            {"commitsToDrop", stats.commits_to_drop},
            {"leases", stats.leases},
            {"payloads", stats.payloads},
            {"payloadHoldings", stats.payload_holdings},
            {"payloadBytes", stats.payload_bytes},
            {"nodeChunks", stats.node_chunks},
            {"payloadChunks", stats.payload_chunks},
            {"fileBytes", stats.file_bytes},
            {"usedBytes", stats.used_bytes},
            {"mapBytes", stats.map_bytes},
            {"readers", stats.readers},
            {"oldestReaderCommits", stats.oldest_reader_commits},
            {"heldBytes", stats.held_bytes},
        }};
        JsonWriter json;
        json.begin_object();
        for (const auto& [name, value] : members) json.key(name).number(value);
        json.end_object();
        return std::move(json).take();
    }

    std::size_t seconds_ = 0;
    std::size_t times_ = 0;
};

/// How a child ended that went on where run_in_child() was called, or that this is it.
struct ChildEnd {
    bool is_child = false;
    int code = 0;    ///< That it exited with.
    int signal = 0;  ///< That ended it; 0: none.
};

ChildEnd run_in_child() {
    const pid_t child = ::fork();
    if (child <= 0) return {.is_child = true};  // without a child, here
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
    return {.code = WEXITSTATUS(status)};
}

void write_damages(JsonWriter& json, const std::vector<Damage>& damages) {
    json.begin_array();
    for (const auto& [where, message] : damages)
        json.begin_object().key("where").string(where).key("message").string(message).end_object();
    json.end_array();
}

class Verify final : public Command {
    void declare(Declaration& takes) override {
        takes.optional("CONNECTION", connection_,
                       "Check what this one holds, and not the whole file");
        takes.number("--max-findings", most_, "How many findings to list at most (default: 100)");
    }

    /// LMDB ends the process over some damaged pages of its own, which is then a child.
    [[nodiscard]] ExitCode run(Session& session) const override {
        const ChildEnd child = run_in_child();
        if (child.is_child) return run_here(session);
        if (child.signal == 0) return static_cast<ExitCode>(child.code);
        const Damage damage{"the file " + session.settings().store.string(),
                            "LMDB cannot read pages of its own and ended the check (signal " +
                                std::to_string(child.signal) + "): none of it is to be relied on"};
        const VerifyReport report{.findings = {damage}};
        if (session.wants_json())
            session.answer(to_json(report, {}));
        else
            session.print(shown(damage.where) + ": " + damage.message + "; restore a backup\n");
        return ExitCode::refused;
    }

    [[nodiscard]] ExitCode run_here(Session& session) const {
        const Store& store = session.store();
        const Stopwatch watch;
        const VerifyReport report = verify(session, store);
        const auto duration = watch.elapsed();
        if (session.wants_json())
            session.answer(to_json(report, duration));
        else
            print(session, report, duration);
        return report.is_clean() ? ExitCode::done : ExitCode::refused;
    }

    [[nodiscard]] VerifyReport verify(const Session& session, const Store& store) const {
        const Settings& settings = session.settings();
        Progress progress("Verifying", !settings.quiet && !settings.json);
        VerifyOptions options{.max_findings = most_, .progress = progress.callback()};
        if (connection_)
            options.connection = session.connection(must(store.snapshot()), *connection_).id;
        return must(verso::verify(store, options));
    }

    void print(Session& session, const VerifyReport& report,
               std::chrono::nanoseconds duration) const {
        for (const Damage& finding : report.findings)
            session.print(shown(finding.where) + ": " + shown(finding.message) + '\n');
        const std::string looked_at =
            counted(report.versions, "version") + " in " +
            counted(report.connections, "connection") + ", " + counted(report.commits, "commit") +
            ", " + counted(report.nodes, "node") + ", " + counted(report.payloads, "document") +
            " of " + format_bytes(report.payload_bytes);
        if (report.is_clean())
            session.confirm("All is well: " + looked_at + ", verified in " +
                            format_duration(duration));
        else
            session.print((report.findings.size() >= most_ ? "At least " : "") +
                          counted(report.findings.size(), "finding") + " in " + looked_at +
                          ". What is named here is not to be relied on; restore it from a backup, "
                          "or save the rest with `verso salvage`\n");
    }

    static std::string to_json(const VerifyReport& report, std::chrono::nanoseconds duration) {
        JsonWriter json;
        json.begin_object().key("clean").boolean(report.is_clean()).key("findings");
        write_damages(json, report.findings);
        json.key("connections").number(report.connections).key("versions").number(report.versions);
        json.key("commits").number(report.commits).key("nodes").number(report.nodes);
        json.key("resources").number(report.resources).key("payloads").number(report.payloads);
        json.key("payloadBytes").number(report.payload_bytes);
        json.key("durationMicroseconds").number(whole_microseconds(duration));
        json.end_object();
        return std::move(json).take();
    }

    std::optional<std::string> connection_;
    std::size_t most_ = VerifyOptions{}.max_findings;
};

class CollectGarbage final : public Command {
    void declare(Declaration&) override {}

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Stopwatch watch;
        const CollectReport report = must(collect_garbage(session.store()));
        const auto duration = watch.elapsed();
        if (session.wants_json())
            session.answer(to_json(report, duration));
        else
            session.confirm(
                "Dropped " + counted(report.commits, "commit") + ", " +
                counted(report.nodes, "node") + " and " + counted(report.payloads, "document") +
                " of " + format_bytes(report.payload_bytes) + " in " + format_duration(duration));
        return ExitCode::done;
    }

    static std::string to_json(const CollectReport& report, std::chrono::nanoseconds duration) {
        JsonWriter json;
        json.begin_object().key("commits").number(report.commits);
        json.key("nodes").number(report.nodes).key("payloads").number(report.payloads);
        json.key("payloadBytes").number(report.payload_bytes);
        json.key("durationMicroseconds").number(whole_microseconds(duration));
        json.end_object();
        return std::move(json).take();
    }
};

class Backup final : public Command {
    void declare(Declaration& takes) override {
        takes.required("FILE", path_, "The new store; - is standard output");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Settings& settings = session.settings();
        const Store& store = session.store();
        const Stopwatch watch;
        Progress progress("Copying", !settings.quiet && !settings.json);
        const BackupOptions options{.progress = progress.callback()};
        if (path_ == "-") {
            static_cast<void>(must(backup(
                store,
                [&](std::string_view bytes) {
                    return guarded([&] { session.output().write(bytes); });
                },
                options)));
            return ExitCode::done;
        }
        const BackupReport report = must(backup(store, path_, options));
        progress.clear();
        if (session.wants_json())
            session.answer(to_json(report));
        else
            session.confirm("Copied " + counted(report.chunks, "chunk") + " and " +
                            counted(report.records, "record") + " to " + shown(path_) + ", " +
                            format_bytes(report.file_bytes) + " in " + watch.text());
        return ExitCode::done;
    }

    [[nodiscard]] std::string to_json(const BackupReport& report) const {
        JsonWriter json;
        json.begin_object().key("file").string(path_).key("chunks").number(report.chunks);
        json.key("records").number(report.records).key("bytes").number(report.file_bytes);
        json.end_object();
        return std::move(json).take();
    }

    std::string path_;
};

class Salvage final : public Command {
    void declare(Declaration& takes) override {
        takes.required("FILE", path_, "The new store");
        takes.number("--max-losses", most_, "How many losses to list at most (default: 1000)");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Settings& settings = session.settings();
        const Stopwatch watch;
        Progress progress("Salvaging", !settings.quiet && !settings.json);
        const SalvageReport report = must(
            salvage(settings.store, path_, {.max_losses = most_, .progress = progress.callback()}));
        progress.clear();
        if (session.wants_json())
            session.answer(to_json(report));
        else
            print(session, report, watch);
        return report.losses_total == 0 ? ExitCode::done : ExitCode::refused;
    }

    void print(Session& session, const SalvageReport& report, const Stopwatch& watch) const {
        for (const auto& [where, message] : report.losses)
            session.print("Damaged or lost: " + shown(where) + ": " + shown(message) + '\n');
        if (report.losses_total > report.losses.size())
            session.print(
                "Damaged or lost: " + format_count(report.losses_total - report.losses.size()) +
                " things more\n");
        std::string line = "Saved " + counted(report.versions, "version") + " in " +
                           counted(report.connections, "connection") + " to " + shown(path_);
        if (report.versions_incomplete > 0)
            line += ", " + format_count(report.versions_incomplete) + " of which lack resources";
        if (report.versions_without_history > 0)
            line += ", " + format_count(report.versions_without_history) +
                    " without all of their history";
        if (report.losses_total == 0) line += ", nothing was lost";
        session.confirm(line + ", in " + watch.text());
    }

    [[nodiscard]] std::string to_json(const SalvageReport& report) const {
        JsonWriter json;
        json.begin_object().key("file").string(path_);
        json.key("connections").number(report.connections);
        json.key("versions").number(report.versions);
        json.key("versionsWithoutHistory").number(report.versions_without_history);
        json.key("versionsIncomplete").number(report.versions_incomplete);
        json.key("lossesTotal").number(report.losses_total).key("losses");
        write_damages(json, report.losses);
        json.end_object();
        return std::move(json).take();
    }

    std::string path_;
    std::size_t most_ = SalvageOptions{}.max_losses;
};

}  // namespace

Commands maintenance_commands() {
    Commands commands;
    commands.push_back({"stat", "Say what the store holds, and how large it is",
                        "  verso stat\n  verso stat --watch 5", std::make_unique<Stat>()});
    commands.push_back({"verify",
                        "Check everything that the store keeps, or one connection: exit code 1 if "
                        "something is damaged",
                        "  verso verify\n  verso verify Harbour --quiet && echo well",
                        std::make_unique<Verify>()});
    commands.push_back({"gc", "Drop what deleted versions and old history have left",
                        "  verso gc\n  verso gc --json", std::make_unique<CollectGarbage>()});
    commands.push_back({"backup", "Copy the store as it is now into a new file, a store itself",
                        "  verso backup verso-2026-01-31.store\n"
                        "  verso backup - | ssh keeper 'cat > verso.store'",
                        std::make_unique<Backup>()});
    commands.push_back({"salvage",
                        "Save what a damaged store still has into a new one: exit code 1 if "
                        "something is lost",
                        "  verso salvage --store damaged.store saved.store",
                        std::make_unique<Salvage>()});
    return commands;
}

}  // namespace verso::cli
