#include "engine/bundle/known_versions.hpp"

#include <algorithm>

namespace verso::engine::bundle {

using storage::Table;

namespace {

/// A version's id without the rest of its record, where it stands first.
VersionId id_in(BytesView record) { return {uuid_of(ByteReader(record).bytes(16))}; }

}  // namespace

std::optional<VersionRecord> KnownVersions::find(VersionId id, std::string_view name) {
    auto named = view_.find_named(connection_, name_digest(name));
    if (named && named->id == id) return named;
    if (!names_) {
        names_.emplace();
        const std::string prefix = key::versions(connection_);
        view_.transaction().scan(Table::records, {.prefix = prefix},
                                 [&](BytesView key, BytesView value) {
                                     NameDigest digest;
                                     std::ranges::copy(key.substr(prefix.size()), digest.begin());
                                     names_->emplace(id_in(value), digest);
                                     return true;
                                 });
    }
    const auto found = names_->find(id);
    if (found == names_->end()) return std::nullopt;
    return view_.find_named(connection_, found->second);
}

MoveOutcome relate_facts(const VersionFacts& moved, const VersionFacts& there) {
    if (moved.revision > there.revision)
        return there.is_published && !moved.is_published ? MoveOutcome::published
                                                         : MoveOutcome::updated;
    if (moved.name == there.name && moved.description == there.description &&
        moved.is_published == there.is_published)
        return MoveOutcome::unchanged;
    return moved.revision < there.revision ? MoveOutcome::newer : MoveOutcome::diverged;
}

std::unordered_set<VersionId> without_name(View& view, ConnectionId connection,
                                           const std::vector<NameWish>& wishes) {
    std::unordered_set<VersionId> moving;
    for (const NameWish& wish : wishes) moving.insert(wish.id);
    std::unordered_map<VersionId, VersionId> waiting;  // by who has the name
    std::vector<VersionId> refused;
    for (const NameWish& wish : wishes) {
        const auto holder = view.find_named(connection, name_digest(wish.name));
        if (!holder || holder->id == wish.id) continue;
        if (moving.contains(holder->id))
            waiting.emplace(holder->id, wish.id);
        else
            refused.push_back(wish.id);
    }
    std::unordered_set<VersionId> without;
    while (!refused.empty()) {
        const VersionId id = refused.back();
        refused.pop_back();
        without.insert(id);
        if (const auto next = waiting.find(id); next != waiting.end())
            refused.push_back(next->second);
    }
    return without;
}

std::vector<VersionRecord> versions_of(View& view, ConnectionId connection) {
    std::vector<VersionRecord> versions;
    const std::string prefix = key::versions(connection);
    view.transaction().scan(Table::records, {.prefix = prefix}, [&](BytesView, BytesView value) {
        versions.push_back(VersionRecord::decode(value));
        return true;
    });
    std::ranges::sort(versions, {}, &VersionRecord::id);
    return versions;
}

std::unordered_set<VersionId> versions_anywhere(View& view,
                                                const std::unordered_set<VersionId>& wanted) {
    std::unordered_set<VersionId> found;
    const std::string prefix = key::connections();
    // No other record of a connection has a key of this length.
    const std::size_t key_bytes = key::version({}, {}).size();
    view.transaction().scan(Table::records, {.prefix = prefix},
                            [&](BytesView key, BytesView value) {
                                if (key.size() != key_bytes) return true;
                                if (wanted.contains(id_in(value))) found.insert(id_in(value));
                                return found.size() < wanted.size();
                            });
    return found;
}

}  // namespace verso::engine::bundle
