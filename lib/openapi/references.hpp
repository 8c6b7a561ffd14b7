// The references of a document: where they stand, and whether they lead anywhere.
#pragma once

#include "openapi/messages.hpp"
#include "openapi/pointers.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace verso::openapi {

/// Where members that refer stand (`$ref`, and the `mapping` of a discriminator), found in one pass
/// over the text, so that what has none below it is skipped. Thread safety: immutable.
class ReferencePositions {
public:
    explicit ReferencePositions(std::string_view text);

    /// O(log n).
    [[nodiscard]] bool any_in(JsonView value) const noexcept;

private:
    std::vector<std::size_t> offsets_;  // of the key, rising
};

/// Reports each `$ref` that names nothing, as an error; one to another document, as a warning.
/// Values that only look like references (in examples, defaults, extensions) are left alone.
///
/// Complexity: O(n).
void check_references(JsonView root, const ReferencePositions& positions, Pointers& pointers,
                      Messages& messages);

/// Where a Definition's schema refers to another one.
inline constexpr std::string_view definitions_prefix = "#/$defs/";

/// Whether a member of this key is the description's own, `x-...`.
[[nodiscard]] inline bool is_extension(JsonView key) { return key.text().starts_with("\"x-"); }

/// What the children of a value are in the grammar of OpenAPI and JSON Schema.
enum class Role { object, named_objects, named_maps, data };

/// The role of the member `name` of an object that is no map of names.
[[nodiscard]] Role role_of(std::string_view name, JsonView value);

/// The role of a child of a value of that role.
[[nodiscard]] Role role_below(Role parent, std::string_view name, JsonView value);

}  // namespace verso::openapi
