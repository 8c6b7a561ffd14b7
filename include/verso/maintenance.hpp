// Looking after a store: what it holds, and whether all of it is as it should be.
#pragma once

#include <verso/error.hpp>
#include <verso/store.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

/// Sizes and counts of a store. Units: bytes where the name says so, else counts.
struct StoreStats {
    std::uint32_t format = 0;
    std::uint64_t connections = 0;
    std::uint64_t versions = 0;
    std::uint64_t commits = 0;
    std::uint64_t commits_to_drop = 0;   ///< Of these, that nobody needs any more.
    std::uint64_t leases = 0;            ///< Those of unfinished imports too.
    std::uint64_t payloads = 0;          ///< Different documents.
    std::uint64_t payload_holdings = 0;  ///< Resources of all kept commits that share them.
    std::uint64_t payload_bytes = 0;     ///< Of the different documents.
    std::uint64_t node_chunks = 0;
    std::uint64_t payload_chunks = 0;
    std::uint64_t file_bytes = 0;  ///< Of the file as it lies on disk.
    std::uint64_t used_bytes = 0;  ///< Of the pages that hold something.
    std::uint64_t map_bytes = 0;   ///< What the file may grow to.
    std::uint32_t readers = 0;     ///< Open snapshots, over all processes.
    /// Commits of the database since the oldest of them began.
    std::uint64_t oldest_reader_commits = 0;
    std::uint64_t held_bytes = 0;  ///< That were freed since, and wait for it to end.
};

/// Errors:     corrupt, io_failed.
/// Complexity: O(connections + commits + payloads).
[[nodiscard]] Result<StoreStats> stat(const Store& store);

/// What only this version holds, with its history: what goes when it is deleted. What it shares
/// with another version or a lease, or any other keeps as a fork point, is not counted. Units:
/// bytes of documents and of tree nodes, without the database's own overhead.
///
/// Errors:     version_not_found; option_invalid (a commit in the key); corrupt, io_failed,
///             readers_full.
/// Complexity: O(what only this version holds, and garbage that waits to go); memory O(chunks of
///             that), some 100 bytes each. Writers do not wait.
[[nodiscard]] Result<std::uint64_t> bytes_only_here(const Store& store, const VersionKey& version);

/// What collect_garbage() dropped. Units: bytes where the name says so, else counts.
struct CollectReport {
    std::uint64_t commits = 0;
    std::uint64_t nodes = 0;
    std::uint64_t payloads = 0;
    std::uint64_t payload_bytes = 0;
    bool is_complete = false;  ///< Nothing is left; false where it was stopped before.
};

struct CollectOptions {
    /// Told after each transaction what has gone so far.
    std::function<void(const CollectReport&)> progress = {};
    /// Ends it after the transaction that is under way.
    std::stop_token stop = {};
};

/// Drops all that nobody needs any more: what deleted versions and history that is not kept have
/// left. It works in small transactions of its own, so that other writers get their turns, and
/// while these drop garbage themselves (Options::collect_with_writes), it waits. It can be stopped
/// and run again at any time; what others have dropped is not in its report.
///
/// Errors:     corrupt, where what is to go is damaged; store_full, disk_full, io_failed.
/// Complexity: O(what goes); memory O(1).
[[nodiscard]] Result<CollectReport> collect_garbage(Store& store,
                                                    const CollectOptions& options = {});

/// What a backup holds. Units: bytes where the name says so, else counts.
struct BackupReport {
    std::uint64_t records = 0;
    std::uint64_t chunks = 0;
    std::uint64_t file_bytes = 0;
    bool is_complete = false;  ///< If not, it was stopped, and nothing is left of it.
};

struct BackupOptions {
    /// Told now and then how far it is; from 0 to 1.
    std::function<void(double)> progress = {};
    /// Gives it up.
    std::stop_token stop = {};
};

/// Copies one moment of the store into a new file, which is a store itself: with the same ids,
/// secret and history, without free pages, and with what was written together lying together.
/// Others read and write meanwhile. The file has its name once it is whole and on the disk.
///
/// Errors:     option_invalid (there is a file at `path`), store_not_found (no folder), disk_full,
///             permission_denied, io_failed; corrupt, where a checksum does not hold.
/// Complexity: O(store); memory O(1). Pages that writers free meanwhile are not used again before
///             it ends.
[[nodiscard]] Result<BackupReport> backup(const Store& store, const std::filesystem::path& path,
                                          const BackupOptions& options = {});
