#include "domain/element_matcher.hpp"

#include <array>
#include <map>
#include <type_traits>
#include <utility>

namespace verso {

namespace {

/// Pairs what has one key and has no partner yet.
template <class KeyOf>
void match(const std::vector<JsonView>& previous, const std::vector<JsonView>& next,
           std::vector<std::optional<std::size_t>>& partners, KeyOf key_of) {
    using Key = typename std::invoke_result_t<KeyOf, JsonView>::value_type;
    std::vector<bool> taken(previous.size());
    for (const auto& partner : partners)
        if (partner) taken[*partner] = true;
    std::multimap<Key, std::size_t> free;  // equal keys stay in order
    for (std::size_t i = 0; i < previous.size(); ++i) {
        if (taken[i]) continue;
        if (auto key = key_of(previous[i])) free.emplace(std::move(*key), i);
    }
    for (std::size_t i = 0; i < next.size(); ++i) {
        if (partners[i]) continue;
        const auto key = key_of(next[i]);
        const auto found = key ? free.lower_bound(*key) : free.end();
        if (found == free.end() || found->first != *key) continue;
        partners[i] = found->second;
        free.erase(found);
    }
}

std::string told(std::string_view name, JsonView value, JsonEquality& equality) {
    return std::string(name) + ' ' + std::to_string(equality.class_of(value)) + ' ';
}

/// Identity, or what comes closest: no two objects without one can be told apart but by a name.
std::optional<std::string> likeness_of(JsonView element, JsonEquality& equality) {
    if (!element.is_object()) return std::nullopt;
    if (auto identity = identity_of(element, equality)) return identity;
    const auto name = element.find("name");
    return name ? told("name", *name, equality) : "object";
}

}  // namespace

std::vector<JsonView> elements_of(JsonView array) {
    std::vector<JsonView> elements;
    for (const JsonView element : array.elements()) elements.push_back(element);
    return elements;
}

std::optional<std::string> identity_of(JsonView element, JsonEquality& equality) {
    const auto id = element.find("id");
    if (id && (id->is_string() || id->is_number())) return told("id", *id, equality);
    const auto name = element.find("name");
    const auto in = element.find("in");
    if (name && in) return told("name", *name, equality) + told("in", *in, equality);
    for (const std::string_view member : std::array{"status", "parameter", "definition"})
        if (const auto value = element.find(member)) return told(member, *value, equality);
    return std::nullopt;
}

ElementMatcher::ElementMatcher(const std::vector<JsonView>& previous,
                               const std::vector<JsonView>& next, JsonEquality& equality)
    : partners_(next.size()) {
    match(previous, next, partners_,
          [&](JsonView element) { return std::optional(equality.class_of(element)); });
    match(previous, next, partners_,
          [&](JsonView element) { return likeness_of(element, equality); });
}

}  // namespace verso
