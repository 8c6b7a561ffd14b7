// References among schemas: within the text of a JSON Schema, `{"$ref": "#/$defs/NAME"}` means the
// Definition NAME of the same version, and so do the values of a discriminator's `mapping`. What
// the schema defines itself, under its own `$defs`, it refers to itself; and what stands in
// examples, defaults and the like is data.
#pragma once

#include "domain/json_parser.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

/// From old to new names.
using Renames = std::map<std::string, std::string, std::less<>>;

/// The limits of what is read as a JSON Schema, whatever those of the documents that hold one as a
/// string: they bound the stack.
inline constexpr DocumentLimits schema_limits = {.max_bytes = widest_limits.max_bytes};

/// The names that a schema refers to, each once, in the order of their first use. A text that is no
/// JSON within schema_limits refers to nothing. O(n).
[[nodiscard]] std::vector<std::string> schema_references(std::string_view schema);

/// The schema with these names replaced where it refers to them, all else as it was, white space
/// included; none if it refers to none of them. O(n).
[[nodiscard]] std::optional<std::string> rename_schema_references(std::string_view schema,
                                                                  const Renames& renames);

}  // namespace verso
