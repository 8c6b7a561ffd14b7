// The Definitions of a description: its component schemas, and one for each schema that stands
// within a body.
#pragma once

#include "openapi/allowance.hpp"
#include "openapi/converted.hpp"
#include "openapi/names.hpp"
#include "openapi/schema_rewriter.hpp"

#include <deque>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace verso::openapi {

/// What a schema is called that has no name of its own.
struct SchemaName {
    std::string_view name;        ///< What it is to be called, as `listPets_response_200`.
    std::string_view key;         ///< The same in the source's words, as `list:pets response 200`.
    std::string_view media_type;  ///< As it is written.
};

/// Lifetime: names live as long as this. Thread safety: bound
class Definitions {
public:
    Definitions(Messages& messages, Allowance& allowance)
        : messages_(messages), allowance_(allowance) {}

    /// Names the component schemas: first of all, because these names yield to none.
    void add_components(JsonView schemas, const Place& place);

    /// The name of the Definition that a component became, if it did.
    [[nodiscard]] std::optional<std::string_view> component(std::string_view key) const;

    /// The Definition of a body's schema: the component that it refers to, which is then known to
    /// describe data of that media type, or a new one.
    [[nodiscard]] std::string_view use(JsonView schema, const SchemaName& name, const Place& place);

    /// The component that a schema is a mere reference to, if it is one.
    [[nodiscard]] std::optional<std::string_view> referred(JsonView schema) const;

    /// Writes all of them.
    void write(const ReferencePositions& positions,
               std::vector<ConvertedResource>& resources) const;

private:
    struct Entry {
        std::string name;
        std::string original;
        JsonView schema;
        bool is_inline;
        std::set<std::string> accept;
    };
    [[nodiscard]] Entry* find_referred(JsonView schema) const;
    [[nodiscard]] static std::string write(const Entry& entry, const RewrittenSchema& schema);

    Messages& messages_;
    Allowance& allowance_;
    Names names_{Kind::definition};
    std::deque<Entry> entries_;
    std::unordered_map<std::string, Entry*> components_;
};

}  // namespace verso::openapi
