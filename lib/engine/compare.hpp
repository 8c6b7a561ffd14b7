// What turns one version's content into another's.
#pragma once

#include <verso/domain/change.hpp>

#include "engine/view.hpp"

#include <vector>

namespace verso::engine {

/// The changes from `from` to `to`, by kind and name. O(changes x log n).
[[nodiscard]] std::vector<Change> compare(View& view, const tree::Root& from, const tree::Root& to);

}  // namespace verso::engine
