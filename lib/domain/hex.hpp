// Hexadecimal digits.
#pragma once

#include <cstdint>
#include <string>

namespace verso {

/// Appends a byte as two digits in lower case.
inline void append_hex(std::string& out, std::uint8_t byte) {
    constexpr char digits[] = "0123456789abcdef";
    out += digits[byte >> 4];
    out += digits[byte & 0xf];
}

/// The value of a digit in either case; -1 for any other character.
[[nodiscard]] constexpr int hex_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

}  // namespace verso
