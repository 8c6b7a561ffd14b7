// The rules that a resource may break and be stored all the same: what they find is answered with
// it as its errors, and an error keeps its version from being published.
#pragma once

#include <verso/domain/finding.hpp>
#include <verso/domain/reference.hpp>

#include "domain/json_outline.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

/// Where a Parameter stands in requests, and under which name.
struct Slot {
    std::string in;
    std::string name;
    friend auto operator<=>(const Slot&, const Slot&) = default;
};

/// As rules compare them: type and subtype in lower case, without parameters.
using MediaTypes = std::set<std::string>;

/// The version's other resources, as far as rules ask for them. They stay as they are while these
/// surroundings live. Thread safety: bound.
class Surroundings {
public:
    Surroundings() = default;
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;
    virtual ~Surroundings() = default;

    /// What rules ask of the document of a Parameter, and of a Definition. A document is read
    /// once, however often it is asked for, as long as what is kept of all of them is at most
    /// 64 MiB. Lifetime: until the next call.
    [[nodiscard]] const Slot& slot_of(ResourceId parameter);
    [[nodiscard]] const MediaTypes& media_types_of(ResourceId definition);

    /// The resource of the kind that a reference names; with an id and a name, by its id.
    [[nodiscard]] virtual std::optional<ResourceId> resolve(Kind kind,
                                                            const Reference& reference) = 0;
    /// The document of a resource that was resolved.
    [[nodiscard]] virtual std::string document_of(Kind kind, ResourceId id) = 0;

private:
    void keep(std::size_t bytes);

    std::map<ResourceId, Slot> slots_;
    std::map<ResourceId, MediaTypes> media_types_;
    std::size_t kept_bytes_ = 0;
};

/// What the rules have against a document; of findings, the first hundred.
///
/// - Every reference leads to a resource that is there.
/// - An operation has at least one response, its statuses are unique, at most one is the default.
/// - In one body there is at most one Definition for a media type (without its parameters).
/// - Each `{{ param.x }}` of an Action's path has a path parameter x, and the other way round.
/// - No two parameters have the same name in the same place; a Trigger has none in the path.
/// - A Definition whose content type is JSON has JSON as its content: a warning.
///
/// A document is in error, too, that has more compared than 1 MiB, and 16 bytes for each of its
/// own: of the names of Parameters, and of the media types of Definitions that share a body.
///
/// Requires:   the document has its kind's shape.
/// Complexity: O(size), and the documents of Parameters, and of Definitions that share a body, each
///             once while the surroundings live.
[[nodiscard]] std::vector<Finding> validate(Kind kind, JsonView document,
                                            Surroundings& surroundings);
/// The same of a compact text.
[[nodiscard]] std::vector<Finding> validate(Kind kind, std::string_view document,
                                            Surroundings& surroundings);

/// Whether one of them blocks publishing.
[[nodiscard]] bool has_errors(const std::vector<Finding>& findings) noexcept;

/// Whether another document of a Definition or Parameter may change what validate() says of those
/// that refer to it. Requires: both have the kind's shape.
[[nodiscard]] bool means_the_same(Kind kind, std::string_view before, std::string_view after);

}  // namespace verso
