// Text from outside, made into JSON that the library trusts: checked, without white space,
// outlined.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/error.hpp>

#include "domain/json_outline.hpp"

#include <string>
#include <string_view>

namespace verso {

/// A JSON text with its outline. Thread safety: movable. Moving it invalidates views of it.
class ParsedJson {
public:
    /// Requires: `compact` is valid JSON without white space between tokens, of less than 4 GiB.
    explicit ParsedJson(std::string compact) : text_(std::move(compact)), outline_(text_) {}

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] JsonView root() const noexcept { return outline_.root(text_); }

private:
    std::string text_;
    Outline outline_;
};

/// Checks a JSON text and removes the white space between its tokens, which stay as they were
/// written.
///
/// Errors:     document_invalid, limit_exceeded, with line and column; as Document::parse(), but
///             any kind of value is taken.
/// Complexity: O(n).
[[nodiscard]] Result<std::string> compact_json(std::string_view text,
                                               const DocumentLimits& limits = {});

/// Whether a document, read under whichever limits, keeps within these.
///
/// Errors:     limit_exceeded.
/// Complexity: O(size).
[[nodiscard]] Result<void> check_limits(const Document& document, const DocumentLimits& limits);

/// compact_json(), and the outline of the result.
[[nodiscard]] Result<ParsedJson> parse_json(std::string_view text,
                                            const DocumentLimits& limits = {});

}  // namespace verso
