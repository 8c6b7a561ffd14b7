// Media types as they are compared.
#pragma once

#include <string>
#include <string_view>

namespace verso::openapi {

/// The media type in lower case, without parameters.
[[nodiscard]] std::string bare_media_type(std::string_view written);

}  // namespace verso::openapi
