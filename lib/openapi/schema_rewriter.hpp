// Schemas as Definitions hold them: references among the components of a description become
// references among Definitions, `#/components/schemas/geo.Point` becomes `#/$defs/geo_Point`.
#pragma once

#include "domain/json_writer.hpp"
#include "openapi/allowance.hpp"
#include "openapi/references.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace verso::openapi {

/// A schema's text after the rewriting.
struct RewrittenSchema {
    std::string content;
    /// The members of an object from JSON Pointer (in the schema) to the reference that stood
    /// there, for those that the way back would not give again. Mostly empty.
    JsonWriter kept;
};

class SchemaRewriter {
public:
    /// The name of the Definition that a component became, if it did.
    using NameOf = std::function<std::optional<std::string_view>(std::string_view key)>;

    SchemaRewriter(const ReferencePositions& positions, NameOf name_of, Allowance& allowance)
        : positions_(positions), name_of_(std::move(name_of)), allowance_(allowance) {}

    /// The schema of a Definition. O(size of the schema and of what is kept); one without
    /// references is copied as it is.
    [[nodiscard]] RewrittenSchema rewrite(std::string_view definition, JsonView schema);

private:
    void walk(JsonView value, Role role, const Place& place);
    void rewrite_reference(JsonView reference, const Place& place);
    void keep(std::string_view reference, const Place& place);

    const ReferencePositions& positions_;
    NameOf name_of_;
    Allowance& allowance_;
    std::string_view definition_;
    JsonView schema_{nullptr, nullptr};
    std::size_t copied_ = 0;  // how much of the schema's text stands in the result
    RewrittenSchema result_;
};

}  // namespace verso::openapi
