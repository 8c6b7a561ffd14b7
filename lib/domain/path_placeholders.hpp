// The placeholders `{{ param.x }}` of an Action's path: each stands for the path parameter x. A
// Parameter that Actions share has the name under which it is sent, which is not always its own.
#pragma once

#include "domain/json_outline.hpp"
#include "domain/schema_references.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

/// The names x in a path, in their order. Lifetime: the path's.
[[nodiscard]] std::vector<std::string_view> placeholders(std::string_view path);

/// The path with other names in its placeholders, all at once, white space kept.
[[nodiscard]] std::string rename_placeholders(std::string_view path, const Renames& renames);

/// What a Parameter is called in requests: an imported one may be stored under another name.
/// Requires: the document has its kind's shape.
[[nodiscard]] std::string wire_name(JsonView parameter);

/// The name that placeholders call a Parameter by; none: it is not in the path. As wire_name().
[[nodiscard]] std::optional<std::string> placeholder_of(std::string_view parameter);

}  // namespace verso
