// The rules of names. A name is never trimmed, folded or normalised: it is taken as it is or
// refused.
#pragma once

#include <verso/domain/kind.hpp>
#include <verso/error.hpp>

#include <cstddef>
#include <string_view>

namespace verso {

/// The longest name. Units: bytes of UTF-8.
inline constexpr std::size_t max_name_bytes = 255;

/// Checks a connection's name: 1 to 255 bytes of valid UTF-8, no control characters (Cc), no
/// leading or trailing White_Space, not `.` or `..`. Compared byte for byte.
///
/// Errors: name_invalid, with the field `name` and what is wrong with it.
[[nodiscard]] Result<void> check_connection_name(std::string_view name);

/// As check_connection_name, and `latest` and `default` are reserved.
///
/// Errors: name_invalid, name_reserved.
[[nodiscard]] Result<void> check_version_name(std::string_view name);

/// The longest free text. Units: bytes of UTF-8.
inline constexpr std::size_t max_text_bytes = std::size_t{64} * 1024;

/// Checks a free text, as a version's description or a commit's message: valid UTF-8 of at most
/// 64 KiB. `field` is what the error calls it.
///
/// Errors: text_invalid.
[[nodiscard]] Result<void> check_text(std::string_view field, std::string_view text);

/// Checks a resource's name: Actions and Triggers `[a-zA-Z0-9_\-$]+`, Definitions and Parameters
/// `[a-zA-Z0-9_\-]+`, the kinds that an import adds `[a-zA-Z0-9_\-.]+`; at most 255 bytes.
///
/// Errors: name_invalid.
[[nodiscard]] Result<void> check_resource_name(Kind kind, std::string_view name);

}  // namespace verso
