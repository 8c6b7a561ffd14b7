#include "domain/json_validator.hpp"

#include "domain/failure.hpp"
#include "domain/utf8.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <forward_list>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verso {

namespace {

using boost::system::error_code;

bool contains(std::string_view text, const char* at) {
    return !std::less<>{}(at, text.data()) && std::less<>{}(at, text.data() + text.size());
}

[[noreturn]] void fail_at(std::string_view text, std::size_t offset, std::string_view what) {
    const std::string_view before = text.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t newline = before.rfind('\n');
    const std::size_t column = newline == before.npos ? offset + 1 : offset - newline;
    std::string message = "line ";
    message += std::to_string(line) + ", column " + std::to_string(column) + " (in bytes): ";
    message += what;
    fail(Errc::document_invalid, std::move(message));
}

/// A key as shown in a message: shortened, so that a message stays one line.
std::string shown(std::string_view key) {
    std::string text = "'";
    for (const char c : key.substr(0, 64)) text += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    text += key.size() > 64 ? "...'" : "'";
    return text;
}

/// Whether a number that Boost.JSON took for infinite, or nearly so, is one that a double holds.
/// Boost.JSON multiplies by powers of ten; this rounds correctly, and knows zeros with large
/// exponents.
bool is_finite(std::string_view number) {
    double value = 0;
    const auto error = std::from_chars(number.data(), number.data() + number.size(), value).ec;
    return error == std::errc{};
}

/// What Boost.JSON tells while it reads.
struct Handler {
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    explicit Handler(std::string_view whole) : text(whole) {}

    /// What the handler itself refused, and where.
    struct Refusal {
        std::optional<std::size_t> offset;  // none: where the parser stopped
        std::string what;
    };

    std::string_view text;
    std::vector<std::string_view> keys;  // of the objects that are open, the outermost's first
    std::vector<std::size_t> firsts;     // where in `keys` those of each open object begin
    std::forward_list<std::string> unescaped;  // keys that are not in the text as they are
    std::string key_parts;
    std::optional<Refusal> refusal;

    bool refuse(std::optional<std::size_t> offset, std::string what, error_code& error) {
        refusal = Refusal{offset, std::move(what)};
        error = Errc::document_invalid;
        return false;
    }

    bool on_object_begin(error_code&) {
        firsts.push_back(keys.size());
        return true;
    }

    bool on_key_part(std::string_view part, std::size_t, error_code&) {
        key_parts += part;
        return true;
    }

    bool on_key(std::string_view part, std::size_t, error_code&) {
        if (key_parts.empty() && (part.empty() || contains(text, part.data()))) {
            keys.push_back(part);
            return true;
        }
        key_parts += part;
        keys.push_back(unescaped.emplace_front(std::move(key_parts)));
        key_parts.clear();
        return true;
    }

    bool on_object_end(std::size_t, error_code& error) {
        const std::span own = std::span(keys).subspan(firsts.back());
        const std::optional<std::string_view> twice = find_duplicate(own);
        if (twice) {
            return refuse(
                offset_of(*twice),
                "the member " + shown(*twice) + " stands twice in one object; keep one of them",
                error);
        }
        keys.resize(firsts.back());
        firsts.pop_back();
        return true;
    }

    /// A key that is there twice, if there is one: of the two, the one that lies later in memory.
    /// Sorting, not hashing: nobody can choose keys that make it slow.
    static std::optional<std::string_view> find_duplicate(std::span<std::string_view> own) {
        constexpr std::size_t few = 8;
        if (own.size() <= few) {
            for (std::size_t i = 1; i < own.size(); ++i)
                for (std::size_t j = 0; j < i; ++j)
                    if (own[i] == own[j]) return later(own[i], own[j]);
            return std::nullopt;
        }
        std::sort(own.begin(), own.end(), [](std::string_view a, std::string_view b) {
            return a.size() != b.size() ? a.size() < b.size() : a < b;
        });
        const auto same = std::adjacent_find(own.begin(), own.end());
        if (same == own.end()) return std::nullopt;
        return later(same[0], same[1]);
    }

    /// Where a key stands in the text; none for one that is there with escapes.
    [[nodiscard]] std::optional<std::size_t> offset_of(std::string_view key) const {
        if (key.empty() || !contains(text, key.data())) return std::nullopt;
        return static_cast<std::size_t>(key.data() - text.data());
    }

    static std::string_view later(std::string_view a, std::string_view b) {
        return std::less<>{}(a.data(), b.data()) ? b : a;
    }

    bool on_double(double value, std::string_view number, error_code& error) {
        constexpr double surely_finite = 1e300;
        if (std::abs(value) < surely_finite || is_finite(number)) return true;
        return refuse(static_cast<std::size_t>(number.data() - text.data()),
                      "the number is beyond the range of a double; write it as a string", error);
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t, error_code&) { return true; }
    bool on_string_part(std::string_view, std::size_t, error_code&) { return true; }
    bool on_string(std::string_view, std::size_t, error_code&) { return true; }
    bool on_number_part(std::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t, std::string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t, std::string_view, error_code&) { return true; }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(std::string_view, error_code&) { return true; }
    bool on_comment(std::string_view, error_code&) { return true; }
};

std::string_view describe(const error_code& code) {
    using boost::json::error;
    if (code == error::incomplete) return "the text ends in the middle of a value; send all of it";
    if (code == error::extra_data) return "something follows the value; remove it";
    if (code == error::exponent_overflow)
        return "the number's exponent is beyond the range of a double; write it as a string";
    if (code == error::expected_hex_digit) return "\\u must be followed by four hexadecimal digits";
    if (code == error::illegal_leading_surrogate || code == error::illegal_trailing_surrogate ||
        code == error::expected_utf16_escape)
        return "a \\u escape is half of a surrogate pair; write both halves, or the character "
               "itself";
    return "this is not JSON: a character may not stand here, or must be escaped in a string; "
           "correct it";
}

[[noreturn]] void explain(std::string_view text, std::size_t offset, const error_code& error) {
    // The parser stops at or just behind a byte that is no UTF-8, and calls it a syntax error.
    constexpr std::size_t longest_sequence = 4;
    const auto invalid =
        find_invalid_utf8(text.substr(0, std::min(text.size(), offset + longest_sequence)));
    if (invalid && *invalid <= offset)
        fail_at(text, *invalid, "this is not valid UTF-8; encode the text as UTF-8");
    fail_at(text, offset, describe(error));
}

}  // namespace

void validate_json(std::string_view text, unsigned max_depth) {
    if (text.starts_with("\xef\xbb\xbf"))
        fail_at(text, 0, "the text begins with a byte order mark; send it without one");
    boost::json::parse_options options;
    options.max_depth = std::min(max_depth, max_json_depth + levels_around);
    boost::json::basic_parser<Handler> parser(options, text);
    error_code error;
    const std::size_t offset = parser.write_some(false, text.data(), text.size(), error);
    if (!error && offset < text.size()) error = boost::json::error::extra_data;
    if (!error) return;
    if (const auto& refusal = parser.handler().refusal)
        fail_at(text, refusal->offset.value_or(offset), refusal->what);
    if (error == boost::json::error::too_deep)
        fail(Errc::limit_exceeded, "the JSON nests deeper than " +
                                       std::to_string(options.max_depth) +
                                       " levels; flatten it, or raise the limit max_depth");
    explain(text, offset, error);
}

}  // namespace verso
