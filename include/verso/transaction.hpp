// Writing: one atomic change of any number of things.
#pragma once

#include <verso/domain/action.hpp>
#include <verso/domain/commit_note.hpp>
#include <verso/domain/definition.hpp>
#include <verso/domain/parameter.hpp>
#include <verso/domain/trigger.hpp>
#include <verso/merge.hpp>
#include <verso/options.hpp>
#include <verso/reader.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <span>
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
        {};                         ///< of the same connection; also `latest`, `default`
    std::uint64_t from_commit = 0;  ///< of the history of `from_version`, or without one that of a
                                    ///< lease; 0: the head
    std::string description = {};
};

/// Which members of a version change; none: it keeps its value.
struct VersionUpdate {
    std::optional<std::string> name = {};  ///< a draft's only
    std::optional<std::string> description = {};
    std::optional<bool> is_default = {};  ///< a published version's only
};

/// The content of one draft, to be changed. What is put is seen at once by the draft's own reads,
/// and becomes one commit when the transaction ends. A call that fails changes nothing.
///
/// Lifetime:      the function that edit(), create_version() or write() runs.
/// Thread safety: bound
class Draft {
public:
    /// Creates the resource, or replaces the one of the same id (which may rename it) or the same
    /// name. What has neither a new name nor new content is left alone. A Definition or Parameter
    /// that is renamed keeps its referrers: its name is rewritten in them, that of a path parameter
    /// in their paths too. What breaks a rule of the domain without being malformed is stored with
    /// errors: see Reader::describe_resource().
    ///
    /// Errors:     resource_invalid, limit_exceeded, name_invalid, reference_not_found (it names a
    ///             Definition or Parameter that is not there), name_taken, id_taken (another
    ///             kind's), id_invalid (the resource of this name has another id); in this order.
    /// Complexity: O(log n), and at the commit a payload and about one node a level; for a
    ///             Definition or Parameter whose meaning or name changes, with its referrers.
    [[nodiscard]] Result<Resource> put(Kind kind, const Document& document);
    /// The same for the kinds whose documents may be any object, without a name in them.
    [[nodiscard]] Result<Resource> put(Kind kind, std::string_view name, const Document& document);
    [[nodiscard]] Result<Resource> put(const Action& action);
    [[nodiscard]] Result<Resource> put(const Definition& definition);
    [[nodiscard]] Result<Resource> put(const Trigger& trigger);
    [[nodiscard]] Result<Resource> put(const Parameter& parameter);
    /// Many at once, all or none: they may refer to one another, in circles too. Errors: also
    /// limit_exceeded, when they are more than Options::max_batch. The fields of an error about one
    /// of them are JSON Pointers into the list, as `/3` and `/3/name`; so with all that take many.
    [[nodiscard]] Result<std::vector<Resource>> put(Kind kind, std::span<const Document> documents);

    /// As put(), but of new resources only. Errors: also name_taken, when there is one of the name.
    [[nodiscard]] Result<Resource> create(Kind kind, const Document& document);
    [[nodiscard]] Result<std::vector<Resource>> create(Kind kind,
                                                       std::span<const Document> documents);
    /// Replaces the resource of this name; another name in the document renames it. Errors: as
    /// put(), and resource_not_found, id_invalid (the document has another id).
    [[nodiscard]] Result<Resource> replace(Kind kind, std::string_view name,
                                           const Document& document);

    /// Removes a resource. One that others refer to goes only by force; their references then
    /// dangle, and each of them has an error until that is mended.
    ///
    /// Errors:     resource_not_found, definition_referenced with the referrers.
    /// Complexity: O(log n), by force with the referrers.
    [[nodiscard]] Result<void> erase(Kind kind, std::string_view name, bool force = false);
    /// Many at once, all or none: those that refer to one another only may go together. Errors:
    /// also limit_exceeded. Before the referrers of definition_referenced stands the place in the
    /// list of what they refer to.
    [[nodiscard]] Result<void> erase(Kind kind, std::span<const std::string> names,
                                     bool force = false);

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
    Draft(engine::DraftContent* content, const Options* options) noexcept
        : content_(content), options_(options) {}
    engine::DraftContent* content_;
    const Options* options_;
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
    /// Errors: connection_has_versions, unless forced; version_in_use (Options::version_in_use).
    [[nodiscard]] Result<void> delete_connection(ConnectionId id, bool force = false);

    /// Gives a connection limits of history of its own, or (none) the store's again. They count
    /// from a version's next edit or publication on.
    ///
    /// Errors: option_invalid.
    [[nodiscard]] Result<void> set_history_limits(ConnectionId id,
                                                  const std::optional<HistoryLimits>& limits);

    /// Gives an organisation a quota, or (none) takes it away. An organisation needs no connection
    /// for that. What it has is counted once, when it gets its first quota, and by every change
    /// from then on. From then on, too, each call that would exceed the quota is refused with
    /// quota_exceeded: one that creates or clones a version, that commits a draft, merges, restores
    /// or imports. What a draft of draft() holds is counted when it is committed, and then refuses
    /// the whole write.
    ///
    /// Errors:     option_invalid (max_unique_bytes in a store of PayloadScope::store).
    /// Complexity: as Reader::usage().
    [[nodiscard]] Result<void> set_quota(OrganisationId organisation,
                                         const std::optional<Quota>& quota);

    /// Keeps an answer under a request id, for Options::keep_requests: that of a write which is to
    /// be done once. Store::write_once() does all of it.
    ///
    /// Errors: option_invalid (a request id has 1 to 255 bytes), limit_exceeded (an answer has at
    ///         most 1 MiB), id_taken (there is one).
    [[nodiscard]] Result<void> keep_request(std::string_view request, std::string_view answer);

