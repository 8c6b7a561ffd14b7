#include "openapi/export_schemas.hpp"

#include "openapi/references.hpp"

#include <algorithm>
#include <functional>

namespace verso::openapi {

namespace {

/// Whether a Definition was made of a schema without a name, and is called as the import called it:
/// listPets_response_200, or with `_2` behind it.
bool has_made_up_name(const HeldResource& resource) {
    constexpr std::size_t shortest_cut_bytes = 200;
    if (!find_note(resource.root(), "inline", JsonType::boolean)) return false;
    std::string_view name = resource.name;
    if (name.size() >= shortest_cut_bytes) return true;
    const auto ends_as_body = [](std::string_view text) {
        return text.ends_with("_request") || text.ends_with("_response") ||
               text.ends_with("_response_default");
    };
    for (int numbers = 0; numbers < 3; ++numbers) {  // of the status, and of two namesakes
        if (ends_as_body(name)) return true;
        const std::size_t end = name.find_last_not_of("0123456789");
        if (end == name.npos || end + 1 == name.size() || name[end] != '_') return false;
        name = name.substr(0, end);
    }
    return false;
}

/// The content as JSON, where it is a schema in JSON.
std::optional<ParsedJson> parse_schema(std::string_view content_type, const std::string& content) {
    if (!bare_media_type(content_type).ends_with("json")) return std::nullopt;
    auto parsed = parse_json(content, widest_limits);
    if (!parsed || !(parsed->root().is_object() || parsed->root().is_boolean()))
        return std::nullopt;
    return std::move(*parsed);
}

std::string describe_other_schema(std::string_view content_type, std::string_view content,
                                  const std::vector<std::string>& media_types) {
    JsonWriter json(content.size() + 128);
    json.begin_object().key("type").string("string");
    if (!media_types.empty()) json.key("contentMediaType").string(media_types.front());
    json.key("x-schema").begin_object().key("contentType").string(content_type);
    json.key("content").string(content).end_object().end_object();
    return std::move(json).take();
}

/// What a document notes of its references, each found by walking down to its place: a place may be
/// as long as the document, and is the beginning of others.
class NotedReferences {
public:
    using Place = std::size_t;
    static constexpr Place root = 0;

    explicit NotedReferences(JsonView document) {
        const auto references = find_note(document, "references", JsonType::object);
        if (!references) return;
        for (const auto [place, reference] : references->members()) {
            const auto tokens = parse_pointer(place.string());
            if (!tokens || !reference.is_string()) continue;
            Place at = root;
            for (const std::string& token : *tokens)
                at = below_.try_emplace(key(at, token), below_.size() + 1).first->second;
            references_.emplace(at, reference.string());
        }
    }

    /// Where a token leads.
    [[nodiscard]] Place below(Place at, std::string_view token) const {
        if (at == nowhere || below_.empty()) return nowhere;
        const auto found = below_.find(key(at, token));
        return found == below_.end() ? nowhere : found->second;
    }
    /// How the reference was written that stands there, if that is noted.
    [[nodiscard]] std::optional<std::string_view> at(Place place) const {
        const auto found = references_.find(place);
        return found == references_.end() ? std::nullopt
                                          : std::optional<std::string_view>(found->second);
    }

private:
    static constexpr Place nowhere = std::string_view::npos;

    static std::string key(Place at, std::string_view token) {
        return std::to_string(at).append(" ").append(token);
    }

    std::unordered_map<std::string, Place> below_;
    std::unordered_map<Place, std::string> references_;
};

/// Writes references as they stood in the source: walks as SchemaRewriter does.
class ReferenceRestorer {
public:
    /// What a reference becomes, with what is noted of it; none: it stays.
    using Restore = std::function<std::optional<std::string>(
        std::string_view reference, std::optional<std::string_view> noted)>;

    ReferenceRestorer(JsonView schema, const ReferencePositions& positions,
                      const NotedReferences& noted, Restore restore)
        : schema_(schema), positions_(positions), noted_(noted), restore_(std::move(restore)) {}

    std::string run() && {
        result_.reserve(schema_.text().size());
        walk(schema_, Role::object, NotedReferences::root);
        result_ += schema_.text().substr(copied_);
        return std::move(result_);
    }

private:
    void walk(JsonView value, Role role, NotedReferences::Place place) {
        if (role == Role::data || !positions_.any_in(value)) return;
        std::size_t index = 0;
        for (const JsonView element : value.elements())
            walk(element, role, noted_.below(place, std::to_string(index++)));
        std::string scratch;
        for (const auto [key, child] : value.members()) {
            const std::string_view name = key.string(scratch);
            const auto at = noted_.below(place, name);
            if (role == Role::object && name == "$ref" && child.is_string()) {
                restore(child, at);
            } else if (role == Role::object && name == "mapping" && child.is_object()) {
                std::string mapped;
                for (const auto [from, to] : child.members())
                    if (to.is_string()) restore(to, noted_.below(at, from.string(mapped)));
            } else {
                walk(child, role_below(role, name, child), at);
            }
        }
    }

    void restore(JsonView reference, NotedReferences::Place place) {
        std::string scratch;
        const auto restored = restore_(reference.string(scratch), noted_.at(place));
        if (!restored) return;
        const std::size_t at = reference.offset() - schema_.offset();
        result_ += schema_.text().substr(copied_, at - copied_);
        copied_ = at + reference.text().size();
        append_json_string(result_, *restored);
    }

