// The scalar types that schemas leave open.
#pragma once

#include "openapi/pointers.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace verso::openapi {

/// What a schema says of a scalar.
struct Typed {
    std::string_view type = "string";  ///< Or number, integer, boolean.
    std::optional<JsonView> default_value;
};

/// Reads schemas, those of the document once each: many parameters may refer to one.
///
/// Lifetime:      the document's.
/// Thread safety: bound
class ScalarTypes {
public:
    explicit ScalarTypes(Pointers& pointers) : pointers_(pointers) {}

    /// What a schema, or the one that it refers to, says; nothing where its values are no scalars.
    [[nodiscard]] std::optional<Typed> find(JsonView schema);

private:
    Pointers& pointers_;
    std::unordered_map<std::size_t, std::optional<Typed>> known_;  // by the schema's offset
};

}  // namespace verso::openapi
