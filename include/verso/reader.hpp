// Reading: what a Snapshot and a Transaction have in common.
#pragma once

#include <verso/domain/change.hpp>
#include <verso/domain/commit.hpp>
#include <verso/domain/connection.hpp>
#include <verso/domain/connection_version.hpp>
#include <verso/domain/digest.hpp>
#include <verso/domain/finding.hpp>
#include <verso/domain/resource.hpp>
#include <verso/error.hpp>
#include <verso/lease.hpp>
#include <verso/merge.hpp>
#include <verso/options.hpp>
#include <verso/page.hpp>
#include <verso/quota.hpp>
#include <verso/version_key.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

namespace engine {
class View;
}

/// A resource as it lies in the store. Lifetime: the visit that hands it out.
struct ResourceView {
    Kind kind;
    ResourceId id;
    std::string_view name;
    std::string_view document;  ///< The exact text.
};

/// A page of a comparison, which was counted as a whole for it.
struct ChangePage : Page<Change> {
    std::vector<KindSummary> summary = {};  ///< Of the whole, as Reader::summarize_changes().
};

/// How many at most; by default all.
struct ListOptions {
    std::size_t first = std::numeric_limits<std::size_t>::max();
};

/// Reads connections, versions and resources. Where a version is named, `latest` and `default`
/// stand for the published versions that they are; where nothing is published they name none. What
/// reads a version's content reads that of VersionKey::commit, if one is given.
///
/// Errors of every call: connection_not_found, version_not_found and commit_not_found where the
/// thing must exist; corrupt, io_failed and store_forked where the store cannot be read.
/// Thread safety: that of the Snapshot or Transaction.
class Reader {
public:
    [[nodiscard]] Result<Connection> connection(ConnectionId id) const;
    [[nodiscard]] Result<std::optional<Connection>> find_connection(ConnectionId id) const;
    /// The connection if it is the organisation's. Another's takes the same reads as one that is
    /// not there, so that the time does not tell them apart.
    [[nodiscard]] Result<std::optional<Connection>> find_connection(OrganisationId organisation,
                                                                    ConnectionId id) const;
    [[nodiscard]] Result<std::optional<Connection>> find_connection(OrganisationId organisation,
                                                                    std::string_view name) const;
    /// An organisation's connections in order of id: the oldest first, for ids that the library
    /// made.
    [[nodiscard]] Result<std::vector<Connection>> connections(OrganisationId organisation) const;

    /// The same in pages. Errors: option_invalid, cursor_invalid. O(connections).
    [[nodiscard]] Result<Page<Connection>> page_connections(OrganisationId organisation,
                                                            const PageRequest& page) const;

    /// The limits that the connection has of its own; none: those of the store.
    [[nodiscard]] Result<std::optional<HistoryLimits>> history_limits(ConnectionId id) const;

    /// What the organisation has, and its quota, if it has one. O(1) with a quota; without one all
    /// is counted: O(versions x log n + documents).
    [[nodiscard]] Result<OrganisationUsage> usage(OrganisationId organisation) const;

    /// The leases of the connection's commits, the first to expire first. O(leases in the store).
    [[nodiscard]] Result<std::vector<Lease>> leases(ConnectionId connection) const;

    /// The answer that a write with this request id has left (Store::write_once()); none: it has
    /// not been done, or was forgotten. Errors: option_invalid.
    [[nodiscard]] Result<std::optional<std::string>> find_request(std::string_view request) const;

    [[nodiscard]] Result<ConnectionVersion> version(const VersionKey& version) const;
    [[nodiscard]] Result<std::optional<ConnectionVersion>> find_version(
        const VersionKey& version) const;
    /// The most recently updated first, ties by id descending. O(log n + versions answered).
    [[nodiscard]] Result<std::vector<ConnectionVersion>> versions(
        ConnectionId connection, const ListOptions& options = {}) const;
    /// The same in pages. Errors: option_invalid, cursor_invalid. O(log n + versions answered).
    [[nodiscard]] Result<Page<ConnectionVersion>> page_versions(ConnectionId connection,
                                                                const PageRequest& page) const;
    /// O(1).
    [[nodiscard]] Result<std::uint64_t> count_versions(ConnectionId connection) const;

