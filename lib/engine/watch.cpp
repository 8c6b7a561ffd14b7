#include "engine/watch.hpp"

#include "domain/failure.hpp"

#include <algorithm>

namespace verso::engine {

std::function<void()> Watch::tell(const GroupCommit::Facts& facts, const Collected& dropped) {
    const CommitFacts told{.changes = facts.changes,
                           .running = facts.running,
                           .storing = facts.storing,
                           .dropped_commits = dropped.commits,
                           .dropped_nodes = dropped.nodes,
                           .dropped_payloads = dropped.payloads,
                           .dropped_payload_bytes = dropped.payload_bytes};
    return [this, told] {
        observer_.committed(told);
        look_at_readers();
    };
}

void Watch::look_at_readers() {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    const auto now = Clock::now();
    if (!lock || now < next_look_) return;
    next_look_ = now + slow_after_ / 8;
    const auto found = guarded([&] { return storage_.readers(); });
    if (!found) return;  // the commit went through, and a later one says what is wrong
    if (found->commits_behind == 0 || found->oldest_moment != oldest_moment_) {
        oldest_moment_ = found->commits_behind == 0 ? 0 : found->oldest_moment;
        oldest_since_ = now;
        next_report_ = now + slow_after_;
        return;
    }
    if (now < next_report_) return;
    next_report_ = now + slow_after_;
    report(*found, std::chrono::duration_cast<std::chrono::milliseconds>(now - oldest_since_));
}

void Watch::report(const storage::Readers& readers, std::chrono::milliseconds age) {
    const SlowReader slow{.age = age,
                          .commits_behind = readers.commits_behind,
                          .held_bytes = readers.held_bytes,
                          .readers = readers.count};
    observer_.slow_reader(slow);
    observer_.log("a snapshot has been open for " + std::to_string(age.count()) + " ms or more, " +
                  std::to_string(slow.commits_behind) + " commits, and keeps " +
                  std::to_string(slow.held_bytes) + " bytes from being used again");
}

}  // namespace verso::engine
