// Goal: under steady work nothing grows: not the file, not the process's memory, not the time that
// a change takes. Method: two threads edit, clone, compare, publish, merge and delete versions of a
// connection that keeps ten commits of each, beside a third that reads. What there is after a
// quarter of the run, or its first 100,000 edits, is held against what there is at its end. COUNT:
// edits. Times are told, and not asserted.
//
// Pages of B-trees fill and empty, so what is in use is at times a tenth more than at others, with
// as many documents and nodes. Hence the mean of four moments is taken.
//
// What a snapshot holds back makes the file grow, 70 kB for each write, and it never shrinks. The
// system may stop a thread at any place for as long as it likes, so without more the file would
// tell how long that was. Hence the reader holds each snapshot for so many writes, and while one is
// that old the writers wait. How many pages a write takes depends on what it is committed with, so
// at first they are half as many again: that is as large as the file may ever be.
#include <verso/maintenance.hpp>
#include <verso/store.hpp>

#include "soak/documents.hpp"
#include "soak/soak.hpp"
#include "soak/worker.hpp"
#include "storage/temporary_folder.hpp"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

using namespace verso;
using namespace verso::soak;

namespace {

constexpr std::size_t writers = 2;
constexpr int resources = 300;
constexpr std::uint64_t most_at_first = 100'000;  // edits
constexpr std::uint64_t held_writes = 50;         // for which a snapshot is held
constexpr std::uint64_t held_at_first = 75;

Document numbered(std::uint64_t number, std::uint64_t revision) {
    return action(number, std::to_string(revision) + std::string(revision % 700, 'x'));
}

/// What there is at one moment. Units: bytes, but where the name says so.
struct Sizes {
    std::uint64_t file = 0;
    std::uint64_t used = 0;
    std::uint64_t heap = 0;
    double median_us = 0;  ///< Of an edit, since the last one.
    double p99_us = 0;
};

/// The snapshots that are held, by how many writes there were before them: one of each thread.
/// Thread safety: safe.
class Held {
public:
    /// From now on, none for more than so many.
    void limit(std::uint64_t writes) { most_ = writes; }

    /// Holds one until its end.
    class Turn {
    public:
        Turn(Held& held, std::size_t thread) : held_(held), since_(held.since_[thread]) {
            since_ = held.writes_.load();
        }
        ~Turn() { since_ = none; }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        /// Whether it has been held for as long as any is.
        [[nodiscard]] bool is_over() const { return held_.is_old(since_); }

    private:
        Held& held_;
        std::atomic<std::uint64_t>& since_;
    };

    /// Counts a write, once no snapshot is too old for another.
    void add_write() {
        while (std::ranges::any_of(since_, [&](const auto& since) { return is_old(since); }))
            std::this_thread::yield();
        ++writes_;
    }

private:
    static constexpr std::uint64_t none = ~std::uint64_t{0};

    [[nodiscard]] bool is_old(std::uint64_t since) const {
        return since != none && writes_ >= since + most_;
    }

    std::atomic<std::uint64_t> most_ = 0;
    std::atomic<std::uint64_t> writes_ = 0;
    std::array<std::atomic<std::uint64_t>, writers + 1> since_{none, none, none};
};

class Work {
public:
    explicit Work(const std::filesystem::path& path)
        : store_(Store::open(path, {.durability = Durability::none, .history = {.max_commits = 10}})
                     .value()),
          connection_(store_.create_connection({}, {.name = "Soak"}).value().id) {
        for (std::size_t writer = 0; writer < writers; ++writer) {
            store_.create_version(connection_, {.name = std::to_string(writer)}).value();
            store_
                .edit(key(std::to_string(writer)),
                      [](Draft& draft) -> Result<void> {
                          for (int i = 0; i < resources; ++i)
                              draft.put(Kind::action, numbered(static_cast<std::uint64_t>(i), 0))
                                  .value();
                          return {};
                      })
                .value();
        }
    }

    /// Makes so many edits, with all that goes on beside them. What is in use is the mean of four
    /// moments, the rest as at the end.
    Sizes run(std::uint64_t edits, std::uint64_t held, std::uint64_t seed) {
        constexpr std::uint64_t moments = 4;
        held_.limit(held);
        Sizes sizes;
        std::uint64_t used = 0;
        for (std::uint64_t moment = 0; moment < moments; ++moment) {
            sizes = run_on(edits / moments, seed + writers * moment);
            used += sizes.used;
        }
        sizes.used = used / moments;
        return sizes;
    }

    [[nodiscard]] const Store& store() const noexcept { return store_; }

private:
    Sizes run_on(std::uint64_t edits, std::uint64_t seed) {
        std::atomic<std::size_t> writing = writers;
        std::vector<std::thread> threads;
        for (std::size_t writer = 0; writer < writers; ++writer)
            threads.emplace_back([&, writer] {
                write(writer, edits / writers, Random(seed + writer));
                --writing;
            });
        while (writing > 0) read(writing);
        for (std::thread& thread : threads) thread.join();
        return measure();
    }