    /// Creates a draft, empty or as a clone of `from_version`: all its resources, its own id and
    /// times.
    ///
    /// Errors:     name_invalid, name_reserved, text_invalid, name_taken, from_version_not_found,
    ///             commit_not_found; in this order.
    /// Complexity: O(1) in the resources and in the versions; four small records are written. Of an
    ///             older commit, O(commits since).
    [[nodiscard]] Result<ConnectionVersion> create_version(ConnectionId connection,
                                                           const NewVersion& version);
    /// Creates a draft, and runs `fill(draft)` on its content before it is there: one change, which
    /// answers the version with revision 1. If `fill` fails or throws, there is no such version.
    /// Within it, calls that would commit drafts are nested_write.
    ///
    /// Errors: as above, and then what `fill` answers.
    [[nodiscard]] Result<ConnectionVersion> create_version(
        ConnectionId connection, const NewVersion& version,
        const std::function<Result<void>(Draft&)>& fill);
    /// Errors: version_published (a new name), version_not_published (isDefault), name_invalid,
    ///         name_reserved, text_invalid, name_taken.
    [[nodiscard]] Result<ConnectionVersion> update_version(const VersionKey& version,
                                                           const VersionUpdate& update);
    /// Validates a draft and freezes it. Publishing a published version changes nothing.
    ///
    /// Errors:     version_invalid, with the findings that block it.
    /// Complexity: O(resources); what was validated when it was written is not read again.
    [[nodiscard]] Result<ConnectionVersion> publish(const VersionKey& version);
    /// Makes a draft of a published version again. Unpublishing a draft changes nothing.
    ///
    /// Errors: version_in_use (Options::version_in_use).
    [[nodiscard]] Result<ConnectionVersion> unpublish(const VersionKey& version);
    /// Fails with revision_mismatch unless the version's revision is the expected one: called
    /// first in a write, it makes the rest of it depend on what the caller has seen.
    [[nodiscard]] Result<void> expect_revision(const VersionKey& version,
                                               std::uint64_t revision) const;
    /// Errors: version_published, unless forced; version_in_use (Options::version_in_use).
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

    /// Merges a version into a draft of its connection: what either has changed since their newest
    /// common commit, and nothing where one of the conflicts is left open. What they changed alone
    /// is taken, what both changed is merged member by member. References follow the renames of
    /// both. Its commit has two parents, so that merging again does nothing.
    ///
    /// Errors:     version_published, no_common_commit (MergeOptions::allow_unrelated), text_invalid;
    ///             option_invalid (a version of another connection, a commit in `into`);
    ///             name_taken, name_invalid, resource_invalid (what a policy decides);
    ///             limit_exceeded (Options::document; or the pointers of the conflicts take more
    ///             than 64 MiB and 16 times the documents, as many below one long name do).
    ///             Conflicts are no error: they are in the report.
    /// Complexity: O(changes of both since their common commit x log n).
    [[nodiscard]] Result<MergeReport> merge(const VersionKey& into, const VersionKey& from,
                                            const MergeOptions& options = {});
    /// Takes resources of another version over into a draft, by their ids: they replace what the
    /// draft has under these. What they refer to they call as it is called in the draft.
    ///
    /// Errors: version_published, resource_not_found, and as Draft::put().
    [[nodiscard]] Result<ConnectionVersion> pick(const VersionKey& into, const VersionKey& from,
                                                 const Pick& pick);
    /// Gives a draft the content that it had at a commit of its log, as a new commit: resources
    /// with their ids, references as they were. Where nothing differs, nothing is done.
    ///
    /// Errors:     version_published, commit_not_found, text_invalid.
    /// Complexity: O(what differs x log n).
    [[nodiscard]] Result<ConnectionVersion> restore(const VersionKey& version, std::uint64_t commit,
                                                    const CommitNote& note = {});
    /// Takes the last change of a draft's resources back, by restore(): done twice, it gives the
    /// change again. A merge that changed nothing is passed by.
    ///
    /// Errors: as restore(); commit_not_found also where the draft has no change of its own, or
    ///         what was before it is not kept any more.
    [[nodiscard]] Result<ConnectionVersion> undo(const VersionKey& version,
                                                 const CommitNote& note = {});

    /// Keeps the commit that the version is at, or that of VersionKey::commit, for so long: for a
    /// job that reads for longer than a Snapshot should be held. Nothing else may then be assumed
    /// of the version. The connection's deletion ends the lease.
    ///
    /// Errors:     text_invalid (`owner`), option_invalid (`duration` is not positive, or longer
    ///             than max_lease_duration); in this order, after those of the version.
    /// Complexity: O(1); two small records are written.
    [[nodiscard]] Result<Lease> take_lease(const VersionKey& version,
                                           std::chrono::milliseconds duration,
                                           std::string_view owner);
    /// Makes a lease last for so long from now on, which may be less than before.
    ///
    /// Errors:     option_invalid; lease_not_found: it has been ended, or expired and then ended.
    /// Complexity: O(leases).
    [[nodiscard]] Result<Lease> renew_lease(LeaseId lease, std::chrono::milliseconds duration);
    /// Ends a lease before its time. Errors: lease_not_found. O(leases).
    [[nodiscard]] Result<void> end_lease(LeaseId lease);

private:
    friend class Store;
    explicit Transaction(engine::Writer* writer) noexcept;
    engine::Writer* writer_;
};

}  // namespace verso
