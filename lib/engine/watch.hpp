// What a store's observer is told, and when.
#pragma once

#include <verso/observer.hpp>
#include <verso/options.hpp>

#include "engine/collect.hpp"
#include "engine/group_commit.hpp"
#include "storage/storage.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace verso::engine {

class Watch {
public:
    /// Requires: the options have an observer.
    Watch(const Options& options, storage::Storage& storage)
        : observer_(*options.observer), slow_after_(options.slow_reader_after), storage_(storage) {}

    /// As GroupCommit::Told, of what was stored. `dropped`: what went with the commit.
    [[nodiscard]] std::function<void()> tell(const GroupCommit::Facts& facts,
                                             const Collected& dropped);
    void log(const std::string& line) { observer_.log(line); }

private:
    using Clock = std::chrono::steady_clock;

    /// Now and then looks for a slow reader. Thread safety: safe.
    void look_at_readers();
    void report(const storage::Readers& readers, std::chrono::milliseconds age);

    Observer& observer_;
    std::chrono::milliseconds slow_after_;
    storage::Storage& storage_;
    std::mutex mutex_;  ///< Of what follows.
    Clock::time_point next_look_{};
    std::uint64_t oldest_moment_ = 0;  ///< Of the readers, when it was last looked.
    Clock::time_point oldest_since_{};
    Clock::time_point next_report_{};
};

}  // namespace verso::engine
