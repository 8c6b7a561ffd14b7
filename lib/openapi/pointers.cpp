#include "openapi/pointers.hpp"

#include "domain/hex.hpp"

#include <functional>

namespace verso::openapi {

namespace {

/// Source: RFC 3986, 2.1
std::string decode_percent(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escape = text[at] == '%' && at + 2 < text.size() &&
                            hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
        decoded += escape
                       ? static_cast<char>(hex_value(text[at + 1]) << 4 | hex_value(text[at + 2]))
                       : text[at];
        if (escape) at += 2;
    }
    return decoded;
}

/// Source: RFC 6901, 4
std::string decode_token(std::string_view token) {
    std::string name;
    name.reserve(token.size());
    for (std::size_t at = 0; at < token.size(); ++at) {
        const char next = token[at] == '~' && at + 1 < token.size() ? token[at + 1] : '\0';
        const bool escape = next == '0' || next == '1';
        name += !escape ? token[at] : next == '0' ? '~' : '/';
        if (escape) ++at;
    }
    return name;
}

std::string section_prefix(std::string_view section) {
    std::string prefix = "#/components/";
    prefix += section;
    return prefix += '/';
}

}  // namespace

std::optional<ComponentReference> parse_component_reference(std::string_view reference,
                                                            std::string_view section) {
    const std::string prefix = section_prefix(section);
    if (!reference.starts_with(prefix)) return std::nullopt;
    const std::string_view rest = reference.substr(prefix.size());
    const std::string_view token = rest.substr(0, rest.find('/'));
    ComponentReference parsed{decode_token(decode_percent(token)), rest.substr(token.size()),
                              false};
    std::string again;
    append_pointer(again, parsed.key);
    parsed.canonical = std::string_view(again).substr(1) == token;
    return parsed;
}

std::string format_component_reference(std::string_view section, std::string_view key) {
    std::string reference = section_prefix(section);
    reference.pop_back();
    append_pointer(reference, key);
    return reference;
}

std::optional<JsonView> Pointers::find(std::string_view reference) {
    if (!is_local_pointer(reference)) return std::nullopt;
    const auto [known, is_new] = found_.try_emplace(std::string(reference));
    if (is_new) known->second = walk(decode_percent(reference.substr(1)));
    return known->second;
}

std::optional<JsonView> Pointers::resolve(JsonView value) {
    constexpr int max_hops = 32;  // longer ones go in circles
    for (int hop = 0; hop < max_hops; ++hop) {
        const auto reference = member(value, "$ref");
        if (!reference || !reference->is_string()) return value;
        std::string scratch;
        const auto target = find(reference->string(scratch));
        if (!target) return std::nullopt;
        value = *target;
    }
    return std::nullopt;
}

std::optional<JsonView> Pointers::member(JsonView value, std::string_view name) {
    constexpr int few = 32;  // are walked sooner than indexed
    int walked = 0;
    for (const auto [key, child] : value.members()) {
        if (key.is_string(name)) return child;
        if (++walked == few && holds(value)) {
            const Children& children = children_of(value);
            const auto found = children.find(std::string(name));
            return found == children.end() ? std::nullopt : std::optional(found->second);
        }
    }
    return std::nullopt;
}

std::optional<JsonView> Pointers::walk(std::string_view pointer) {
    JsonView view = root_;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::string_view token = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(token.size());
        const Children& children = children_of(view);
        const auto child = children.find(decode_token(token));
        if (child == children.end()) return std::nullopt;
        view = child->second;
    }
    return view;
}

const Pointers::Children& Pointers::children_of(JsonView parent) {
    const auto [known, is_new] = children_.try_emplace(parent.offset());
    if (!is_new) return known->second;
    std::size_t index = 0;
    for (const auto [key, value] : parent.members()) known->second.emplace(key.string(), value);
    for (const JsonView element : parent.elements())
        known->second.emplace(std::to_string(index++), element);
    return known->second;
}

bool Pointers::holds(JsonView value) const noexcept {
    const std::string_view all = root_.text();
    const char* const at = value.text().data();
    return !std::less<>{}(at, all.data()) && std::less<>{}(at, all.data() + all.size());
}

}  // namespace verso::openapi
