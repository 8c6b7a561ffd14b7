// Writing together: what all threads of the process want to write goes to the disk at once.
//
// A thread that finds nobody writing leads: it begins a storage transaction, runs its own change in
// it, and then those of the threads that wait, in the order in which they came. A change of a
// host's runs on the host's thread, which gets the transaction handed on and hands it on, and in a
// nested transaction; the library's own run on whichever thread has it, in the group's. One that
// fails leaves no trace and does not fail its neighbours. When nobody waits any more, or the group
// has taken members in for long enough, the leader commits, and that one commit is everybody's.
//
// A change that is submitted has no thread of its own that waits: it runs on whichever has the
// transaction, and where it is to lead, a thread of the group commit's own does that for it.
#pragma once

#include "storage/storage.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace verso::engine {

/// Thread safety: safe
class GroupCommit {
public:
    using Change = std::function<void(storage::WriteTransaction&)>;

    /// What one commit of a group was.
    struct Facts {
        std::uint64_t changes = 0;
        std::chrono::nanoseconds running{};
        std::chrono::nanoseconds storing{};
    };
    /// Told of each group while the writing turn is still held: what its commit was; none: all
    /// that ran is undone. What it answers, if anything, is run when the turn has been passed on.
    using Told = std::function<std::function<void()>(const std::optional<Facts>&)>;

    /// `told`: none: nothing is measured. `longest`: for how long a group takes members in, so that
    /// the first of them do not wait for ever.
    explicit GroupCommit(storage::Storage& storage, Told told = {},
                         std::chrono::milliseconds longest = std::chrono::milliseconds{5})
        : storage_(storage), told_(std::move(told)), longest_(longest) {}
    ~GroupCommit() { stop(); }
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    enum class Origin : std::uint8_t {
        /// Runs on its own thread, which gets the transaction handed on and hands it on, and in a
        /// nested one, whatever it does.
        host,
        /// Runs on whichever thread has the transaction, and in that itself, which is cheaper: it
        /// does not fail once it has changed something. Should it do so all the same, the others
        /// run again.
        library,
        /// Runs on whichever thread has the transaction, in a nested one: nobody waits for it.
        submitted,
    };

    /// Runs change(transaction) and makes what it did durable, unless it throws, which then undoes
    /// it. It runs once more, in a transaction of its own, where the storage could not take it
    /// together with others.
    ///
    /// Errors: what `change` throws; nested_write, from within a change; store_full, disk_full,
    ///         io_failed, store_forked.
    void run(const Change& change, Origin origin);

    /// Told once of what was submitted, on some thread: null, or what run() would have thrown.
    using Done = std::function<void(const std::exception_ptr&)>;
    /// The same without waiting, in the order of the calls. `done` must not throw.
    ///
    /// Errors: store_forked; io_failed (no thread can be had).
    void submit(Change change, Done done);

    /// How many changes wait for their turn.
    [[nodiscard]] std::size_t waiting();

    /// Waits for what was submitted. Nothing may be run or submitted any more.
    void stop();

private:
    enum class State : std::uint8_t {
        waiting,
        leading,
        holding,  ///< The group's transaction, to run its change in; the leader: to commit it.
        settled,  ///< Its change is durable, or failed with the group's commit.
    };
    /// A thread with its change, for as long as it is in run().
    struct Member : boost::intrusive::list_base_hook<> {
        Member(const Change& its_change, Origin its_origin)
            : change(its_change), origin(its_origin) {}

        const Change& change;
        Origin origin;
        State state = State::waiting;
        bool is_alone = false;            ///< Has a group for itself.
        std::exception_ptr failure = {};  ///< Of its change, or of the group's commit.
        std::condition_variable woken = {};
    };
    using Members = boost::intrusive::list<Member>;
    struct Submitted : Member {
        Submitted(Change its_change, Done is_done)
            : Member(owned, Origin::submitted),
              owned(std::move(its_change)),
              done(std::move(is_done)) {}

        Change owned;
        Done done;
    };
    /// Whose changes one commit makes durable.
    struct Group {
        Member& leader;
        storage::WriteTransaction& transaction;
        std::chrono::steady_clock::time_point begun;
        std::chrono::steady_clock::time_point closes;
        std::chrono::steady_clock::time_point filled{};
        Members members = {};    ///< Those whose changes are done, but for the leader.
        bool is_closed = false;  ///< Takes no more members.
        bool is_spoilt = false;  ///< Has something in it of a change that failed.
    };
    /// The thread that leads for what was submitted.
    struct Server {
        std::thread thread = {};
        std::int64_t process = 0;  ///< That the thread is in.
        std::condition_variable woken = {};
    };
    using Lock = std::unique_lock<std::mutex>;

    /// What the thread of its own does.
    void serve();
    /// Leads for what was submitted, if that is to lead. Answers whether it still exists then: what
    /// was submitted may have held the store's last handle.
    [[nodiscard]] bool serve_next(Lock& lock);
    [[nodiscard]] std::unique_ptr<Server> start_server();
    /// Tells of what was submitted, without the lock.
    static void tell(Members finished);
    void lead(Lock& lock, Member& self);
    /// Lets those who wait join, one after the other, until the transaction comes back.
    void fill(Lock& lock, Group& group);
    /// Runs the changes of those who wait, up to a host's: hands the transaction on to that one, or
    /// back to the leader.
    void pass_on(Lock& lock);
    /// Runs a member's change in the group's transaction.
    void join(Lock& lock, Member& member);
    [[nodiscard]] std::exception_ptr change(Lock& lock, Group& group, const Member& member);
    [[nodiscard]] bool takes_more(const Group& group) const;
    /// Makes the first who waits the leader, if anybody does.
    void pass_lead();
    /// Runs work() without the lock, as the thread that is changing the store; answers what it
    /// throws.
    template <class Work>
    [[nodiscard]] std::exception_ptr attempt(Lock& lock, const Work& work);
    /// Lets the group's members, its leader first, begin again, each in a group for itself.
    void separate(Group& group);
    /// Answers what is to be run once the turn has been passed on.
    [[nodiscard]] std::function<void()> tell(const Group& group, bool is_stored) const;
    void settle(Group& group, const std::exception_ptr& failure);
    void wake(Member& member, State state);

    storage::Storage& storage_;
    Told told_;
    std::chrono::milliseconds longest_;
    std::mutex mutex_;
    Members waiting_;
    bool is_led_ = false;             ///< If not, nobody waits.
    Group* group_ = nullptr;          ///< Whose transaction goes from hand to hand.
    Members finished_;                ///< Submitted, and to be told of.
    std::thread::id runs_change_;     ///< The thread that would wait for itself.
    std::unique_ptr<Server> server_;  ///< From the first submit() on.
    Member* to_lead_ = nullptr;       ///< Submitted, and the server's to lead for.
    bool stops_ = false;
    std::shared_ptr<bool> is_gone_ = std::make_shared<bool>(false);
};

}  // namespace verso::engine
