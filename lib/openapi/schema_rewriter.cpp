#include "openapi/schema_rewriter.hpp"

#include "openapi/pointers.hpp"

namespace verso::openapi {

RewrittenSchema SchemaRewriter::rewrite(std::string_view definition, JsonView schema) {
    definition_ = definition;
    schema_ = schema;
    copied_ = 0;
    result_ = {};
    result_.content.reserve(schema.text().size());
    walk(schema, Role::object, Place{});
    result_.content += schema.text().substr(copied_);
    return std::move(result_);
}

void SchemaRewriter::walk(JsonView value, Role role, const Place& place) {
    if (role == Role::data || !positions_.any_in(value)) return;
    std::size_t index = 0;
    for (const JsonView element : value.elements()) walk(element, role, Place{&place, {}, index++});
    std::string scratch;
    for (const auto [key, child] : value.members()) {
        const std::string_view name = key.string(scratch);
        const Place at{&place, name};
        if (role == Role::object && name == "$ref" && child.is_string()) {
            rewrite_reference(child, at);
        } else if (role == Role::object && name == "mapping" && child.is_object()) {
            std::string mapped;
            for (const auto [from, to] : child.members())
                if (to.is_string()) rewrite_reference(to, Place{&at, from.string(mapped)});
        } else {
            walk(child, role_below(role, name, child), at);
        }
    }
}

void SchemaRewriter::rewrite_reference(JsonView reference, const Place& place) {
    std::string scratch;
    const std::string_view text = reference.string(scratch);
    if (text.starts_with(definitions_prefix)) keep(text, place);
    const auto component = parse_component_reference(text, "schemas");
    const auto name = component ? name_of_(component->key) : std::nullopt;
    if (!name) return;
    if (!component->canonical) keep(text, place);
    const std::size_t at = reference.offset() - schema_.offset();
    result_.content += schema_.text().substr(copied_, at - copied_);
    copied_ = at + reference.text().size();
    std::string rewritten(definitions_prefix);
    rewritten += *name;
    rewritten += component->rest;
    append_json_string(result_.content, rewritten);
}

void SchemaRewriter::keep(std::string_view reference, const Place& place) {
    const std::string pointer = place.pointer();
    allowance_.take(pointer.size(), Kind::definition, definition_);
    result_.kept.key(pointer).string(reference);
}

}  // namespace verso::openapi
