#include "cli/command_line.hpp"

#include <verso/library_version.hpp>

#include "cli/command.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/resource_json.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <map>
#include <new>

namespace verso::cli {

namespace {

CLI::Validator is_whole_number() {
    return CLI::Validator(
        [](const std::string& text) {
            std::size_t number = 0;
            const char* const end = text.data() + text.size();
            const auto [at, error] = std::from_chars(text.data(), end, number);
            if (error == std::errc{} && at == end) return std::string();
            return in_quotes(text) + " is no number that it takes; give 0 or a whole number";
        },
        "");
}

}  // namespace

void Declaration::required(const char* name, std::string& value, const char* help) {
    app_.add_option(name, value, help)->required()->option_text(" ");
}

void Declaration::optional(const char* name, std::optional<std::string>& value, const char* help) {
    app_.add_option_function<std::string>(
            name, [&value](const std::string& text) { value = text; }, help)
        ->option_text(" ");
}

void Declaration::option(const char* names, const char* placeholder,
                         std::optional<std::string>& value, const char* help) {
    app_.add_option_function<std::string>(
            names, [&value](const std::string& text) { value = text; }, help)
        ->option_text(placeholder);
}

void Declaration::list(const char* names, const char* placeholder, std::vector<std::string>& values,
                       const char* help) {
    app_.add_option(names, values, help)->option_text(placeholder);
}

void Declaration::number(const char* names, std::size_t& value, const char* help) {
    app_.add_option(names, value, help)->option_text("N")->check(is_whole_number());
}

void Declaration::number(const char* names, std::optional<std::size_t>& value, const char* help) {
    app_.add_option_function<std::size_t>(
            names, [&value](const std::size_t& number) { value = number; }, help)
        ->option_text("N")
        ->check(is_whole_number());
}

void Declaration::flag(const char* names, bool& value, const char* help) {
    app_.add_flag(names, value, help);
}

namespace {

constexpr const char* description =
    "verso keeps API descriptions as versions of connections, in one file.\n"
    "A version is cloned in no time, edited as a draft, and stays as it is once it is published.";

constexpr const char* footer =
    "CONNECTION is a connection's name or id. VERSION is a version's name, or `latest` or "
    "`default`.\n"
    "Exit codes: 0 done; 1 refused, or what was compared differs, or what was verified is "
    "damaged;\n"
    "2 the command line makes no sense.\n\n"
    "Examples:\n"
    "  verso import Harbour 1.0.0 harbour-1.0.0.json     an OpenAPI document as a draft\n"
    "  verso version publish Harbour 1.0.0               which stays as it is from then on\n"
    "  verso version create Harbour 1.1.0 --from latest  a clone, to be edited\n"
    "  verso diff Harbour 1.0.0 1.1.0                    what the two differ in\n\n"
    "`verso COMMAND --help` says more about each.";

constexpr const char* common_footer =
    "Every command takes --store, --org, --durability, --json, --quiet and --verbose: see `verso "
    "--help`.";

/// The options that every command takes, as they are written.
struct GlobalOptions {
    std::string store = default_store;
    std::string organisation = default_organisation;
    std::string durability = "full";
    bool json = false;
    bool quiet = false;
    bool verbose = false;

    void declare(CLI::App& app) {
        app.add_option("--store", store, "The store's file (default: ./verso.store)")
            ->envname("VERSO_STORE")
            ->option_text("PATH (or VERSO_STORE)");
        app.add_option("--org", organisation,
                       "The organisation that owns the connections\n(default: " +
                           std::string(default_organisation) + ")")
            ->envname("VERSO_ORG")
            ->option_text("UUID (or VERSO_ORG)");
        app.add_option("--durability", durability,
                       "full (default: what is done is on disk), relaxed or none")
            ->option_text("LEVEL");
        app.add_flag("--json", json, "Answer with one JSON document, errors too");
        app.add_flag("-q,--quiet", quiet, "Print results and errors only");
        app.add_flag("-v,--verbose", verbose, "Print all messages and changes, however many");
    }

