#include "openapi/components.hpp"

#include <verso/domain/names.hpp>

#include "openapi/notes.hpp"
#include "openapi/operations.hpp"

#include <algorithm>
#include <array>

namespace verso::openapi {

namespace {

using std::string_view;

struct Section {
    string_view name;
    Kind kind;
};

constexpr std::array kept_sections{Section{"examples", Kind::example},
                                   Section{"headers", Kind::header},
                                   Section{"securitySchemes", Kind::security_scheme},
                                   Section{"links", Kind::link},
                                   Section{"callbacks", Kind::callback},
                                   Section{"pathItems", Kind::path_item}};
constexpr std::array<string_view, 4> converted_sections{"schemas", "parameters", "requestBodies",
                                                        "responses"};

bool is_section(string_view name) {
    return std::any_of(kept_sections.begin(), kept_sections.end(),
                       [&](const Section& section) { return section.name == name; }) ||
           std::find(converted_sections.begin(), converted_sections.end(), name) !=
               converted_sections.end();
}

/// Whether an extension's members become resources of their own: when it would not lie in one
/// piece, and its name, which each of them has, is one for a resource.
bool is_split(string_view name, JsonView value) {
    constexpr std::size_t large_bytes = std::size_t{16} * 1024;
    return name.starts_with("x-") && name.size() <= max_name_bytes && value.is_object() &&
           value.text().size() > large_bytes;
}

/// `{"definitions", ..., "openapi"?}`
std::string write_shared_body(Bodies& bodies, Kind kind, const ConvertedResource& named,
                              JsonView source, const Place& place) {
    JsonWriter json;
    Notes notes;
    json.begin_object();
    notes.json().key("key").string(named.original);
    if (kind == Kind::response)
        bodies.write_response(json, source,
                              {named.name + "_response", named.original + " response", true}, place,
                              notes);
    else
        bodies.write_request(json, source,
                             {named.name + "_request", named.original + " request", true}, place,
                             notes);
    notes.write_to(json);
    json.end_object();
    return std::move(json).take();
}

void convert_shared_bodies(JsonView section, Kind kind, const Place& place, Bodies& bodies,
                           std::vector<ConvertedResource>& resources, Messages& messages) {
    for (const bool references : {false, true}) {  // first what they refer to
        for (const auto [key, value] : section.members()) {
            if (value.find("$ref").has_value() != references) continue;
            ConvertedResource resource{kind, {}, key.string(), {}};
            const Place at{&place, resource.original};
            if (!expect(value, JsonType::object, at, messages)) continue;
            resource.name = to_name(kind, resource.original);
            resource.text = write_shared_body(bodies, kind, resource, value, at);
            resources.push_back(std::move(resource));
        }
    }
}

void write_components(JsonWriter& json, JsonView components) {
    std::string scratch;
    json.begin_object();
    for (const auto [key, value] : components.members()) {
        json.raw_key(key.text());
        if (is_section(key.string(scratch)))
            json.begin_object().end_object();
        else
            json.raw(value.text());
    }
    json.end_object();
}

/// Path items under their names: only the extensions among them stay.
void write_paths(JsonWriter& json, JsonView paths) {
    json.begin_object();
    for (const auto [key, value] : paths.members())
        if (key.text().starts_with("\"x-")) json.raw_key(key.text()).raw(value.text());
    json.end_object();
}

/// One resource for each member of an extension.
void split(string_view name, JsonView extension, std::vector<ConvertedResource>& resources) {
    const Place place;
    const Place at{&place, name};
    for (const auto [key, value] : extension.members()) {
        const std::string part = key.string();
        std::string part_name(name);
        part_name += '.';
        part_name += part;
        resources.push_back(
            kept_part(Kind::document, part_name, Place{&at, part}.pointer(), value.text()));
    }
}

}  // namespace

void convert_shared_bodies(JsonView components, const Place& place, Bodies& bodies,
                           std::vector<ConvertedResource>& resources, Messages& messages) {
    for (const Section& section :
         {Section{"requestBodies", Kind::request_body}, Section{"responses", Kind::response}})
        if (const auto found =
                find_typed(components, section.name, JsonType::object, place, messages))
            convert_shared_bodies(*found, section.kind, Place{&place, section.name}, bodies,
                                  resources, messages);
}

void convert_kept_components(JsonView components, const Place& place,
                             std::vector<ConvertedResource>& resources, Messages& messages) {
    for (const Section& section : kept_sections) {
        const auto found = find_typed(components, section.name, JsonType::object, place, messages);
        if (!found) continue;
        const Place section_place{&place, section.name};
        for (const auto [key, value] : found->members()) {
            const std::string name = key.string();
            const Place at{&section_place, name};
            if (!expect(value, JsonType::object, at, messages)) continue;
            JsonWriter callback;
            if (section.kind == Kind::callback) write_callback(callback, {key, value});
            const bool is_callback = !callback.text().empty();
            resources.push_back(kept_part(section.kind, name, at.pointer(),
                                          is_callback ? callback.text() : value.text()));
        }
    }
}

ConvertedResource kept_part(Kind kind, string_view name, std::string pointer, string_view value) {
    JsonWriter json(value.size() + pointer.size() + 64);
    json.begin_object().key("openapi").begin_object().key("key").string(pointer).end_object();
    json.key("value").raw(value).end_object();
    return {kind, std::string(name), std::move(pointer), std::move(json).take()};
}

void convert_rest(JsonView root, std::vector<ConvertedResource>& resources) {
    JsonWriter rest;
    std::string scratch;
    rest.begin_object();
    for (const auto [key, value] : root.members()) {
        const string_view name = key.string(scratch);
        rest.raw_key(key.text());
        if (name == "paths" || name == "webhooks") {
            write_paths(rest, value);
        } else if (name == "components") {
            write_components(rest, value);
        } else if (is_split(name, value)) {
            rest.begin_object().end_object();
            split(name, value, resources);
        } else {
            rest.raw(value.text());
        }
    }
    rest.end_object();
    resources.push_back(kept_part(Kind::document, "document", "", rest.text()));
}

}  // namespace verso::openapi
