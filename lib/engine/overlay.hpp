// A version's content as it is seen: a committed tree, and over it what has been put and erased
// since, if anything. All of that becomes one commit, so that nothing is written that the same
// transaction replaces.
#pragma once

#include "domain/validation.hpp"
#include "engine/view.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso::engine {

/// Thread safety: bound. Failures are thrown.
class Overlay {
public:
    /// What lies over one key of the tree.
    struct Pending {
        std::optional<std::string> value;  ///< none: the key goes
        std::string payload;               ///< of a resource
        std::optional<std::string> base;   ///< what the tree holds there; none: nothing
    };
    using PendingEntries = std::map<std::string, Pending, std::less<>>;

    /// An entry, of the tree or from over it. Lifetime: until something is set.
    struct Entry {
        BytesView key;
        BytesView value;
        tree::Locator locator;
        const Pending* pending = nullptr;
    };
    struct Found {
        content::ResourceValue value;
        tree::Locator locator;
        const Pending* pending = nullptr;
    };
    struct Located {
        Kind kind;
        std::string name;
    };

    Overlay(View& view, const tree::Root& root) : view_(view), root_(root) {}

    [[nodiscard]] const tree::Root& root() const noexcept { return root_; }
    [[nodiscard]] const PendingEntries& pending() const noexcept { return pending_; }

    [[nodiscard]] std::optional<Found> find(Kind kind, std::string_view name);
    [[nodiscard]] std::optional<Located> locate(ResourceId id);
    /// Whether there is an entry of this key.
    [[nodiscard]] bool contains(const std::string& key);
    [[nodiscard]] std::string text(const Found& found);
    [[nodiscard]] Resource resource(Kind kind, std::string_view name, const Found& found);
    /// In order of key. It must not change anything.
    void scan(const content::KeyRange& keys, Visitor<const Entry&> visitor);
    /// The resources in a range of the sections `references` or `dangling`.
    [[nodiscard]] std::vector<ResourceId> referrers(const content::KeyRange& keys);

    /// Puts an entry over the tree, or takes away what lay over it where that is what the tree
    /// holds anyway.
    void set(std::string key, std::optional<std::string> value, std::string payload = {});
    void discard() noexcept { pending_.clear(); }
    /// Starts over on another tree.
    void rebase(const tree::Root& root);

private:
    View& view_;
    tree::Root root_;
    PendingEntries pending_;
};

/// The resources of an overlay, as the rules ask for them. Lifetime: until something is set.
class OverlaySurroundings final : public Surroundings {
public:
    explicit OverlaySurroundings(Overlay& overlay) : overlay_(overlay) {}
    [[nodiscard]] std::optional<ResourceId> resolve(Kind kind, const Reference& reference) override;
    [[nodiscard]] std::string document_of(Kind kind, ResourceId id) override;

private:
    Overlay& overlay_;
};

/// Who refers to a resource, itself left out, in order of kind and name.
[[nodiscard]] std::vector<Referrer> referrers_of(Overlay& overlay, ResourceId target);

/// A resource with what the library says of it. What nobody has validated is answered without
/// errors, but in a published version, for publishing validates. Requires: it is there; the
/// surroundings are the overlay's.
[[nodiscard]] DescribedResource describe(Overlay& overlay, Surroundings& surroundings,
                                         bool is_published, Kind kind, std::string_view name);

}  // namespace verso::engine
