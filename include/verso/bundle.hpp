// Bundles: versions with their history as one readable stream of JSON Lines, which outlives the
// store that it came from and goes into another. docs/format.md describes it to the byte.
#pragma once

#include <verso/domain/connection_version.hpp>
#include <verso/error.hpp>
#include <verso/reader.hpp>
#include <verso/store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

/// Takes the next bytes of a bundle. An error that it answers ends the export, which answers it.
using BundleSink = std::function<Result<void>(std::string_view)>;
/// Fills the span from its beginning with the next bytes of a bundle and answers how many; 0: there
/// are no more. An error that it answers ends the import, which answers it.
using BundleSource = std::function<Result<std::size_t>(std::span<char>)>;

/// What a bundle holds.
struct BundleSummary {
    std::uint64_t versions = 0;
    std::uint64_t commits = 0;
    std::uint64_t documents = 0;  ///< Different ones.
    std::uint64_t document_bytes = 0;
    std::uint64_t bytes = 0;  ///< Of the bundle.
};

struct BundleExportOptions {
    /// Told now and then how far the export is; from 0 to 1.
    std::function<void(double)> progress = {};
};

/// Writes a version and its kept history, through the versions that it was cloned from, which the
/// bundle counts to the version's own. Of one moment of the store; the same moment gives the same
/// bytes, but for the time in the header.
///
/// Errors:     version_not_found; option_invalid (a commit in the key); what `sink` answers.
/// Complexity: O(what its commits changed); memory O(commits + documents), some 50 bytes each.
[[nodiscard]] Result<BundleSummary> export_bundle(const Store& store, const VersionKey& version,
                                                  const BundleSink& sink,
                                                  const BundleExportOptions& options = {});

/// Writes a connection with all its versions and their kept history.
///
/// Errors: connection_not_found, and what `sink` answers.
[[nodiscard]] Result<BundleSummary> export_bundle(const Store& store, ConnectionId connection,
                                                  const BundleSink& sink,
                                                  const BundleExportOptions& options = {});

/// What became of a version that was to be moved.
enum class MoveOutcome : std::uint8_t {
    added,      ///< It was not there.
    updated,    ///< It was older there.
    unchanged,  ///< It is the same there.
    newer,      ///< It is newer there, and stayed.
    // Conflicts: it stayed as it is there.
    diverged,    ///< Both sides changed it, or history no longer says which is the older.
    published,   ///< It is published there, and would have another content or be a draft.
    name_taken,  ///< Another version there has its name.
};

/// The outcome in lower case, as `name_taken`.
[[nodiscard]] std::string_view to_string(MoveOutcome outcome) noexcept;
[[nodiscard]] constexpr bool is_conflict(MoveOutcome outcome) noexcept {
    return outcome >= MoveOutcome::diverged;
}

struct MovedVersion {
    VersionId id = {};
    std::string name = {};
    MoveOutcome outcome = MoveOutcome::unchanged;

    friend bool operator==(const MovedVersion&, const MovedVersion&) = default;
};

/// What an import did.
struct BundleImportReport {
    ConnectionId connection = {};
    bool connection_added = false;
    std::vector<MovedVersion> versions = {};  ///< In the order of the bundle.
    std::uint64_t commits = 0;                ///< That were stored.
    std::uint64_t documents_stored = 0;       ///< That the store lacked and needs now.
    std::uint64_t documents_present = 0;      ///< That the store needs and had already.

    [[nodiscard]] std::uint64_t count(MoveOutcome outcome) const noexcept;
};

/// What happens when a version of a bundle cannot take its place.
enum class BundleConflict : std::uint8_t {
    fail,  ///< The import fails, and nothing of it is stored.
    skip,  ///< The version stays as it is, and the report says so.
};

struct BundleImportOptions {
    OrganisationId organisation = {};  ///< Whose connection it is.
    /// The connection that the versions go into; none: that of the bundle's id, which is created if
    /// it is not there.
    std::optional<ConnectionId> connection = {};
    std::optional<std::string> name = {};  ///< Of a connection that is created; none: the bundle's.
    BundleConflict on_conflict = BundleConflict::fail;
    /// How much an import may store; 0: any. Units: bytes of documents.
    std::uint64_t max_bytes = 0;
    /// How much of a bundle is kept in memory, and written by one transaction. What is larger is
    /// stored by several, and seen when all of it is there. Units: bytes.
    std::uint64_t slice_bytes = std::uint64_t{64} << 20;
    /// How long what is stored of a large bundle is kept for the import to go on. Whoever imports
    /// it again within that time stores the rest only.
    std::chrono::milliseconds keep_unfinished = std::chrono::hours{24};
    /// Told now and then how much of the bundle has been read. Units: bytes.
    std::function<void(std::uint64_t)> progress = {};
};

/// Reads a bundle into a store, all or nothing. Ids, times and revisions are kept. Only what the
/// store lacks is stored, so importing a bundle again changes nothing. A version that is there is
/// moved on if it is a draft and the bundle has what follows on its newest commit. A connection
/// that is there keeps its name, its properties and its chosen default.
///
/// What the bundle says of validation and of publication is believed: import only what comes from
/// somebody whom you would let write. Other writers go on while the source is read.
///
/// A large bundle's documents are stored while it is read (BundleImportOptions::slice_bytes), and
/// nothing is seen of them before the end. They go again when the import fails, but are kept for a
/// while where the source fails or the process ends: import the bundle again to go on.
///
/// Errors:     bundle_invalid with the line, format_unsupported, limit_exceeded, option_invalid,
///             connection_not_found, id_taken, name_taken, version_published, version_diverged, and
///             what `source` answers.
/// Complexity: O(size of the bundle + versions and commits of the connection); memory
///             O(slice_bytes + commits + changes + documents), some 300 bytes each.
[[nodiscard]] Result<BundleImportReport> import_bundle(Store& store, const BundleSource& source,
                                                       const BundleImportOptions& options = {});

}  // namespace verso
