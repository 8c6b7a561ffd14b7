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

ExportedBodies::ExportedBodies(const VersionContent& content, const ExportKeys& keys,
                               const ExportedSchemas& schemas, Allowance& allowance)
    : content_(content), keys_(keys), schemas_(schemas), allowance_(allowance) {
    for (const Kind kind : {Kind::request_body, Kind::response})
        for (const HeldResource* const resource : content.of(kind)) {
            const JsonView document = resource->root();
            shared_.emplace(resource, SharedBody{document, document.find("$ref"),
                                                 is_required(document), bodies_of(document)});
        }
}

void ExportedBodies::add_components(Kind kind, Members& section) const {
    for (const HeldResource* const resource : content_.of(kind))
        section.add(keys_.of(*resource), restore({*resource, resource->root(), kind}, false));
}

std::string ExportedBodies::responses(const HeldResource& operation, bool complete) const {
    Members responses;
    if (const auto listed = operation.root().find("responses"))
        for (const JsonView response : listed->elements()) {
            const auto status = response.find("status");
            responses.add(status ? status->text() : "default",
                          restore({operation, response, Kind::response}, complete));
        }
    if (const auto kept = find_note(operation.root(), "responses", JsonType::object))
        responses.add_all(*kept);
    return responses.text();
}

std::string ExportedBodies::restore(const Body& body, bool complete) const {
    const JsonView document = body.document;
    const SharedBody* const target = target_of(body);
    const bool is_reference = document.find("$ref").has_value();
    Members members;
    if (is_reference && (target == nullptr || says_the_same(document, *target))) {
        copy_source(members, document, {{"required", "status", "definitions", "openapi"}, {}});
        add_displaced(members, document);
        return members.text();
    }
    const bool is_request = body.kind == Kind::request_body;
    const JsonView kept = is_reference ? target->document : document;
    allowance_.take(kept.text().size(), body.holder.kind, body.holder.name);
    const bool needs_all = complete || (!is_reference && was_edited(document));
    Members made;
    if (needs_all && !is_request && !kept.find("description")) made.add_string("description", "");
    add_content(made, body, is_reference ? target : nullptr, needs_all && is_request);
    if (is_request && is_required(document)) made.add("required", "true");
    copy_source(
        members, kept,
        {{"required", "status", "definitions", "openapi", "$ref"}, {"description", "headers"}},
        made);
    add_displaced(members, kept);
    return members.text();
}

/// The shared body that one is a reference to, if it is.
const ExportedBodies::SharedBody* ExportedBodies::target_of(const Body& body) const {
    constexpr int max_hops = 32;  // longer ones go in circles
    const SharedBody* target = nullptr;
    auto reference = body.document.find("$ref");
    for (int hop = 0; hop < max_hops; ++hop) {
        if (!reference || !reference->is_string()) return target;
        std::string scratch;
        const auto component =
            parse_component_reference(reference->string(scratch), section_of(body.kind));
        if (!component || !component->rest.empty()) return nullptr;
        const HeldResource* const holder = keys_.holder(body.kind, component->key);
        if (holder == nullptr) return nullptr;
        target = &shared_.at(holder);
        reference = target->reference;
    }
    return nullptr;
}

bool ExportedBodies::says_the_same(JsonView document, const SharedBody& target) const {
    if (is_required(document) != target.is_required) return false;
    const auto own = bodies_of(document);
    auto other = target.bodies.begin();
    for (const JsonView body : own) {
        if (other == target.bodies.end() || identity(body) != identity(*other)) return false;
        ++other;
    }
    return other == target.bodies.end();
}

ExportedBodies::Identity ExportedBodies::identity(JsonView body) const {
    const auto reference = body.find("definition");
    if (!reference) return {};
    const ExportedSchema* const schema = schemas_.find(*reference);
    return {schema, schema == nullptr ? reference->text() : std::string_view()};
}

ExportedBodies::KeptContents ExportedBodies::kept_contents(const SharedBody& shared) const {
    KeptContents contents;
    for (const JsonView body : shared.bodies)
        if (const auto content = body.find("content")) contents.emplace(identity(body), *content);
    return contents;
}

/// `kept_by`: the shared body that keeps the media types of the source, where the document does
/// not. `wanted`: the member is there even if it is empty.
void ExportedBodies::add_content(Members& members, const Body& body, const SharedBody* kept_by,
                                 bool wanted) const {
    Members content;
    const KeptContents contents = kept_by == nullptr ? KeptContents{} : kept_contents(*kept_by);
    for (const JsonView described : bodies_of(body.document))
        add_media_types(content, body.holder, described, contents);
    const JsonView noted_by = kept_by == nullptr ? body.document : kept_by->document;
    const auto kept = find_note(noted_by, "content", JsonType::object);
    if (kept) content.add_all(*kept);
    if (wanted || kept || !content.empty()) members.add("content", content.text());
}

void ExportedBodies::add_media_types(Members& content, const HeldResource& holder, JsonView body,
                                     const KeptContents& kept_contents) const {
    const auto reference = body.find("definition");
    if (!reference) return;
    const ExportedSchema* const schema = schemas_.find(*reference);
    auto kept = body.find("content");
    if (!kept)
        if (const auto found = kept_contents.find(identity(body)); found != kept_contents.end())
            kept = found->second;
    if (schema == nullptr) {
        if (kept)
            for (const auto [media_type, described] : kept->members())
                content.add(media_type.string(), media_type_object(nullptr, described));
        return;
    }
    const std::string use = schemas_.use(*schema);
    const auto add = [&](std::string_view media_type, std::optional<JsonView> described) {
        allowance_.take(use.size(), holder.kind, holder.name);
        content.add(media_type, media_type_object(&use, described));
    };
    bool described_at_all = false;
    if (kept)
        for (const auto [media_type, described] : kept->members()) {
            const std::string name = media_type.string();
            if (!schema->accept.empty() && !schema->accept.contains(bare_media_type(name)))
                continue;
            add(name, described);
            described_at_all = true;
        }
    const bool as_kept = described_at_all;
    for (const std::string& media_type : schema->media_types) {
        if (as_kept && schema->noted.contains(bare_media_type(media_type))) continue;
        add(media_type, std::nullopt);
        described_at_all = true;
    }
    if (!described_at_all) add("application/json", std::nullopt);
}

}  // namespace verso::openapi
