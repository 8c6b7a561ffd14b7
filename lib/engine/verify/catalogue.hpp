// What the table `records` holds, read whole: the store's record, connections and their versions,
// every index beside them. What the other parts of verify hold the rest of the store against.
#pragma once

#include "engine/records.hpp"
#include "engine/verify/report.hpp"
#include "storage/storage.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verso::engine::verification {

/// Everything under one connection's prefix, by what its keys say.
struct ConnectionFacts {
    std::optional<ConnectionRecord> record;
    std::optional<ConnectionState> state;
    std::map<NameDigest, VersionRecord> versions;
    std::map<std::pair<Timestamp, VersionId>, NameDigest> updates;
    std::map<Timestamp, NameDigest> publications;
};

struct Catalogue {
    bool whole = true;  ///< Else records are missing here that the store may have.
    std::optional<StoreRecord> store;
    std::map<ConnectionId, ConnectionFacts> connections;
    std::set<std::pair<OrganisationId, ConnectionId>> members;
    std::map<std::pair<OrganisationId, NameDigest>, ConnectionId> names;
    /// The queue, and how far each has come; none: it has not begun.
    std::map<CommitId, std::optional<tree::DropPlace>> dropped;
    std::vector<CommitId> leased;              ///< one for each lease
    std::map<NameDigest, Timestamp> requests;  ///< when each expires
    std::set<std::pair<Timestamp, NameDigest>> request_expiries;
    std::map<OrganisationId, OrganisationUsage> quotas;

    /// A connection as findings name it.
    [[nodiscard]] std::string where_is(ConnectionId id) const;
    /// Whether a commit is half gone.
    [[nodiscard]] bool is_being_dropped(CommitId id) const {
        const auto found = dropped.find(id);
        return found != dropped.end() && found->second.has_value();
    }
};

/// Finds records that are not well-formed, or under keys that mean nothing.
[[nodiscard]] Catalogue read_catalogue(storage::ReadTransaction& transaction, Report& report);

/// Holds connections, versions and their indexes against each other.
void check_connections(const Catalogue& catalogue, Report& report);

/// As findings name it: `connection "GitHub" (0190...)`, or by its id alone where its record is not
/// known.
[[nodiscard]] std::string where_is(ConnectionId id, const std::optional<ConnectionRecord>& record);
/// `connection "GitHub" (0190...), version "1.0.0"`.
[[nodiscard]] std::string where_is(const std::string& connection, const VersionRecord& version);

}  // namespace verso::engine::verification
