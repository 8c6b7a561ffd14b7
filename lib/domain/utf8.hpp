// UTF-8, read strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace verso {

/// One code point and how many bytes it took. No bytes: what stands there is not valid UTF-8.
struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;
};

/// The code point that `text` begins with. Requires: text is not empty. Source: RFC 3629
[[nodiscard]] CodePoint decode_utf8(std::string_view text) noexcept;

/// Where the first byte stands that is not valid UTF-8, if there is one.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// The text with U+FFFD in place of each byte that is not valid UTF-8: for messages that echo what
/// they were given.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

/// The text, or of a longer one the first 255 bytes, to the end of a code point, and "...": for
/// messages that quote what may be of any length. Requires: it is valid UTF-8.
[[nodiscard]] std::string shortened(std::string_view text);

/// Appends a code point. Requires: it is no surrogate and at most U+10FFFF.
void append_utf8(std::string& out, char32_t code_point);

}  // namespace verso
