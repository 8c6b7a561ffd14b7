#include "domain/former_names.hpp"

#include "domain/path_placeholders.hpp"
#include "domain/shapes.hpp"

#include <set>
#include <string_view>
#include <variant>

namespace verso {

void FormerNames::add_placeholder(ResourceId id, const std::string& before,
                                  const std::string& now) {
    auto from = placeholder_of(before);
    auto to = placeholder_of(now);
    if (from && to && *from != *to)
        placeholders_.emplace(id, std::pair(std::move(*from), std::move(*to)));
}

std::optional<std::string> FormerNames::follow(Kind kind, const std::string& text,
                                               Surroundings& then) const {
    if (empty() || !may_refer(kind, text)) return std::nullopt;
    std::optional<std::string> followed;
    if (kind == Kind::action && !placeholders_.empty())
        followed = follow_path_names(text, path_renames(text, then));
    if (targets_.empty()) return followed;
    if (auto renamed = follow_renames(kind, followed ? *followed : text, targets_)) return renamed;
    return followed;
}

/// The placeholders of the Parameters that an Action shares.
Renames FormerNames::path_renames(const std::string& action, Surroundings& then) const {
    const Outline outline(action);
    Findings ignored;
    std::set<ResourceId> shared;
    std::map<std::string, std::set<ResourceId>, std::less<>> holders;  // nil: the Action itself
    for (const ParameterUse& use : read_shape<Action>(outline.root(action), ignored).parameters) {
        if (const auto* own = std::get_if<InlineParameter>(&use)) {
            if (own->in == ParameterLocation::path) holders[own->name].insert(ResourceId{});
        } else if (const auto id =
                       then.resolve(Kind::parameter, std::get<SharedParameter>(use).parameter)) {
            if (!shared.insert(*id).second) continue;
            const Slot& slot = then.slot_of(*id);
            if (slot.in == "path") holders[slot.name].insert(*id);
        }
    }
    Renames renames;
    for (const ResourceId id : shared) {
        const auto names = placeholders_.find(id);
        if (names == placeholders_.end()) continue;
        const auto& [from, to] = names->second;
        if (holders[from] == std::set{id}) renames.emplace(from, to);
    }
    return renames;
}

}  // namespace verso
