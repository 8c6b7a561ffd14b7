// Under which names the components of a version stand in its description.
//
// A resource that an import named goes back under its original name, as geo.Point for geo_Point;
// one that was renamed since, or was never imported, under its own. What was renamed is remembered,
// so that references in the source's words follow.
#pragma once

#include "openapi/export_content.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace verso::openapi {

/// A section of `components`, and the kind of resource whose place it is.
struct ComponentSection {
    std::string_view name;
    Kind kind;
};

inline constexpr std::array component_sections{
    ComponentSection{"schemas", Kind::definition},
    ComponentSection{"parameters", Kind::parameter},
    ComponentSection{"requestBodies", Kind::request_body},
    ComponentSection{"responses", Kind::response},
    ComponentSection{"examples", Kind::example},
    ComponentSection{"headers", Kind::header},
    ComponentSection{"securitySchemes", Kind::security_scheme},
    ComponentSection{"links", Kind::link},
    ComponentSection{"callbacks", Kind::callback},
    ComponentSection{"pathItems", Kind::path_item}};

/// Whether a name is what an import would have made of the original: with `_2` and the like only
/// where another one has the plain name, or the plain name is not the original itself.
[[nodiscard]] bool is_name_of(const VersionContent& content, const HeldResource& resource,
                              std::string_view original);

/// Lifetime: that of the content. Thread safety: immutable
class ExportKeys {
public:
    explicit ExportKeys(const VersionContent& content);

    /// Requires: a resource of a kind that has a section of components.
    [[nodiscard]] const std::string& of(const HeldResource& resource) const;
    /// What stands under a key.
    [[nodiscard]] const HeldResource* holder(Kind kind, std::string_view key) const;
    /// The key today of what had another one when it was imported.
    [[nodiscard]] std::optional<std::string_view> moved(Kind kind, std::string_view key) const;

private:
    struct OfKind {
        std::unordered_map<std::string, const HeldResource*> holders;
        std::unordered_map<std::string, std::string> moved;
    };
    void claim(const VersionContent& content, Kind kind);
    [[nodiscard]] const OfKind& of_kind(Kind kind) const {
        return kinds_[static_cast<std::size_t>(kind)];
    }

    std::array<OfKind, all_kinds.size() + 1> kinds_;
    std::unordered_map<const HeldResource*, std::string> keys_;
};

}  // namespace verso::openapi
