#include "cli/command.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"

#include <chrono>

namespace verso::cli {

namespace {

/// What is kept of a connection's history, and may be said otherwise.
class RetentionCommand : public Command {
public:
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
    }

protected:
    [[nodiscard]] Connection connection(Session& session) const {
        return session.connection(session.snapshot(), connection_);
    }

    /// What every command here answers.
    static void show(Session& session, const Connection& connection) {
        const auto own = must(session.snapshot().history_limits(connection.id));
        const HistoryLimits limits = own.value_or(session.store().options().history);
        if (session.wants_json())
            return session.answer(JsonWriter()
                                      .begin_object()
                                      .key("connectionId")
                                      .string(to_string(connection.id))
                                      .key("isOwn")
                                      .boolean(own.has_value())
                                      .key("maxCommits")
                                      .number(limits.max_commits)
                                      .key("maxAgeMs")
                                      .number(static_cast<std::uint64_t>(limits.max_age.count()))
                                      .key("publishedCommits")
                                      .number(limits.published_commits)
                                      .end_object()
                                      .text());
        const auto count = [](std::uint64_t most) {
            return most == 0 ? std::string("all") : format_count(most);
        };
        Table table({"HISTORY OF " + shown(connection.name), own ? "ITS OWN" : "DEFAULT"});
        table.align(1, Table::Align::right);
        table.add({"Commits of a draft", count(limits.max_commits)});
        table.add({"Their greatest age", age(limits.max_age)});
        table.add({"Commits of a published version", count(limits.published_commits)});
        session.print(table.text());
    }

private:
    static std::string age(std::chrono::milliseconds most) {
        if (most.count() == 0) return "any";
        const auto days = std::chrono::floor<std::chrono::days>(most);
        return days == most ? counted(static_cast<std::uint64_t>(days.count()), "day")
                            : format_duration(most);
    }

    std::string connection_;
};

class ShowRetention final : public RetentionCommand {
    [[nodiscard]] ExitCode run(Session& session) const override {
        show(session, connection(session));
        return ExitCode::done;
    }
};

class SetRetention final : public RetentionCommand {
public:
    void declare(Declaration& takes) override {
        RetentionCommand::declare(takes);
        takes.number("--commits", commits_, "Of a draft; 0: all");
        takes.number("--days", days_, "How old the commits of a draft may be; 0: any age");
        takes.number("--published", published_, "Of a published version; 0: all");
    }

private:
    [[nodiscard]] ExitCode run(Session& session) const override {
        if (!commits_ && !days_ && !published_)
            throw UsageError{
                "say what is kept, as --commits 1000; `verso retention reset` takes it back"};
        const auto age = max_age();
        const Connection subject = connection(session);
        must(session.store().write([&](Transaction& transaction) {
            HistoryLimits limits = transaction.history_limits(subject.id)
                                       .value()
                                       .value_or(session.store().options().history);
            if (commits_) limits.max_commits = *commits_;
            if (age) limits.max_age = *age;
            if (published_) limits.published_commits = *published_;
            return transaction.set_history_limits(subject.id, limits);
        }));
        show(session, subject);
        return ExitCode::done;
    }

    [[nodiscard]] std::optional<std::chrono::milliseconds> max_age() const {
        using std::chrono::days, std::chrono::milliseconds;
        if (!days_) return std::nullopt;
        constexpr auto most = std::chrono::duration_cast<days>(milliseconds::max()).count();
        if (*days_ > static_cast<std::uint64_t>(most))
            throw UsageError{"--days: give no more than " + std::to_string(most) +
                             ", or 0 for any age"};
        return days(*days_);
    }

    std::optional<std::size_t> commits_;
    std::optional<std::size_t> days_;
    std::optional<std::size_t> published_;
};

class ResetRetention final : public RetentionCommand {
    [[nodiscard]] ExitCode run(Session& session) const override {
        const Connection subject = connection(session);
        must(session.store().set_history_limits(subject.id, std::nullopt));
        show(session, subject);
        return ExitCode::done;
    }
};

}  // namespace

Commands retention_commands() {
    Commands commands;
    commands.push_back({"retention show", "Show how much is kept of a connection's history",
                        "  verso retention show Harbour", std::make_unique<ShowRetention>()});
    commands.push_back(
        {"retention set",
         "Say how much of a connection's history is kept; what is not named stays as it is",
         "  verso retention set Harbour --commits 1000\n"
         "  verso retention set Harbour --commits 0 --days 90 --published 10",
         std::make_unique<SetRetention>()});
    commands.push_back({"retention reset", "Keep as much of a connection's history as of any",
                        "  verso retention reset Harbour", std::make_unique<ResetRetention>()});
    return commands;
}

}  // namespace verso::cli
