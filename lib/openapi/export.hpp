// The resources of a version as a description: the inverse of convert(). Pure: it knows no store.
//
// The description is built anew from what the resources say now. Each part that edits can reach is
// held against what it was made of (see export_operation, export_parameters, export_bodies,
// export_schemas, export_keys): while both agree, what the import kept is the description, member
// for member; where they do not, the shape is the truth. Members stand as they stood as far as
// documents tell: operations and components in order of their ids, what is made anew where it
// usually stands.
#pragma once

#include "openapi/export_content.hpp"

#include <string>

namespace verso::openapi {

/// Makes the description, as compact JSON.
///
/// Failures:   version_invalid, where two operations have one place, or one has none.
/// Complexity: O(n log n) in the documents; the stack grows with their depth, which is limited.
[[nodiscard]] std::string describe(const VersionContent& content);

}  // namespace verso::openapi