    /// Errors: resource_not_found. O(log n).
    [[nodiscard]] Result<Resource> resource(const VersionKey& version, Kind kind,
                                            std::string_view name) const;
    [[nodiscard]] Result<std::optional<Resource>> find_resource(const VersionKey& version,
                                                                Kind kind,
                                                                std::string_view name) const;
    [[nodiscard]] Result<std::optional<Resource>> find_resource(const VersionKey& version,
                                                                ResourceId id) const;
    /// In order of name, bytewise.
    [[nodiscard]] Result<std::vector<Resource>> resources(const VersionKey& version, Kind kind,
                                                          const ListOptions& options = {}) const;
    /// In pages, each resource with what the library says of it.
    ///
    /// Errors:     option_invalid, cursor_invalid.
    /// Complexity: O(log n + resources answered), with a filter O(n).
    [[nodiscard]] Result<Page<DescribedResource>> page_resources(const VersionKey& version,
                                                                 Kind kind,
                                                                 const PageRequest& page) const;
    /// A resource with what the library says of it: its errors, and who refers to it.
    ///
    /// Errors:     resource_not_found.
    /// Complexity: O(log n + size + referrers).
    [[nodiscard]] Result<DescribedResource> describe_resource(const VersionKey& version, Kind kind,
                                                              std::string_view name) const;
    /// Who refers to a Definition or a Parameter, itself left out, in order of kind and name.
    /// Errors: resource_not_found. O(log n + referrers).
    [[nodiscard]] Result<std::vector<Referrer>> referrers(const VersionKey& version, Kind kind,
                                                          std::string_view name) const;
    /// Calls visit(resource) in order of name until it answers false. Nothing is copied but
    /// payloads over 16 KiB. `visit` may read; within a transaction it must not change anything.
    [[nodiscard]] Result<void> each_resource(
        const VersionKey& version, Kind kind,
        const std::function<bool(const ResourceView&)>& visit) const;
    /// O(log n).
    [[nodiscard]] Result<std::uint64_t> count_resources(const VersionKey& version, Kind kind) const;

    /// The digest of all that the version holds: equal digests, equal content, within one store.
    /// O(1).
    [[nodiscard]] Result<Digest> digest(const VersionKey& version) const;

    /// What turns `from` into `to`: by kind, then name (the new one of a rename). A renamed
    /// resource is one change, also when its content changed with it.
    ///
    /// Complexity: O(changes x log n); what both share is not looked at.
    [[nodiscard]] Result<std::vector<Change>> compare(const VersionKey& from,
                                                      const VersionKey& to) const;
    /// The same, one change at a time, in the same order, until `visit` answers false: memory for
    /// one change only, however many there are. `visit` may read.
    ///
    /// Errors:     cursor_invalid.
    /// Complexity: as compare(), from the cursor on.
    [[nodiscard]] Result<void> each_change(const VersionKey& from, const VersionKey& to,
                                           const CompareOptions& options,
                                           const std::function<bool(const Change&)>& visit) const;
    /// The same in pages, forward only. Errors: option_invalid (also for `before` and `name`),
    /// cursor_invalid. O(changes x log n), to count them.
    [[nodiscard]] Result<ChangePage> page_changes(const VersionKey& from, const VersionKey& to,
                                                  const PageRequest& page) const;
    /// How many changes there are of each kind that has any, in order of kind. O(changes x log n).
    [[nodiscard]] Result<std::vector<KindSummary>> summarize_changes(const VersionKey& from,
                                                                     const VersionKey& to) const;

    /// What Transaction::merge() would do. Errors and complexity: the same, without those of
    /// limits: quota_exceeded, limit_exceeded, name_invalid of a name that is too long.
    [[nodiscard]] Result<MergeReport> preview_merge(const VersionKey& into, const VersionKey& from,
                                                    const MergeOptions& options = {}) const;

    /// The version's commits that are kept, newest first, and on into those of what it was cloned
    /// from; from VersionKey::commit on, if one is given. In pages, of which `total_count` counts
    /// the version's own, so that nobody waits for a walk to the first.
    ///
    /// Errors:     option_invalid, cursor_invalid.
    /// Complexity: O(commits answered and newer ones).
    [[nodiscard]] Result<Page<Commit>> page_log(const VersionKey& version,
                                                const PageRequest& page) const;
    /// Calls visit(commit) for the same commits until it answers false.
    [[nodiscard]] Result<void> each_commit(const VersionKey& version,
                                           const std::function<bool(const Commit&)>& visit) const;
    /// Which version of the connection came from which, and at which commit: the oldest first.
    /// O(versions).
    [[nodiscard]] Result<std::vector<VersionOrigin>> lineage(ConnectionId connection) const;

protected:
    explicit Reader(engine::View* view) noexcept : view_(view) {}
    ~Reader() = default;
    Reader(const Reader&) = default;
    Reader& operator=(const Reader&) = default;

    engine::View* view_;
};

/// Where a comparison goes on behind a change. Opaque, and good for any comparison.
[[nodiscard]] std::string cursor_behind(const Change& change);

}  // namespace verso
