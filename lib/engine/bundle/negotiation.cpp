#include "engine/bundle/negotiation.hpp"

#include <unordered_set>

namespace verso::engine::bundle {

Negotiation::Negotiation(View& from, View& to, ConnectionId connection)
    : from_(from),
      to_(to),
      is_there_(to.has_connection(connection)),
      versions_(to, connection),
      commits_(to, connection) {
    content_.connection = connection;
}

void Negotiation::run(const std::optional<std::string>& version) {
    const ConnectionId connection = content_.connection;
    static_cast<void>(from_.connection_state(connection));
    content_.holds = version ? Holds::version : Holds::connection;
    const auto wanted = version ? std::vector{from_.version({connection, *version})}
                                : versions_of(from_, connection);
    for (const VersionRecord& each : wanted) {
        const MoveOutcome outcome = relate(each);
        outcomes_.push_back({each.id, each.name, outcome});
        if (outcome == MoveOutcome::added || outcome == MoveOutcome::updated)
            content_.versions.push_back(each);
    }
    if (is_there_)
        for (const VersionRecord& each : content_.versions) find_base(each.head);
}

MoveOutcome Negotiation::relate(const VersionRecord& version) {
    const auto present = is_there_ ? versions_.find(version.id, version.name) : std::nullopt;
    const auto unless_taken = [&](MoveOutcome outcome) {
        return is_name_free(version) ? outcome : MoveOutcome::name_taken;
    };
    if (!present) return unless_taken(MoveOutcome::added);
    commits_.look_from(present->head);
    const MoveOutcome relation = relate_histories(version.head, present->head);
    if (relation == MoveOutcome::unchanged) {
        const bool takes_facts = version.revision > present->revision &&
                                 (version.is_published() || !present->is_published());
        return takes_facts ? unless_taken(MoveOutcome::updated) : relation;
    }
    if (relation == MoveOutcome::newer) return relation;
    if (present->is_published()) return MoveOutcome::published;
    return relation == MoveOutcome::updated ? unless_taken(relation) : relation;
}

/// Walks both, newest first, in turns: as far as one of them leads to the other's end, or to a
/// commit that both have.
MoveOutcome Negotiation::relate_histories(CommitId here, CommitId there) {
    const Uuid end_here = from_.commit(here).uuid;
    const Uuid end_there = to_.commit(there).uuid;
    if (end_here == end_there) return MoveOutcome::unchanged;
    std::unordered_set<Uuid, UuidHash> met_here;
    std::unordered_set<Uuid, UuidHash> met_there;
    while (here != 0 || there != 0) {
        if (here != 0) {
            const CommitRecord commit = from_.commit(here);
            if (commit.uuid == end_there) return MoveOutcome::updated;
            if (met_there.contains(commit.uuid)) break;
            met_here.insert(commit.uuid);
            here = commit.prev;
        }
        if (there != 0) {
            const CommitRecord commit = to_.commit(there);
            if (commit.uuid == end_here) return MoveOutcome::newer;
            if (met_here.contains(commit.uuid)) break;
            met_there.insert(commit.uuid);
            there = commit.prev;
        }
    }
    return MoveOutcome::diverged;
}

bool Negotiation::is_name_free(const VersionRecord& version) {
    if (!is_there_) return true;
    const auto named = to_.find_named(content_.connection, name_digest(version.name));
    return !named || named->id == version.id;
}

void Negotiation::find_base(CommitId head) {
    std::vector<CommitId> rest{head};
    while (!rest.empty()) {
        const CommitId id = rest.back();
        rest.pop_back();
        if (id == 0 || !walked_.insert(id).second) continue;
        const CommitRecord commit = from_.commit(id);
        if (commits_.find(commit.uuid)) {
            content_.base.insert(id);
            continue;
        }
        for (const engine::MergedLine& merged : commit.merged) rest.push_back(merged.commit);
        rest.push_back(commit.prev);
    }
}

}  // namespace verso::engine::bundle
