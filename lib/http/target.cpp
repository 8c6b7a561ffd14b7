#include "http/target.hpp"

#include "domain/failure.hpp"
#include "domain/utf8.hpp"

#include <optional>

namespace verso::http {

namespace {

std::optional<unsigned> hex_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    return std::nullopt;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

[[noreturn]] void refuse_part(std::string_view what, const char* problem) {
    fail(Errc::request_invalid, "the " + std::string(what) + " " + problem);
}

}  // namespace

std::string percent_decode(std::string_view text, std::string_view what) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '%') {
            const std::string_view digits = text.substr(at + 1, 2);
            const auto high = digits.size() == 2 ? hex_value(digits[0]) : std::nullopt;
            const auto low = digits.size() == 2 ? hex_value(digits[1]) : std::nullopt;
            if (!high || !low)
                refuse_part(what,
                            "has a '%' without two hexadecimal digits; write '%25' for itself");
            c = static_cast<char>(*high * 16 + *low);
            at += 2;
        }
        if (c == '\0') refuse_part(what, "has a NUL character");
        decoded += c;
    }
    if (find_invalid_utf8(decoded)) refuse_part(what, "is not valid UTF-8 once it is decoded");
    return decoded;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4U];
        encoded += digits[byte & 15U];
    }
    return encoded;
}

Target::Target(std::string_view text) {
    const std::size_t question = text.find('?');
    if (question != std::string_view::npos) query_ = text.substr(question + 1);
    std::string_view path = text.substr(0, question);
    if (!path.starts_with('/')) return;
    while (!path.empty() && size_ < max_segments) {
        path.remove_prefix(1);  // the slash
        segments_[size_++] = path.substr(0, path.find('/'));
        path.remove_prefix(segments_[size_ - 1].size());
    }
}

}  // namespace verso::http
