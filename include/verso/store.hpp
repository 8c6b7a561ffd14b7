// A store: one file that keeps connections, their versions, and what the versions hold.
#pragma once

#include <verso/observer.hpp>
#include <verso/options.hpp>
#include <verso/snapshot.hpp>
#include <verso/transaction.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace verso {

namespace engine {
class StoreState;
struct StoreAccess;
}  // namespace engine

/// What a write answered that is done once.
struct OnceAnswer {
    std::string answer;
    bool is_repeated = false;  ///< It had been done before.
};

/// An open store. Copies of the handle share it; it closes when the last handle and snapshot are
/// gone. One process opens a store once; several processes may have it open.
///
/// Every write is atomic. The single calls are writes of one thing: their errors are the
/// Transaction's.
///
/// Durability:    as Options::durability says, when the call returns.
/// Thread safety: safe
class Store {
public:
    /// Opens the store at `path`, a file (LMDB's lock file lies beside it), or creates it.
    ///
    /// Errors: store_not_found, store_invalid, format_unsupported, store_open_already,
    ///         permission_denied, file_system_unsupported, disk_full, corrupt, io_failed.
    [[nodiscard]] static Result<Store> open(const std::filesystem::path& path,
                                            const Options& options = {});

    /// Creates a store in the system's folder for temporary files, which goes away with the last
    /// handle. It is a real one, but for Options::durability, which is none: what a host's unit
    /// test works on.
    [[nodiscard]] static Result<Store> temporary(Options options = {});

    /// Absolute, as the process may go to another folder.
    [[nodiscard]] const std::filesystem::path& path() const noexcept;
    /// As it was opened with, what was left to the library filled in.
    [[nodiscard]] const Options& options() const noexcept;

    /// This moment, to be read. O(1). Errors: readers_full, store_forked.
    [[nodiscard]] Result<Snapshot> snapshot() const;

    /// Runs `change(transaction)`, which answers a Result, and makes what it did visible and
    /// durable at once. When it answers an error, or takes value() of one, the store is as it was.
    /// It waits for the writers before it; what several threads write goes to the disk together.
    ///
    /// `change` runs on the caller's thread, perhaps more than once, so it must be repeatable, and
    /// must not use the store but through its transaction, nor wait for another thread that writes.
    /// Errors: what `change` answers; nested_write; store_full, disk_full, io_failed; store_invalid,
    ///         where the file or its lock file was removed, moved or replaced meanwhile.
    template <class Change>
        requires std::is_invocable_v<Change&, Transaction&>
    [[nodiscard]] auto write(Change&& change) -> std::invoke_result_t<Change&, Transaction&> {
        return write_on(Thread::own, std::forward<Change>(change));
    }

    /// The same without waiting, for a thread that has more to do, or much to write: what it
    /// submits goes to the disk together. The future has the answer once the change is durable, or
    /// throws what `change` threw; one that is let go alters nothing. Changes run in the order in
    /// which a thread submits them.
    ///
    /// `change`, and Options::version_in_use with it, runs on another thread: one that writes then,
    /// or one of the store's own. It owns what it uses until then. The last handle waits for what
    /// was submitted. Errors: as write(); io_failed (no thread can be had).
    template <class Change>
        requires std::is_invocable_v<Change&, Transaction&>
    [[nodiscard]] auto submit(Change change)
        -> std::future<std::invoke_result_t<Change&, Transaction&>> {
        using Answer = std::invoke_result_t<Change&, Transaction&>;
        struct Task {
            Change change;
            std::promise<Answer> promise = {};
            std::optional<Answer> answer = {};
        };
        const auto task = std::make_shared<Task>(Task{std::move(change)});
        auto future = task->promise.get_future();
        run_later(
            [task](Transaction& transaction) -> Result<void> {
                task->answer.emplace(task->change(transaction));
                if (!*task->answer) return task->answer->error();
                return {};
            },
            [task](const Result<void>& done, const std::exception_ptr& thrown) {
                if (thrown) return task->promise.set_exception(thrown);
                try {
                    if (!done) task->answer.emplace(done.error());
                } catch (...) {  // there is no memory for the error
                    return task->promise.set_exception(std::current_exception());
                }
                task->promise.set_value(std::move(*task->answer));
            });
        return future;
    }

    /// A write that is done once, however often it is asked for: where one with this request id has
    /// been done, nothing is, and its answer is given again. So a caller who does not know whether
    /// a write got through, since a process or a network failed after it, asks again.
    ///
    /// `change` runs as that of write() and answers what is to be kept, such as ids. One that fails
    /// is not remembered. Request ids are the callers' own and of the whole store: a UUID, or
    /// with a prefix for each of its users. Answers are kept for Options::keep_requests.
    ///
    /// Errors: as write(); option_invalid, limit_exceeded (Transaction::keep_request()).
    [[nodiscard]] Result<OnceAnswer> write_once(
        std::string_view request, const std::function<Result<std::string>(Transaction&)>& change);

