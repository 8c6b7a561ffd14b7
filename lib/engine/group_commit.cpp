#include "engine/group_commit.hpp"

#include "domain/failure.hpp"

#include <signal.h>
#include <unistd.h>

#include <new>
#include <system_error>
#include <utility>

namespace verso::engine {

namespace {

using Clock = std::chrono::steady_clock;

/// Takes no signal on this thread, nor on those that it starts, while it lives.
class WithoutSignals {
public:
    WithoutSignals() noexcept {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    WithoutSignals(const WithoutSignals&) = delete;
    WithoutSignals& operator=(const WithoutSignals&) = delete;

private:
    sigset_t before_;
};

/// A failure that may be shared by threads, as each of them may have it; where there is no memory
/// for it, that.
std::exception_ptr copy_of(const std::exception_ptr& failure) noexcept {
    if (!failure) return nullptr;
    try {
        try {
            std::rethrow_exception(failure);
        } catch (const Failure& its) {
            return std::make_exception_ptr(Failure{its});
        }
    } catch (const std::bad_alloc&) {
        return std::current_exception();
    } catch (...) {
        return failure;
    }
}

/// For what is no matter of the changes: where there is no memory for it, it is left out.
template <class Work>
void if_possible(const Work& work) noexcept {
    try {
        work();
    } catch (...) {
    }
}

/// Whether it is the storage that fails, and less might have fitted into it.
bool is_want_of_room(const std::exception_ptr& failure) noexcept {
    try {
        if (failure) std::rethrow_exception(failure);
    } catch (const Failure& its) {
        const Errc code = its.error.code;
        return code == Errc::limit_exceeded || code == Errc::store_full || code == Errc::disk_full;
    } catch (...) {
    }
    return false;
}

}  // namespace

void GroupCommit::run(const Change& change, Origin origin) {
    storage_.check_process();  // whoever holds a lock in the parent never gives it back here
    Member self(change, origin);
    Lock lock(mutex_);
    if (runs_change_ == std::this_thread::get_id())
        fail(Errc::nested_write,
             "this thread is writing to the store already, and would wait for itself; use the "
             "transaction it has");
    waiting_.push_back(self);
    if (!is_led_) pass_lead();
    while (self.state != State::settled) {
        self.woken.wait(lock, [&] { return self.state != State::waiting; });
        if (self.state == State::leading) lead(lock, self);
        if (self.state == State::holding) {
            join(lock, self);
            pass_on(lock);
        }
    }
    Members finished;
    finished.swap(finished_);
    lock.unlock();
    tell(std::move(finished));
    if (self.failure) std::rethrow_exception(self.failure);
}

// What nobody waits for

void GroupCommit::submit(Change change, Done done) {
    storage_.check_process();
    auto submitted = std::make_unique<Submitted>(std::move(change), std::move(done));
    const Lock lock(mutex_);
    if (!server_) server_ = start_server();
    waiting_.push_back(*submitted.release());
    if (!is_led_) pass_lead();
}

std::unique_ptr<GroupCommit::Server> GroupCommit::start_server() {
    auto server = std::make_unique<Server>();
    server->process = ::getpid();
    const WithoutSignals inherited;  // the host's are not for it
    try {
        server->thread = std::thread([this] { serve(); });
    } catch (const std::system_error& error) {
        fail(Errc::io_failed, std::string("the thread that writes what is submitted cannot be "
                                          "started: ") +
                                  error.what() + "; write without submitting");
    }
    return server;
}

void GroupCommit::serve() {
    Lock lock(mutex_);
    const auto may_end = [&] { return stops_ && !is_led_; };
    do {
        server_->woken.wait(lock, [&] { return to_lead_ != nullptr || may_end(); });
        if (may_end()) return;
    } while (serve_next(lock));
}

bool GroupCommit::serve_next(Lock& lock) {
    const auto is_gone = is_gone_;
    lead(lock, *std::exchange(to_lead_, nullptr));
    Members finished;
    finished.swap(finished_);
    lock.unlock();
    tell(std::move(finished));
    if (*is_gone) return false;
    lock.lock();
    return true;
}

void GroupCommit::tell(Members finished) {
    finished.clear_and_dispose([](Member* member) {
        const std::unique_ptr<Submitted> submitted(static_cast<Submitted*>(member));
        submitted->done(submitted->failure);
    });
}

std::size_t GroupCommit::waiting() {
    const Lock lock(mutex_);
    return waiting_.size();
}

void GroupCommit::stop() {
    if (!server_) return;
    if (server_->process != ::getpid()) {
        // A forked child has no such thread, and the condition would wait for it to leave.
        static_cast<void>(server_.release());
        return;
    }
    Lock lock(mutex_);
    if (server_->thread.get_id() == std::this_thread::get_id()) {
        while (to_lead_ != nullptr) static_cast<void>(serve_next(lock));
        *is_gone_ = true;
        server_->thread.detach();
    } else {
        stops_ = true;
        server_->woken.notify_one();
        lock.unlock();
        server_->thread.join();
    }
    server_.reset();
}

// Writing

void GroupCommit::lead(Lock& lock, Member& self) {
    std::unique_ptr<storage::WriteTransaction> transaction;
    Clock::time_point begun;
    auto failure = attempt(lock, [&] {
        transaction = storage_.begin_write({});
        begun = Clock::now();
        self.change(*transaction);
    });
    if (failure) {
        transaction.reset();
        self.failure = failure;
        wake(self, State::settled);
        return pass_lead();
    }
    Group group{self, *transaction, begun, Clock::now() + longest_};
    if (!self.is_alone) fill(lock, group);
    group.filled = Clock::now();
    if (!group.is_spoilt) failure = attempt(lock, [&] { transaction->commit(); });
    transaction.reset();
    const bool is_stored = !group.is_spoilt && !failure;
    std::function<void()> afterwards;
    if_possible([&] { afterwards = told_ ? tell(group, is_stored) : nullptr; });
    if (group.is_spoilt || (is_want_of_room(failure) && !group.members.empty()))
        separate(group);
    else
        settle(group, failure);
    pass_lead();
    if (!afterwards) return;
    lock.unlock();
    if_possible(afterwards);
    lock.lock();
}

std::function<void()> GroupCommit::tell(const Group& group, bool is_stored) const {
    if (!is_stored) return told_(std::nullopt);
    return told_(Facts{.changes = group.members.size() + 1,
                       .running = group.filled - group.begun,
                       .storing = Clock::now() - group.filled});
}

void GroupCommit::fill(Lock& lock, Group& group) {
    group_ = &group;
    pass_on(lock);
    group.leader.woken.wait(lock, [&] { return group.leader.state == State::holding; });
    group_ = nullptr;
}

void GroupCommit::pass_on(Lock& lock) {
    Group& group = *group_;
    while (takes_more(group)) {
        Member& next = waiting_.front();
        waiting_.pop_front();
        if (next.origin == Origin::host) return wake(next, State::holding);
        join(lock, next);
    }
    wake(group.leader, State::holding);
}

bool GroupCommit::takes_more(const Group& group) const {
    return !group.is_closed && !group.is_spoilt && !waiting_.empty() &&
           !waiting_.front().is_alone && Clock::now() < group.closes;
}

void GroupCommit::join(Lock& lock, Member& member) {
    Group& group = *group_;
    member.state = State::waiting;
    member.failure = change(lock, group, member);
    if (!member.failure) {
        group.members.push_back(member);
    } else if (is_want_of_room(member.failure)) {
        member.is_alone = true;
        group.is_closed = true;
        waiting_.push_front(member);
    } else {
        wake(member, State::settled);
    }
}

std::exception_ptr GroupCommit::change(Lock& lock, Group& group, const Member& member) {
    if (member.origin != Origin::library)
        return attempt(lock, [&] {
            const auto nested = group.transaction.begin_nested();
            member.change(*nested);
            nested->commit();
        });
    const std::uint64_t before = group.transaction.changes();
    auto failure = attempt(lock, [&] { member.change(group.transaction); });
    group.is_spoilt = failure && group.transaction.changes() != before;
    return failure;
}

void GroupCommit::pass_lead() {
    is_led_ = !waiting_.empty();
    if (!is_led_) return;
    Member& next = waiting_.front();
    waiting_.pop_front();
    if (next.origin != Origin::submitted) return wake(next, State::leading);
    to_lead_ = &next;
    server_->woken.notify_one();
}

template <class Work>
std::exception_ptr GroupCommit::attempt(Lock& lock, const Work& work) {
    runs_change_ = std::this_thread::get_id();
    lock.unlock();
    std::exception_ptr failure;
    try {
        work();
    } catch (...) {
        failure = std::current_exception();
    }
    lock.lock();
    runs_change_ = {};
    return failure;
}

void GroupCommit::separate(Group& group) {
    group.members.push_front(group.leader);
    for (Member& member : group.members) {
        member.is_alone = true;
        member.state = State::waiting;
    }
    waiting_.splice(waiting_.begin(), group.members);
}

void GroupCommit::settle(Group& group, const std::exception_ptr& failure) {
    group.members.push_front(group.leader);
    while (!group.members.empty()) {
        Member& member = group.members.front();
        group.members.pop_front();
        member.failure = copy_of(failure);
        wake(member, State::settled);
    }
}

void GroupCommit::wake(Member& member, State state) {
    member.state = state;
    if (state == State::settled && member.origin == Origin::submitted)
        finished_.push_back(member);
    else
        member.woken.notify_one();
}

}  // namespace verso::engine
