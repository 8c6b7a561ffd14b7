#include "openapi/export_content.hpp"

#include <algorithm>

namespace verso::openapi {

namespace {

std::string name_key(Kind kind, std::string_view name) {
    std::string key(1, static_cast<char>(kind));
    return key += name;
}

/// Source: RFC 6901, 4
std::vector<std::string> tokens_of(std::string_view pointer) {
    std::vector<std::string> tokens;
    for (std::size_t at = 0; at < pointer.size(); ++at) {
        const char next = at + 1 < pointer.size() ? pointer[at + 1] : '\0';
        if (pointer[at] == '/')
            tokens.emplace_back();
        else if (pointer[at] == '~' && (next == '0' || next == '1'))
            tokens.back() += pointer[++at] == '0' ? '~' : '/';
        else
            tokens.back() += pointer[at];
    }
    return tokens;
}

}  // namespace

void VersionContent::add(const ResourceView& resource) {
    const HeldResource& held =
        resources_.emplace_back(HeldResource{resource.kind, resource.id, std::string(resource.name),
                                             ParsedJson(std::string(resource.document))});
    bytes_ += resource.document.size();
    by_name_.emplace(name_key(held.kind, held.name), &held);
    by_id_.emplace(held.id, &held);
}

std::vector<const HeldResource*> VersionContent::of(Kind kind) const {
    std::vector<const HeldResource*> found;
    for (const HeldResource& resource : resources_)
        if (resource.kind == kind) found.push_back(&resource);
    std::sort(found.begin(), found.end(),
              [](const HeldResource* a, const HeldResource* b) { return a->id < b->id; });
    return found;
}

const HeldResource* VersionContent::find(Kind kind, JsonView reference) const {
    if (const auto id = reference.find("id"); id && id->is_string()) {
        const auto parsed = parse_id<ResourceId>(id->string());
        const auto found = parsed ? by_id_.find(*parsed) : by_id_.end();
        return found != by_id_.end() && found->second->kind == kind ? found->second : nullptr;
    }
    const auto name = reference.find("name");
    return name && name->is_string() ? named(kind, name->string()) : nullptr;
}

const HeldResource* VersionContent::named(Kind kind, std::string_view name) const {
    const auto found = by_name_.find(name_key(kind, name));
    return found == by_name_.end() ? nullptr : found->second;
}

std::string text_of(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member && member->is_string() ? member->string() : std::string();
}

std::optional<JsonView> find_note(JsonView document, std::string_view name, JsonType type) {
    const auto notes = document.find("openapi");
    const auto note = notes ? notes->find(name) : std::nullopt;
    return note && note->type() == type ? note : std::nullopt;
}

KeptPart kept_part_of(const HeldResource& resource) {
    const auto key = find_note(resource.root(), "key", JsonType::string);
    const auto value = resource.root().find("value");
    const std::string pointer = key ? key->string() : std::string();
    if (!key || !value || (!pointer.empty() && pointer.front() != '/'))
        return {std::nullopt, resource.root()};
    return {tokens_of(pointer), *value};
}

}  // namespace verso::openapi
