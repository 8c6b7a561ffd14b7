// Leases: they keep a commit until a time, for what takes longer than one transaction. What one has
// kept is garbage when it ends.
#pragma once

#include <verso/lease.hpp>

#include "engine/records.hpp"
#include "engine/view.hpp"
#include "storage/storage.hpp"

#include <vector>

namespace verso::engine {

/// Those of a connection's commits, the first to expire first. Fails with connection_not_found.
[[nodiscard]] std::vector<Lease> leases_of(View& view, ConnectionId connection);

/// A lease of some connection's commit. Fails with lease_not_found.
[[nodiscard]] Lease find_lease(View& view, LeaseId id);

/// Requires: the commit counts it among its refs.
void put_lease(storage::WriteTransaction& transaction, const LeaseRecord& lease);

/// Makes a lease last until then. Answers false where it has expired and ended.
[[nodiscard]] bool renew_lease(storage::WriteTransaction& transaction, LeaseRecord& lease,
                               Timestamp expires_at);

/// Ends a lease, if it has not ended already. Fails with corrupt where its commit is missing.
void release_lease(storage::WriteTransaction& transaction, const LeaseRecord& lease);

/// Ends all that have expired. O(1) if there are none.
void release_expired_leases(storage::WriteTransaction& transaction, Timestamp now);

}  // namespace verso::engine
