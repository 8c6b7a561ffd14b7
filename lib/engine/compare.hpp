// What turns one version's content into another's: a walk over what the two trees do not share, in
// order of kind and name, which holds one difference at a time.
#pragma once

#include <verso/domain/change.hpp>
#include <verso/page.hpp>
#include <verso/reader.hpp>

#include "domain/visitor.hpp"
#include "engine/view.hpp"

#include <vector>

namespace verso::engine {

/// Two contents to be compared, of one store.
struct Compared {
    const tree::Root& from;
    const tree::Root& to;
};

/// Calls visitor(change) for each change, which it may take, until it answers false. Fails with
/// cursor_invalid. O(changes x log n).
void each_change(View& view, const Compared& compared, const CompareOptions& options,
                 Visitor<Change&> visitor);

/// The counts of each kind that has changes. O(changes x log n).
[[nodiscard]] std::vector<KindSummary> summarize(View& view, const Compared& compared);

/// Fails with option_invalid, cursor_invalid. O(changes x log n).
[[nodiscard]] ChangePage page_changes(View& view, const Compared& compared,
                                      const PageRequest& request);

}  // namespace verso::engine
