#include "openapi/export_keys.hpp"

#include "openapi/names.hpp"

#include <algorithm>

namespace verso::openapi {

namespace {

/// The name without `_2` at its end; none where there is nothing like that.
std::optional<std::string_view> without_suffix(std::string_view name) {
    const std::size_t end = name.find_last_not_of("0123456789");
    if (end == name.npos || end + 1 == name.size() || name[end] != '_') return std::nullopt;
    return name.substr(0, end);
}

/// What the document says that it was called in its source.
std::optional<std::string> noted_key(const HeldResource& resource) {
    if (resource.kind > Kind::parameter && resource.kind != Kind::response &&
        resource.kind != Kind::request_body) {
        const KeptPart part = kept_part_of(resource);
        const bool is_component =
            part.place && part.place->size() == 3 && part.place->front() == "components";
        return is_component ? std::optional(part.place->back()) : std::nullopt;
    }
    const auto key = find_note(resource.root(), "key", JsonType::string);
    return key ? std::optional(key->string()) : std::nullopt;
}

bool is_inline(const HeldResource& resource) {
    return find_note(resource.root(), "inline", JsonType::boolean).has_value();
}

}  // namespace

bool is_name_of(const VersionContent& content, const HeldResource& resource,
                std::string_view original) {
    constexpr std::size_t shortest_cut_bytes = 200;
    const std::string plain = to_name(resource.kind, original);
    if (resource.name == plain) return true;
    const auto stem = without_suffix(resource.name);
    if (!stem) return false;
    if (plain.size() > shortest_cut_bytes)
        return stem->starts_with(std::string_view(plain).substr(0, shortest_cut_bytes));
    if (*stem != plain) return false;
    return plain != original || content.named(resource.kind, plain) != nullptr;
}

ExportKeys::ExportKeys(const VersionContent& content) {
    for (const ComponentSection& section : component_sections) claim(content, section.kind);
}

/// First come those that stand under their own names, since nobody else may have these; then the
/// names of the source; at last inline schemas, which mostly need none.
void ExportKeys::claim(const VersionContent& content, Kind kind) {
    OfKind& all = kinds_[static_cast<std::size_t>(kind)];
    const auto take = [&](const HeldResource* resource, const std::string& wanted) {
        std::string key = wanted;
        for (unsigned suffix = 2; !all.holders.emplace(key, resource).second; ++suffix)
            key = wanted + '_' + std::to_string(suffix);
        keys_.emplace(resource, std::move(key));
    };
    std::vector<std::pair<const HeldResource*, std::string>> noted;
    std::vector<const HeldResource*> inlined;
    for (const HeldResource* const resource : content.of(kind)) {
        const auto key = noted_key(*resource);
        if (is_inline(*resource)) {
            inlined.push_back(resource);
        } else if (!key) {
            take(resource, resource->name);
        } else if (is_name_of(content, *resource, *key)) {
            noted.emplace_back(resource, *key);
        } else {
            take(resource, resource->name);
            all.moved.emplace(*key, keys_.at(resource));
        }
    }
    for (const auto& [resource, key] : noted)
        take(resource, all.holders.contains(key) ? resource->name : key);
    for (const HeldResource* const resource : inlined) take(resource, resource->name);
}

const std::string& ExportKeys::of(const HeldResource& resource) const {
    return keys_.at(&resource);
}

const HeldResource* ExportKeys::holder(Kind kind, std::string_view key) const {
    const auto& holders = of_kind(kind).holders;
    const auto found = holders.find(std::string(key));
    return found == holders.end() ? nullptr : found->second;
}

std::optional<std::string_view> ExportKeys::moved(Kind kind, std::string_view key) const {
    const auto& moved = of_kind(kind).moved;
    const auto found = moved.find(std::string(key));
    if (found == moved.end()) return std::nullopt;
    return found->second;
}

}  // namespace verso::openapi