    [[nodiscard]] Settings settings() const {
        const auto owner = parse_id<OrganisationId>(organisation);
        if (!owner)
            throw UsageError{"the organisation " + in_quotes(organisation) +
                             " is no UUID; give one as " + default_organisation};
        return {.store = store,
                .organisation = *owner,
                .durability = parse_durability(),
                .json = json,
                .quiet = quiet,
                .verbose = verbose};
    }

private:
    [[nodiscard]] Durability parse_durability() const {
        if (durability == "full") return Durability::full;
        if (durability == "relaxed") return Durability::relaxed;
        if (durability == "none") return Durability::none;
        throw UsageError{"there is no durability " + in_quotes(durability) +
                         "; give full, relaxed or none"};
    }
};

Commands all_commands() {
    Commands all;
    for (auto make :
         {connection_commands, version_commands, import_commands, export_commands, bundle_commands,
          sync_commands, resource_commands, diff_commands, merge_commands, history_commands,
          graph_commands, retention_commands, lease_commands, quota_commands, maintenance_commands,
          serve_commands, token_commands})
        for (CommandEntry& entry : make()) all.push_back(std::move(entry));
    return all;
}

/// CLI11's layout, with a blank line before the usage.
class HelpFormatter final : public CLI::Formatter {
    std::string make_usage(const CLI::App* app, std::string name) const override {
        return '\n' + Formatter::make_usage(app, std::move(name));
    }
};

/// The command line as CLI11 reads it.
class CommandLine {
public:
    CommandLine() : commands_(all_commands()) {
        app_.description(description);
        app_.footer(footer);
        app_.fallthrough()->require_subcommand(1);
        app_.formatter(std::make_shared<HelpFormatter>());
        app_.get_formatter()->column_width(38);
        app_.get_formatter()->label("SUBCOMMAND", "COMMAND");
        app_.get_formatter()->label("Subcommands", "Commands");
        app_.get_formatter()->label("Positionals", "Arguments");
        app_.set_help_flag("-h,--help", "Say what the command does");
        app_.set_version_flag("--version", std::string("verso ") + library_version,
                              "Say which verso this is");
        options_.declare(app_);
        for (CommandEntry& entry : commands_) add(entry);
    }

    /// Errors: CLI::Error.
    void parse(int argc, const char* const* argv) { app_.parse(argc, argv); }

    [[nodiscard]] const Command& chosen() const { return *chosen_; }
    [[nodiscard]] const GlobalOptions& options() const noexcept { return options_; }

    /// Prints what CLI11 throws as a success: help and version.
    [[nodiscard]] int answer(const CLI::Success& success) { return app_.exit(success); }

    /// What is wrong with the command line, and what to do.
    [[nodiscard]] std::string complaint(const CLI::ParseError& error) const {
        const CLI::App& at = deepest();
        const std::string name = full_name(at);
        const auto rest = app_.remaining(true);
        const bool wants_command = at.get_require_subcommand_min() > 0;
        std::string message = error.what();
        if (!rest.empty() && wants_command && !rest.front().starts_with('-'))
            message = "there is no command `" + name + ' ' + rest.front() + '`';
        else if (!rest.empty())
            message = in_quotes(rest.front()) + " is not expected";
        else if (wants_command)
            message = "`" + name + "` wants a command";
        return shown(message) + "; `" + name + " --help` says what there is";
    }

private:
    void add(CommandEntry& entry) {
        const std::string path = entry.name;
        const auto space = path.find(' ');
        CLI::App& parent = space == path.npos ? app_ : group(path.substr(0, space));
        CLI::App& sub = *parent.add_subcommand(path.substr(space + 1), entry.summary);
        sub.group("Commands");
        sub.footer(std::string("Examples:\n") + entry.examples + "\n\n" + common_footer);
        Declaration declaration(sub);
        entry.command->declare(declaration);
        sub.callback([this, &entry] { chosen_ = entry.command.get(); });
    }