    [[nodiscard]] VersionKey key(std::string_view version) const { return {connection_, version}; }

    void write(std::size_t writer, std::uint64_t edits, Random random) {
        const std::string version = std::to_string(writer);
        std::vector<double> times;
        for (std::uint64_t edit = 1; edit <= edits; ++edit) {
            held_.add_write();
            const auto begin = std::chrono::steady_clock::now();
            const auto put = store_.put(key(version), Kind::action,
                                        numbered(below(random, resources), random() % 100'000));
            expect(put.has_value(), put ? "" : put.error().message);
            const std::chrono::duration<double, std::micro> time =
                std::chrono::steady_clock::now() - begin;
            times.push_back(time.count());
            if (edit % 50 == 0) turn_over(writer, random);
        }
        const std::lock_guard lock(mutex_);
        times_.insert(times_.end(), times.begin(), times.end());
    }

    /// Merges the last clone, and puts a new one, edited, compared and published, in its place.
    void turn_over(std::size_t writer, Random& random) {
        const std::string version = std::to_string(writer);
        const std::string clone = version + " clone";
        for (int write = 0; write < 5; ++write) held_.add_write();
        const auto merged =
            store_.merge(key(version), key(clone), {.policy = MergePolicy::theirs()});
        const bool is_first = !merged && merged.error().code == Errc::version_not_found;
        expect(is_first || (merged && merged->outcome != MergeOutcome::conflicted),
               "a clone was not merged");
        if (!is_first) store_.delete_version(key(clone), true).value();
        store_.create_version(connection_, {.name = clone, .from_version = version}).value();
        store_.put(key(clone), Kind::action, numbered(below(random, resources), 1)).value();
        compare(writer, version, clone);
        store_.publish(key(clone)).value();
    }

    void compare(std::size_t writer, const std::string& version, const std::string& clone) {
        const Held::Turn turn(held_, writer);
        expect(store_.snapshot().value().compare(key(version), key(clone)).value().size() <= 1,
               "a clone with one edit differs in more");
    }

    void read(const std::atomic<std::size_t>& writing) {
        const Held::Turn turn(held_, writers);
        const Snapshot snapshot = store_.snapshot().value();
        std::size_t count = 0;
        snapshot
            .each_resource(key("0"), Kind::action,
                           [&](const ResourceView& resource) {
                               count += !resource.document.empty();
                               return true;
                           })
            .value();
        expect(count == resources, "a reader sees " + std::to_string(count) + " resources");
        while (writing > 0 && !turn.is_over())
            std::this_thread::sleep_for(std::chrono::microseconds(100));
    }

    Sizes measure() {
        std::sort(times_.begin(), times_.end());
        const auto at = [&](double part) {
            return times_[static_cast<std::size_t>(part * static_cast<double>(times_.size() - 1))];
        };
        Sizes sizes{.median_us = at(0.5), .p99_us = at(0.99)};
        times_ = {};
        collect_garbage(store_).value();
        const StoreStats stats = stat(store_).value();
        sizes.file = stats.file_bytes;
        sizes.used = stats.used_bytes;
        sizes.heap = static_cast<std::uint64_t>(::mallinfo2().uordblks);
        return sizes;
    }

    Store store_;
    ConnectionId connection_;
    std::mutex mutex_;
    std::vector<double> times_;
    Held held_;
};

std::string work_steadily(const Plan& plan) {
    const storage::TemporaryFolder folder;
    Work work(folder / "soak.verso");
    const std::uint64_t first = std::clamp<std::uint64_t>(plan.count / 4, 1'000, most_at_first);
    const Sizes early = work.run(first, held_at_first, plan.seed);
    const std::uint64_t third = (std::max(plan.count, 4 * first) - first) / 3;
    Sizes late;
    for (std::uint64_t part = 1; part < 4; ++part)
        late = work.run(third, held_writes, plan.seed + 10 * part);
    check_sound(work.store());
    const auto megabytes = [](std::uint64_t bytes) { return static_cast<double>(bytes) / 1e6; };
    char text[400];
    std::snprintf(
        text, sizeof text,
        "%llu edits; from the first %llu to the last %llu: in use %.2f MB to %.2f MB, file "
        "%.1f MB to %.1f MB, heap %.2f MB to %.2f MB, an edit %.0f us to %.0f us, p99 "
        "%.0f us to %.0f us",
        static_cast<unsigned long long>(first + 3 * third), static_cast<unsigned long long>(first),
        static_cast<unsigned long long>(third), megabytes(early.used), megabytes(late.used),
        megabytes(early.file), megabytes(late.file), megabytes(early.heap), megabytes(late.heap),
        early.median_us, late.median_us, early.p99_us, late.p99_us);
    expect(late.used < early.used + early.used / 10, std::string("what is in use grows: ") + text);
    expect(late.file < early.file + early.file / 20, std::string("the file grows: ") + text);
    expect(late.heap < early.heap + 1'000'000, std::string("the heap grows: ") + text);
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    return run(argc, argv, less_if_sanitized(200'000, 40'000), work_steadily);
}
