// An API description as the resources of a version. Pure: text in, documents out; it knows no
// store.
//
// Nothing of a description is lost. Each document holds its shape, the source's other members as
// they stand, and in its member `openapi` what it takes to make the source of it again (see Notes).
#pragma once

#include <verso/openapi.hpp>

#include "openapi/converted.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso::openapi {

/// A description, converted.
struct Conversion {
    std::vector<ConvertedResource> resources;  ///< Names are unique within a kind.
    std::optional<std::string> base_url;       ///< Of the first server.
    std::vector<ImportMessage> messages;       ///< None of severity error.
};

/// Converts an OpenAPI 3.0 or 3.1 description.
///
/// Failures:   import_invalid, limit_exceeded.
/// Complexity: O(n log n) in the text; the stack grows with its depth, which is limited.
[[nodiscard]] Conversion convert(std::string_view text, std::size_t max_bytes);

}  // namespace verso::openapi
