// Goal: an observer is told of every commit and what went with it, and of snapshots that are open
// for long. Method: real stores, one thread or many.
#include "engine/fixture.hpp"

#include <verso/maintenance.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace verso;
using namespace verso::engine;

namespace {

class Notes final : public Observer {
public:
    void committed(const CommitFacts& facts) noexcept override {
        const std::lock_guard lock(mutex_);
        commits_.push_back(facts);
    }
    void slow_reader(const SlowReader& reader) noexcept override {
        const std::lock_guard lock(mutex_);
        slow_.push_back(reader);
    }
    void log(std::string_view line) noexcept override {
        const std::lock_guard lock(mutex_);
        lines_.emplace_back(line);
    }

    std::vector<CommitFacts> take_commits() { return take(commits_); }
    std::vector<SlowReader> take_slow() { return take(slow_); }
    std::vector<std::string> take_lines() { return take(lines_); }

private:
    template <class T>
    std::vector<T> take(std::vector<T>& notes) {
        const std::lock_guard lock(mutex_);
        return std::exchange(notes, {});
    }

    std::mutex mutex_;
    std::vector<CommitFacts> commits_;
    std::vector<SlowReader> slow_;
    std::vector<std::string> lines_;
};

struct Observed {
    std::shared_ptr<Notes> notes = std::make_shared<Notes>();
    Fixture fixture;

    explicit Observed(std::chrono::milliseconds slow_after = std::chrono::seconds{10})
        : fixture({.observer = notes, .slow_reader_after = slow_after}) {}
};

}  // namespace

TEST_CASE("observer: it is told of each commit, and of none that fails", "[engine]") {
    Observed observed;
    Fixture& fixture = observed.fixture;
    CHECK_THAT(observed.notes->take_lines().at(0), Catch::Contains("opened the store"));
    observed.notes->take_commits();
    fixture.create("1");
    CHECK(error_of(fixture.store.create_version(fixture.connection, {.name = "1"})) ==
          Errc::name_taken);
    const auto commits = observed.notes->take_commits();
    REQUIRE(commits.size() == 1);
    CHECK(commits.front().changes == 1);
    CHECK(commits.front().running.count() > 0);
    CHECK(commits.front().storing.count() > 0);
    CHECK(commits.front().dropped_commits == 0);
}

TEST_CASE("observer: the changes of all threads add up", "[engine][threads]") {
    Observed observed;
    observed.fixture.create("1");
    observed.notes->take_commits();
    constexpr int threads = 8;
    constexpr int edits = 25;
    {
        std::vector<std::jthread> writers;
        for (int thread = 0; thread < threads; ++thread)
            writers.emplace_back([&, thread] {
                for (int i = 0; i < edits; ++i)
                    static_cast<void>(observed.fixture.store.put(
                        observed.fixture.key("1"), Kind::parameter,
                        parameter("p" + std::to_string(thread * edits + i))));
            });
    }
    std::uint64_t changes = 0;
    for (const CommitFacts& each : observed.notes->take_commits()) changes += each.changes;
    CHECK(changes == threads * edits);
}

TEST_CASE("observer: garbage that goes with writes is told", "[engine]") {
    Observed observed;
    Fixture& fixture = observed.fixture;
    fixture.create("1");
    fixture.put("1", parameter("p"));
    observed.notes->take_commits();
    const StoreStats before = stat(fixture.store).value();
    fixture.store.delete_version(fixture.key("1")).value();
    collect_garbage(fixture.store).value();
    CommitFacts all;
    for (const CommitFacts& each : observed.notes->take_commits()) {
        all.dropped_commits += each.dropped_commits;
        all.dropped_nodes += each.dropped_nodes;
        all.dropped_payloads += each.dropped_payloads;
        all.dropped_payload_bytes += each.dropped_payload_bytes;
    }
    CHECK(all.dropped_commits == before.commits);
    CHECK(all.dropped_nodes == before.node_chunks);
    CHECK(all.dropped_payloads == 1);
    CHECK(all.dropped_payload_bytes == before.payload_bytes);
}

TEST_CASE("observer: a snapshot that is open for long is told, with what it holds back",
          "[engine]") {
    Observed observed(std::chrono::milliseconds{20});
    Fixture& fixture = observed.fixture;
    fixture.create("1");
    const auto write_for = [&](std::chrono::milliseconds duration) {
        const auto end = std::chrono::steady_clock::now() + duration;
        for (int i = 0; std::chrono::steady_clock::now() < end; ++i)
            fixture.put("1", parameter("p" + std::to_string(i % 10), std::to_string(i)));
    };
    write_for(std::chrono::milliseconds{60});
    CHECK(observed.notes->take_slow().empty());
    observed.notes->take_lines();
    {
        const Snapshot snapshot = fixture.snapshot();
        for (int tries = 0; tries < 50; ++tries) {
            write_for(std::chrono::milliseconds{20});
            const auto slow = observed.notes->take_slow();
            if (slow.empty()) continue;
            CHECK(slow.front().age >= std::chrono::milliseconds{20});
            CHECK(slow.front().commits_behind > 0);
            CHECK(slow.front().held_bytes > 0);
            CHECK(slow.front().readers == 1);
            CHECK_THAT(observed.notes->take_lines().at(0), Catch::Contains("bytes from being"));
            break;
        }
    }
    write_for(std::chrono::milliseconds{5});
    observed.notes->take_slow();
    write_for(std::chrono::milliseconds{60});
    CHECK(observed.notes->take_slow().empty());
}
