#include "engine/bundle/negotiation.hpp"

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

/// But for names, which hang together. As an import relates them: see ImportPlan::outcome_of().
MoveOutcome Negotiation::relate(const VersionRecord& version) {
    const auto present = is_there_ ? versions_.find(version.id, version.name) : std::nullopt;
    if (!present) return MoveOutcome::added;
    const Uuid head = from_.commit(version.head).uuid;
    if (head == to_.commit(present->head).uuid)
        return relate_facts(facts_of(version), facts_of(*present));
    commits_.look_from(present->head);
    if (leads_to(present->head, version.head))
        return present->is_published() ? MoveOutcome::published : MoveOutcome::updated;
    const auto there = commits_.find(head);
    if (there && is_in_history(to_, *there, present->head)) return MoveOutcome::newer;
    return present->is_published() ? MoveOutcome::published : MoveOutcome::diverged;
}

bool Negotiation::leads_to(CommitId there, CommitId head) {
    for (CommitId at = head; at != 0;) {
        const CommitRecord commit = from_.commit(at);
        if (const auto common = find_there(commit)) return is_in_history(to_, there, *common);
        at = commit.prev;
    }
    return false;
}

std::optional<CommitId> Negotiation::find_there(const CommitRecord& commit) {
    return commit.is_needed() ? commits_.find(commit.uuid) : std::nullopt;
}

void Negotiation::find_base(CommitId head) {
    std::vector<CommitId> rest{head};
    while (!rest.empty()) {
        const CommitId id = rest.back();
        rest.pop_back();
        if (id == 0 || !walked_.insert(id).second) continue;
        const CommitRecord commit = from_.commit(id);
        if (find_there(commit)) {
            content_.base.insert(id);
            continue;
        }
        for (const engine::MergedLine& merged : commit.merged) rest.push_back(merged.commit);
        rest.push_back(commit.prev);
    }
}

}  // namespace verso::engine::bundle
