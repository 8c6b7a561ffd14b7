// The last step of an export: references of the whole description that lead nowhere.
//
// What still goes by a component's name in the source follows the component to the name that it has
// now. A reference to what is not there is left out: a schema without its `$ref` allows anything, a
// response describes nothing, and a parameter goes altogether. References into other documents, and
// those within one schema (`#/$defs/...`), are not judged: an import keeps them too.
#pragma once

#include "openapi/export_keys.hpp"

#include <string>

namespace verso::openapi {

/// O(n); a description all of whose references lead somewhere is answered as it is.
[[nodiscard]] std::string settle_references(std::string description, const ExportKeys& keys);

}  // namespace verso::openapi
