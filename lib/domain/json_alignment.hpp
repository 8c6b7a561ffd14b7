// Two states of an array or an object side by side: what stayed, what came and what went.
#pragma once

#include "domain/json_equality.hpp"
#include "domain/json_outline.hpp"

#include <optional>
#include <vector>

namespace verso {

/// A place in two states of an array; at least one of both has it.
struct ElementPair {
    std::optional<JsonView> before;
    std::optional<JsonView> after;
};

/// A member in two states of an object; at least one of both has it.
struct MemberPair {
    JsonView key;
    std::optional<JsonView> before;
    std::optional<JsonView> after;
};

/// The places of both arrays, those of each in its order. Elements pair as ElementMatcher says, as
/// far as they stand in one order; what stands between pairs by position.
///
/// Complexity: O(n log n) in the numbers of elements, and what `equality` takes.
[[nodiscard]] std::vector<ElementPair> align_elements(JsonView before, JsonView after,
                                                      JsonEquality& equality);

/// The members that `before` has, in their order, then those that only `after` has.
///
/// Complexity: O(n log n).
[[nodiscard]] std::vector<MemberPair> align_members(JsonView before, JsonView after);

}  // namespace verso
