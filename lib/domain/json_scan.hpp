// Finds the ends of tokens in JSON text that is known to be valid.
#pragma once

#include "domain/bytes.hpp"

#include <bit>
#include <cstdint>
#include <string_view>

namespace verso {

/// The first quote or backslash from `at` on. Requires: there is one.
[[nodiscard]] inline std::size_t find_quote_or_backslash(std::string_view text,
                                                         std::size_t at) noexcept {
    // Eight bytes at a step: where a character stands, its byte of `word ^ pattern` is zero, and
    // the lowest zero byte of a word is the lowest whose high bit changes by a borrow.
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    const auto zeros = [](std::uint64_t word) { return (word - ones) & ~word & highs; };
    for (; at + 8 <= text.size(); at += 8) {
        const auto word = load_le<std::uint64_t>(text.data() + at);
        const std::uint64_t found = zeros(word ^ (ones * '"')) | zeros(word ^ (ones * '\\'));
        if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
    while (text[at] != '"' && text[at] != '\\') ++at;
    return at;
}

/// One string token.
struct StringToken {
    std::size_t end;  ///< Behind the closing quote.
    bool escaped;
};

/// The string whose opening quote stands at `at`.
[[nodiscard]] inline StringToken scan_string(std::string_view text, std::size_t at) noexcept {
    bool escaped = false;
    at = find_quote_or_backslash(text, at + 1);
    while (text[at] == '\\') {
        escaped = true;
        at = find_quote_or_backslash(text, at + 2);
    }
    return {at + 1, escaped};
}

}  // namespace verso
