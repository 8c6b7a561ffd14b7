// What documents call otherwise than it is called now, and how they follow: a reference that names
// its target, and in the path of an Action the placeholder of a Parameter.
#pragma once

#include "domain/resource_references.hpp"
#include "domain/validation.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace verso {

/// Names of one state of a version that stand for others in a later one.
class FormerNames {
public:
    /// A resource that may be referred to. Of two of a kind with one former name the first counts.
    void add(const RenamedTarget& target) { targets_.add(target); }
    /// What placeholders call a Parameter, by its documents: that may change while its name stays.
    void add_placeholder(ResourceId id, const std::string& before, const std::string& now);

    [[nodiscard]] bool empty() const noexcept { return targets_.empty() && placeholders_.empty(); }

    /// A document of that state with the names of today; none if it has the same. A placeholder
    /// that another of the Action's parameters has as well stays as it is. `then` are the resources
    /// of that state, in which its references lead somewhere.
    ///
    /// Requires:   `text` is a compact document.
    /// Complexity: O(size x log(names)), and the documents of the Parameters of an Action's path.
    [[nodiscard]] std::optional<std::string> follow(Kind kind, const std::string& text,
                                                    Surroundings& then) const;

private:
    [[nodiscard]] Renames path_renames(const std::string& action, Surroundings& then) const;

    RenamedTargets targets_;
    std::map<ResourceId, std::pair<std::string, std::string>> placeholders_;  ///< Then and now.
};

}  // namespace verso