/// The same as a stream of the file's bytes, which is made beside the store's file first. An error
/// that `sink` answers ends it, and is answered.
[[nodiscard]] Result<BackupReport> backup(const Store& store,
                                          const std::function<Result<void>(std::string_view)>& sink,
                                          const BackupOptions& options = {});

/// Something that is not as it should be.
struct Damage {
    std::string where;    ///< As `commit 12`, `connection "GitHub" (0190...), version "1.0.0"`.
    std::string message;  ///< What is wrong, and what it affects.

    friend bool operator==(const Damage&, const Damage&) = default;
};

struct VerifyReport {
    std::vector<Damage> findings;  ///< Empty: all is well. At most VerifyOptions::max_findings.
    std::uint64_t connections = 0;
    std::uint64_t versions = 0;
    std::uint64_t commits = 0;
    std::uint64_t nodes = 0;      ///< Different tree nodes.
    std::uint64_t resources = 0;  ///< Different entries.
    std::uint64_t payloads = 0;
    std::uint64_t payload_bytes = 0;
    bool is_complete = false;  ///< If not, it was stopped, and the rest was not checked.

    /// Whether nothing was found in what was checked.
    [[nodiscard]] bool is_clean() const noexcept { return findings.empty(); }
};

struct VerifyOptions {
    std::size_t max_findings = 100;
    /// Whose trees and documents are checked; none: all. Of one alone the database's pages are not
    /// walked, and what no connection has is not looked for. Records, counters and indexes are
    /// small, and are checked of all.
    std::optional<ConnectionId> connection = {};
    /// Gives it up: what has been found by then is answered.
    std::stop_token stop = {};
    /// Told now and then how far it is; from 0 to 1.
    std::function<void(double)> progress = {};
};

/// Checks everything that the store keeps: every page of the database's own, every digest, the
/// order, rank and count of every node of every commit, every payload, every index and counter
/// against what it counts. Where pages are damaged that the database does not survive, it reports
/// them and reads no further.
///
/// Errors:     connection_not_found, io_failed, store_forked. Damage is no error: it is what the
///             report is for.
/// Complexity: O(store), of one connection O(records + commits + different documents of all + what
///             it holds); memory O(nodes + resources), some 100 bytes each.
[[nodiscard]] Result<VerifyReport> verify(const Store& store, const VerifyOptions& options = {});

/// What salvage() found and lost. Units: counts.
struct SalvageReport {
    std::uint64_t connections = 0;               ///< In the new store.
    std::uint64_t versions = 0;                  ///< In the new store, whole or not.
    std::uint64_t versions_without_history = 0;  ///< Of these, that lack some of it, or all.
    std::uint64_t versions_incomplete = 0;       ///< Of these, that lack resources: drafts.
    /// Where something was lost, or may be, and what. At most SalvageOptions::max_losses.
    std::vector<Damage> losses = {};
    std::uint64_t losses_total = 0;
};

struct SalvageOptions {
    std::size_t max_losses = 1000;
    /// Told after each connection how far it is; from 0 to 1.
    std::function<void(double)> progress = {};
};

/// Copies everything of a damaged file that still verifies into a new store, which it makes at
/// `path`: connections, versions and what they hold, under the same ids, with their history as far
/// back as no commit is missing. A commit that lacks resources keeps the others, and has another id
/// from then on; what is left of a published version that lacks some is a draft. The damaged file
/// is read page by page, without the database, and not changed; nobody may write to it meanwhile.
/// Leases are not taken over. Where there is a backup that is new enough, restore that.
///
/// Errors:     option_invalid (there is a file at `path`), store_not_found; store_invalid, where
///             nothing can be read; disk_full, permission_denied, io_failed.
/// Complexity: O(store), on the disk three times as long as it goes on; memory O(commits), and some
///             100 bytes for each node and document.
[[nodiscard]] Result<SalvageReport> salvage(const std::filesystem::path& damaged,
                                            const std::filesystem::path& path,
                                            const SalvageOptions& options = {});

}  // namespace verso
