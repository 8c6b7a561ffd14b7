// Parameters: those that an operation declares itself, and those that Actions share.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/reference.hpp>
#include <verso/error.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace verso {

/// The part of a request that carries a parameter. Actions use path, query and header; Triggers
/// cookie, header and query.
enum class ParameterLocation : std::uint8_t { path, query, header, cookie };

enum class ParameterType : std::uint8_t { string, number, integer, boolean };

/// The names on the wire, as `path` and `integer`.
[[nodiscard]] std::string_view to_string(ParameterLocation location) noexcept;
[[nodiscard]] std::string_view to_string(ParameterType type) noexcept;

/// A parameter that an operation declares itself.
struct InlineParameter {
    std::string name;
    ParameterLocation in = ParameterLocation::query;
    bool required = false;
    ParameterType type = ParameterType::string;
    std::optional<boost::json::value> default_value = {};  ///< The member `default`.

    friend bool operator==(const InlineParameter&, const InlineParameter&) = default;
};

/// The use of a Parameter of the version: `{"parameter": REF}`.
struct SharedParameter {
    Reference parameter;

    friend bool operator==(const SharedParameter&, const SharedParameter&) = default;
};

/// An element of an operation's `parameters`.
using ParameterUse = std::variant<InlineParameter, SharedParameter>;

/// A resource: a parameter that Actions share.
///
/// Thread safety: a value.
struct Parameter {
    std::optional<ResourceId> id = {};
    std::string name;
    ParameterLocation in = ParameterLocation::query;
    bool required = false;
    ParameterType type = ParameterType::string;
    std::optional<boost::json::value> default_value = {};  ///< The member `default`.
    Document document = {};  ///< What it was read from; its further members are kept.

    /// Reads a Parameter. Errors: resource_invalid, with every field that is at fault.
    [[nodiscard]] static Result<Parameter> from_document(const Document& document);

    /// Writes it into `document`: what did not change keeps its exact text.
    ///
    /// Errors: resource_invalid, document_invalid, limit_exceeded.
    [[nodiscard]] Result<Document> to_document() const;

    friend bool operator==(const Parameter&, const Parameter&) = default;
};

}  // namespace verso
