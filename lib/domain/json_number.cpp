#include "domain/json_number.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace verso {

namespace {

std::int64_t exponent_of(std::string_view token) {
    if (token.empty()) return 0;
    token.remove_prefix(token[1] == '+' ? 2 : 1);
    std::int64_t exponent = 0;
    std::from_chars(token.data(), token.data() + token.size(), exponent);
    return exponent;
}

}  // namespace

std::string canonical_number(std::string_view token) {
    const bool is_negative = token.front() == '-';
    if (is_negative) token.remove_prefix(1);
    const std::size_t mantissa_size = std::min(token.find_first_of("eE"), token.size());
    std::int64_t exponent = exponent_of(token.substr(mantissa_size));
    token = token.substr(0, mantissa_size);

    const std::size_t point = std::min(token.find('.'), token.size());
    std::string digits(token.substr(0, point));
    if (point < token.size()) digits += token.substr(point + 1);
    const std::size_t first = digits.find_first_not_of('0');
    if (first == digits.npos) return "0";
    const std::size_t end = digits.find_last_not_of('0') + 1;
    exponent += static_cast<std::int64_t>(point) - static_cast<std::int64_t>(end);

    std::string canonical = is_negative ? "-" : "";
    canonical.append(digits, first, end - first);
    return canonical + 'e' + std::to_string(exponent);
}

}  // namespace verso
