// The references of a resource to others of its version: where its document names a Definition or a
// Parameter.
#pragma once

#include <verso/domain/kind.hpp>
#include <verso/domain/reference.hpp>

#include "domain/json_outline.hpp"
#include "domain/schema_references.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verso {

/// One place that refers.
struct ReferenceSite {
    Kind target = Kind::definition;  ///< Or parameter.
    Reference reference;
    std::string pointer;  ///< Where it stands, as a JSON Pointer into the document.
};

/// Whether resources of the kind can be referred to.
[[nodiscard]] constexpr bool is_referable(Kind kind) noexcept {
    return kind == Kind::definition || kind == Kind::parameter;
}

/// Whether documents of the kind may have references: operations, Definitions, and the responses
/// and request bodies that operations of an imported description share.
[[nodiscard]] constexpr bool may_refer(Kind kind) noexcept {
    return kind == Kind::action || kind == Kind::trigger || kind == Kind::definition ||
           kind == Kind::response || kind == Kind::request_body;
}

/// Whether a document may have any, by a look at its compact text: false is certain. O(size), but
/// far faster than references_of().
[[nodiscard]] bool may_refer(Kind kind, std::string_view text);

/// The references of a document; none where it has not the shape of its kind. O(size).
[[nodiscard]] std::vector<ReferenceSite> references_of(Kind kind, JsonView root);
/// The same of a compact text.
[[nodiscard]] std::vector<ReferenceSite> references_of(Kind kind, const std::string& text);

/// What to say of a site whose target is not there.
[[nodiscard]] std::string leads_nowhere(const ReferenceSite& site);

/// A resource that others may refer to and that has another name now.
struct RenamedTarget {
    Kind kind;
    ResourceId id;
    std::string from;
    std::string to;
};

/// Such resources by their old names.
class RenamedTargets {
public:
    /// Of two of a kind with one old name, the first counts.
    void add(const RenamedTarget& target);
    [[nodiscard]] bool empty() const noexcept { return ids_.empty(); }
    /// From their old names to their new ones.
    [[nodiscard]] const Renames& of(Kind kind) const {
        return kind == Kind::definition ? definitions_ : parameters_;
    }
    /// The new name of what a reference names by the old one, if it does.
    [[nodiscard]] const std::string* find(Kind kind, const Reference& reference) const;

private:
    Renames definitions_;
    Renames parameters_;
    std::map<std::pair<Kind, std::string>, ResourceId> ids_;
};

/// The text of a document with the targets' new names where it referred to them by the old ones,
/// all else as it was; none if it does not.
///
/// Requires:   `text` is a compact document.
/// Complexity: O(size x log(targets)).
[[nodiscard]] std::optional<std::string> follow_renames(Kind kind, const std::string& text,
                                                        const RenamedTargets& targets);

/// The text of an Action's document with other names in the placeholders of its path, all else as
/// it was; none if the path has none of them.
///
/// Requires:   `text` is a compact document of an Action's shape.
/// Complexity: O(size).
[[nodiscard]] std::optional<std::string> follow_path_names(const std::string& text,
                                                           const Renames& renames);

}  // namespace verso
