#include "openapi/definitions.hpp"

#include "openapi/media_types.hpp"
#include "openapi/notes.hpp"
#include "openapi/pointers.hpp"

namespace verso::openapi {

void Definitions::add_components(JsonView schemas, const Place& place) {
    std::string scratch;
    for (const auto [key, schema] : schemas.members()) names_.reserve(key.string(scratch));
    for (const auto [key, schema] : schemas.members()) {
        const std::string original = key.string();
        const Place at{&place, original};
        if (!schema.is_boolean() && !expect(schema, JsonType::object, at, messages_)) continue;
        std::string name = names_.take(original);
        if (name != original) messages_.info(at, "is named " + name);
        components_[original] =
            &entries_.emplace_back(Entry{std::move(name), original, schema, false, {}});
    }
}

std::optional<std::string_view> Definitions::component(std::string_view key) const {
    const auto found = components_.find(std::string(key));
    if (found == components_.end()) return std::nullopt;
    return found->second->name;
}

std::string_view Definitions::use(JsonView schema, const SchemaName& name, const Place& place) {
    Entry* entry = find_referred(schema);
    if (entry == nullptr) {
        std::string original(name.key);
        original += ' ';
        original += name.media_type;
        allowance_.take(original.size(), place);
        entry = &entries_.emplace_back(
            Entry{names_.take_made_up(name.name), std::move(original), schema, true, {}});
    }
    entry->accept.insert(bare_media_type(name.media_type));
    return entry->name;
}

std::optional<std::string_view> Definitions::referred(JsonView schema) const {
    const Entry* const entry = find_referred(schema);
    if (entry == nullptr) return std::nullopt;
    return entry->name;
}

Definitions::Entry* Definitions::find_referred(JsonView schema) const {
    const auto members = schema.members();
    if (members.empty()) return nullptr;
    const auto [key, value] = *members.begin();
    const bool alone = ++members.begin() == members.end();
    if (!alone || !key.is_string("$ref") || !value.is_string()) return nullptr;
    std::string scratch;
    const auto reference = parse_component_reference(value.string(scratch), "schemas");
    if (!reference || !reference->canonical || !reference->rest.empty()) return nullptr;
    const auto found = components_.find(reference->key);
    return found == components_.end() ? nullptr : found->second;
}

void Definitions::write(const ReferencePositions& positions,
                        std::vector<ConvertedResource>& resources) const {
    SchemaRewriter rewriter(
        positions, [&](std::string_view key) { return component(key); }, allowance_);
    for (const Entry& entry : entries_)
        resources.push_back({Kind::definition, entry.name, entry.original,
                             write(entry, rewriter.rewrite(entry.name, entry.schema))});
}

/// Notes `key`; `inline`, true for a schema that stands within a body, where the key is its place;
/// and `references`, those that were not rewritten or would not be the same on the way back.
std::string Definitions::write(const Entry& entry, const RewrittenSchema& schema) {
    JsonWriter json(schema.content.size() + schema.content.size() / 4 + 256);
    json.begin_object().key("name").string(entry.name).key("accept").begin_array();
    if (entry.accept.empty()) json.string("application/json");
    for (const std::string& media_type : entry.accept) json.string(media_type);
    json.end_array().key("schema").begin_object();
    json.key("contentType").string("application/schema+json").key("content").string(schema.content);
    json.end_object();
    Notes notes;
    if (entry.is_inline) notes.json().key("inline").boolean(true);
    notes.key(entry.original, entry.name);
    if (!schema.kept.text().empty())
        notes.json().key("references").begin_object().raw(schema.kept.text()).end_object();
    notes.write_to(json);
    json.end_object();
    return std::move(json).take();
}

}  // namespace verso::openapi
