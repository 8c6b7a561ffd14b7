// What a commit may have of the one before it. To drop a commit is to delete what is younger than
// the commit before it and not held by the one after it; that is right only if all that a commit
// has of older nodes and entries is what the commit before it has too.
#pragma once

#include "engine/verify/commits.hpp"
#include "engine/verify/nodes.hpp"

namespace verso::engine::verification {

/// Holds a commit's tree against that of the commit before it. O(nodes that only it has x log n).
///
/// Where one of the two trees is not sound, nothing is checked.
void check_inheritance(CommitId id, const Commits& commits, const Affected& affected,
                       KnownNodes& nodes, Report& report);

}  // namespace verso::engine::verification
