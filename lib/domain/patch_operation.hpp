// The operations of a JSON Patch, read from its text.
#pragma once

#include "domain/json_outline.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

/// What is no verb reads as the first, which asks for nothing but a path.
enum class PatchVerb : std::uint8_t { remove, add, replace, move, copy, test };

/// The verb as a patch names it, as `add`.
[[nodiscard]] std::string_view to_string(PatchVerb verb) noexcept;

/// The reference tokens of a JSON Pointer, decoded.
using JsonPath = std::vector<std::string>;

/// As a JSON Pointer.
[[nodiscard]] std::string format_pointer(const JsonPath& path);

/// Lifetime: that of the patch's text and outline.
struct PatchOperation {
    PatchVerb verb = PatchVerb::remove;
    JsonPath path = {};
    JsonPath from = {};                  // of move and copy
    std::optional<JsonView> value = {};  // of add, replace and test
};

/// Fails with patch_invalid, and everything that is wrong as fields.
[[nodiscard]] std::vector<PatchOperation> read_operations(JsonView patch);

}  // namespace verso
