#include "engine/leases.hpp"

#include "domain/failure.hpp"
#include "engine/collect.hpp"

#include <vector>

namespace verso::engine {

using storage::Table;

void put_lease(storage::WriteTransaction& transaction, const Lease& lease) {
    transaction.put(Table::records, key::lease(lease.expires_at, lease.id), lease.encode());
}

bool renew_lease(storage::WriteTransaction& transaction, Lease& lease, Timestamp expires_at) {
    const std::string key = key::lease(lease.expires_at, lease.id);
    if (!transaction.find(Table::records, key)) return false;
    transaction.erase(Table::records, key);
    lease.expires_at = expires_at;
    put_lease(transaction, lease);
    return true;
}

void release_lease(storage::WriteTransaction& transaction, const Lease& lease) {
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
    std::vector<Lease> expired;
    const std::string prefix = key::leases();
    transaction.scan(Table::records, {.prefix = prefix}, [&](BytesView key, BytesView value) {
        Lease lease = Lease::decode(key, value);
        if (lease.expires_at > now) return false;
        expired.push_back(std::move(lease));
        return true;
    });
    for (const Lease& lease : expired) release_lease(transaction, lease);
}

}  // namespace verso::engine
