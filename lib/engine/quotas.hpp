// Quotas of organisations. What an organisation with a quota has is counted in one record with it,
// by every change; one without has no record, and nothing is counted.
#pragma once

#include "engine/records.hpp"
#include "engine/view.hpp"
#include "storage/storage.hpp"

#include <cstdint>
#include <optional>

namespace verso::engine {

/// What a change adds to what an organisation has; less than 0: what it takes away.
struct UsageChange {
    std::int64_t versions = 0;
    std::int64_t resources = 0;
    std::int64_t unique_bytes = 0;

    friend bool operator==(const UsageChange&, const UsageChange&) = default;
};

[[nodiscard]] bool has_quota(storage::ReadTransaction& transaction, OrganisationId organisation);

/// Gives the organisation a quota, or (none) takes it away. Fails with option_invalid.
void set_quota(storage::WriteTransaction& transaction, View& view, OrganisationId organisation,
               const std::optional<Quota>& quota);

/// Fails with quota_exceeded where the organisation may not have so much more.
void check_quota(storage::ReadTransaction& transaction, OrganisationId organisation,
                 const UsageChange& change);

/// Counts it, unchecked. Does nothing for an organisation without a quota.
void count_usage(storage::WriteTransaction& transaction, OrganisationId organisation,
                 const UsageChange& change);

/// Counts it, after check_quota().
void take_from_quota(storage::WriteTransaction& transaction, OrganisationId organisation,
                     const UsageChange& change);

/// The same of bytes of documents, for the organisation in whose scope they are indexed; nothing
/// where all organisations share them.
void count_documents(storage::WriteTransaction& transaction, const StoreRecord& store,
                     const Uuid& scope, std::int64_t bytes);

/// What the organisation has, as it is counted, or counted now where it has no quota. O(1) with
/// one; else O(versions x log n + documents).
[[nodiscard]] OrganisationUsage usage_of(View& view, OrganisationId organisation);

/// The same, counted now in any case.
[[nodiscard]] OrganisationUsage measure_usage(View& view, OrganisationId organisation);

/// How many resources a version's tree holds. O(log n).
[[nodiscard]] std::int64_t count_resources(View& view, const tree::Root& root);

}  // namespace verso::engine
