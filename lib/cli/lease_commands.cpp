#include "cli/command.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"

namespace verso::cli {

namespace {

std::string to_json(const Lease& lease) {
    return JsonWriter()
        .begin_object()
        .key("id")
        .string(to_string(lease.id))
        .key("connection")
        .string(to_string(lease.connection))
        .key("commit")
        .number(lease.commit)
        .key("expiresAt")
        .string(format_timestamp(lease.expires_at))
        .key("owner")
        .string(lease.owner)
        .end_object()
        .text();
}

/// A command that takes or renews one.
class LastingCommand : public Command {
protected:
    void declare_hours(Declaration& takes) {
        takes.number("--hours", hours_, "How long it lasts from now on (default: 24)");
    }
    [[nodiscard]] std::chrono::milliseconds duration() const {
        const auto most = std::chrono::duration_cast<std::chrono::hours>(max_lease_duration);
        if (hours_ == 0 || hours_ > static_cast<std::uint64_t>(most.count()))
            throw UsageError{"--hours: a lease lasts for 1 to " + std::to_string(most.count()) +
                             " hours, and can be renewed"};
        return std::chrono::hours(hours_);
    }
    static void answer(Session& session, const Lease& lease) {
        if (session.wants_json()) return session.answer(to_json(lease));
        session.confirm("Lease " + to_string(lease.id) + " keeps commit " +
                        std::to_string(lease.commit) + " until " + format_time(lease.expires_at) +
                        " UTC");
    }

private:
    std::size_t hours_ = 24;
};

class TakeLease final : public LastingCommand {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("VERSION", version_, "The version's name");
        takes.option("--at", "COMMIT", at_, "The commit of its log (default: the one it is at)");
        takes.option("--owner", "TEXT", owner_, "Who holds it and what for");
        declare_hours(takes);
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const auto lasts = duration();
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        static_cast<void>(session.version(snapshot, connection, version_));
        const VersionKey key{connection.id, version_, at_ ? parse_commit(*at_) : 0};
        answer(session, must(session.store().take_lease(key, lasts, owner_.value_or(""))));
        return ExitCode::done;
    }

    std::string connection_;
    std::string version_;
    std::optional<std::string> at_;
    std::optional<std::string> owner_;
};

class RenewLease final : public LastingCommand {
    void declare(Declaration& takes) override {
        takes.required("LEASE", lease_, "Its id, as `verso lease list` shows it");
        declare_hours(takes);
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const auto lasts = duration();
        const auto id = must(parse_id<LeaseId>(lease_));
        answer(session, must(session.store().renew_lease(id, lasts)));
        return ExitCode::done;
    }

    std::string lease_;
};

class EndLease final : public Command {
    void declare(Declaration& takes) override {
        takes.required("LEASE", lease_, "Its id, as `verso lease list` shows it");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const auto id = must(parse_id<LeaseId>(lease_));
        must(session.store().end_lease(id));
        if (session.wants_json())
            session.answer(
                JsonWriter().begin_object().key("ended").string(lease_).end_object().text());
        else
            session.confirm("Ended the lease; what nothing else keeps goes with later writes");
        return ExitCode::done;
    }

    std::string lease_;
};

class ListLeases final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        const std::vector<Lease> leases = must(snapshot.leases(connection.id));
        if (session.wants_json()) {
            JsonWriter json;
            json.begin_object().key("items").begin_array();
            for (const Lease& each : leases) json.raw(to_json(each));
            session.answer(json.end_array().end_object().text());
            return ExitCode::done;
        }
        if (leases.empty()) {
            session.confirm("Nobody has a lease of " + in_quotes(connection.name));
            return ExitCode::done;
        }
        Table table({"LEASE", "COMMIT", "UNTIL (UTC)", "OWNER"});
        table.align(1, Table::Align::right);
        for (const Lease& each : leases)
            table.add({to_string(each.id), std::to_string(each.commit),
                       format_time(each.expires_at), abbreviated(shown(each.owner), 60)});
        session.print(table.text());
        return ExitCode::done;
    }

    std::string connection_;
};

}  // namespace

Commands lease_commands() {
    Commands commands;
    commands.push_back({"lease take", "Keep what a version holds now, whatever becomes of it",
                        "  verso lease take Harbour 1.0.0 --owner 'nightly export'\n"
                        "  verso lease take Harbour 1.1.0 --at 12 --hours 2",
                        std::make_unique<TakeLease>()});
    commands.push_back({"lease renew", "Make a lease last longer",
                        "  verso lease renew 0192d1a4-7c30-7000-8000-5c3a7f1e2b90 --hours 48",
                        std::make_unique<RenewLease>()});
    commands.push_back({"lease end", "End a lease before its time",
                        "  verso lease end 0192d1a4-7c30-7000-8000-5c3a7f1e2b90",
                        std::make_unique<EndLease>()});
    commands.push_back({"lease list", "List the leases of a connection, the first to end first",
                        "  verso lease list Harbour\n  verso lease list Harbour --json",
                        std::make_unique<ListLeases>()});
    return commands;
}

}  // namespace verso::cli
