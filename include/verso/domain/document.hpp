// A JSON document, kept exactly as it was written but for the white space between its tokens:
// numbers keep their digits, strings their escapes, members their order.
#pragma once

#include <verso/error.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace verso {

/// What a document may be at most.
struct DocumentLimits {
    std::size_t max_bytes = std::size_t{16} * 1024 * 1024;  ///< Of the text without white space.
    unsigned max_depth = 128;  ///< Levels of arrays and objects; more than 1,000 counts as 1,000.
};

/// A JSON object as text.
///
/// Thread safety: a value.
/// Source:        RFC 8259; stricter: no duplicate names, no numbers beyond a double's range
class Document {
public:
    /// The empty object.
    Document() : text_("{}") {}

    /// Reads a JSON object.
    ///
    /// Errors:     document_invalid (not JSON, not an object, duplicate names, invalid UTF-8, a
    ///             number beyond a double's range), limit_exceeded (too long, too deep); the
    ///             message gives line and column.
    /// Complexity: O(n), O(k log k) for an object of k members; the stack grows with the depth, up
    ///             to max_depth only.
    [[nodiscard]] static Result<Document> parse(std::string_view text,
                                                const DocumentLimits& limits = {});

    /// The document of a value made with Boost.JSON. Doubles are written so that they read back
    /// exactly.
    ///
    /// Errors: document_invalid (infinity, NaN, invalid UTF-8), limit_exceeded.
    [[nodiscard]] static Result<Document> from_object(const boost::json::object& object,
                                                      const DocumentLimits& limits = {});

    /// The exact text, without white space between tokens.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    /// The document as a value of Boost.JSON, doubles correctly rounded. O(size).
    [[nodiscard]] boost::json::object to_object() const;

    /// The exact text of a member's value, if the object has that member. O(size).
    ///
    /// Lifetime: of the view, the document's.
    [[nodiscard]] std::optional<std::string_view> member(std::string_view name) const;

    /// Equal texts; `1.0` and `1.00` differ.
    friend bool operator==(const Document&, const Document&) = default;

private:
    friend struct DocumentAccess;  // how the library makes documents of text that it knows to be
                                   // good
    explicit Document(std::string text) noexcept : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace verso
