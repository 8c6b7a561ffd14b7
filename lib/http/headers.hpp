// The header fields of a request, and the little grammar that their values share.
#pragma once

#include <verso/http.hpp>

#include <optional>
#include <string_view>

namespace verso::http {

/// Whether two texts are the same but for the case of ASCII letters.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Without the spaces and tabs around it.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// Whether it is a token. Source: RFC 9110, 5.6.2
[[nodiscard]] bool is_token(std::string_view text) noexcept;

/// A quoted text without its quotes; other texts as they are.
[[nodiscard]] std::string_view unquote(std::string_view text) noexcept;

/// The value of the first field of this name.
[[nodiscard]] std::optional<std::string_view> find_header(const Request& request,
                                                          std::string_view name) noexcept;

/// The next of the parts of `text` that `separator` parts, trimmed; it is taken from `text`.
[[nodiscard]] std::string_view next_part(std::string_view& text, char separator) noexcept;

}  // namespace verso::http
