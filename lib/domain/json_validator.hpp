// Checks that a text is JSON, and JSON that the library keeps: Boost.JSON reads it, and a handler
// adds what RFC 8259 leaves open: no member twice in an object, no number beyond a double's range.
#pragma once

#include <string_view>

namespace verso {

/// The deepest document that a limit may allow; a higher limit counts as this one. It bounds the
/// stack that reading takes, at well under 1 KiB a level.
inline constexpr unsigned max_json_depth = 1000;

/// How many levels requests and bundles put around a document.
inline constexpr unsigned levels_around = 2;

/// Checks a JSON text of any kind of value. A max_depth of more than the deepest document, with
/// what is around it, counts as that.
///
/// Errors:     document_invalid, limit_exceeded (deeper than max_depth), thrown as Failure; the
///             message gives line and column, from 1, columns counted in bytes.
/// Complexity: O(n), and O(k log k) for an object of k members. Only keys with escapes are copied.
void validate_json(std::string_view text, unsigned max_depth);

}  // namespace verso
