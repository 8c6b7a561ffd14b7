#include "openapi/export.hpp"
#include "openapi/export_paths.hpp"
#include "openapi/export_references.hpp"

#include <map>

namespace verso::openapi {

namespace {

/// What all is put into: the resource `document` of an import, or one that was put by hand.
struct Skeleton {
    std::optional<JsonView> root = {};
    bool imported = false;
};

Skeleton find_skeleton(const VersionContent& content) {
    for (const HeldResource* const resource : content.of(Kind::document)) {
        const KeptPart part = kept_part_of(*resource);
        if (part.place && part.place->empty() && part.value.is_object()) return {part.value, true};
    }
    const HeldResource* const by_hand = content.named(Kind::document, "document");
    if (by_hand == nullptr || kept_part_of(*by_hand).place) return {};
    return {by_hand->root(), false};
}

class Description {
public:
    explicit Description(const VersionContent& content)
        : content_(content),
          keys_(content),
          skeleton_(find_skeleton(content)),
          schemas_(content, keys_),
          allowance_(content.bytes()),
          parameters_(content, keys_, schemas_, allowance_),
          bodies_(content, keys_, schemas_, allowance_),
          writer_(content, parameters_, bodies_, skeleton_.imported),
          paths_(content, writer_) {}

    std::string run() {
        gather_extensions();
        Members description;
        if (!skeleton_.imported) add_head(description);
        if (skeleton_.root)
            for (const JsonMember member : skeleton_.root->members()) add(description, member);
        add_missing(description);
        for (const auto& [name, parts] : extensions_) description.add(name, parts.text());
        return settle_references(description.text(), keys_);
    }

private:
    /// The sections that the skeleton does not name, where there is something for them.
    void add_missing(Members& description) {
        const auto add_section = [&](std::string_view name, const Members& members, bool wanted) {
            if (wanted || !members.empty()) description.add(name, members.text());
        };
        if (!description.contains("paths"))
            add_section("paths", paths_with({}), !skeleton_.imported);
        if (!description.contains("webhooks")) add_section("webhooks", webhooks_with({}), false);
        if (!description.contains("components"))
            add_section("components", components_with({}), false);
    }

    /// What a description needs that no import has given.
    void add_head(Members& description) const {
        const ContentTitle& title = content_.title();
        const auto given = [&](std::string_view name) {
            return skeleton_.root && skeleton_.root->find(name);
        };
        if (!given("openapi")) description.add_string("openapi", "3.1.0");
        if (!given("info")) {
            Members info;
            info.add_string("title", title.title);
            info.add_string("version", title.version);
            description.add("info", info.text());
        }
        if (title.base_url && !given("servers")) {
            Members server;
            server.add_string("url", *title.base_url);
            description.add("servers", '[' + server.text() + ']');
        }
    }

    /// The members of extensions that have resources of their own.
    void gather_extensions() {
        for (const HeldResource* const resource : content_.of(Kind::document)) {
            const KeptPart part = kept_part_of(*resource);
            if (part.place && part.place->size() == 2)
                extensions_[part.place->front()].add(part.place->back(), part.value.text());
        }
    }

    void add(Members& description, JsonMember member) {
        const std::string name = member.key.string();
        if (name == "paths")
            description.add(name, paths_with(member.value).text());
        else if (name == "webhooks")
            description.add(name, webhooks_with(member.value).text());
        else if (name == "components")
            description.add(name, components_with(member.value).text());
        else if (const auto extension = extensions_.find(name); extension != extensions_.end())
            add_extension(description, member, extension->second);
        else
            description.add(member);
    }

    static void add_extension(Members& description, JsonMember member, const Members& parts) {
        if (member.value.is_object() && member.value.members().empty())
            description.add(member.key.string(), parts.text());
        else
            description.add(member);
    }

    Members paths_with(std::optional<JsonView> kept) {
        Members paths;
        paths_.add_paths(paths);
        if (kept) paths.add_all(*kept);
        return paths;
    }

    Members webhooks_with(std::optional<JsonView> kept) {
        Members webhooks;
        paths_.add_webhooks(webhooks);
        if (kept) webhooks.add_all(*kept);
        return webhooks;
    }

    Members components_with(std::optional<JsonView> kept) {
        Members components;
        if (kept)
            for (const JsonMember member : kept->members()) {
                const ComponentSection* const section = section_named(member.key.string());
                if (section != nullptr && member.value.is_object())
                    components.add(section->name, section_with(*section, member.value).text());
                else
                    components.add(member);
            }
        for (const ComponentSection& section : component_sections)
            if (!components.contains(section.name))
                if (const Members members = section_with(section, {}); !members.empty())
                    components.add(section.name, members.text());
        return components;
    }

    static const ComponentSection* section_named(std::string_view name) {
        for (const ComponentSection& section : component_sections)
            if (section.name == name) return &section;
        return nullptr;
    }

    Members section_with(const ComponentSection& section, std::optional<JsonView> kept) {
        Members members;
        switch (section.kind) {
            case Kind::definition: schemas_.add_components(members); break;
            case Kind::parameter:
                parameters_.add_components(members);
                add_kept_parameters(members);
                break;
            case Kind::request_body:
            case Kind::response: bodies_.add_components(section.kind, members); break;
            case Kind::callback: paths_.add_callbacks(content_, keys_, members); break;
            default: add_kept(section.kind, members);
        }
        if (kept) members.add_all(*kept);
        return members;
    }

    void add_kept(Kind kind, Members& members) const {
        for (const HeldResource* const resource : content_.of(kind)) {
            const KeptPart part = kept_part_of(*resource);
            const bool is_component = !part.place || part.place->size() == 3;
            if (is_component) members.add(keys_.of(*resource), part.value.text());
        }
    }

    /// Those that are sent in a cookie, as no Parameter is.
    void add_kept_parameters(Members& parameters) const {
        for (const HeldResource* const resource : content_.of(Kind::document)) {
            const KeptPart part = kept_part_of(*resource);
            if (part.place && part.place->size() == 3 && part.place->front() == "components" &&
                part.place->at(1) == "parameters")
                parameters.add(part.place->back(), part.value.text());
        }
    }

    const VersionContent& content_;
    ExportKeys keys_;
    Skeleton skeleton_;
    ExportedSchemas schemas_;
    Allowance allowance_;
    ExportedParameters parameters_;
    ExportedBodies bodies_;
    OperationWriter writer_;
    ExportedPaths paths_;
    std::map<std::string, Members> extensions_;
};

}  // namespace

std::string describe(const VersionContent& content) { return Description(content).run(); }

}  // namespace verso::openapi
