// Merging one version into another: from their names to a plan.
#pragma once

#include <verso/merge.hpp>

#include "engine/merge_plan.hpp"
#include "engine/view.hpp"

#include <memory>

namespace verso::engine {

/// What a merge comes to, all but the version as it is answered.
struct PlannedMerge {
    MergeReport report;
    MergedLine merged;                ///< For the commit.
    std::unique_ptr<MergePlan> plan;  ///< None: ours has all of theirs.
};

/// Plans it. Fails with version_published, version_not_found, no_common_commit. O(changes of both
/// sides since they came apart x log n).
[[nodiscard]] PlannedMerge plan_merge(View& view, const VersionKey& into, const VersionKey& from,
                                      const MergeOptions& options);

}  // namespace verso::engine