    [[nodiscard]] Result<Connection> create_connection(OrganisationId organisation,
                                                       const NewConnection& connection);
    [[nodiscard]] Result<Connection> update_connection(ConnectionId id, std::string name,
                                                       Document properties);
    [[nodiscard]] Result<void> delete_connection(ConnectionId id, bool force = false);

    [[nodiscard]] Result<void> set_history_limits(ConnectionId id,
                                                  const std::optional<HistoryLimits>& limits);

    [[nodiscard]] Result<void> set_quota(OrganisationId organisation,
                                         const std::optional<Quota>& quota);

    [[nodiscard]] Result<ConnectionVersion> create_version(ConnectionId connection,
                                                           const NewVersion& version);
    [[nodiscard]] Result<ConnectionVersion> update_version(const VersionKey& version,
                                                           const VersionUpdate& update);
    [[nodiscard]] Result<ConnectionVersion> publish(const VersionKey& version);
    [[nodiscard]] Result<ConnectionVersion> unpublish(const VersionKey& version);
    [[nodiscard]] Result<void> delete_version(const VersionKey& version, bool force = false);

    /// Runs `change(draft)` on a draft's content: one commit. Answers the version after it. As
    /// write().
    [[nodiscard]] Result<ConnectionVersion> edit(const VersionKey& version,
                                                 const std::function<Result<void>(Draft&)>& change);

    /// One resource put into a draft, or erased from it: one commit. Errors: as those of Draft, and
    /// of Transaction::edit(). Of many threads that write, these calls wait the least for one
    /// another.
    [[nodiscard]] Result<Resource> put(const VersionKey& version, Kind kind,
                                       const Document& document, const CommitNote& note = {});
    [[nodiscard]] Result<Resource> put(const VersionKey& version, Kind kind, std::string_view name,
                                       const Document& document, const CommitNote& note = {});
    [[nodiscard]] Result<void> erase(const VersionKey& version, Kind kind, std::string_view name,
                                     bool force = false, const CommitNote& note = {});

    [[nodiscard]] Result<MergeReport> merge(const VersionKey& into, const VersionKey& from,
                                            const MergeOptions& options = {});
    [[nodiscard]] Result<ConnectionVersion> pick(const VersionKey& into, const VersionKey& from,
                                                 const Pick& pick);
    [[nodiscard]] Result<ConnectionVersion> restore(const VersionKey& version, std::uint64_t commit,
                                                    const CommitNote& note = {});
    [[nodiscard]] Result<ConnectionVersion> undo(const VersionKey& version,
                                                 const CommitNote& note = {});

    [[nodiscard]] Result<Lease> take_lease(const VersionKey& version,
                                           std::chrono::milliseconds duration,
                                           std::string_view owner);
    [[nodiscard]] Result<Lease> renew_lease(LeaseId lease, std::chrono::milliseconds duration);
    [[nodiscard]] Result<void> end_lease(LeaseId lease);

private:
    friend struct engine::StoreAccess;
    explicit Store(std::shared_ptr<engine::StoreState> state) noexcept : state_(std::move(state)) {}

    /// On which thread a change may run: any, where it calls nothing of the host's that says more.
    enum class Thread : std::uint8_t { own, any };

    template <class Change>
    [[nodiscard]] auto write_on(Thread thread, Change&& change)
        -> std::invoke_result_t<Change&, Transaction&> {
        using Answer = std::invoke_result_t<Change&, Transaction&>;
        std::optional<Answer> answer;
        auto done = run(thread, [&](Transaction& transaction) -> Result<void> {
            answer.emplace(change(transaction));
            if (!*answer) return answer->error();
            return {};
        });
        if (!done) return done.error();
        return std::move(*answer);
    }
    [[nodiscard]] Result<void> run(Thread thread,
                                   const std::function<Result<void>(Transaction&)>& change);
    /// Told of a change: its answer, or what it threw.
    using Answered = std::function<void(const Result<void>&, const std::exception_ptr&)>;
    void run_later(std::function<Result<void>(Transaction&)> change, Answered answered);
    /// Runs `change(draft)` on any thread, and answers what it answers.
    template <class Change>
    [[nodiscard]] auto change_draft(const VersionKey& version, const CommitNote& note,
                                    const Change& change)
        -> std::invoke_result_t<const Change&, Draft&>;
    /// Of calls that may ask Options::version_in_use, which is to run on the caller's thread.
    [[nodiscard]] Thread asking_thread() const noexcept;

    std::shared_ptr<engine::StoreState> state_;
};

}  // namespace verso
