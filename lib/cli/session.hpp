// One run of a command: its settings, the store that it works on, and where it prints.
#pragma once

#include <verso/store.hpp>

#include "cli/output.hpp"
#include "cli/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace verso::cli {

/// What stands on the command line makes no sense. Thrown; it ends the run with ExitCode::misused.
struct UsageError {
    std::string message;
};

/// Thread safety: bound
class Session {
public:
    Session(Settings settings, Output& output) : settings_(std::move(settings)), output_(output) {}

    [[nodiscard]] const Settings& settings() const noexcept { return settings_; }

    /// The store, which must be there.
    ///
    /// Errors: store_not_found, with how to create one; those of Store::open().
    [[nodiscard]] Store& store();
    /// The store, created if it is not there. Errors: those of Store::open().
    [[nodiscard]] Store& store_or_new();
    /// This moment of the store, which must be there.
    [[nodiscard]] Snapshot snapshot();

    /// The connection of this name, else of this id, in the settings' organisation. Errors:
    /// connection_not_found.
    [[nodiscard]] Connection connection(const Reader& reader, std::string_view name_or_id) const;
    [[nodiscard]] std::optional<Connection> find_connection(const Reader& reader,
                                                            std::string_view name_or_id) const;
    /// A version of it. Errors: version_not_found.
    [[nodiscard]] ConnectionVersion version(const Reader& reader, const Connection& connection,
                                            std::string_view name) const;

    // A command answers with print(), or with answer() where JSON is asked for.
    [[nodiscard]] bool wants_json() const noexcept { return settings_.json; }
    void answer(std::string_view json) { output_.print_json(json); }
    void print(std::string_view text) { output_.print(text); }
    /// Prints what was done, unless nobody wants to know.
    void confirm(std::string_view line);
    [[nodiscard]] Output& output() noexcept { return output_; }

private:
    Store& open(bool create);

    Settings settings_;
    Output& output_;
    std::optional<Store> store_;
};

/// The number of resources of all kinds. O(log n).
[[nodiscard]] std::uint64_t count_resources(const Reader& reader, const VersionKey& version);

/// All of a file, or of standard input where `path` is `-`.
///
/// Errors: Failure io_failed; limit_exceeded where there are more than 512 MiB.
[[nodiscard]] std::string read_input(const std::string& path);

/// The JSON object in a file, or in standard input where `path` is `-`.
///
/// Errors: Failure io_failed; document_invalid and limit_exceeded, with the file's name.
[[nodiscard]] Document read_document(const std::string& path);

/// The number of a commit that a command line gives. Errors: UsageError.
[[nodiscard]] std::uint64_t parse_commit(const std::string& text);

/// The kind that a command line names, as `action` or `actions`. Errors: UsageError.
[[nodiscard]] Kind parse_kind_argument(const std::string& text);

/// The kind in lower-case plural, as `actions` and `request_bodies`.
[[nodiscard]] std::string plural(Kind kind);

}  // namespace verso::cli
