// What validation finds in a resource, and who refers to it: what the library says of a resource
// besides its document.
#pragma once

#include <verso/domain/ids.hpp>
#include <verso/domain/kind.hpp>
#include <verso/domain/resource.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

enum class Severity : std::uint8_t { info, warning, error };

/// The name on the wire, as `error`.
[[nodiscard]] std::string_view to_string(Severity severity) noexcept;

/// What a rule of the domain has against a resource that is stored all the same. One of severity
/// error blocks publishing.
struct Finding {
    std::string field;  ///< An RFC 6901 JSON Pointer into the document.
    std::string message;
    Severity severity = Severity::error;

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// A resource that refers to another.
struct Referrer {
    Kind kind = Kind::action;
    ResourceId id = {};
    std::string name = {};

    friend bool operator==(const Referrer&, const Referrer&) = default;
};

/// A resource with what the library says of it.
///
/// Thread safety: a value.
struct DescribedResource {
    Resource resource;
    /// None: not validated, as an import may leave it. Empty: validated and clean.
    std::optional<std::vector<Finding>> errors = {};
    /// Of a Definition or a Parameter, in order of kind and name; itself is not among them.
    std::vector<Referrer> referenced_by = {};

    friend bool operator==(const DescribedResource&, const DescribedResource&) = default;
};

}  // namespace verso
