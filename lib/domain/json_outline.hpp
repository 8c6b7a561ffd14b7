// Where things stand in a JSON text: an index over text that is known to be valid and without white
// space, built in one pass, so that readers walk members and elements, take exact slices of the
// text, and unescape only the strings that they look at.
//
// The index is a tape: one node for each value and each key, in the order of the text, each with
// the number of nodes below it. Skipping a value is one addition. Thread safety: a built outline is
// immutable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

enum class JsonType : std::uint8_t { null, boolean, number, string, array, object };

/// The type as a sentence names it, as `an object`.
[[nodiscard]] std::string_view to_string(JsonType type) noexcept;

namespace detail {

/// One value or key of a tape.
struct JsonNode {
    std::uint32_t offset;  // of the value's first byte in the text
    std::uint32_t size;    // of the value's text
    std::uint32_t nodes;   // of this value and all below it, keys included
    JsonType type;
    bool escaped;  // a string with escapes
};

}  // namespace detail

struct JsonMember;
template <class Item>
class JsonRange;

/// One value of an outlined text. Lifetime: the text's and the outline's. O(1) to copy.
class JsonView {
public:
    JsonView(const char* text, const detail::JsonNode* node) noexcept : text_(text), node_(node) {}

    [[nodiscard]] JsonType type() const noexcept { return node_->type; }
    [[nodiscard]] bool is_null() const noexcept { return type() == JsonType::null; }
    [[nodiscard]] bool is_boolean() const noexcept { return type() == JsonType::boolean; }
    [[nodiscard]] bool is_number() const noexcept { return type() == JsonType::number; }
    [[nodiscard]] bool is_string() const noexcept { return type() == JsonType::string; }
    [[nodiscard]] bool is_array() const noexcept { return type() == JsonType::array; }
    [[nodiscard]] bool is_object() const noexcept { return type() == JsonType::object; }
    [[nodiscard]] bool is_true() const noexcept {
        return is_boolean() && text_[node_->offset] == 't';
    }

    /// The exact text of the value, quotes and brackets included.
    [[nodiscard]] std::string_view text() const noexcept {
        return {text_ + node_->offset, node_->size};
    }
    /// Where that text begins in the outlined text.
    [[nodiscard]] std::size_t offset() const noexcept { return node_->offset; }

    /// A string's characters. Requires: is_string(). O(size), allocates.
    [[nodiscard]] std::string string() const;
    /// As string(), without allocating where there are no escapes: then it views the text, else
    /// `scratch`.
    [[nodiscard]] std::string_view string(std::string& scratch) const;
    /// Whether this is a string of just these characters.
    [[nodiscard]] bool is_string(std::string_view characters) const;

    /// A number's value, if it is written as an integer that fits. Requires: is_number().
    [[nodiscard]] std::optional<std::int64_t> integer() const noexcept;

    /// The members of an object in their order; none where this is no object.
    [[nodiscard]] JsonRange<JsonMember> members() const noexcept;
    /// The elements of an array in their order; none where this is no array.
    [[nodiscard]] JsonRange<JsonView> elements() const noexcept;
    /// A member's value, if this is an object that has it. O(members).
    [[nodiscard]] std::optional<JsonView> find(std::string_view name) const;

private:
    template <class Item>
    friend class JsonRange;

    const char* text_;
    const detail::JsonNode* node_;
};

/// A member of an object. Its key is a string.
struct JsonMember {
    JsonView key;
    JsonView value;
};

/// The children of an array or an object, to be walked once in order.
template <class Item>
class JsonRange {
public:
    class iterator {
    public:
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        using pointer = void;
        using reference = Item;

        iterator(const char* text, const detail::JsonNode* node) noexcept
            : text_(text), node_(node) {}
        Item operator*() const noexcept {
            if constexpr (std::is_same_v<Item, JsonMember>)
                return {JsonView{text_, node_}, JsonView{text_, node_ + 1}};
            else
                return {text_, node_};
        }
        iterator& operator++() noexcept {
            if constexpr (std::is_same_v<Item, JsonMember>) ++node_;
            node_ += node_->nodes;
            return *this;
        }
        bool operator==(const iterator& other) const noexcept { return node_ == other.node_; }

    private:
        const char* text_;
        const detail::JsonNode* node_;
    };

    /// The children of `parent`.
    explicit JsonRange(JsonView parent) noexcept
        : begin_(parent.text_, parent.node_ + 1),
          end_(parent.text_, parent.node_ + parent.node_->nodes) {}

    [[nodiscard]] iterator begin() const noexcept { return begin_; }
    [[nodiscard]] iterator end() const noexcept { return end_; }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    /// O(n).
    [[nodiscard]] std::size_t size() const noexcept {
        return static_cast<std::size_t>(std::distance(begin_, end_));
    }

private:
    iterator begin_;
    iterator end_;
};

/// The tape of one text.
class Outline {
public:
    /// Outlines a text. It is not checked.
    ///
    /// Requires:   valid JSON without white space between tokens, of less than 4 GiB.
    /// Complexity: O(n); 16 bytes of memory for each value and each key. The stack does not grow.
    explicit Outline(std::string_view compact);

    /// The outermost value. Requires: `compact` holds what was outlined; it may have moved since.
    [[nodiscard]] JsonView root(std::string_view compact) const noexcept {
        return {compact.data(), nodes_.data()};
    }

private:
    std::vector<detail::JsonNode> nodes_;
};

/// The reference tokens of a JSON Pointer, decoded; none where it is no JSON Pointer.
/// Source: RFC 6901
[[nodiscard]] std::optional<std::vector<std::string>> parse_pointer(std::string_view pointer);

/// The index of an element that a reference token names; none where it names none, as `-` or `01`.
[[nodiscard]] std::optional<std::size_t> parse_index(std::string_view token) noexcept;

/// What a JSON Pointer names below `root`, if it is there. O(members on the way). Source: RFC 6901
[[nodiscard]] std::optional<JsonView> find_pointer(JsonView root, std::string_view pointer);

/// Appends `/` and a member name to a JSON Pointer, `~` and `/` encoded.
void append_pointer(std::string& pointer, std::string_view name);

}  // namespace verso
