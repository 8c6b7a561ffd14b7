// What a commit changes in its parent's tree, made of the resources that it put and removed: their
// entries, and from their documents the entries of the indexes, so that the tree comes out as the
// edits themselves made it.
//
// Nothing is rewritten, resolved anew or validated: a commit holds what all that left behind.
#pragma once

#include "domain/resource_references.hpp"
#include "engine/content.hpp"
#include "engine/view.hpp"

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace verso::engine::bundle {

/// An edit of a tree that owns what it is made of.
struct ContentEdit {
    std::string key;
    std::optional<std::string> value;
    std::uint64_t payload = 0;  ///< of a resource
    Digest document{};          ///< of a resource
};

/// Thread safety: bound. Failures are thrown: bundle_invalid, where what is said cannot be.
class ContentChange {
public:
    /// `before`: the parent's tree.
    ContentChange(View& view, const tree::Root& before) : view_(view), before_(before) {}

    /// `key`: of the resource. `value` without `refers`, which follows from `text`; it is not kept.
    /// Requires of puts and removals together: rising keys.
    void put(std::string_view key, content::ResourceValue value, std::uint64_t payload,
             std::string_view text);
    void remove(std::string_view key, ResourceId id);

    /// The edits of the tree, in order of key. Once only.
    [[nodiscard]] std::vector<ContentEdit> edits() &&;

private:
    /// A resource whose place or document changes, or that refers to one whose place does.
    struct Subject {
        Kind kind_before{};
        std::string name_before;  ///< empty: it is new
        std::optional<ResourceEntry> before;
        Kind kind{};
        std::string name;                  ///< empty: it goes
        std::vector<ReferenceSite> sites;  ///< of its document after
    };
    using Keys = std::vector<std::string>;

    /// The subject of an id, made of what is before where it is not one yet.
    Subject& subject(ResourceId id);
    [[nodiscard]] std::optional<ResourceEntry> find_before(Kind kind, std::string_view name);
    [[nodiscard]] bool is_taken(Kind kind, std::string_view name) const;
    void check_places() const;
    void take_referrers();
    void take_all(const content::KeyRange& keys);
    void edit_ids();
    void edit_references(ResourceId id, const Subject& subject);
    [[nodiscard]] std::vector<ReferenceSite> sites_before(const Subject& subject);
    [[nodiscard]] std::optional<ResourceId> resolve_before(Kind kind, const Reference& reference);
    [[nodiscard]] std::optional<ResourceId> resolve_after(Kind kind, const Reference& reference);
    template <class Resolve>
    [[nodiscard]] static Keys index_keys(const std::vector<ReferenceSite>& sites,
                                         ResourceId referrer, Resolve resolve);

    View& view_;
    tree::Root before_;
    std::unordered_map<ResourceId, Subject> subjects_;
    std::unordered_map<std::string, ResourceId>
        taken_;                                ///< keys of resources put that are asked for
    std::unordered_set<std::string> vacated_;  ///< keys of resources, not put
    std::vector<ContentEdit> edits_;
};

}  // namespace verso::engine::bundle
