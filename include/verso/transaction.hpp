// Writing: one atomic change of any number of things.
#pragma once

#include <verso/domain/action.hpp>
#include <verso/domain/definition.hpp>
#include <verso/domain/parameter.hpp>
#include <verso/domain/trigger.hpp>
#include <verso/reader.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace verso {

namespace engine {
class DraftContent;
class Writer;
struct DraftAccess;
}  // namespace engine

/// What a new connection is made of.
struct NewConnection {
    std::string name;
    Document properties = {};
    std::optional<ConnectionId> id = {};  ///< none: a new one
};

/// What a new version is made of.
struct NewVersion {
    std::string name;
    std::optional<std::string> from_version =
        {};  ///< of the same connection; also `latest`, `default`
    std::string description = {};
};

/// Which members of a version change; none: it keeps its value.
struct VersionUpdate {
    std::optional<std::string> name = {};  ///< a draft's only
    std::optional<std::string> description = {};
    std::optional<bool> is_default = {};  ///< a published version's only
};

/// Who made a change, and why: kept in the commit.
struct CommitNote {
    std::string author = {};
    std::string message = {};
};

/// The content of one draft, to be changed. What is put is seen at once by the draft's own reads,
/// and becomes one commit when the transaction ends. A call that fails changes nothing.
///
/// Lifetime:      the function that edit() or write() runs.
/// Thread safety: bound
class Draft {
public:
    /// Creates the resource, or replaces the one of the same id (which may rename it) or the same
    /// name. What has neither a new name nor new content is left alone.
    ///
    /// Errors:     resource_invalid, limit_exceeded, name_invalid, name_taken, id_taken (another
    ///             kind's), id_invalid (the resource of this name has another id).
    /// Complexity: O(log n), and at the commit a payload and about one node a level.
    [[nodiscard]] Result<Resource> put(Kind kind, const Document& document);
    /// The same for the kinds whose documents may be any object, without a name in them.
    [[nodiscard]] Result<Resource> put(Kind kind, std::string_view name, const Document& document);
    [[nodiscard]] Result<Resource> put(const Action& action);
    [[nodiscard]] Result<Resource> put(const Definition& definition);
    [[nodiscard]] Result<Resource> put(const Trigger& trigger);
    [[nodiscard]] Result<Resource> put(const Parameter& parameter);

    /// Removes a resource. Errors: resource_not_found.
    [[nodiscard]] Result<void> erase(Kind kind, std::string_view name);

    [[nodiscard]] Result<Resource> get(Kind kind, std::string_view name) const;
    [[nodiscard]] Result<std::optional<Resource>> find(Kind kind, std::string_view name) const;
    [[nodiscard]] Result<std::optional<Resource>> find(ResourceId id) const;
    /// In order of name, bytewise.
    [[nodiscard]] Result<std::vector<Resource>> list(Kind kind) const;

    /// Says who makes the change and why.
    ///
    /// Errors: text_invalid.
    [[nodiscard]] Result<void> annotate(CommitNote note);

private:
    friend class Transaction;
    friend struct engine::DraftAccess;
    Draft(engine::DraftContent* content, const DocumentLimits* limits) noexcept
        : content_(content), limits_(limits) {}
    engine::DraftContent* content_;
    const DocumentLimits* limits_;
};

/// One atomic change. Reads see what the transaction has done so far, drafts included only once
/// they are committed: read a draft being edited through the Draft. A call that fails changes
/// nothing of its own; whether the whole is given up is for the function to say, by answering the
/// error.
///
/// Errors of every call: as Reader's; store_full, disk_full, io_failed where the store cannot be
/// written.
/// Lifetime:      the function that write() runs.
/// Thread safety: bound
class Transaction : public Reader {
public:
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    /// Errors: name_invalid, name_taken, id_taken.
    [[nodiscard]] Result<Connection> create_connection(OrganisationId organisation,
                                                       const NewConnection& connection);
    /// Replaces name and properties. Errors: name_invalid, name_taken.
    [[nodiscard]] Result<Connection> update_connection(ConnectionId id, std::string name,
                                                       Document properties);
    /// Errors: connection_has_versions, unless forced.
    [[nodiscard]] Result<void> delete_connection(ConnectionId id, bool force = false);

    /// Creates a draft, empty or as a clone of `from_version`: all its resources, its own id and
    /// times.
    ///
    /// Errors:     name_invalid, name_reserved, text_invalid, name_taken, from_version_not_found;
    ///             in this order.
    /// Complexity: O(1) in the resources and in the versions; four small records are written.
    [[nodiscard]] Result<ConnectionVersion> create_version(ConnectionId connection,
                                                           const NewVersion& version);
    /// Errors: version_published (a new name), version_not_published (isDefault), name_invalid,
    ///         name_reserved, text_invalid, name_taken.
    [[nodiscard]] Result<ConnectionVersion> update_version(const VersionKey& version,
                                                           const VersionUpdate& update);
    /// Freezes a draft. Publishing a published version changes nothing.
    [[nodiscard]] Result<ConnectionVersion> publish(const VersionKey& version);
    /// Errors: version_published, unless forced.
    [[nodiscard]] Result<void> delete_version(const VersionKey& version, bool force = false);

    /// Opens a draft's content for change. One call after another answers the same draft.
    ///
    /// Errors: version_published.
    [[nodiscard]] Result<Draft> draft(const VersionKey& version);

    /// Runs `change(draft)` on a draft's content, commits it, and answers the version after it. If
    /// `change` fails or throws, the draft is as it was. It changes drafts only: within it, calls
    /// that would commit them are nested_write.
    ///
    /// Errors: version_published, and what `change` answers.
    [[nodiscard]] Result<ConnectionVersion> edit(const VersionKey& version,
                                                 const std::function<Result<void>(Draft&)>& change);

private:
    friend class Store;
    explicit Transaction(engine::Writer* writer) noexcept;
    engine::Writer* writer_;
};

}  // namespace verso
