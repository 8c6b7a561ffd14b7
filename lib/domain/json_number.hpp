// The value of a JSON number, exactly, without a double's rounding.
#pragma once

#include <string>
#include <string_view>

namespace verso {

/// One spelling for all that are numerically equal: `1`, `1.0` and `10e-1` give the same.
///
/// Requires: the token of a number in a document, whose exponent has less than 64 bits.
[[nodiscard]] std::string canonical_number(std::string_view token);

}  // namespace verso
