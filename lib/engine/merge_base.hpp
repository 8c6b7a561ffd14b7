// Where two lines of commits came apart.
#pragma once

#include "engine/view.hpp"

#include <optional>

namespace verso::engine {

/// The newest commit that both can be reached from, through `prev` and what was merged; each of
/// the two can be reached from itself. None where they have nothing in common.
///
/// Complexity: O(k log k) for the k commits that are newer than the answer.
[[nodiscard]] std::optional<CommitId> merge_base(View& view, CommitId a, CommitId b);

}  // namespace verso::engine
