// A Definition: the schema of some data, under a name.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/domain/ids.hpp>
#include <verso/error.hpp>

#include <optional>
#include <string>
#include <vector>

namespace verso {

/// A schema as text, in the language that its content type names: JSON Schema, XSD...
struct Schema {
    std::string content_type;  ///< As `application/schema+json`.
    std::string content;

    friend bool operator==(const Schema&, const Schema&) = default;
};

/// A resource: what requests, responses and other Definitions refer to.
///
/// Thread safety: a value.
struct Definition {
    std::optional<ResourceId> id = {};
    std::string name;
    std::vector<std::string> accept = {};  ///< The media types of the data.
    Schema schema = {};
    std::optional<std::string> description = {};
    Document document = {};  ///< What it was read from; its further members are kept.

    /// Reads a Definition. Errors: resource_invalid, with every field that is at fault.
    [[nodiscard]] static Result<Definition> from_document(const Document& document);

    /// Writes it into `document`: what did not change keeps its exact text.
    ///
    /// Errors: resource_invalid, document_invalid, limit_exceeded.
    [[nodiscard]] Result<Document> to_document() const;

    friend bool operator==(const Definition&, const Definition&) = default;
};

}  // namespace verso
