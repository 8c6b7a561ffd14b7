// A command: what it takes, and what it does. Each is a class of its own, in the file of its group.
#pragma once

#include "cli/session.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own name
class App;
}

namespace verso::cli {

/// How a run of the command `verso` ends.
enum class ExitCode : int {
    done = 0,
    refused = 1,  ///< Or: what was compared differs, what was verified is damaged.
    misused = 2,  ///< What stands on the command line makes no sense.
};

/// Takes down what a command takes: members of the command, which are filled when the command line
/// is read. Names are as CLI11 writes them (`NAME`, `-f,--force`), helps are one line.
class Declaration {
public:
    explicit Declaration(CLI::App& app) noexcept : app_(app) {}

    void required(const char* name, std::string& value, const char* help);
    void optional(const char* name, std::optional<std::string>& value, const char* help);
    void option(const char* names, const char* placeholder, std::optional<std::string>& value,
                const char* help);
    /// One or more values.
    void list(const char* names, const char* placeholder, std::vector<std::string>& values,
              const char* help);
    void number(const char* names, std::size_t& value, const char* help);
    void number(const char* names, std::optional<std::size_t>& value, const char* help);
    void flag(const char* names, bool& value, const char* help);

private:
    CLI::App& app_;
};

/// Thread safety: bound
class Command {
public:
    virtual ~Command() = default;
    virtual void declare(Declaration& takes) = 0;
    /// Errors: Failure, what the library answers; UsageError.
    [[nodiscard]] virtual ExitCode run(Session& session) const = 0;
};

struct CommandEntry {
    const char* name;      ///< As `connection create`: the group, if any, and the command.
    const char* summary;   ///< One line.
    const char* examples;  ///< Lines of commands, each with two spaces before it.
    std::unique_ptr<Command> command;
};

using Commands = std::vector<CommandEntry>;

[[nodiscard]] Commands connection_commands();
[[nodiscard]] Commands version_commands();
[[nodiscard]] Commands import_commands();
[[nodiscard]] Commands export_commands();
[[nodiscard]] Commands bundle_commands();
[[nodiscard]] Commands sync_commands();
[[nodiscard]] Commands resource_commands();
[[nodiscard]] Commands diff_commands();
[[nodiscard]] Commands merge_commands();
[[nodiscard]] Commands history_commands();
[[nodiscard]] Commands graph_commands();
[[nodiscard]] Commands retention_commands();
[[nodiscard]] Commands lease_commands();
[[nodiscard]] Commands quota_commands();
[[nodiscard]] Commands maintenance_commands();
[[nodiscard]] Commands serve_commands();
[[nodiscard]] Commands token_commands();

}  // namespace verso::cli