    JsonView schema_;
    const ReferencePositions& positions_;
    const NotedReferences& noted_;
    Restore restore_;
    std::size_t copied_ = 0;
    std::string result_;
};

/// A description that the Definition has beside its schema.
std::string with_description(std::string schema, JsonView document) {
    const auto description = document.find("description");
    if (!description || !description->is_string()) return schema;
    const ParsedJson parsed(std::move(schema));
    if (!parsed.root().is_object()) return parsed.text();
    Members members;
    members.add_all(parsed.root());
    members.add("description", description->text());
    return members.text();
}

}  // namespace

ExportedSchemas::ExportedSchemas(const VersionContent& content, const ExportKeys& keys)
    : content_(content), keys_(keys) {
    for (const HeldResource* const resource : content.of(Kind::definition)) {
        index_.emplace(resource, schemas_.size());
        ExportedSchema& schema = schemas_.emplace_back();
        schema.resource = resource;
        schema.is_component = !has_made_up_name(*resource);
        if (const auto accept = resource->root().find("accept"))
            for (const JsonView media_type : accept->elements())
                if (media_type.is_string()) schema.media_types.push_back(media_type.string());
        for (const std::string& media_type : schema.media_types)
            schema.accept.insert(bare_media_type(media_type));
    }
    for (ExportedSchema& schema : schemas_) restore(schema);
    for (const Kind kind : {Kind::action, Kind::trigger, Kind::request_body, Kind::response})
        for (const HeldResource* const resource : content.of(kind)) note_bodies(resource->root());
    for (ExportedSchema& schema : schemas_) schema.is_component |= schema.bodies > 1;
}

void ExportedSchemas::restore(ExportedSchema& schema) {
    const JsonView document = schema.resource->root();
    const auto written = document.find("schema");
    const auto text_of = [&](std::string_view name) {
        const auto member = written ? written->find(name) : std::nullopt;
        return member && member->is_string() ? member->string() : std::string();
    };
    const std::string content = text_of("content");
    const auto parsed = parse_schema(text_of("contentType"), content);
    if (!parsed) {
        schema.text = describe_other_schema(text_of("contentType"), content, schema.media_types);
        return;
    }
    const ReferencePositions positions(parsed->text());
    const NotedReferences noted(document);
    Pointers pointers(parsed->root());
    const auto restore_one = [&](std::string_view reference,
                                 std::optional<std::string_view> source) {
        return restore_reference(schema, pointers, reference, source);
    };
    schema.text = with_description(
        ReferenceRestorer(parsed->root(), positions, noted, restore_one).run(), document);
}

/// `source`: how the reference was written, by the document's notes.
std::optional<std::string> ExportedSchemas::restore_reference(
    ExportedSchema& schema, Pointers& content, std::string_view reference,
    std::optional<std::string_view> source) {
    if (!reference.starts_with(definitions_prefix) || source == reference) return std::nullopt;
    std::string_view rest = reference.substr(definitions_prefix.size());
    const std::string_view name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(name.size());
    if (const HeldResource* const target = content_.named(Kind::definition, name)) {
        const std::string& key = keys_.of(*target);
        schemas_[index_.at(target)].is_component = true;
        const auto meant = source ? parse_component_reference(*source, "schemas") : std::nullopt;
        if (meant && meant->rest == rest && meant->key == key) return std::string(*source);
        return format_component_reference("schemas", key).append(rest);
    }
    const auto definitions = content.member(content.root(), "$defs");
    const bool is_own = definitions && content.member(*definitions, name);
    if (!is_own)  // dangling: it is left out of the description at the end
        return format_component_reference("schemas", name).append(rest);
    std::string own = "/$defs";
    append_pointer(own, name);
    schema.is_component = true;
    return format_component_reference("schemas", keys_.of(*schema.resource))
        .append(own)
        .append(rest);
}

/// Of an operation, a request body or a response.
void ExportedSchemas::note_bodies(JsonView document) {
    const bool is_reference = document.find("$ref").has_value();
    for (const std::string_view part : {"requestBody", "responses", "definitions"}) {
        const auto member = document.find(part);
        if (!member) continue;
        if (part == "requestBody") note_bodies(*member);
        for (const JsonView element : member->elements()) {
            if (part == "responses") note_bodies(element);
            const auto reference = element.find("definition");
            const auto content = element.find("content");
            if (!reference) continue;
            const HeldResource* const resource = content_.find(Kind::definition, *reference);
            if (resource == nullptr) continue;
            ExportedSchema& schema = schemas_[index_.at(resource)];
            if (!is_reference) ++schema.bodies;
            if (!content) continue;
            for (const auto [media_type, described] : content->members())
                schema.noted.insert(bare_media_type(media_type.string()));
        }
    }
}

const ExportedSchema* ExportedSchemas::find(JsonView reference) const {
    const HeldResource* const resource = content_.find(Kind::definition, reference);
    return resource == nullptr ? nullptr : &schemas_[index_.at(resource)];
}

std::string ExportedSchemas::use(const ExportedSchema& schema) const {
    if (!schema.is_component) return schema.text;
    JsonWriter json;
    json.begin_object().key("$ref");
    json.string(format_component_reference("schemas", keys_.of(*schema.resource))).end_object();
    return std::move(json).take();
}

void ExportedSchemas::add_components(Members& schemas) const {
    for (const ExportedSchema& schema : schemas_)
        if (schema.is_component) schemas.add(keys_.of(*schema.resource), schema.text);
}

}  // namespace verso::openapi
