// A draft's content while it is edited: the committed tree, and over it what has been put and
// erased since. All of it becomes one commit, so that nothing is written that the same transaction
// replaces.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/transaction.hpp>

#include "domain/uuid_v7.hpp"
#include "engine/view.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verso::engine {

/// A resource whose shape has been checked, ready to be stored.
struct CheckedResource {
    Kind kind;
    std::optional<ResourceId> id;
    std::string name;
    std::string text;  ///< of the document, compact
};

class DraftContent {
public:
    /// What lies over one key of the tree.
    struct Pending {
        std::optional<std::string> value;  ///< none: the key goes
        std::string payload;               ///< of a resource
        std::optional<std::string> base;   ///< what the tree holds there; none: nothing
    };
    using PendingEntries = std::map<std::string, Pending, std::less<>>;

    DraftContent(View& view, IdSource& ids, OpenVersion version)
        : view_(view), ids_(ids), version_(std::move(version)) {}

    /// Checks the document and puts it. A kind whose documents have no shape, and so no name in
    /// them, is given its name apart.
    Resource put(Kind kind, std::optional<std::string_view> name, const Document& document,
                 const DocumentLimits& limits);
    /// Creates or replaces: the resource of that id, else of that name, else a new one. Answers its
    /// id.
    ResourceId put(CheckedResource resource);
    /// Fails with resource_not_found.
    void erase(Kind kind, std::string_view name);

    [[nodiscard]] std::optional<Resource> find(Kind kind, std::string_view name);
    [[nodiscard]] std::optional<Resource> find(ResourceId id);
    [[nodiscard]] std::vector<Resource> list(Kind kind);

    void annotate(CommitNote note) { note_ = std::move(note); }
    [[nodiscard]] const CommitNote& note() const noexcept { return note_; }
    [[nodiscard]] const PendingEntries& pending() const noexcept { return pending_; }
    [[nodiscard]] const OpenVersion& version() const noexcept { return version_; }

    /// Forgets what has been put and erased since the last commit.
    void discard() noexcept { pending_.clear(); }
    /// Takes note that the version's record changed.
    void rebase(const VersionRecord& record) { version_.record = record; }
    /// Starts over on what has been committed.
    void rebase(const VersionRecord& record, const tree::Root& root);
    /// Ends it: the version is gone or published. Every further change fails with `why`.
    void close(Error why) { closed_ = std::move(why); }

private:
    struct Found {
        content::ResourceValue value;
        tree::Locator locator;
        const Pending* pending = nullptr;
    };
    struct Located {
        Kind kind;
        std::string name;
    };
    void check_open() const;
    [[nodiscard]] std::optional<Found> find_entry(Kind kind, std::string_view name);
    [[nodiscard]] std::optional<Located> locate(ResourceId id);
    [[nodiscard]] Resource resource_of(Kind kind, std::string_view name, const Found& found);
    /// Puts an entry over the tree, or takes away what lay over it where that is what the tree
    /// holds anyway.
    void set(std::string key, std::optional<std::string> value, std::string payload = {});

    View& view_;
    IdSource& ids_;
    OpenVersion version_;
    std::optional<Error> closed_;
    PendingEntries pending_;
    CommitNote note_;
};

/// How an adapter that has checked its resources itself reaches past the Draft.
struct DraftAccess {
    [[nodiscard]] static DraftContent& content(Draft& draft) noexcept { return *draft.content_; }
    [[nodiscard]] static const DocumentLimits& limits(const Draft& draft) noexcept {
        return *draft.limits_;
    }
};

}  // namespace verso::engine
