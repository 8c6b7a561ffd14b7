// Moving versions between two open stores, only what the other side lacks: what both have is found
// by the UUIDs of commits and the digests of documents.
#pragma once

#include <verso/bundle.hpp>
#include <verso/store.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace verso {

struct SyncOptions {
    std::optional<std::string> version = {};  ///< The one that moves; none: all.
    bool dry_run = false;                     ///< Answers what would move, and moves nothing.
    /// As BundleImportOptions::slice_bytes and keep_unfinished, of the other store.
    std::uint64_t slice_bytes = std::uint64_t{64} << 20;
    std::chrono::milliseconds keep_unfinished = std::chrono::hours{24};
    /// Told now and then how far it is; from 0 to 1.
    std::function<void(double)> progress = {};
};

struct SyncReport {
    bool connection_added = false;
    /// In order of id. Conflicts are told here; they stop nothing.
    std::vector<MovedVersion> versions;
    std::uint64_t commits = 0;         ///< That moved.
    std::uint64_t documents = 0;       ///< That moved: the other store lacked them.
    std::uint64_t document_bytes = 0;  ///< Of these.

    [[nodiscard]] std::uint64_t count(MoveOutcome outcome) const noexcept;
};

/// Moves what a connection's versions have in `from` and lack in `to`, all or nothing. A draft
/// there is moved on where this side has what follows on its newest commit; where that commit has
/// been dropped here meanwhile, the two count as diverged. A connection that is not there is
/// created, in the same organisation. The rest is as import_bundle().
///
/// Errors:     connection_not_found, version_not_found, id_taken; name_taken, of the connection.
/// Complexity: O(versions + changes since the newest commit that both have); where anything moves,
///             also O(commits of the connection there), once.
[[nodiscard]] Result<SyncReport> push(const Store& from, Store& to, ConnectionId connection,
                                      const SyncOptions& options = {});

/// push() the other way: from `from` into `into`.
[[nodiscard]] Result<SyncReport> pull(Store& into, const Store& from, ConnectionId connection,
                                      const SyncOptions& options = {});

}  // namespace verso
