// The components of a description but its schemas, and what it holds besides paths and components.
#pragma once

#include "openapi/bodies.hpp"
#include "openapi/converted.hpp"
#include "openapi/messages.hpp"

#include <vector>

namespace verso::openapi {

/// Makes resources of `requestBodies` and `responses`. Before any operation refers to them.
void convert_shared_bodies(JsonView components, const Place& place, Bodies& bodies,
                           std::vector<ConvertedResource>& resources, Messages& messages);

/// Makes resources of the sections that are kept as they are: examples, headers, security schemes,
/// links, callbacks (without their operations), path items.
void convert_kept_components(JsonView components, const Place& place,
                             std::vector<ConvertedResource>& resources, Messages& messages);

/// Makes the resource `document` of what is left of a document, with empty objects where all else
/// stands; and one for each member of an extension that is large, so that a release that changes
/// one stores only that.
void convert_rest(JsonView root, std::vector<ConvertedResource>& resources);

/// A part of the document that is kept as it is: `{"openapi": {"key": its JSON Pointer}, "value":
/// the part}`.
[[nodiscard]] ConvertedResource kept_part(Kind kind, std::string_view name, std::string pointer,
                                          std::string_view value);

}  // namespace verso::openapi
