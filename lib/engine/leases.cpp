#include "engine/leases.hpp"

#include "domain/failure.hpp"
#include "engine/collect.hpp"

#include <vector>

namespace verso::engine {

using storage::Table;

namespace {

/// Calls visitor(lease) for each lease of a connection's commit, the first to expire first, until
/// it answers false. Those of imports are of no connection.
void each_lease(View& view, Visitor<Lease> visitor) {
    const std::string prefix = key::leases();
    view.transaction().scan(
        Table::records, {.prefix = prefix}, [&](BytesView key, BytesView value) {
            LeaseRecord lease = LeaseRecord::decode(key, value);
            const ConnectionId connection = view.commit(lease.commit).connection;
            return connection.is_nil() || visitor({.id = {lease.id},
                                                   .connection = connection,
                                                   .commit = lease.commit,
                                                   .expires_at = lease.expires_at,
                                                   .owner = std::move(lease.owner)});
        });
}

}  // namespace

std::vector<Lease> leases_of(View& view, ConnectionId connection) {
    static_cast<void>(view.connection_state(connection));
    std::vector<Lease> leases;
    each_lease(view, [&](Lease lease) {
        if (lease.connection == connection) leases.push_back(std::move(lease));
        return true;
    });
    return leases;
}

Lease find_lease(View& view, LeaseId id) {
    std::optional<Lease> found;
    each_lease(view, [&](Lease lease) {
        if (lease.id == id) found = std::move(lease);
        return !found;
    });
    if (!found)
        fail(Errc::lease_not_found,
             "there is no lease " + to_string(id) +
                 ": it has been ended, or its time was over; take a new one");
    return std::move(*found);
}

void put_lease(storage::WriteTransaction& transaction, const LeaseRecord& lease) {
    transaction.put(Table::records, key::lease(lease.expires_at, lease.id), lease.encode());
}

bool renew_lease(storage::WriteTransaction& transaction, LeaseRecord& lease, Timestamp expires_at) {
    const std::string key = key::lease(lease.expires_at, lease.id);
    if (!transaction.find(Table::records, key)) return false;
    transaction.erase(Table::records, key);
    lease.expires_at = expires_at;
    put_lease(transaction, lease);
    return true;
}

void release_lease(storage::WriteTransaction& transaction, const LeaseRecord& lease) {
    const std::string key = key::lease(lease.expires_at, lease.id);
    if (!transaction.find(Table::records, key)) return;
    transaction.erase(Table::records, key);
    const auto found = transaction.find(Table::commits, key::commit(lease.commit));
    if (!found)
        fail(Errc::corrupt, "commit " + std::to_string(lease.commit) +
                                ", which a lease keeps, is missing; run verify");
    release_commit(transaction, lease.commit, CommitRecord::decode(*found));
}

void release_expired_leases(storage::WriteTransaction& transaction, Timestamp now) {
    std::vector<LeaseRecord> expired;
    const std::string prefix = key::leases();
    transaction.scan(Table::records, {.prefix = prefix}, [&](BytesView key, BytesView value) {
        LeaseRecord lease = LeaseRecord::decode(key, value);
        if (lease.expires_at > now) return false;
        expired.push_back(std::move(lease));
        return true;
    });
    for (const LeaseRecord& lease : expired) release_lease(transaction, lease);
}

}  // namespace verso::engine
