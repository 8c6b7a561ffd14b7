// JSON laid out for reading.
#pragma once

#include <string>
#include <string_view>

namespace verso::cli {

/// The text with line feeds and an indentation of two spaces between its tokens, which stay as they
/// are.
///
/// Requires: valid JSON without white space between tokens. O(size).
[[nodiscard]] std::string pretty_json(std::string_view compact);

}  // namespace verso::cli
