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
/// commit. One that nothing else holds or comes of makes way for those that it came from itself,
/// unless the commit that names it comes of these too. So a line that was merged in and deleted
/// goes as others do, and what it shares with one that is still there remains the base of a merge
/// with that one.
///
/// The same is done for some of those commits before the one that goes that are kept for the lines
/// that come of them, as the number of zero bits at the end of its id says: every one of them has
/// its turn.
///
/// What cannot be read is left as it is.
///
/// Complexity: O(lines) for the commit after it; O(1) commits are looked at in the mean.
[[nodiscard]] std::vector<MergedChange> let_go_of_merged(View& view, CommitId dropped_id,
                                                         const CommitRecord& dropped,
                                                         const CommitRecord* before,
                                                         const CommitRecord* after);

}  // namespace verso::engine
