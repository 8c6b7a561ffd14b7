// Writes typed members back into the JSON text that they were read from, so that only the tokens of
// what changed are replaced: numbers keep their digits, members their order, and nothing unknown is
// lost.
#pragma once

#include "domain/json_outline.hpp"

#include <string>

namespace verso {

/// The text of `document` after the change from `previous` to `next`.
///
/// `previous` is the part of `document` that its reader knows, written anew; `next` is the same
/// part as it shall be. What is equal in both keeps its tokens in `document`. Members that only
/// `previous` has are erased, members that only `next` has are appended, and those that neither has
/// are kept. Elements of arrays pair as ElementMatcher says.
///
/// Requires:   an array in `previous` has an element for each one in `document`; where it has not,
///             the array is replaced as a whole.
/// Complexity: O(n log n) in the sizes of the three.
[[nodiscard]] std::string patch_json(JsonView document, JsonView previous, JsonView next);

}  // namespace verso
