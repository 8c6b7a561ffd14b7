// Quotas: how much an organisation may keep in a store.
#pragma once

#include <cstdint>
#include <optional>

namespace verso {

/// How much an organisation may have; of each, 0: any number. What would exceed it is refused
/// (quota_exceeded). Who has more already, as after a lower quota was set, keeps it, and may do all
/// that does not add to it.
///
/// Thread safety: a value.
struct Quota {
    /// Of all its connections together.
    std::uint64_t max_versions = 0;
    /// Of all its versions together, as they are now; a clone's count as any other's.
    std::uint64_t max_resources = 0;
    /// Of its documents, each different one counted once, however many versions have it, and for as
    /// long as some version or history has it and until it has been collected as garbage. What the
    /// store needs around them does not count. Units: bytes.
    std::uint64_t max_unique_bytes = 0;

    friend bool operator==(const Quota&, const Quota&) = default;
};

/// What an organisation has, counted as its Quota counts it. Thread safety: a value.
struct OrganisationUsage {
    std::uint64_t versions = 0;
    std::uint64_t resources = 0;
    /// 0 in a store whose documents are shared among organisations (PayloadScope::store).
    std::uint64_t unique_bytes = 0;
    std::optional<Quota> quota = {};  ///< None: it may have any number of everything.

    friend bool operator==(const OrganisationUsage&, const OrganisationUsage&) = default;
};

}  // namespace verso
