#include "openapi/scalar_types.hpp"

#include <algorithm>
#include <array>

namespace verso::openapi {

namespace {

using std::string_view;

constexpr std::array<string_view, 4> scalar_types{"string", "number", "integer", "boolean"};

/// The scalar type of a schema: its `type`, or of a list of types the only one besides null.
string_view scalar_type(JsonView schema) {
    auto type = schema.find("type");
    if (type && type->is_array()) {
        std::optional<JsonView> only;
        for (const JsonView element : type->elements()) {
            if (element.is_string("null")) continue;
            if (only) return {};
            only = element;
        }
        type = only;
    }
    if (!type) return {};
    for (const string_view scalar : scalar_types)
        if (type->is_string(scalar)) return scalar;
    return {};
}

/// Whether a schema without a type leaves a single string open.
bool is_plain(JsonView schema) {
    constexpr std::array<string_view, 7> structure{"type",  "oneOf",      "anyOf", "allOf",
                                                   "items", "properties", "$ref"};
    return std::none_of(structure.begin(), structure.end(),
                        [&](string_view name) { return schema.find(name).has_value(); });
}

bool is_scalar_of(JsonView value, string_view type) {
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    return value.is_number();
}

std::optional<Typed> read_schema(JsonView schema) {
    const string_view type = scalar_type(schema);
    if (type.empty() && !is_plain(schema)) return std::nullopt;
    const string_view read_as = type.empty() ? "string" : type;
    const auto value = schema.find("default");
    return Typed{read_as, value && is_scalar_of(*value, read_as) ? value : std::nullopt};
}

}  // namespace

std::optional<Typed> ScalarTypes::find(JsonView schema) {
    const auto target = pointers_.resolve(schema);
    if (!target || !target->is_object()) return std::nullopt;
    if (!pointers_.holds(*target)) return read_schema(*target);
    const auto [known, is_new] = known_.try_emplace(target->offset());
    if (is_new) known->second = read_schema(*target);
    return known->second;
}

}  // namespace verso::openapi
