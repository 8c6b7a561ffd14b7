// Which commits a bundle holds, and what each of them changed: those that the versions' histories
// lead to, and those that were merged into them, oldest first.
#pragma once

#include "engine/bundle/known_commits.hpp"
#include "engine/view.hpp"

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace verso::engine::bundle {

using CommitIds = std::unordered_set<CommitId>;

/// Thread safety: bound. Failures are thrown.
class History {
public:
    /// `base`: commits that the receiver has, where histories end.
    History(View& view, const CommitIds& base) : view_(view), base_(base) {}

    /// Adds the history that ends with `head`. With `line`, its commits count as that version's.
    void add(CommitId head, std::optional<VersionId> line);

    struct Member {
        CommitId id;
        CommitId parent;  ///< the nearest older one that is in the bundle or its base; 0: none
        VersionId line;
    };
    /// Once only. O(commits, and those that they leave out).
    [[nodiscard]] std::vector<Member> members();

private:
    [[nodiscard]] bool has(CommitId id) const { return lines_.contains(id) || base_.contains(id); }
    void add_merged();
    /// Leaves out what no version holds and what is no fork point, counting what is in the bundle.
    void leave_out_unneeded();
    [[nodiscard]] CommitId parent_of(CommitId id);

    View& view_;
    const CommitIds& base_;
    std::unordered_map<CommitId, VersionId> lines_;  ///< of the members
    std::vector<CommitId> unheld_;                   ///< members that are fork points only
    std::vector<CommitId> merged_;                   ///< into members
};

}  // namespace verso::engine::bundle
