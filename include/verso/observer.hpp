// What a store tells its host of its own work, as it happens.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace verso {

/// One commit of the database, which has made the changes of one or more writers durable at once.
struct CommitFacts {
    std::uint64_t changes = 0;           ///< That it made durable: those of so many calls.
    std::chrono::nanoseconds running{};  ///< From its beginning until the last change was done.
    std::chrono::nanoseconds storing{};  ///< Then, until it was as durable as the store was told.
    std::uint64_t dropped_commits = 0;   ///< Garbage that went with it: commits of versions.
    std::uint64_t dropped_nodes = 0;
    std::uint64_t dropped_payloads = 0;
    std::uint64_t dropped_payload_bytes = 0;
};

/// A snapshot that has been open for long, in this process or another: what was freed since it
/// began is not used again before it ends, and the file grows instead.
struct SlowReader {
    std::chrono::milliseconds age{};   ///< At least: since it was first seen to be the oldest.
    std::uint64_t commits_behind = 0;  ///< Commits of the database since it began.
    std::uint64_t held_bytes = 0;      ///< That it keeps from being used again.
    std::uint32_t readers = 0;         ///< Open snapshots, over all processes.
};

/// Overrides what it wants to know. What it does adds to the time of the call that it is told in,
/// and of no other. It must not use the store, and does not throw. Without an observer none of it
/// is measured.
///
/// Thread safety: it is told by the threads that write, perhaps by several at once.
class Observer {
public:
    virtual ~Observer() = default;

    virtual void committed(const CommitFacts& /*facts*/) noexcept {}
    /// Told with a commit, once in Options::slow_reader_after for as long as it lasts.
    virtual void slow_reader(const SlowReader& /*reader*/) noexcept {}
    /// A line for the host's log: that the store was opened, by what, and what a slow reader costs.
    virtual void log(std::string_view /*line*/) noexcept {}
};

}  // namespace verso
