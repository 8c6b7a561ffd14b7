#include <verso/domain/names.hpp>

#include "domain/failure.hpp"
#include "domain/utf8.hpp"

#include <optional>
#include <string>

namespace verso {

namespace {

Error bad_name(Errc code, const std::string& message) { return field_error(code, "name", message); }

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c <= 0x9f); }

/// The property White_Space. Source: Unicode 15, PropList.txt
bool is_white_space(char32_t c) {
    return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

std::optional<std::string> length_problem(std::string_view name) {
    if (name.empty()) return "is empty";
    if (name.size() > max_name_bytes)
        return "has " + std::to_string(name.size()) + " bytes, more than " +
               std::to_string(max_name_bytes);
    return std::nullopt;
}

/// What is wrong with a name that may be any text, as the end of the sentence "the name ...".
std::optional<std::string> free_name_problem(std::string_view name) {
    if (auto problem = length_problem(name)) return problem;
    if (name == "." || name == "..") return "may not be '.' or '..'";
    bool first = true;
    bool white_space = false;
    for (std::size_t at = 0; at < name.size();) {
        const auto [c, bytes] = decode_utf8(name.substr(at));
        if (bytes == 0) return "is not valid UTF-8 at byte " + std::to_string(at + 1);
        if (is_control(c)) return "has a control character at byte " + std::to_string(at + 1);
        white_space = is_white_space(c);
        if (first && white_space) return "begins with white space";
        first = false;
        at += bytes;
    }
    if (white_space) return "ends with white space";
    return std::nullopt;
}

Result<void> check_free_name(std::string_view whose, std::string_view name) {
    const auto problem = free_name_problem(name);
    if (!problem) return {};
    return bad_name(Errc::name_invalid,
                    std::string(whose) + " name " + *problem +
                        ": give 1 to 255 bytes of UTF-8 without control characters and without "
                        "white space around them");
}

/// The characters besides letters, digits, `_` and `-` that a resource's name may have.
std::string_view further_characters(Kind kind) {
    switch (kind) {
        case Kind::action:
        case Kind::trigger: return "$";
        case Kind::definition:
        case Kind::parameter: return "";
        default: return ".";
    }
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Result<void> check_text(std::string_view field, std::string_view text) {
    std::string problem;
    if (text.size() > max_text_bytes)
        problem = "has " + std::to_string(text.size()) + " bytes, more than " +
                  std::to_string(max_text_bytes) + "; shorten it";
    else if (const auto at = find_invalid_utf8(text))
        problem = "is not valid UTF-8 at byte " + std::to_string(*at + 1) + "; give it as UTF-8";
    else
        return {};
    return field_error(Errc::text_invalid, std::string(field),
                       "the " + std::string(field) + " " + problem);
}

Result<void> check_connection_name(std::string_view name) {
    return check_free_name("the connection's", name);
}

Result<void> check_version_name(std::string_view name) {
    if (name == "latest" || name == "default")
        return bad_name(Errc::name_reserved, "the version's name \"" + std::string(name) +
                                                 "\" is reserved: choose another name");
    return check_free_name("the version's", name);
}

Result<void> check_resource_name(Kind kind, std::string_view name) {
    const std::string_view further = further_characters(kind);
    auto problem = length_problem(name);
    for (std::size_t at = 0; at < name.size() && !problem; ++at) {
        const char c = name[at];
        if (!is_letter_or_digit(c) && c != '_' && c != '-' && further.find(c) == further.npos)
            problem = "has a character at byte " + std::to_string(at + 1) + " that it may not have";
    }
    if (!problem) return {};
    return bad_name(Errc::name_invalid,
                    "the " + std::string(to_string(kind)) + "'s name " + *problem +
                        ": give 1 to 255 of the characters a-z, A-Z, 0-9, '_', '-'" +
                        (further.empty() ? "" : " and '" + std::string(further) + "'"));
}

}  // namespace verso
