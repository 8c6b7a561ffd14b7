#include "openapi/references.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace verso::openapi {

namespace {

constexpr std::array named_objects_members{
    "properties", "patternProperties", "$defs",           "definitions", "dependentSchemas",
    "responses",  "schemas",           "parameters",      "headers",     "examples",
    "links",      "requestBodies",     "securitySchemes", "pathItems",   "paths",
    "webhooks",   "content",           "encoding",        "variables",   "mapping"};
constexpr std::array data_members{"example", "value", "default", "enum", "const"};

template <std::size_t size>
bool contains(const std::array<const char*, size>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Walks what holds references, with the grammar at hand.
class ReferenceChecker {
public:
    ReferenceChecker(const ReferencePositions& positions, Pointers& pointers, Messages& messages)
        : positions_(positions), pointers_(pointers), messages_(messages) {}

    void check(JsonView value, Role role, const Place& place) {
        if (role == Role::data || !positions_.any_in(value)) return;
        std::size_t index = 0;
        for (const JsonView element : value.elements())
            check(element, role, Place{&place, {}, index++});
        std::string scratch;
        for (const auto [key, child] : value.members()) {
            const std::string_view name = key.string(scratch);
            const Place at{&place, name};
            if (role == Role::object && name == "$ref" && child.is_string())
                check_target(child, at);
            else
                check(child, role_below(role, name, child), at);
        }
    }

private:
    void check_target(JsonView reference, const Place& place) {
        std::string scratch;
        const std::string_view text = reference.string(scratch);
        if (pointers_.find(text)) return;
        std::string message = "refers to \"";
        message.append(text).append("\", which is not in this document; ");
        const bool is_local_to_schema =
            text.starts_with("#/$defs/") || text.starts_with("#/definitions/");
        if (is_local_pointer(text) && !is_local_to_schema)
            messages_.error(place, message + "add it, or correct the reference");
        else
            messages_.warning(place, message + "it is kept as it is");
    }

    const ReferencePositions& positions_;
    Pointers& pointers_;
    Messages& messages_;
};

}  // namespace

ReferencePositions::ReferencePositions(std::string_view text) {
    for (const std::string_view key : {R"("$ref":)", R"("mapping":)"}) {
        const std::boyer_moore_horspool_searcher searcher(key.begin(), key.end());
        const auto found_before = static_cast<std::ptrdiff_t>(offsets_.size());
        for (auto at = text.begin();;) {
            at = std::search(at, text.end(), searcher);
            if (at == text.end()) break;
            offsets_.push_back(static_cast<std::size_t>(at - text.begin()));
            at += static_cast<std::ptrdiff_t>(key.size());
        }
        std::inplace_merge(offsets_.begin(), offsets_.begin() + found_before, offsets_.end());
    }
}

bool ReferencePositions::any_in(JsonView value) const noexcept {
    const auto next = std::lower_bound(offsets_.begin(), offsets_.end(), value.offset());
    return next != offsets_.end() && *next < value.offset() + value.text().size();
}

void check_references(JsonView root, const ReferencePositions& positions, Pointers& pointers,
                      Messages& messages) {
    ReferenceChecker(positions, pointers, messages).check(root, Role::object, Place{});
}

Role role_of(std::string_view name, JsonView value) {
    if (contains(data_members, name) || name.starts_with("x-")) return Role::data;
    if (name == "examples" && value.is_array()) return Role::data;
    if (name == "callbacks") return Role::named_maps;
    return value.is_object() && contains(named_objects_members, name) ? Role::named_objects
                                                                      : Role::object;
}

Role role_below(Role parent, std::string_view name, JsonView value) {
    switch (parent) {
        case Role::object: return role_of(name, value);
        case Role::named_objects: return Role::object;
        case Role::named_maps: return value.find("$ref") ? Role::object : Role::named_objects;
        case Role::data: break;
    }
    return Role::data;
}

}  // namespace verso::openapi
