// Makes the JSON Patch between two values.
#pragma once

#include "domain/json_outline.hpp"

#include <string>

namespace verso {

/// The operations that make `after` of `before`, as JsonPatch::between().
[[nodiscard]] std::string make_patch(JsonView before, JsonView after);

}  // namespace verso
