#include "cli/text.hpp"

#include "domain/hex.hpp"
#include "domain/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

namespace verso::cli {

namespace {

struct CodePointRange {
    char32_t first;
    char32_t last;
};

template <std::size_t size>
bool contains(const std::array<CodePointRange, size>& ranges, char32_t c) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [c](CodePointRange range) { return c >= range.first && c <= range.last; });
}

// C0, DEL and C1; marks, embeddings and isolates that change the direction of text; line
// separators.
constexpr std::array steering{
    CodePointRange{0x00, 0x1f},     CodePointRange{0x7f, 0x9f},     CodePointRange{0x200e, 0x200f},
    CodePointRange{0x2028, 0x202e}, CodePointRange{0x2066, 0x2069},
};

// The blocks of East Asian scripts and of emoji, which is what names hold; not every wide character
// there is.
constexpr std::array wide{
    CodePointRange{0x1100, 0x115f},   CodePointRange{0x2e80, 0xa4cf},
    CodePointRange{0xac00, 0xd7a3},   CodePointRange{0xf900, 0xfaff},
    CodePointRange{0xfe30, 0xfe6f},   CodePointRange{0xff00, 0xff60},
    CodePointRange{0xffe0, 0xffe6},   CodePointRange{0x1f300, 0x1faff},
    CodePointRange{0x20000, 0x3fffd},
};

constexpr std::array combining{
    CodePointRange{0x300, 0x36f},
    CodePointRange{0x200b, 0x200d},
    CodePointRange{0xfe00, 0xfe0f},
};

void append_escaped(std::string& out, char32_t c) {
    out += "\\u";
    append_hex(out, static_cast<std::uint8_t>(c >> 8));
    append_hex(out, static_cast<std::uint8_t>(c & 0xff));
}

std::string escaped(std::string_view text, std::string_view kept) {
    const std::string valid = to_valid_utf8(text);
    std::string out;
    out.reserve(valid.size());
    for (std::string_view rest = valid; !rest.empty();) {
        const CodePoint point = decode_utf8(rest);
        const std::string_view bytes = rest.substr(0, point.bytes);
        if (contains(steering, point.value) && kept.find(bytes) == kept.npos)
            append_escaped(out, point.value);
        else
            out += bytes;
        rest.remove_prefix(point.bytes);
    }
    return out;
}

std::size_t width(char32_t c) {
    if (c < 0x300) return 1;
    if (contains(combining, c)) return 0;
    return contains(wide, c) ? 2 : 1;
}

/// Three digits that matter, as `0.41`, `4.1`, `41` and `410`.
std::string format_quantity(double value, std::string_view unit) {
    const int decimals = value < 0.995 ? 2 : value < 9.95 ? 1 : 0;
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.*f", decimals, value);
    return std::string(digits.data()) + ' ' + std::string(unit);
}

}  // namespace

std::string shown(std::string_view text) { return escaped(text, {}); }

std::string terminal_safe(std::string_view text) { return escaped(text, "\n\t"); }

std::string in_quotes(std::string_view name) { return '"' + shown(name) + '"'; }

std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    const std::string valid = to_valid_utf8(text);
    for (std::string_view rest = valid; !rest.empty();) {
        const CodePoint point = decode_utf8(rest);
        columns += width(point.value);
        rest.remove_prefix(point.bytes);
    }
    return columns;
}

std::string abbreviated(std::string_view text, std::size_t columns) {
    if (width(text) <= columns) return std::string(text);
    std::string out;
    std::size_t taken = 1;  // the ellipsis
    for (std::string_view rest = text; !rest.empty();) {
        const CodePoint point = decode_utf8(rest);
        const std::size_t bytes = std::max<std::size_t>(point.bytes, 1);
        taken += width(point.value);
        if (taken > columns) break;
        out += rest.substr(0, bytes);
        rest.remove_prefix(bytes);
    }
    return out + "…";
}

std::string format_count(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string counted(std::uint64_t count, std::string_view thing) {
    return format_count(count) + ' ' + std::string(thing) + (count == 1 ? "" : "s");
}

std::string format_bytes(std::uint64_t bytes) {
    constexpr std::array units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) return counted(bytes, "byte");
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < std::size(units); ++unit) value /= 1024;
    return format_quantity(value, units[unit]);
}

std::string format_duration(std::chrono::nanoseconds duration) {
    const double milliseconds = std::chrono::duration<double, std::milli>(duration).count();
    return milliseconds < 999.5 ? format_quantity(milliseconds, "ms")
                                : format_quantity(milliseconds / 1000, "s");
}

std::uint64_t whole_microseconds(std::chrono::nanoseconds duration) {
    using std::chrono::duration_cast, std::chrono::microseconds;
    return static_cast<std::uint64_t>(duration_cast<microseconds>(duration).count());
}

std::string format_time(Timestamp time) {
    std::string text = format_timestamp(time).substr(0, 19);
    text[10] = ' ';
    return text;
}

}  // namespace verso::cli
