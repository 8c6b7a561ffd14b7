#include "openapi/export_bodies.hpp"

#include "openapi/pointers.hpp"

#include <algorithm>

namespace verso::openapi {

namespace {

bool is_required(JsonView document) {
    const auto required = document.find("required");
    return required && required->is_true();
}

std::string_view section_of(Kind kind) {
    return kind == Kind::response ? "responses" : "requestBodies";
}

JsonRange<JsonView> bodies_of(JsonView document) {
    const auto bodies = document.find("definitions");
    return bodies ? bodies->elements() : JsonView(document).elements();
}

/// Whether a Definition stands there as no import puts it: without the media types of its source.
bool was_edited(JsonView document) {
    const auto bodies = bodies_of(document);
    return std::any_of(bodies.begin(), bodies.end(),
                       [](JsonView body) { return !body.find("content"); });
}

std::string media_type_object(const std::string* schema, std::optional<JsonView> kept) {
    Members members;
    if (schema != nullptr) members.add("schema", *schema);
    if (kept) members.add_all(*kept);
    return members.text();
}

}  // namespace

void ExportedBodies::add_components(Kind kind, Members& section) const {
    for (const HeldResource* const resource : content_.of(kind))
        section.add(keys_.of(*resource), restore(resource->root(), kind, false));
}

std::string ExportedBodies::responses(JsonView operation, bool complete) const {
    Members responses;
    if (const auto listed = operation.find("responses"))
        for (const JsonView response : listed->elements()) {
            const auto status = response.find("status");
            responses.add(status ? status->text() : "default",
                          restore(response, Kind::response, complete));
        }
    if (const auto kept = find_note(operation, "responses", JsonType::object))
        responses.add_all(*kept);
    return responses.text();
}

std::string ExportedBodies::restore(JsonView document, Kind kind, bool complete) const {
    const HeldResource* const target = target_of(document, kind);
    const bool is_reference = document.find("$ref").has_value();
    Members members;
    if (is_reference && (target == nullptr || says_the_same(document, target->root()))) {
        copy_source(members, document, {{"required", "status", "definitions", "openapi"}, {}});
        add_displaced(members, document);
        return members.text();
    }
    const bool is_request = kind == Kind::request_body;
    const JsonView kept = is_reference ? target->root() : document;
    const bool needs_all = complete || (!is_reference && was_edited(document));
    Members made;
    if (needs_all && !is_request && !kept.find("description")) made.add_string("description", "");
    add_content(made, document, is_reference ? target : nullptr, needs_all && is_request);
    if (is_request && is_required(document)) made.add("required", "true");
    copy_source(
        members, kept,
        {{"required", "status", "definitions", "openapi", "$ref"}, {"description", "headers"}},
        made);
    add_displaced(members, kept);
    return members.text();
}

/// The shared body that a document is a reference to, if it is one.
const HeldResource* ExportedBodies::target_of(JsonView document, Kind kind) const {
    constexpr int max_hops = 32;  // longer ones go in circles
    const HeldResource* target = nullptr;
    for (int hop = 0; hop < max_hops; ++hop) {
        const auto reference = document.find("$ref");
        if (!reference || !reference->is_string()) return target;
        std::string scratch;
        const auto component =
            parse_component_reference(reference->string(scratch), section_of(kind));
        if (!component || !component->rest.empty()) return nullptr;
        target = keys_.holder(kind, component->key);
        if (target == nullptr) return nullptr;
        document = target->root();
    }
    return nullptr;
}

bool ExportedBodies::says_the_same(JsonView document, JsonView target) const {
    if (is_required(document) != is_required(target)) return false;
    const auto own = bodies_of(document);
    const auto others = bodies_of(target);
    auto other = others.begin();
    for (const JsonView body : own) {
        if (other == others.end() || identity(body) != identity(*other)) return false;
        ++other;
    }
    return other == others.end();
}

/// Which Definition a body names, whether by id or by name.
std::string ExportedBodies::identity(JsonView body) const {
    const auto reference = body.find("definition");
    if (!reference) return {};
    const ExportedSchema* const schema = schemas_.find(*reference);
    return schema == nullptr ? std::string(reference->text()) : to_string(schema->resource->id);
}

/// `kept_by`: the shared body that keeps the media types of the source, where the document does
/// not. `wanted`: the member is there even if it is empty.
void ExportedBodies::add_content(Members& members, JsonView document, const HeldResource* kept_by,
                                 bool wanted) const {
    Members content;
    for (const JsonView body : bodies_of(document)) add_media_types(content, body, kept_by);
    const JsonView noted_by = kept_by == nullptr ? document : kept_by->root();
    const auto kept = find_note(noted_by, "content", JsonType::object);
    if (kept) content.add_all(*kept);
    if (wanted || kept || !content.empty()) members.add("content", content.text());
}

void ExportedBodies::add_media_types(Members& content, JsonView body,
                                     const HeldResource* kept_by) const {
    const auto reference = body.find("definition");
    if (!reference) return;
    const ExportedSchema* const schema = schemas_.find(*reference);
    auto kept = body.find("content");
    if (kept_by != nullptr)
        for (const JsonView other : bodies_of(kept_by->root()))
            if (!kept && identity(other) == identity(body)) kept = other.find("content");
    if (schema == nullptr) {
        if (kept)
            for (const auto [media_type, described] : kept->members())
                content.add(media_type.string(), media_type_object(nullptr, described));
        return;
    }
    const std::string use = schemas_.use(*schema);
    bool described_at_all = false;
    if (kept)
        for (const auto [media_type, described] : kept->members()) {
            const std::string name = media_type.string();
            if (!schema->accept.empty() && !schema->accept.contains(bare_media_type(name)))
                continue;
            content.add(name, media_type_object(&use, described));
            described_at_all = true;
        }
    const bool as_kept = described_at_all;
    for (const std::string& media_type : schema->media_types) {
        if (as_kept && schema->noted.contains(bare_media_type(media_type))) continue;
        content.add(media_type, media_type_object(&use, std::nullopt));
        described_at_all = true;
    }
    if (!described_at_all) content.add("application/json", media_type_object(&use, std::nullopt));
}

}  // namespace verso::openapi
