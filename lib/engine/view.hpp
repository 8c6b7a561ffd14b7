// What the engine can read in one transaction: records decoded, names and aliases resolved,
// resources found. The
// public Reader is a shell around it.
#pragma once

#include <verso/reader.hpp>

#include "engine/content.hpp"
#include "engine/nodes.hpp"
#include "engine/records.hpp"
#include "storage/storage.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace verso::engine {

/// A version and what its head commit holds, or an older one that the key names. What a lease keeps
/// is of no version: its record is empty.
struct OpenVersion {
    ConnectionId connection;
    VersionRecord record;
    tree::Root root;
    Uuid payload_scope;
    CommitId commit;

    /// Whether this content is published: that of the head of a published version.
    [[nodiscard]] bool is_published() const noexcept {
        return record.is_published() && commit == record.head;
    }
};

/// A resource's entry in a tree: all but its document.
struct ResourceEntry {
    content::ResourceValue value;
    tree::Locator locator;
};

/// Thread safety: movable. Failures are thrown.
class View {
public:
    explicit View(storage::ReadTransaction& transaction) noexcept
        : transaction_(transaction), nodes_(transaction) {}
    /// Of one that may change under the view, which does not remember what it resolved.
    explicit View(storage::WriteTransaction& transaction) noexcept
        : transaction_(transaction), nodes_(transaction), may_change_(true) {}

    [[nodiscard]] storage::ReadTransaction& transaction() noexcept { return transaction_; }
    [[nodiscard]] NodeCache& nodes() noexcept { return nodes_; }

    /// Fails with connection_not_found.
    [[nodiscard]] ConnectionState connection_state(ConnectionId id);
    [[nodiscard]] ConnectionRecord connection_record(ConnectionId id);
    [[nodiscard]] Connection connection(ConnectionId id);
    [[nodiscard]] bool has_connection(ConnectionId id);
    /// Whether it is the organisation's: one record is read, whatever the answer and its reason.
    [[nodiscard]] bool has_connection(OrganisationId organisation, ConnectionId id);
    [[nodiscard]] OrganisationId organisation_of(ConnectionId id);
    [[nodiscard]] std::optional<ConnectionId> find_connection(OrganisationId organisation,
                                                              std::string_view name);

    [[nodiscard]] std::vector<ConnectionId> connection_ids(OrganisationId organisation);
    [[nodiscard]] std::vector<Connection> connections(OrganisationId organisation);

    /// The version of that very name.
    [[nodiscard]] std::optional<VersionRecord> find_named(ConnectionId connection,
                                                          const NameDigest& name);
    /// The published version with the greatest publishedAt.
    [[nodiscard]] std::optional<VersionRecord> find_latest(ConnectionId connection);
    /// By name or alias. Fails with connection_not_found.
    [[nodiscard]] std::optional<VersionRecord> find_version(const VersionKey& key);
    /// Fails with connection_not_found, version_not_found.
    [[nodiscard]] VersionRecord version(const VersionKey& key);
    /// Also what a lease keeps. Fails also with commit_not_found. Valid until the next call.
    [[nodiscard]] const OpenVersion& open(const VersionKey& key);

    [[nodiscard]] CommitRecord commit(CommitId id);
    /// The id of a commit of a version's history, which goes on into that of what it was cloned
    /// from; 0 stands for its head. Fails with commit_not_found. O(commits since).
    [[nodiscard]] CommitId history_commit(const VersionRecord& version, CommitId id);
    /// The same id, of a commit of the connection that a lease keeps. Fails with
    /// connection_not_found, commit_not_found. O(leases).
    [[nodiscard]] CommitId leased_commit(ConnectionId connection, CommitId id);
    /// A connection's own limits; none: it has the store's.
    [[nodiscard]] std::optional<HistoryLimits> history_limits(ConnectionId connection);

    /// As the API answers it.
    [[nodiscard]] ConnectionVersion describe(ConnectionId connection, const VersionRecord& record);
    /// The version whose name digest the index of updates holds.
    [[nodiscard]] ConnectionVersion describe_listed(ConnectionId connection, BytesView name_digest);
    [[nodiscard]] std::vector<ConnectionVersion> versions(ConnectionId connection,
                                                          std::size_t first);

    [[nodiscard]] std::optional<ResourceEntry> find_entry(const tree::Root& root, Kind kind,
                                                          std::string_view name);
    [[nodiscard]] std::optional<Resource> find_resource(const tree::Root& root, Kind kind,
                                                        std::string_view name);
    [[nodiscard]] std::optional<Resource> find_resource(const tree::Root& root, ResourceId id);
    void each_resource(const tree::Root& root, Kind kind, Visitor<const ResourceView&> visitor);
    [[nodiscard]] Document document(const content::ResourceValue& value,
                                    const tree::Locator& locator);

private:
    struct Aliases {
        VersionId latest;
        VersionId chosen;
    };
    [[nodiscard]] Aliases aliases(ConnectionId connection);

    /// A version's name within a connection, to be looked up without a copy of it.
    struct CacheKey {
        ConnectionId connection;
        std::string name;
        CommitId commit;
    };
    struct CacheHash {
        using is_transparent = void;
        template <class Key>
        std::size_t operator()(const Key& key) const noexcept {
            return std::hash<ConnectionId>{}(key.connection) ^
                   std::hash<std::string_view>{}(key.name);
        }
    };
    struct CacheEqual {
        using is_transparent = void;
        template <class A, class B>
        bool operator()(const A& a, const B& b) const noexcept {
            return a.connection == b.connection && a.commit == b.commit &&
                   std::string_view(a.name) == std::string_view(b.name);
        }
    };

    storage::ReadTransaction& transaction_;
    NodeCache nodes_;
    bool may_change_ = false;
    std::unordered_map<CacheKey, OpenVersion, CacheHash, CacheEqual> opened_;
};

/// `connection 0190...: ` and what is wrong, as error messages begin.
[[nodiscard]] Error unknown_connection(ConnectionId id);
[[nodiscard]] Error unknown_version(const VersionKey& key);
/// That a `what` of this name is there.
[[nodiscard]] Error name_taken(std::string_view what, const std::string& name);
/// That a published version is to be changed, and what to do instead.
[[nodiscard]] Error published(const VersionRecord& version, std::string_view advice);
/// What changes, or is moved with its history, is a version as it is now. Fails with option_invalid
/// where the key names a commit.
void check_now(const VersionKey& key);
/// As `version "1.0.0"`, of what a lease keeps `commit 12`.
[[nodiscard]] std::string named(const VersionKey& key);
[[nodiscard]] Error unknown_resource(const VersionKey& key, Kind kind, std::string_view name);

}  // namespace verso::engine
