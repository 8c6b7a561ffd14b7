#include "domain/utf8.hpp"

#include "domain/bytes.hpp"

#include <cstdint>

namespace verso {

namespace {

/// What a lead byte says: how many bytes follow it, and the smallest code point that needs so many.
struct Lead {
    std::size_t trailing;
    char32_t bits;
    char32_t smallest;
};

std::optional<Lead> read_lead(unsigned char byte) noexcept {
    if (byte < 0x80) return Lead{0, byte, 0};
    if (byte >= 0xc2 && byte < 0xe0) return Lead{1, byte & 0x1fU, 0x80};
    if (byte >= 0xe0 && byte < 0xf0) return Lead{2, byte & 0x0fU, 0x800};
    if (byte >= 0xf0 && byte < 0xf5) return Lead{3, byte & 0x07U, 0x10000};
    return std::nullopt;
}

}  // namespace

CodePoint decode_utf8(std::string_view text) noexcept {
    const auto lead = read_lead(static_cast<unsigned char>(text.front()));
    if (!lead || text.size() <= lead->trailing) return {};
    char32_t value = lead->bits;
    for (std::size_t i = 1; i <= lead->trailing; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0) != 0x80) return {};
        value = value << 6 | (byte & 0x3fU);
    }
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < lead->smallest || surrogate || value > 0x10ffff) return {};
    return {value, lead->trailing + 1};
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        // Nearly all text is ASCII: eight bytes at a step.
        constexpr std::uint64_t high_bits = 0x8080808080808080;
        if (at + 8 <= text.size() && (load_le<std::uint64_t>(text.data() + at) & high_bits) == 0) {
            at += 8;
            continue;
        }
        const CodePoint point = decode_utf8(text.substr(at));
        if (point.bytes == 0) return at;
        at += point.bytes;
    }
    return std::nullopt;
}

std::string to_valid_utf8(std::string_view text) {
    std::string valid;
    while (const auto invalid = find_invalid_utf8(text)) {
        valid += text.substr(0, *invalid);
        valid += "\xef\xbf\xbd";
        text.remove_prefix(*invalid + 1);
    }
    valid += text;
    return valid;
}

std::string shortened(std::string_view text) {
    std::size_t kept = 255;
    if (text.size() <= kept) return std::string(text);
    while (kept > 0 && (static_cast<unsigned char>(text[kept]) & 0xc0) == 0x80) --kept;
    return std::string(text.substr(0, kept)) + "...";
}

void append_utf8(std::string& out, char32_t code_point) {
    const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    const auto put_trailing = [&](unsigned shift) { put(0x80 | (code_point >> shift & 0x3f)); };
    if (code_point < 0x80) return put(code_point);
    if (code_point < 0x800) {
        put(0xc0 | code_point >> 6);
    } else if (code_point < 0x10000) {
        put(0xe0 | code_point >> 12);
        put_trailing(6);
    } else {
        put(0xf0 | code_point >> 18);
        put_trailing(12);
        put_trailing(6);
    }
    put_trailing(0);
}

}  // namespace verso
