// A JSON value while it is changed: what is not touched stays a slice of the text that it came
// from, what is touched is taken apart. Copies share what they have in common until one of them
// changes.
#pragma once

#include <verso/domain/document.hpp>

#include "domain/json_equality.hpp"
#include "domain/json_outline.hpp"
#include "domain/json_writer.hpp"
#include "domain/patch_operation.hpp"

#include <memory>
#include <optional>

namespace verso {

/// A value, whole or taken apart. O(1) to copy.
///
/// Lifetime:      that of the texts it was made of.
/// Thread safety: movable, together with all its copies.
class EditableJson {
public:
    explicit EditableJson(JsonView text) noexcept : text_(text) {}

    [[nodiscard]] bool is_object() const noexcept { return text_.is_object(); }

    /// What stands at a path, if anything does. `-` names no element. What is passed on the way is
    /// taken apart, here and in copies, so that the next one finds its way in O(log n).
    [[nodiscard]] const EditableJson* find(const JsonPath& path) const;

    /// The same value, of which copies share the parts. O(n) where it was not taken apart.
    [[nodiscard]] EditableJson copy() const;

    /// The operations of RFC 6902. They fail with patch_failed and change nothing where what they
    /// need is not there. O(log n) once what they pass is taken apart.
    void add(const JsonPath& path, EditableJson value);
    void replace(const JsonPath& path, EditableJson value);
    void remove(const JsonPath& path);

    /// Whether it is the value that `text` shows.
    [[nodiscard]] bool equals(JsonView text, JsonEquality& equality) const;

    /// Writes the value. Fails with limit_exceeded as soon as it is longer than `max_bytes`, or
    /// deeper than any limit allows: sharing makes it easy to build what no memory holds.
    void write(JsonWriter& json, std::size_t max_bytes, unsigned depth = 0) const;

private:
    struct Parts;

    [[nodiscard]] bool is_container() const noexcept;
    /// Takes an array or object apart, if that has not been done.
    void take_apart() const;
    /// The parts, shared with no other value. Requires: they are taken apart.
    Parts& own_parts();
    /// Which of the parts a token names, if any. Takes this value apart.
    [[nodiscard]] std::optional<std::size_t> place_of(const std::string& token) const;
    /// What stands there. Lifetime: until this is changed.
    [[nodiscard]] const EditableJson& child(std::size_t place) const;
    [[nodiscard]] EditableJson& own_child(std::size_t place);
    /// The parent of what stands at a path, ready to be changed.
    [[nodiscard]] EditableJson& parent_of(const JsonPath& path);

    JsonView text_;  // as it once was: still the type, and the value while there are no parts
    mutable std::shared_ptr<Parts> parts_;
};

}  // namespace verso
