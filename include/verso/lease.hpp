// Leases: each keeps a commit for a job that takes long, whatever becomes of its version meanwhile.
#pragma once

#include <verso/domain/ids.hpp>
#include <verso/domain/timestamp.hpp>
#include <verso/version_key.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace verso {

/// The longest that a lease is taken or renewed for. Who needs more renews it in time.
inline constexpr std::chrono::milliseconds max_lease_duration = std::chrono::days{366};

/// A commit that is kept until a time: what a version held then can be read, compared, exported,
/// merged and cloned, though the version has changed, let go of it or been deleted since. A
/// Snapshot keeps that too, but with it all else that there was, so that the file grows under every
/// write; a lease costs what nothing but its commit holds. It outlives the process that took it.
///
/// Thread safety: a value.
struct Lease {
    LeaseId id = {};
    ConnectionId connection = {};
    std::uint64_t commit = 0;
    /// By the store's clock. The first write from then on ends the lease, unless it renews it.
    Timestamp expires_at = {};
    std::string owner = {};  ///< Who holds it and what for, for people.

    /// Names what the commit holds, to read it.
    [[nodiscard]] VersionKey key() const noexcept { return {connection, {}, commit}; }

    friend bool operator==(const Lease&, const Lease&) = default;
};

}  // namespace verso
