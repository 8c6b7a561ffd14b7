#include "engine/store_state.hpp"

#include "engine/writer.hpp"

#include <exception>
#include <span>
#include <utility>

namespace verso::engine {

StoreState::StoreState(std::filesystem::path path, Options options,
                       std::unique_ptr<storage::Storage> storage)
    : path_(std::move(path)),
      options_(std::move(options)),
      storage_(std::move(storage)),
      watch_(options_.observer ? std::make_unique<Watch>(options_, *storage_) : nullptr),
      writing_(*storage_, told()),
      ids_(options_.clock, options_.random),
      secret_(initialise()),
      rank_(secret_) {
    if (watch_) watch_->log("opened the store " + path_.string());
}

StoreState::~StoreState() {
    writing_.stop();
    storage_.reset();
}

GroupCommit::Told StoreState::told() {
    if (!watch_) return {};
    return [this](const std::optional<GroupCommit::Facts>& facts) -> std::function<void()> {
        const Collected dropped = std::exchange(dropped_, {});
        if (!facts) return {};
        return watch_->tell(*facts, dropped);
    };
}

void StoreState::own(std::unique_ptr<const storage::TemporaryFiles> files) noexcept {
    files_ = std::move(files);
}

tree::Secret StoreState::initialise() {
    using storage::Table;
    if (const auto reading = storage_->begin_read();
        const auto found = reading->find(Table::records, key::store()))
        return StoreRecord::decode(*found).secret;
    const auto writing = storage_->begin_write({});
    if (const auto found = writing->find(Table::records, key::store()))
        return StoreRecord::decode(*found).secret;  // another process was faster
    StoreRecord record{.payload_scope = options_.payload_scope};
    options_.random(std::as_writable_bytes(std::span(record.secret)));
    writing->put(Table::records, key::store(), record.encode());
    writing->commit();
    return record.secret;
}

void StoreState::write(const std::function<void(Writer&)>& change, GroupCommit::Origin origin) {
    writing_.run([&](storage::WriteTransaction& transaction) { this->change(transaction, change); },
                 origin);
}

void StoreState::submit(std::function<void(Writer&)> change, GroupCommit::Done done) {
    writing_.submit(
        [this, change = std::move(change)](storage::WriteTransaction& transaction) {
            this->change(transaction, change);
        },
        std::move(done));
}

void StoreState::change(storage::WriteTransaction& transaction,
                        const std::function<void(Writer&)>& change) {
    Writer writer(transaction, {options_, ids_, rank_});
    change(writer);
    writer.finish();
    dropped_ += writer.collected();
}

}  // namespace verso::engine

