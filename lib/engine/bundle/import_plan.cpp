#include "engine/bundle/import_plan.hpp"

#include "domain/failure.hpp"

namespace verso::engine::bundle {

namespace {

std::string named(const VersionLine& version) { return "version \"" + version.name + '"'; }

Error conflict_error(const PlannedVersion& version) {
    const std::string what = named(version.line);
    switch (version.outcome) {
        case MoveOutcome::published:
            return {Errc::version_published,
                    what +
                        " is published here, and is a draft or has another content in the "
                        "bundle; unpublish it here, import into another store, or skip conflicts",
                    {}};
        case MoveOutcome::name_taken:
            return {Errc::name_taken,
                    "another version here has the name of " + what +
                        "; rename one of them, or skip conflicts",
                    {}};
        default:
            return {Errc::version_diverged,
                    what +
                        " has changed both here and in the bundle since they were the same; "
                        "clone it here under another name, import into another store and merge "
                        "the two, or skip conflicts",
                    {}};
    }
}

}  // namespace

// What the lines say

void ImportPlan::add(HeaderLine header) {
    header_ = std::move(header);
    for (const Uuid& commit : header_.base) base_.emplace(commit, 0);
}

void ImportPlan::add(VersionLine version) {
    if (!ids_.insert(version.id).second)
        fail(Errc::bundle_invalid, "version " + to_string(version.id) + " stands twice in it");
    if (!names_.insert(version.name).second)
        fail(Errc::bundle_invalid, named(version) + " stands twice in it");
    versions_.push_back({std::move(version), {}, {}});
}

void ImportPlan::add(CommitLine commit) {
    if (!commit.parent.is_nil() && !is_told(commit.parent))
        fail(Errc::bundle_invalid, "the parent of commit " + format_uuid(commit.id) +
                                       " stands neither before it nor in the base");
    for (const MergedLine& merged : commit.merged)
        if (!is_told(merged.commit))
            fail(Errc::bundle_invalid, "what was merged in commit " + format_uuid(commit.id) +
                                           " stands neither before it nor in the base");
    if (is_told(commit.id))
        fail(Errc::bundle_invalid, "commit " + format_uuid(commit.id) + " stands twice in it");
    index_.emplace(commit.id, commits_.size());
    commits_.push_back({std::move(commit)});
}

// What is to be done

void ImportPlan::decide(ConnectionId connection) {
    connection_ = connection;
    known_versions_.emplace(view_, connection);
    for (PlannedVersion& version : versions_) {
        if (!is_told(version.line.head))
            fail(Errc::bundle_invalid, "the newest commit of " + named(version.line) +
                                           " stands neither in it nor in its base");
        version.present = known_versions_->find(version.line.id, version.line.name);
    }
    find_known();
    for (PlannedVersion& version : versions_) version.outcome = outcome_of(version);
    settle_names();
    for (const PlannedVersion& version : versions_)
        if (is_conflict(version.outcome) && options_.on_conflict == BundleConflict::fail)
            fail(conflict_error(version));
    check_ids();
    for (const PlannedVersion& version : versions_)
        if (version.is_written()) mark_new(version.line.head);
}

/// Of a bundle that stands alone every commit is looked up. One with a base was made for this
/// store: it is followed back to that, and the rest is new but for what came meanwhile.
void ImportPlan::find_known() {
    KnownCommits known(view_, connection_);
    for (const PlannedVersion& version : versions_)
        if (version.present) known.look_from(version.present->head);
    for (auto& [uuid, id] : base_) {
        const auto found = known.find(uuid);
        if (!found)
            fail(Errc::bundle_invalid, "it builds on commit " + format_uuid(uuid) +
                                           ", which is not here; export it without a base");
        id = *found;
    }
    for (PlannedCommit& commit : commits_)
        commit.id = (is_partial() ? known.find_met(commit.line.id) : known.find(commit.line.id))
                        .value_or(0);
}

/// But for names, which hang together.
MoveOutcome ImportPlan::outcome_of(const PlannedVersion& version) {
    if (!version.present) return MoveOutcome::added;
    const VersionRecord& present = *version.present;
    const Uuid head = view_.commit(present.head).uuid;
    if (head == version.line.head) return relate_facts(facts_of(version.line), facts_of(present));
    if (is_before(present.head, version.line.head))
        return present.is_published() ? MoveOutcome::published : MoveOutcome::updated;
    const CommitId there = id_of(version.line.head);
    if (there != 0 && is_in_history(view_, there, present.head)) return MoveOutcome::newer;
    return present.is_published() ? MoveOutcome::published : MoveOutcome::diverged;
}

void ImportPlan::settle_names() {
    std::vector<NameWish> wishes;
    for (const PlannedVersion& version : versions_)
        if (version.is_written()) wishes.push_back({version.line.id, version.line.name});
    const auto without = without_name(view_, connection_, wishes);
    for (PlannedVersion& version : versions_)
        if (without.contains(version.line.id)) version.outcome = MoveOutcome::name_taken;
}

/// Whether the history that ends with `head` has the commit `old` of this store: as far as the
/// bundle tells it, and from the first commit that is here on, as it is here.
bool ImportPlan::is_before(CommitId old, const Uuid& head) {
    for (Uuid at = head; !at.is_nil(); at = commits_[place_of(at)].line.parent)
        if (const CommitId id = id_of(at); id != 0) return is_in_history(view_, old, id);
    return false;
}

/// An id is one version's in the whole store.
void ImportPlan::check_ids() {
    std::unordered_set<VersionId> added;
    for (const PlannedVersion& version : versions_)
        if (version.outcome == MoveOutcome::added) added.insert(version.line.id);
    if (added.empty()) return;
    const auto taken = versions_anywhere(view_, added);
    if (!taken.empty())
        fail(Errc::id_taken, "version " + to_string(*taken.begin()) +
                                 " is in another connection of this store; import into that, or "
                                 "into another store");
}

void ImportPlan::mark_new(const Uuid& head) {
    std::vector<Uuid> rest{head};
    while (!rest.empty()) {
        const std::size_t place = place_of(rest.back());
        rest.pop_back();
        if (place == none) continue;
        PlannedCommit& commit = commits_[place];
        if (commit.id != 0 || commit.is_new) continue;
        commit.is_new = true;
        if (!commit.line.parent.is_nil()) rest.push_back(commit.line.parent);
        for (const MergedLine& merged : commit.line.merged) rest.push_back(merged.commit);
    }
}

std::size_t ImportPlan::place_of(const Uuid& commit) const {
    const auto found = index_.find(commit);
    return found == index_.end() ? none : found->second;
}

CommitId ImportPlan::id_of(const Uuid& commit) const {
    const std::size_t place = place_of(commit);
    return place == none ? base_.at(commit) : commits_[place].id;
}

}  // namespace verso::engine::bundle
