#include <verso/openapi.hpp>

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace verso::cli {

namespace {

/// Messages that say the same of several places.
struct MessageGroup {
    Severity severity;
    std::vector<const ImportMessage*> messages;
};

/// The message, what it quotes left out.
std::string pattern_of(std::string_view message) {
    std::string pattern;
    bool inside = false;
    for (const char c : message) {
        if (c == '"') inside = !inside;
        if (!inside) pattern += c;
    }
    return pattern;
}

/// Warnings and errors in groups, the largest first; with `all`, information too.
std::vector<MessageGroup> group_messages(const std::vector<ImportMessage>& messages, bool all) {
    std::vector<MessageGroup> groups;
    std::map<std::pair<Severity, std::string>, std::size_t> known;  // with the message's pattern
    for (const ImportMessage& message : messages) {
        if (message.severity == Severity::info && !all) continue;
        const auto [group, is_new] =
            known.try_emplace({message.severity, pattern_of(message.message)}, groups.size());
        if (is_new) groups.push_back({message.severity, {}});
        groups[group->second].messages.push_back(&message);
    }
    std::stable_sort(groups.begin(), groups.end(),
                     [](const MessageGroup& a, const MessageGroup& b) {
                         return a.severity != b.severity ? a.severity > b.severity
                                                         : a.messages.size() > b.messages.size();
                     });
    return groups;
}

/// The message and where it applies: in one line, or as a headline and the first places.
std::string format_group(const MessageGroup& group, std::size_t most_places) {
    const auto place_of = [](const ImportMessage& message) {
        return message.pointer.empty() ? std::string("the document") : shown(message.pointer);
    };
    const std::size_t count = group.messages.size();
    const ImportMessage& first = *group.messages.front();
    const std::string severity = "  " + std::string(to_string(group.severity));
    if (count == 1) return severity + ": " + place_of(first) + ' ' + shown(first.message) + '\n';

    std::string out =
        severity + ", " + format_count(count) + " times: " + shown(first.message) + '\n';
    for (std::size_t at = 0; at < std::min(count, most_places); ++at) {
        const ImportMessage& message = *group.messages[at];
        out += "    " + place_of(message);
        if (message.message != first.message) out += ' ' + shown(message.message);
        out += '\n';
    }
    if (count > most_places)
        out += "    and " + format_count(count - most_places) + " more (all with -v)\n";
    return out;
}

std::string format_messages(const std::vector<ImportMessage>& messages, bool all) {
    constexpr std::size_t most_groups = 8;
    const auto groups = group_messages(messages, all);
    std::string out;
    for (std::size_t at = 0; at < groups.size(); ++at) {
        if (at == most_groups && !all) {
            out += "  and " + counted(groups.size() - at, "further kind") +
                   " of message (all with -v)\n";
            break;
        }
        out += format_group(groups[at], all ? groups[at].messages.size() : 2);
    }
    return out;
}

class Import final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_,
                       "The connection's name or id; created if there is none");
        takes.required("VERSION", version_, "The new version's name");
        takes.required("FILE", file_,
                       "An OpenAPI 3.0 or 3.1 document in JSON; - is standard input");
        takes.option("--from", "VERSION", from_,
                     "The version that it follows: what did not change stays shared");
        takes.option("--description", "TEXT", description_, "What the version is about");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const std::string text = read_input(file_);
        Store& store = session.store_or_new();
        const auto known = session.find_connection(must(store.snapshot()), connection_);
        if (known && from_)
            static_cast<void>(session.version(must(store.snapshot()), *known, *from_));
        const Stopwatch watch;
        const ImportResult imported = must(import(session, store, known, text));
        const auto duration = watch.elapsed();
        answer(session, imported,
               {known ? known->name : connection_, text.size(), from_.has_value(), duration});
        return ExitCode::done;
    }

    /// Into a new connection where none is known, as one change.
    [[nodiscard]] Result<ImportResult> import(const Session& session, Store& store,
                                              const std::optional<Connection>& known,
                                              const std::string& text) const {
        const Settings& settings = session.settings();
        Progress progress("Importing", !settings.quiet && !settings.json);
        const auto import_into = [&](auto& target, ConnectionId connection) {
            return import_openapi(
                target, connection,
                {.name = version_, .from_version = from_, .description = description_.value_or("")},
                text, {.progress = progress.callback()});
        };
        if (known) return import_into(store, known->id);
        return store.write([&](Transaction& transaction) -> Result<ImportResult> {
            auto made = transaction.create_connection(settings.organisation, {.name = connection_});
            if (!made) return made.error();
            return import_into(transaction, made->id);
        });
    }

    /// What the command knows of an import besides its result.
    struct Facts {
        std::string connection;
        std::size_t bytes;
        bool clone;
        std::chrono::nanoseconds duration;
    };

    static void answer(Session& session, const ImportResult& result, const Facts& facts) {
        if (session.wants_json()) {
            session.answer(to_json(result, facts));
            return;
        }
        if (session.settings().quiet) return;
        session.print("Imported version " + in_quotes(result.version.name) + " of " +
                      in_quotes(facts.connection) + " from " + format_bytes(facts.bytes) + " in " +
                      format_duration(facts.duration) + "\n  " + counted(result.actions, "action") +
                      ", " + counted(result.definitions, "definition") + "\n  " +
                      (facts.clone ? counted(result.added, "resource") + " added, " +
                                         format_count(result.changed) + " changed, " +
                                         format_count(result.removed) + " removed, " +
                                         format_count(result.unchanged) + " shared as they are; "
                                   : counted(result.added, "resource") + " in all; ") +
                      format_bytes(result.changed_bytes) + " of new documents\n");
        session.print(format_messages(result.messages, session.settings().verbose));
    }

    static std::string to_json(const ImportResult& result, const Facts& facts) {
        JsonWriter json;
        json.begin_object().key("version").raw(verso::to_json(result.version));
        json.key("actions").number(result.actions).key("definitions").number(result.definitions);
        json.key("added").number(result.added).key("changed").number(result.changed);
        json.key("removed").number(result.removed).key("unchanged").number(result.unchanged);
        json.key("changedBytes").number(result.changed_bytes);
        json.key("documentBytes").number(std::uint64_t{facts.bytes});
        json.key("durationMicroseconds").number(whole_microseconds(facts.duration));
        json.key("messages").begin_array();
        for (const ImportMessage& each : result.messages) {
            json.begin_object().key("severity").string(to_string(each.severity));
            json.key("pointer")
                .string(each.pointer)
                .key("message")
                .string(each.message)
                .end_object();
        }
        json.end_array().end_object();
        return std::move(json).take();
    }

    std::string connection_;
    std::string version_;
    std::string file_;
    std::optional<std::string> from_;
    std::optional<std::string> description_;
};

}  // namespace

Commands import_commands() {
    Commands commands;
    commands.push_back(
        {"import", "Import an OpenAPI document as a new draft, and create what is missing for it",
         "  verso import Harbour 1.0.0 harbour-1.0.0.json\n"
         "  verso import Harbour 1.1.0 harbour-1.1.0.json --from 1.0.0\n"
         "  curl -s https://api.harbour.example/openapi.json | verso import Harbour nightly -",
         std::make_unique<Import>()});
    return commands;
}

}  // namespace verso::cli
