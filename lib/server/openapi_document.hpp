// The description of the REST endpoint, docs/openapi.json, as it was when the program was built.
#pragma once

#include <string_view>

namespace verso::server {

[[nodiscard]] std::string_view openapi_document() noexcept;

}  // namespace verso::server