namespace verso {

namespace {

/// Runs a write, and answers the error that it throws; what is none is thrown on.
template <class Write>
Result<void> answer_of(const Write& write) {
    try {
        write();
        return {};
    } catch (Failure& failure) {
        return std::move(failure.error);
    } catch (const BadResult& bad) {  // thrown by value() within the change
        return bad.error();
    }
}

}  // namespace

// The handle

const std::filesystem::path& Store::path() const noexcept { return state_->path(); }

Result<Snapshot> Store::snapshot() const {
    return guarded([&] { return Snapshot(std::make_unique<engine::SnapshotState>(state_)); });
}

const Options& Store::options() const noexcept { return state_->options(); }

Store::Thread Store::asking_thread() const noexcept {
    return state_->options().version_in_use ? Thread::own : Thread::any;
}

Result<void> Store::run(Thread thread, const std::function<Result<void>(Transaction&)>& change) {
    using engine::GroupCommit;
    return answer_of([&] {
        state_->write(
            [&](engine::Writer& writer) {
                Transaction transaction(&writer);
                must(change(transaction));
            },
            thread == Thread::any ? GroupCommit::Origin::library : GroupCommit::Origin::host);
    });
}

void Store::run_later(std::function<Result<void>(Transaction&)> change, Answered answered) {
    const auto with_transaction = [change = std::move(change)](engine::Writer& writer) {
        Transaction transaction(&writer);
        must(change(transaction));
    };
    const auto done = [answered = std::move(answered)](const std::exception_ptr& failure) {
        Result<void> answer;
        std::exception_ptr thrown;
        try {
            answer = answer_of([&] {
                if (failure) std::rethrow_exception(failure);
            });
        } catch (...) {
            thrown = std::current_exception();
        }
        answered(answer, thrown);
    };
    try {
        state_->submit(with_transaction, done);
    } catch (...) {
        done(std::current_exception());
    }
}

Result<OnceAnswer> Store::write_once(
    std::string_view request, const std::function<Result<std::string>(Transaction&)>& change) {
    return write([&](Transaction& transaction) -> Result<OnceAnswer> {
        if (auto done = transaction.find_request(request).value())
            return OnceAnswer{std::move(*done), true};
        OnceAnswer fresh{change(transaction).value()};
        if (const auto kept = transaction.keep_request(request, fresh.answer); !kept)
            return kept.error();
        return fresh;
    });
}

Result<Connection> Store::create_connection(OrganisationId organisation,
                                            const NewConnection& connection) {
    return write_on(Thread::any, [&](Transaction& transaction) {
        return transaction.create_connection(organisation, connection);
    });
}

Result<Connection> Store::update_connection(ConnectionId id, std::string name,
                                            Document properties) {
    return write_on(Thread::any, [&](Transaction& transaction) {
        return transaction.update_connection(id, name, properties);
    });
}

Result<void> Store::delete_connection(ConnectionId id, bool force) {
    return write_on(asking_thread(), [&](Transaction& transaction) {
        return transaction.delete_connection(id, force);
    });
}

Result<void> Store::set_history_limits(ConnectionId id,
                                       const std::optional<HistoryLimits>& limits) {
    return write_on(Thread::any, [&](Transaction& transaction) {
        return transaction.set_history_limits(id, limits);
    });
}

Result<void> Store::set_quota(OrganisationId organisation, const std::optional<Quota>& quota) {
    return write_on(Thread::any, [&](Transaction& transaction) {
        return transaction.set_quota(organisation, quota);
    });
}

Result<Lease> Store::take_lease(const VersionKey& version, std::chrono::milliseconds duration,
                                std::string_view owner) {
    return write_on(Thread::any, [&](Transaction& transaction) {
        return transaction.take_lease(version, duration, owner);
    });
}

Result<Lease> Store::renew_lease(LeaseId lease, std::chrono::milliseconds duration) {
    return write_on(Thread::any, [&](Transaction& transaction) {
        return transaction.renew_lease(lease, duration);
    });
}

Result<void> Store::end_lease(LeaseId lease) {
    return write_on(Thread::any,
                    [&](Transaction& transaction) { return transaction.end_lease(lease); });
}

Result<ConnectionVersion> Store::create_version(ConnectionId connection,
                                                const NewVersion& version) {
    return write_on(Thread::any, [&](Transaction& transaction) {
        return transaction.create_version(connection, version);
    });
}

Result<ConnectionVersion> Store::update_version(const VersionKey& version,
                                                const VersionUpdate& update) {
    return write_on(Thread::any, [&](Transaction& transaction) {
        return transaction.update_version(version, update);
    });
}

Result<ConnectionVersion> Store::publish(const VersionKey& version) {
    return write_on(Thread::any,
                    [&](Transaction& transaction) { return transaction.publish(version); });
}

Result<ConnectionVersion> Store::unpublish(const VersionKey& version) {
    return write_on(asking_thread(),
                    [&](Transaction& transaction) { return transaction.unpublish(version); });
}

Result<void> Store::delete_version(const VersionKey& version, bool force) {
    return write_on(asking_thread(), [&](Transaction& transaction) {
        return transaction.delete_version(version, force);
    });
}

Result<ConnectionVersion> Store::edit(const VersionKey& version,
                                      const std::function<Result<void>(Draft&)>& change) {
    return write([&](Transaction& transaction) { return transaction.edit(version, change); });
}

template <class Change>
auto Store::change_draft(const VersionKey& version, const CommitNote& note, const Change& change)
    -> std::invoke_result_t<const Change&, Draft&> {
    using Answer = std::invoke_result_t<const Change&, Draft&>;
    return write_on(Thread::any, [&](Transaction& transaction) -> Answer {
        std::optional<Answer> answer;
        const auto edited = transaction.edit(version, [&](Draft& draft) -> Result<void> {
            if (auto annotated = draft.annotate(note); !annotated) return annotated;
            answer.emplace(change(draft));
            if (!*answer) return answer->error();
            return {};
        });
        if (!edited) return edited.error();
        return std::move(*answer);
    });
}

Result<Resource> Store::put(const VersionKey& version, Kind kind, const Document& document,
                            const CommitNote& note) {
    return change_draft(version, note, [&](Draft& draft) { return draft.put(kind, document); });
}

Result<Resource> Store::put(const VersionKey& version, Kind kind, std::string_view name,
                            const Document& document, const CommitNote& note) {
    return change_draft(version, note,
                        [&](Draft& draft) { return draft.put(kind, name, document); });
}

Result<void> Store::erase(const VersionKey& version, Kind kind, std::string_view name, bool force,
                          const CommitNote& note) {
    return change_draft(version, note,
                        [&](Draft& draft) { return draft.erase(kind, name, force); });
}

Result<MergeReport> Store::merge(const VersionKey& into, const VersionKey& from,
                                 const MergeOptions& options) {
    return write([&](Transaction& transaction) { return transaction.merge(into, from, options); });
}

Result<ConnectionVersion> Store::pick(const VersionKey& into, const VersionKey& from,
                                      const Pick& pick) {
    return write_on(Thread::any,
                    [&](Transaction& transaction) { return transaction.pick(into, from, pick); });
}

Result<ConnectionVersion> Store::restore(const VersionKey& version, std::uint64_t commit,
                                         const CommitNote& note) {
    return write_on(Thread::any, [&](Transaction& transaction) {
        return transaction.restore(version, commit, note);
    });
}

Result<ConnectionVersion> Store::undo(const VersionKey& version, const CommitNote& note) {
    return write_on(Thread::any,
                    [&](Transaction& transaction) { return transaction.undo(version, note); });
}

// Snapshots

Snapshot::Snapshot(std::unique_ptr<engine::SnapshotState> state) noexcept
    : Reader(&state->view), state_(std::move(state)) {}
Snapshot::Snapshot(Snapshot&&) noexcept = default;
Snapshot& Snapshot::operator=(Snapshot&&) noexcept = default;
Snapshot::~Snapshot() = default;

}  // namespace verso
