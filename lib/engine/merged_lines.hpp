// What commits name of lines that were merged in, when one of them goes.
#pragma once

#include "engine/records.hpp"
#include "engine/view.hpp"

#include <vector>

namespace verso::engine {

/// What a commit is to name.
struct MergedChange {
    CommitId commit = 0;               ///< none: it goes itself
    std::vector<MergedLine> lines{};   ///< all, of each line one
    std::vector<CommitId> named{};     ///< which that is something more that holds
    std::vector<CommitId> released{};  ///< which that is something less that holds
};

/// When a commit goes, the one after it takes over what it had merged in: of each line the newer
/// commit. One that no merge can need as its base, since all that comes of it comes of the commit
/// that names it too, makes way for those that it came from itself, unless that comes of these
/// anyhow. So a line that was merged in and deleted goes as others do, and lines that are merged
/// into one another do not keep all at which they were.
///
/// The same is done for some of the commits before the one that goes, which are kept for others:
/// each has its turn.
///
/// What cannot be read is left as it is.
///
/// Complexity: O(lines) for the commit after it; O(1) commits are looked at in the mean.
[[nodiscard]] std::vector<MergedChange> let_go_of_merged(View& view, CommitId dropped_id,
                                                         const CommitRecord& dropped,
                                                         const CommitRecord* before,
                                                         const CommitRecord* after);

}  // namespace verso::engine
