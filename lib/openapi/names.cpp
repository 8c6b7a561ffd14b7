#include "openapi/names.hpp"

#include <verso/domain/names.hpp>

#include "domain/hex.hpp"

#include <algorithm>
#include <cstdint>

namespace verso::openapi {

namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_allowed(Kind kind, char c) {
    if (is_letter_or_digit(c) || c == '_' || c == '-') return true;
    switch (kind) {
        case Kind::action:
        case Kind::trigger: return c == '$';
        case Kind::definition:
        case Kind::parameter: return false;
        default: return c == '.';
    }
}

constexpr std::size_t digest_bytes = 17;  // `_` and 16 digits
/// Leaves room for what take() may add: `_` and a number.
constexpr std::size_t longest_plain_bytes = max_name_bytes - 12;

/// Source: FNV-1a, 64 bits
std::string digest_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    std::string hex;
    for (int shift = 56; shift >= 0; shift -= 8)
        append_hex(hex, static_cast<std::uint8_t>(hash >> shift));
    return hex;
}

}  // namespace

std::string to_name(Kind kind, std::string_view original) {
    std::string name;
    name.reserve(original.size());
    for (const char c : original) {
        const bool continues_character = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
        if (!continues_character) name += is_allowed(kind, c) ? c : '_';
    }
    if (name.empty()) name += '_';
    if (name == original && name.size() <= max_name_bytes) return name;
    if (name.size() <= longest_plain_bytes) return name;
    name.resize(longest_plain_bytes - digest_bytes);
    return name.append("_").append(digest_of(original));
}

std::string operation_name(std::string_view method, std::string_view path) {
    std::string name(method);
    bool gap = true;
    for (const char c : path) {
        if (!is_letter_or_digit(c) && c != '_' && c != '-') {
            gap = gap || (c != '{' && c != '}');
            continue;
        }
        if (gap) name += '_';
        gap = false;
        name += c;
    }
    return name;
}

void Names::reserve(std::string_view original) {
    std::string name = to_name(kind_, original);
    if (name == original) reserved_.insert(std::move(name));
}

std::string Names::take(std::string_view original) {
    std::string name = to_name(kind_, original);
    const bool is_good_as_it_is = name == original;
    return take(std::move(name), is_good_as_it_is);
}

std::string Names::take_made_up(std::string_view wanted) {
    return take(to_name(kind_, wanted), false);
}

std::string Names::take(std::string name, bool may_be_plain) {
    may_be_plain = may_be_plain || !reserved_.contains(name);
    if (may_be_plain && taken_.insert(name).second) return name;
    if (name.size() > longest_plain_bytes) {
        const std::string digest = digest_of(name);
        name.resize(longest_plain_bytes - digest_bytes);
        name.append("_").append(digest);
    }
    name += '_';
    for (unsigned& last = last_suffix_.try_emplace(name, 1).first->second;;) {
        std::string suffixed = name + std::to_string(++last);
        if (!reserved_.contains(suffixed) && taken_.insert(suffixed).second) return suffixed;
    }
}

}  // namespace verso::openapi
