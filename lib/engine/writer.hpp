// The engine's side of a write: every operation of a Transaction, on the records of one storage
// transaction. Each one checks all before it changes anything, so that one that fails leaves no
// trace of its own.
#pragma once

#include <verso/merge.hpp>
#include <verso/options.hpp>
#include <verso/transaction.hpp>

#include "domain/uuid_v7.hpp"
#include "engine/collect.hpp"
#include "engine/draft_content.hpp"
#include "engine/quotas.hpp"
#include "engine/records.hpp"
#include "engine/view.hpp"
#include "storage/storage.hpp"
#include "tree/rank.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace verso::engine {

/// What a writer uses of its store, for as long as it has the store's one writing turn.
struct WriterTools {
    const Options& options;
    IdSource& ids;
    const tree::Rank& rank;
};

/// Thread safety: bound. Failures are thrown.
class Writer {
public:
    Writer(storage::WriteTransaction& transaction, const WriterTools& tools)
        : transaction_(transaction),
          tools_(tools),
          view_(transaction),
          changes_before_(transaction.changes()),
          clock_now_(tools.options.clock()) {}

    [[nodiscard]] View& view() noexcept { return view_; }
    /// What an import of history writes with, which makes records and commits of its own.
    struct Parts {
        storage::WriteTransaction& transaction;
        const WriterTools& tools;
        StoreRecord& store;
        Timestamp now;
    };
    [[nodiscard]] Parts parts() { return {transaction_, tools_, store(), clock_now_}; }
    [[nodiscard]] const Options& options() const noexcept { return tools_.options; }

    Connection create_connection(OrganisationId organisation, const NewConnection& connection);
    Connection update_connection(ConnectionId id, std::string name, const Document& properties);
    void delete_connection(ConnectionId id, bool force);

    /// None: the store's again.
    void set_history_limits(ConnectionId id, const std::optional<HistoryLimits>& limits);
    /// None: it has none any more. Fails with option_invalid.
    void set_quota(OrganisationId organisation, const std::optional<Quota>& quota);

    ConnectionVersion create_version(ConnectionId connection, const NewVersion& version);
    /// The same with content that `fill` gives it, all of that one change.
    ConnectionVersion create_version(ConnectionId connection, const NewVersion& version,
                                     const std::function<void(DraftContent&)>& fill);
    ConnectionVersion update_version(const VersionKey& key, const VersionUpdate& update);
    ConnectionVersion publish(const VersionKey& key);
    ConnectionVersion unpublish(const VersionKey& key);
    void delete_version(const VersionKey& key, bool force);
    MergeReport merge(const VersionKey& into, const VersionKey& from, const MergeOptions& options);
    ConnectionVersion pick(const VersionKey& into, const VersionKey& from, const Pick& pick);

    DraftContent& draft(const VersionKey& key);
    /// Makes a draft's content that of a commit of its history. Fails with commit_not_found.
    ConnectionVersion restore(const VersionKey& key, CommitId commit, const CommitNote& note);
    /// The same of the commit before its head.
    ConnectionVersion undo(const VersionKey& key, const CommitNote& note);
    /// Runs `change` on a draft's content and commits it; if that throws, the draft holds what it
    /// held before.
    ConnectionVersion edit(const VersionKey& key, const std::function<void(DraftContent&)>& change);

    Lease take_lease(const VersionKey& key, std::chrono::milliseconds duration,
                     std::string_view owner);
    /// Fails with lease_not_found, as end_lease() does.
    Lease renew_lease(LeaseId id, std::chrono::milliseconds duration);
    void end_lease(LeaseId id);

    /// Fails with option_invalid, limit_exceeded, and id_taken where an answer is kept already.
    void keep_request(std::string_view request, std::string_view answer);