    CLI::App& group(const std::string& name) {
        if (const auto there = groups_.find(name); there != groups_.end()) return *there->second;
        std::string names;
        for (const CommandEntry& entry : commands_)
            if (const std::string path = entry.name; path.starts_with(name + ' '))
                names += (names.empty() ? "" : ", ") + path.substr(name.size() + 1);
        CLI::App& made = *app_.add_subcommand(name, "Of " + name + "s: " + names);
        made.group("Commands");
        made.require_subcommand(1);
        made.footer(common_footer);
        groups_.emplace(name, &made);
        return made;
    }

    /// The last command that was understood.
    [[nodiscard]] const CLI::App& deepest() const {
        const CLI::App* at = &app_;
        while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
        return *at;
    }

    /// As `verso version create`.
    [[nodiscard]] static std::string full_name(const CLI::App& app) {
        return app.get_parent() == nullptr ? app.get_name()
                                           : full_name(*app.get_parent()) + ' ' + app.get_name();
    }

    CLI::App app_{"", "verso"};
    GlobalOptions options_;
    Commands commands_;
    std::map<std::string, CLI::App*> groups_;
    const Command* chosen_ = nullptr;
};

/// Says why a run fails: on standard output where JSON is asked for, else on standard error.
ExitCode report(const Error& error, bool json, ExitCode code) {
    if (json) {
        Output output;
        output.print_json(to_json(error));
        output.flush();
        return code;
    }
    print_error("verso: " + shown(error.message));
    constexpr std::size_t most_fields = 20;
    const std::size_t count = error.fields.size();
    for (std::size_t at = 0; at < std::min(count, most_fields); ++at) {
        const FieldError& field = error.fields[at];
        if (count == 1 && error.message.find(field.message) != std::string::npos)
            break;  // said already
        print_error("  " + shown(field.field.empty() ? "the document" : field.field) + ": " +
                    shown(field.message));
    }
    if (count > most_fields)
        print_error("  and " + format_count(count - most_fields) + " more (all with --json)");
    return code;
}

ExitCode run_chosen(const CommandLine& line) {
    Output output;
    Session session(line.options().settings(), output);
    const ExitCode code = line.chosen().run(session);
    output.flush();
    return code;
}

/// Whether JSON is asked for, on a command line that may not be understood.
bool asks_for_json(int argc, const char* const* argv) {
    const auto end =
        std::find_if(argv, argv + argc, [](std::string_view word) { return word == "--"; });
    return std::any_of(argv, end, [](std::string_view word) { return word == "--json"; });
}

ExitCode misused(std::string message, bool json) {
    return report({Errc::option_invalid, std::move(message), {}}, json, ExitCode::misused);
}

/// Understands the command line, and runs it.
ExitCode run_line(int argc, const char* const* argv, bool json) {
    CommandLine line;
    try {
        line.parse(argc, argv);
        return run_chosen(line);
    } catch (const CLI::Success& success) {
        return static_cast<ExitCode>(line.answer(success));
    } catch (const CLI::ParseError& error) {
        return misused(line.complaint(error), json);
    } catch (const UsageError& error) {
        return misused(error.message, json);
    } catch (const Failure& failure) {
        return report(failure.error, json, ExitCode::refused);
    }
}

ExitCode run_reported(int argc, const char* const* argv) {
    const bool json = asks_for_json(argc, argv);
    try {
        return run_line(argc, argv, json);
    } catch (const std::bad_alloc&) {
        return report({Errc::io_failed,
                       "memory is refused; give less at once, or raise the limit (ulimit -v)",
                       {}},
                      json, ExitCode::refused);
    }
}

}  // namespace

int run(int argc, const char* const* argv) {
    try {
        return static_cast<int>(run_reported(argc, argv));
    } catch (const Failure& failure) {  // not even the report could be written
        print_error("verso: " + shown(failure.error.message));
    } catch (const std::exception& error) {
        print_error(std::string("verso: ") + shown(error.what()));
    }
    return static_cast<int>(ExitCode::refused);
}

}  // namespace verso::cli
