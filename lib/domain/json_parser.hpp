// Text from outside, made into JSON that the library trusts: checked, without white space,
// outlined.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/error.hpp>

#include "domain/json_outline.hpp"
#include "domain/json_validator.hpp"

#include <cstdint>
#include <limits>
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

/// The limits of what has been stored: a store may have had any up to these.
inline constexpr DocumentLimits widest_limits{
    .max_bytes = std::numeric_limits<std::uint32_t>::max(),  // an outline counts in 32 bits
    .max_depth = max_json_depth};

/// Whether a document's text, read under whichever limits, keeps within these.
///
/// Errors:     limit_exceeded.
/// Complexity: O(size).
[[nodiscard]] Result<void> check_limits(std::string_view document, const DocumentLimits& limits);

/// compact_json(), and the outline of the result.
[[nodiscard]] Result<ParsedJson> parse_json(std::string_view text,
                                            const DocumentLimits& limits = {});

}  // namespace verso
