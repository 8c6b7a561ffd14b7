// Leases: they keep a commit until a time, for what takes longer than one transaction. What one has
// kept is garbage when it ends.
#pragma once

#include "engine/records.hpp"
#include "storage/storage.hpp"

namespace verso::engine {

/// Requires: the commit counts it among its refs.
void put_lease(storage::WriteTransaction& transaction, const Lease& lease);

/// Makes a lease last until then. Answers false where it has expired and ended.
[[nodiscard]] bool renew_lease(storage::WriteTransaction& transaction, Lease& lease,
                               Timestamp expires_at);

/// Ends a lease, if it has not ended already. Fails with corrupt where its commit is missing.
void release_lease(storage::WriteTransaction& transaction, const Lease& lease);

/// Ends all that have expired. O(1) if there are none.
void release_expired_leases(storage::WriteTransaction& transaction, Timestamp now);

}  // namespace verso::engine
