#include "engine/merge.hpp"

#include "engine/merge_base.hpp"

namespace verso::engine {

namespace {

/// The tree from which both sides set out.
tree::Root base_root(View& view, std::optional<CommitId> base, const VersionKey& into,
                     const VersionKey& from, const MergeOptions& options) {
    if (base) return view.commit(*base).root;
    if (options.allow_unrelated) return {};
    fail(Errc::no_common_commit,
         named(into) + " and " + named(from) +
             " have no commit in common, so nothing says what either has changed; allow "
             "unrelated versions to merge them as if both had begun empty");
}

}  // namespace

PlannedMerge plan_merge(View& view, const VersionKey& into, const VersionKey& from,
                        const MergeOptions& options) {
    check_now(into);
    const OpenVersion ours = view.open(into);
    if (ours.record.is_published())
        fail(published(ours.record, "clone it and merge into the clone"));
    const OpenVersion theirs = view.open(from);
    if (into.connection != from.connection)
        fail(Errc::option_invalid, named(from) +
                                       " is of another connection, and merges are remembered "
                                       "within one; pick its resources instead");
    const auto base = merge_base(view, ours.commit, theirs.commit);
    PlannedMerge planned;
    if (base == theirs.commit) return planned;
    planned.merged = {view.commit(theirs.commit).line, theirs.commit};
    const MergedTrees trees{base_root(view, base, into, from, options), ours.root, theirs.root};
    planned.plan = std::make_unique<MergePlan>(view, trees, options.policy);
    planned.report = {
        .outcome = planned.plan->is_open() ? MergeOutcome::conflicted : MergeOutcome::merged,
        .conflicts = planned.plan->conflicts(),
        .changes = planned.plan->changes()};
    return planned;
}

}  // namespace verso::engine
