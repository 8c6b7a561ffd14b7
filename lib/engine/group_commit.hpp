// Writing together: what all threads of the process want to write goes to the disk at once.
//
// A thread that finds nobody writing leads: it begins a storage transaction, runs its own change in
// it, and then those of the threads that wait, in the order in which they came. A change of a
// host's runs on the host's thread, which gets the transaction handed on and hands it on, and in a
// nested transaction; the library's own run on whichever thread has it, in the group's. One that
// fails leaves no trace and does not fail its neighbours. When nobody waits any more, or the group
// has taken members in for long enough, the leader commits, and that one commit is everybody's.
#pragma once

#include "storage/storage.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
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
    /// Told of each commit while the writing turn is still held; what it answers is run when the
    /// turn has been passed on.
    using Told = std::function<std::function<void()>(const Facts&)>;

    /// `told`: none: nothing is measured.
    explicit GroupCommit(storage::Storage& storage, Told told = {})
        : storage_(storage), told_(std::move(told)) {}
    ~GroupCommit() = default;
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
    };

    /// Runs change(transaction) and makes what it did durable, unless it throws, which then undoes
    /// it. It runs once more, in a transaction of its own, where the storage could not take it
    /// together with others.
    ///
    /// Errors: what `change` throws; nested_write, from within a change; store_full, disk_full,
    ///         io_failed, store_forked.
    void run(const Change& change, Origin origin);

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
    using Lock = std::unique_lock<std::mutex>;

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
    [[nodiscard]] std::function<void()> tell(const Group& group) const;
    void settle(Group& group, const std::exception_ptr& failure);
    static void wake(Member& member, State state);

    storage::Storage& storage_;
    Told told_;
    std::mutex mutex_;
    Members waiting_;
    bool is_led_ = false;          ///< If not, nobody waits.
    Group* group_ = nullptr;       ///< Whose transaction goes from hand to hand.
    std::thread::id runs_change_;  ///< The thread that would wait for itself.
};

}  // namespace verso::engine
