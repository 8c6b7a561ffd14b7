#include "engine/quotas.hpp"

#include "domain/failure.hpp"
#include "engine/content.hpp"

#include <algorithm>

namespace verso::engine {

using storage::Table;

namespace {

std::optional<OrganisationUsage> find(storage::ReadTransaction& transaction,
                                      OrganisationId organisation) {
    const auto found = transaction.find(Table::records, key::quota(organisation));
    if (!found) return std::nullopt;
    return decode_usage(*found);
}

/// One of the things that are counted.
struct Measure {
    std::string_view what;
    std::uint64_t has;
    std::int64_t more;
    std::uint64_t may_have;  ///< 0: any number
};

void check(const Measure& measure, OrganisationId organisation) {
    const auto& [what, has, more, may_have] = measure;
    if (more <= 0 || may_have == 0) return;
    const auto added = static_cast<std::uint64_t>(more);
    if (has <= may_have && added <= may_have - has) return;
    fail(Errc::quota_exceeded, "organisation " + to_string(organisation) + " has " +
                                   std::to_string(has) + " of the " + std::to_string(may_have) +
                                   ' ' + std::string(what) +
                                   " that its quota allows, and this is " + std::to_string(added) +
                                   " more; delete some first, or have the quota raised");
}

void check(const OrganisationUsage& usage, const UsageChange& change, OrganisationId organisation) {
    const Quota quota = usage.quota.value_or(Quota{});
    check({"versions", usage.versions, change.versions, quota.max_versions}, organisation);
    check({"resources", usage.resources, change.resources, quota.max_resources}, organisation);
    check({"bytes of documents", usage.unique_bytes, change.unique_bytes, quota.max_unique_bytes},
          organisation);
}

/// A count that is wrong is found by verify, and is no reason to refuse what takes away.
std::uint64_t changed(std::uint64_t has, std::int64_t more) {
    return static_cast<std::uint64_t>(
        std::max(static_cast<std::int64_t>(has) + more, std::int64_t{0}));
}

}  // namespace

bool are_documents_shared(storage::ReadTransaction& transaction) {
    const auto found = transaction.find(Table::records, key::store());
    if (!found) fail(Errc::corrupt, "the store's own record is missing; run verify");
    return StoreRecord::decode(*found).payload_scope == PayloadScope::store;
}

bool has_quota(storage::ReadTransaction& transaction, OrganisationId organisation) {
    return transaction.find(Table::records, key::quota(organisation)).has_value();
}

void set_quota(storage::WriteTransaction& transaction, View& view, OrganisationId organisation,
               const std::optional<Quota>& quota) {
    if (quota && quota->max_unique_bytes > 0 && are_documents_shared(transaction))
        fail(Errc::option_invalid,
             "max_unique_bytes: the store shares documents among organisations, so that none can "
             "be said to have them; leave it 0");
    if (!quota) {
        transaction.erase(Table::records, key::quota(organisation));
        return;
    }
    OrganisationUsage usage = usage_of(view, organisation);
    usage.quota = quota;
    transaction.put(Table::records, key::quota(organisation), encode_usage(usage));
}

void check_quota(storage::ReadTransaction& transaction, OrganisationId organisation,
                 const UsageChange& change) {
    if (const auto usage = find(transaction, organisation)) check(*usage, change, organisation);
}

void count_usage(storage::WriteTransaction& transaction, OrganisationId organisation,
                 const UsageChange& change) {
    auto usage = find(transaction, organisation);
    if (!usage) return;
    usage->versions = changed(usage->versions, change.versions);
    usage->resources = changed(usage->resources, change.resources);
    usage->unique_bytes = changed(usage->unique_bytes, change.unique_bytes);
    transaction.put(Table::records, key::quota(organisation), encode_usage(*usage));
}

void take_from_quota(storage::WriteTransaction& transaction, OrganisationId organisation,
                     const UsageChange& change) {
    check_quota(transaction, organisation, change);
    count_usage(transaction, organisation, change);
}

void count_documents(storage::WriteTransaction& transaction, const StoreRecord& store,
                     const Uuid& scope, std::int64_t bytes) {
    if (bytes == 0 || store.payload_scope == PayloadScope::store) return;
    take_from_quota(transaction, OrganisationId{scope}, {.unique_bytes = bytes});
}

OrganisationUsage usage_of(View& view, OrganisationId organisation) {
    if (const auto usage = find(view.transaction(), organisation)) return *usage;
    return measure_usage(view, organisation);
}

OrganisationUsage measure_usage(View& view, OrganisationId organisation) {
    OrganisationUsage usage;
    for (const ConnectionId connection : view.connection_ids(organisation))
        view.transaction().scan(
            Table::records, {.prefix = key::versions(connection)}, [&](BytesView, BytesView value) {
                const auto head = VersionRecord::decode(value).head;
                ++usage.versions;
                usage.resources +=
                    static_cast<std::uint64_t>(count_resources(view, view.commit(head).root));
                return true;
            });
    if (are_documents_shared(view.transaction())) return usage;
    view.transaction().scan(Table::payload_index, {.prefix = key::payloads(organisation.value)},
                            [&](BytesView, BytesView value) {
                                usage.unique_bytes += PayloadRecord::decode(value).size_bytes;
                                return true;
                            });
    return usage;
}

std::int64_t count_resources(View& view, const tree::Root& root) {
    const content::KeyRange ids = content::section(content::Section::ids);
    return static_cast<std::int64_t>(tree::count(view.nodes(), root, ids.range()));
}

}  // namespace verso::engine
