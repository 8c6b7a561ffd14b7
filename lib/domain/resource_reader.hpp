// A resource's document as a user puts it: checked against the shape of its kind, and taken apart.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/kind.hpp>
#include <verso/error.hpp>

#include "domain/json_outline.hpp"

#include <optional>
#include <string>
#include <vector>

namespace verso {

/// Whether a kind has a shape, a name and perhaps an id in its document: actions, definitions,
/// triggers and parameters. The documents of the other kinds are any objects, their names are given
/// apart.
[[nodiscard]] constexpr bool has_shape(Kind kind) noexcept { return kind <= Kind::parameter; }

/// What a document that was put holds.
struct StoredDocument {
    std::optional<ResourceId> id;  ///< None: the document gives none.
    std::string name;              ///< Empty for a kind without a shape.
    Document document;  ///< Without `id`, `errors` and `referencedBy`, all else as it was.
    Outline outline;    ///< Of that document.
};

/// Checks a document that was put and splits it into what is stored where. A kind without a shape
/// keeps its document as it is.
///
/// Errors:     resource_invalid, with every field that is at fault.
/// Complexity: O(size).
[[nodiscard]] Result<StoredDocument> to_stored_document(Kind kind, const Document& document);

/// What is wrong with a value as the document of its kind; nothing for a kind without a shape.
/// O(size).
[[nodiscard]] std::vector<FieldError> check_shape(Kind kind, JsonView root);

}  // namespace verso
