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
    std::vector<NameWish> wishes;
    for (const VersionRecord& each : wanted) {
        const MoveOutcome outcome = relate(each);
        outcomes_.push_back({each.id, each.name, outcome});
        if (is_written(outcome)) wishes.push_back({each.id, each.name});
    }
    const auto without = without_name(to_, connection, wishes);
    for (std::size_t at = 0; at < wanted.size(); ++at) {
        MoveOutcome& outcome = outcomes_[at].outcome;
        if (without.contains(wanted[at].id))
            outcome = MoveOutcome::name_taken;
        else if (is_written(outcome))
            content_.versions.push_back(wanted[at]);
    }
    if (is_there_)
        for (const VersionRecord& each : content_.versions) find_base(each.head);
}

/// But for names, which hang together.
MoveOutcome Negotiation::relate(const VersionRecord& version) {
    const auto present = is_there_ ? versions_.find(version.id, version.name) : std::nullopt;
    if (!present) return MoveOutcome::added;
    commits_.look_from(present->head);
    const MoveOutcome relation = relate_histories(version.head, present->head);
    if (relation == MoveOutcome::unchanged)
        return relate_facts(facts_of(version), facts_of(*present));
    if (relation == MoveOutcome::newer) return relation;
    if (present->is_published()) return MoveOutcome::published;
    const bool follows = relation == MoveOutcome::updated && follows_there(version, *present);
    return follows ? relation : MoveOutcome::diverged;
}

/// Another version may have brought commits along from a store that had let go of the one between.
bool Negotiation::follows_there(const VersionRecord& version, const VersionRecord& present) {
    for (CommitId at = version.head; at != 0;) {
        const CommitRecord commit = from_.commit(at);
        if (const auto known = commits_.find(commit.uuid))
            return is_in_history(to_, present.head, *known);
        at = commit.prev;
    }
    return false;
}

/// Walks both, newest first, in turns: as far as one of them leads to the other's end, or to a
/// commit that both have. What is about to be dropped has been, as for an import.
MoveOutcome Negotiation::relate_histories(CommitId here, CommitId there) {
    const Uuid end_here = from_.commit(here).uuid;
    const Uuid end_there = to_.commit(there).uuid;
    if (end_here == end_there) return MoveOutcome::unchanged;
    std::unordered_set<Uuid, UuidHash> met_here;
    std::unordered_set<Uuid, UuidHash> met_there;
    while (here != 0 || there != 0) {
        if (here != 0) {
            const CommitRecord commit = from_.commit(here);
            here = commit.prev;
            if (commit.is_needed()) {
                if (commit.uuid == end_there) return MoveOutcome::updated;
                if (met_there.contains(commit.uuid)) break;
                met_here.insert(commit.uuid);
            }
        }
        if (there != 0) {
            const CommitRecord commit = to_.commit(there);
            there = commit.prev;
            if (commit.is_needed()) {
                if (commit.uuid == end_here) return MoveOutcome::newer;
                if (met_here.contains(commit.uuid)) break;
                met_there.insert(commit.uuid);
            }
        }
    }
    return MoveOutcome::diverged;
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
