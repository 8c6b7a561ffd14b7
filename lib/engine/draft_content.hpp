// A draft's content while it is edited: what its host may do to it, over the committed tree.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/transaction.hpp>

#include "engine/draft_change.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verso::engine {

/// Thread safety: bound. Failures are thrown.
class DraftContent {
public:
    /// What is to happen where there is a resource of the name, or none.
    enum class Mode { put, create };

    DraftContent(View& view, IdSource& ids, const Options& options, OpenVersion version)
        : view_(view),
          ids_(ids),
          options_(options),
          overlay_(view, version.root),
          version_(std::move(version)) {}

    /// Checks the document and puts it. A kind whose documents have no shape, and so no name in
    /// them, is given its name apart.
    Resource put(Kind kind, std::optional<std::string_view> name, const Document& document,
                 Mode mode = Mode::put);
    std::vector<Resource> put(Kind kind, std::span<const Document> documents, Mode mode);
    /// The resource of this name; another name in the document renames it.
    Resource replace(Kind kind, std::string_view name, const Document& document);
    /// Fails with resource_not_found, definition_referenced.
    void erase(Kind kind, std::string_view name, bool force);
    void erase(Kind kind, std::span<const std::string> names, bool force);
    /// Makes the content that of another tree of the store. O(what differs).
    void restore(const tree::Root& root);
    /// What an adapter has made that checked it itself.
    void change(Batch batch);
    /// Takes resources over from another tree of the store, by their ids.
    void pick(const tree::Root& theirs, const std::vector<Resource>& resources);

    [[nodiscard]] std::optional<Resource> find(Kind kind, std::string_view name);
    [[nodiscard]] std::optional<Resource> find(ResourceId id);
    [[nodiscard]] std::vector<Resource> list(Kind kind);

    void annotate(CommitNote note) { note_ = std::move(note); }
    [[nodiscard]] const CommitNote& note() const noexcept { return note_; }
    [[nodiscard]] const Overlay::PendingEntries& pending() const noexcept {
        return overlay_.pending();
    }
    [[nodiscard]] const OpenVersion& version() const noexcept { return version_; }

    /// Forgets what has been put and erased since the last commit.
    void discard() noexcept { overlay_.discard(); }
    /// Takes note that the version's record changed.
    void rebase(const VersionRecord& record) { version_.record = record; }
    /// Starts over on what has been committed.
    void rebase(const VersionRecord& record, const tree::Root& root);
    /// Ends it: the version is gone or published. Every further change fails with `why`.
    void close(Error why) { closed_ = std::move(why); }
    /// The version is a draft again.
    void reopen() noexcept { closed_.reset(); }

private:
    void check_open() const;
    void check_batch(std::size_t size) const;
    [[nodiscard]] Error unknown(Kind kind, std::string_view name) const;
    /// Checks the document's shape and name.
    [[nodiscard]] CheckedResource checked(Kind kind, std::optional<std::string_view> name,
                                          const Document& document) const;
    std::vector<Resource> run(Kind kind, Batch batch);

    View& view_;
    IdSource& ids_;
    const Options& options_;
    Overlay overlay_;
    OpenVersion version_;
    std::optional<Error> closed_;
    CommitNote note_;
};

/// How an adapter that has checked its resources itself reaches past the Draft.
struct DraftAccess {
    [[nodiscard]] static DraftContent& content(Draft& draft) noexcept { return *draft.content_; }
    [[nodiscard]] static const DocumentLimits& limits(const Draft& draft) noexcept {
        return draft.options_->document;
    }
};

}  // namespace verso::engine
