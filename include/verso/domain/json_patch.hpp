// A JSON Patch: how one document becomes another, as a list of operations that other tools read.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/error.hpp>

#include <string>
#include <string_view>

namespace verso {

/// A list of operations on a document, as text.
///
/// Thread safety: a value.
/// Source:        RFC 6902, RFC 6901
class JsonPatch {
public:
    /// The patch that changes nothing.
    JsonPatch() : text_("[]") {}

    /// Reads a patch. Its operations are those of RFC 6902: add, remove, replace, move, copy, test.
    /// The limits are those of the documents: every patch between two of them keeps within.
    ///
    /// Errors:     document_invalid (not JSON; see Document::parse()), limit_exceeded,
    ///             patch_invalid (not an array of operations), with every operation that is at
    ///             fault as a field, as `/3/path`.
    /// Complexity: O(n log n).
    [[nodiscard]] static Result<JsonPatch> parse(std::string_view text,
                                                 const DocumentLimits& limits = {});

    /// The patch that makes `after` of `before`, out of add, remove and replace.
    ///
    /// Numbers are compared as they are written, so `1.0` is replaced by `1.00`; the order of
    /// members is no part of a JSON value, so nothing is done about it. Elements of arrays pair as
    /// far as they are equal, or told apart by `id`, by `name` and `in` or by `status`. The patch
    /// is not minimal, but never longer than one that replaces the document as a whole.
    ///
    /// Complexity: O(n log n) in the sizes of both, at most once for each level of nesting.
    [[nodiscard]] static JsonPatch between(const Document& before, const Document& after);

    /// The operations as a JSON array, without white space between tokens.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.size() == 2; }

    /// The document after all operations, one after the other. What no operation touches keeps its
    /// exact text, and members keep their places.
    ///
    /// `test` takes numbers for equal that have one value, as `1.0` and `1.00`, however many digits
    /// they have.
    ///
    /// Errors:     patch_failed (there is nothing at a place that an operation needs, a test does
    ///             not hold, the result is no object), with the operation as a field, as `/3/path`;
    ///             limit_exceeded (the result is too long or too deep).
    /// Complexity: O(n log n) in the sizes of document, patch and result; an operation on an
    ///             element of an array takes as long as the array has elements.
    [[nodiscard]] Result<Document> apply(const Document& document,
                                         const DocumentLimits& limits = {}) const;

    friend bool operator==(const JsonPatch&, const JsonPatch&) = default;

private:
    explicit JsonPatch(std::string text) noexcept : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace verso