    /// Commits what the drafts hold. Fails with nested_write within edit(), which could not be
    /// undone after it.
    void flush();
    /// Writes all that is left to be written, before the transaction's own commit.
    void finish();
    /// Drops what nobody needs any more, in about so many changes of the store, so that finish()
    /// drops nothing, and forgets so many requests whose time is over. Answers whether any are
    /// left.
    bool collect(std::uint64_t max_changes);
    /// What has gone.
    [[nodiscard]] const Collected& collected() const noexcept { return collected_; }

private:
    /// A version with the connection that it is in, as a change of it reads and stores them.
    struct Subject {
        ConnectionId connection;
        ConnectionState state;
        VersionRecord version;
    };
    [[nodiscard]] Subject subject(const VersionKey& key);
    /// A version to be created, of which nothing is stored yet; a clone has its source's head.
    [[nodiscard]] Subject new_version(ConnectionId connection, const NewVersion& version);
    /// Holds the head of a clone's source, or gives a version without one its first commit.
    void begin_line(Subject& made);
    /// Stores both, their updatedAt and the version's revision moved on.
    void save_changed(Subject& subject);
    void rename(Subject& subject, const std::string& name);
    void remove_version(Subject& subject);
    /// If it is the chosen default, there is none any more.
    static void forget_choice(Subject& subject);
    /// Asks the host. Fails with version_in_use.
    void check_not_in_use(ConnectionId connection, const ConnectionVersion& version) const;
    [[nodiscard]] Timestamp now(const ConnectionState& state) const;

    void flush(DraftContent& draft);
    /// Runs `change` on a draft, whose note is the change's then, and answers the note that it had.
    /// If it throws, or the organisation may not have so much, and `beside` it, the draft holds
    /// what it held before.
    [[nodiscard]] CommitNote change_draft(DraftContent& draft,
                                          const std::function<void(DraftContent&)>& change,
                                          const UsageChange& beside = {});
    /// Fails with quota_exceeded.
    void check_quota_of(const DraftContent& draft, const UsageChange& beside);
    [[nodiscard]] std::int64_t new_bytes(const DraftContent& draft);
    /// What the version takes of its organisation's quota; nothing, if that has none.
    [[nodiscard]] UsageChange usage_of(ConnectionId connection, const VersionRecord& version);
    /// Counts for the connection's organisation, if it has a quota. Fails with quota_exceeded.
    void count(ConnectionId connection, const UsageChange& change);
    /// Counts bytes of documents for the organisation in whose scope they are indexed.
    void count_bytes(const Uuid& scope, std::int64_t bytes);
    /// Makes what the draft holds the version's new head, with what was merged into it; its records
    /// are the caller's to save.
    void commit(Subject& changed, DraftContent& draft, std::vector<MergedLine> merged = {});
    [[nodiscard]] tree::Root write_content(const DraftContent& draft, CommitId commit);
    /// Where a connection's payloads are indexed: its organisation, or nil for the whole store.
    [[nodiscard]] Uuid payload_scope(ConnectionId connection);
    /// Makes a commit the head of a version, which must have a head or be new.
    void append_commit(VersionRecord& version, CommitRecord commit, CommitId id);
    void put_commit(CommitId id, const CommitRecord& record);
    /// The limits of a connection's history: its own, or the store's.
    [[nodiscard]] HistoryLimits history_limits(ConnectionId connection);
    /// Lets go of a draft's history what its limits do not keep, now that it has a new head.
    void keep_history(VersionRecord& version, const CommitRecord& head);
    /// Lets go of a version's oldest commits until it has `most` of its own, or just those that are
    /// not older than `oldest`. 0: any number.
    void let_go(VersionRecord& version, std::uint64_t most, Timestamp oldest);
    /// When a lease ends that is to last so long. Fails with option_invalid.
    [[nodiscard]] Timestamp end_of(std::chrono::milliseconds duration) const;
    void end(const Lease& lease);
    /// Ends leases whose time is over, and forgets so many such requests. Answers whether it was
    /// all.
    [[nodiscard]] bool forget_expired(std::size_t most_requests);
    /// Drops with a few more changes than the write has made, which are no fewer than it will take
    /// to drop what it has added: so what waits to be dropped does not grow.
    void collect_a_little();
    bool collect(std::uint64_t max_changes, Collector::OnDamage on_damage);

    void check_connection_name_free(OrganisationId organisation, const std::string& name);
    void check_version_name_free(ConnectionId connection, const std::string& name);

    void put(std::string_view key, std::string_view value);
    void erase(std::string_view key);
    [[nodiscard]] StoreRecord& store();

    storage::WriteTransaction& transaction_;
    WriterTools tools_;
    View view_;
    std::uint64_t changes_before_;      ///< of the transaction, the writer's own
    Timestamp clock_now_;               ///< not before 1970, which keys could not sort
    std::optional<StoreRecord> store_;  ///< read when the first id is needed, written at the end
    std::map<VersionId, std::unique_ptr<DraftContent>> drafts_;
    bool editing_ = false;
    bool is_collecting_ = false;  ///< It has been asked to.
    Collected collected_;
};

}  // namespace verso::engine
