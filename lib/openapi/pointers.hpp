// What references within one document point to.
#pragma once

#include "domain/json_outline.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace verso::openapi {

/// Whether a reference points into the document that it stands in, by a JSON Pointer, as
/// `#/components/schemas/Pet`.
[[nodiscard]] constexpr bool is_local_pointer(std::string_view reference) noexcept {
    return reference == "#" || reference.starts_with("#/");
}

/// A reference to or into a component of one section, taken apart.
struct ComponentReference {
    std::string key;        ///< of the component, decoded
    std::string_view rest;  ///< empty, or where in the component, as `/properties/id`
    bool canonical;         ///< whether format_component_reference() gives it back
};

/// Lifetime: that of the reference.
[[nodiscard]] std::optional<ComponentReference> parse_component_reference(
    std::string_view reference, std::string_view section);

/// As `#/components/schemas/Pet`.
[[nodiscard]] std::string format_component_reference(std::string_view section,
                                                     std::string_view key);

/// Finds what references point to. Every object and array on the way is indexed when it is first
/// passed, and every answer remembered, so that the references of one document together cost no
/// more than it is long.
///
/// Lifetime:      the document's.
/// Thread safety: bound
class Pointers {
public:
    explicit Pointers(JsonView root) : root_(root) {}

    [[nodiscard]] JsonView root() const noexcept { return root_; }

    /// What a reference names; nothing where it is no local pointer, or there is nothing.
    [[nodiscard]] std::optional<JsonView> find(std::string_view reference);

    /// A value, or where it is an object with a `$ref`, what that finally names: nothing where it
    /// leads nowhere.
    [[nodiscard]] std::optional<JsonView> resolve(JsonView value);

    /// A member's value, if `value` is an object that has it: as JsonView::find(), which walks all
    /// members for each of many references that lead to one large object.
    [[nodiscard]] std::optional<JsonView> member(JsonView value, std::string_view name);

    /// Whether a value is of the document, and not of another text.
    [[nodiscard]] bool holds(JsonView value) const noexcept;

private:
    using Children = std::unordered_map<std::string, JsonView>;

    [[nodiscard]] std::optional<JsonView> walk(std::string_view pointer);
    [[nodiscard]] const Children& children_of(JsonView parent);

    JsonView root_;
    std::unordered_map<std::size_t, Children> children_;  // by the offset of a parent in root_
    std::unordered_map<std::string, std::optional<JsonView>> found_;
};

}  // namespace verso::openapi
