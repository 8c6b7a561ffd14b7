#include "openapi/bodies.hpp"

#include <array>
#include <unordered_set>

namespace verso::openapi {

namespace {

using std::string_view;

constexpr std::array<string_view, 4> own_names{"required", "status", "definitions", "openapi"};

/// The status that a key of `responses` names: three digits; none for a range or an extension.
std::optional<int> status_of(string_view key) {
    if (key.size() != 3 || key.find_first_not_of("0123456789") != key.npos || key.front() == '0')
        return std::nullopt;
    return (key[0] - '0') * 100 + (key[1] - '0') * 10 + (key[2] - '0');
}

/// Writes `{"definition": REF, "content": {MEDIA TYPE: what the source says of it but the
/// schema}}`.
void write_body(JsonWriter& json, const Bodies::DescribedContent& described) {
    constexpr std::array<string_view, 1> handled{"schema"};
    json.begin_object().key("definition").begin_object();
    json.key("name").string(described.definition).end_object().key("content").begin_object();
    for (const auto [media_type, value] : described.media_types) {
        Notes none;
        json.raw_key(media_type.text()).begin_object();
        copy_members(json, value, {{}, handled}, none);
        json.end_object();
    }
    json.end_object().end_object();
}

}  // namespace

void Bodies::write_request(JsonWriter& json, JsonView source, const BodyName& name,
                           const Place& place, Notes& notes) {
    constexpr std::array<string_view, 2> handled{"required", "content"};
    const auto target = target_of(source, place);
    if (!target) return;
    const auto required = of_type(pointers_.member(*target, "required"), JsonType::boolean,
                                  Place{&place, "required"}, messages_);
    json.key("required").boolean(required && required->is_true());
    if (source.find("$ref")) {
        write_referred(json, *target, place);
        copy_members(json, source, {own_names, {}}, notes);
        return;
    }
    if (required && !required->is_true()) notes.displace("required", *required);
    write_content(json, source, name, place, notes);
    copy_members(json, source, {own_names, handled}, notes);
}

void Bodies::write_response(JsonWriter& json, JsonView source, const BodyName& name,
                            const Place& place, Notes& notes) {
    constexpr std::array<string_view, 1> handled{"content"};
    const auto target = target_of(source, place);
    if (!target) return;
    if (source.find("$ref")) {
        write_referred(json, *target, place);
        copy_members(json, source, {own_names, {}}, notes);
        return;
    }
    write_content(json, source, name, place, notes);
    copy_members(json, source, {own_names, handled}, notes);
}

/// Notes `responses`: under their keys, those that stand for no status, as `4XX`.
void Bodies::write_responses(JsonWriter& json, JsonView source, const BodyName& operation,
                             const Place& place, Notes& notes) {
    JsonWriter kept;
    std::string scratch;
    json.key("responses").begin_array();
    for (const auto [key, value] : source.members()) {
        const string_view name = key.string(scratch);
        const Place at{&place, name};
        const auto status = status_of(name);
        if (!status && name != "default") {
            if (!name.starts_with("x-"))
                messages_.warning(at, "names no single status; it is kept, but is no response");
            kept.raw_key(key.text()).raw(value.text());
            continue;
        }
        if (!expect(value, JsonType::object, at, messages_)) continue;
        BodyName body{operation.name + "_response_", operation.key + " response ", false};
        body.name += name;
        body.key += name;
        Notes of_response;
        json.begin_object();
        if (status) json.key("status").number(*status);
        write_response(json, value, body, at, of_response);
        of_response.write_to(json);
        json.end_object();
    }
    json.end_array();
    if (!kept.text().empty())
        notes.json().key("responses").begin_object().raw(kept.text()).end_object();
}

std::optional<JsonView> Bodies::target_of(JsonView source, const Place& place) {
    const auto target = pointers_.resolve(source);
    if (target && target->is_object() && !pointers_.member(*target, "$ref")) return target;
    messages_.error(place, "leads to no body; refer to one in this document");
    return std::nullopt;
}

/// Notes `content`: what the source says of media types that have no schema; empty where it names
/// none at all.
void Bodies::write_content(JsonWriter& json, JsonView source, const BodyName& name,
                           const Place& place, Notes& notes) {
    const auto content = find_typed(source, "content", JsonType::object, place, messages_);
    Content read;
    if (content) read = read_content(*content, name, Place{&place, "content"});
    json.key("definitions").begin_array();
    for (const DescribedContent& body : read.bodies) write_body(json, body);
    json.end_array();
    const bool has_others = !read.without_schema.text().empty();
    if (content && (read.bodies.empty() || has_others)) {
        notes.json().key("content").begin_object();
        if (has_others) notes.json().raw(read.without_schema.text());
        notes.json().end_object();
    }
    if (!name.is_component) return;
    std::vector<string_view>& names = known_[source.offset()];
    names.clear();  // a request body that is this response may have named some
    for (const DescribedContent& body : read.bodies) names.push_back(body.definition);
}

Bodies::Content Bodies::read_content(JsonView content, const BodyName& name, const Place& place) {
    Content read;
    std::unordered_map<string_view, std::size_t> index;
    std::string scratch;
    for (const auto [media_type, value] : content.members()) {
        const Place at{&place, media_type.string(scratch)};
        if (!expect(value, JsonType::object, at, messages_)) continue;
        const auto schema = value.find("schema");
        const bool is_schema =
            schema && (schema->is_boolean() ||
                       expect(*schema, JsonType::object, Place{&at, "schema"}, messages_));
        if (!is_schema) {
            read.without_schema.raw_key(media_type.text()).raw(value.text());
            continue;
        }
        const string_view definition =
            definitions_.use(*schema, {name.name, name.key, at.name}, at);
        const auto [known, is_new] = index.try_emplace(definition, read.bodies.size());
        if (is_new) read.bodies.push_back({definition, {}});
        read.bodies[known->second].media_types.push_back({media_type, value});
    }
    return read;
}

void Bodies::write_referred(JsonWriter& json, JsonView target, const Place& place) {
    const auto [known, is_new] = known_.try_emplace(target.offset());
    std::vector<string_view>& names = known->second;
    if (const auto content = is_new ? target.find("content") : std::nullopt) {
        // Not a component, and perhaps not converted yet: only what has a name already can be
        // named.
        std::unordered_set<string_view> seen;
        for (const auto [media_type, value] : content->members()) {
            const auto schema = value.find("schema");
            const auto name = schema ? definitions_.referred(*schema) : std::nullopt;
            if (name && seen.insert(*name).second) names.push_back(*name);
        }
    }
    const std::size_t before = json.text().size();
    json.key("definitions").begin_array();
    for (const string_view name : names)
        json.begin_object()
            .key("definition")
            .begin_object()
            .key("name")
            .string(name)
            .end_object()
            .end_object();
    json.end_array();
    allowance_.take(json.text().size() - before, place);
}

}  // namespace verso::openapi
