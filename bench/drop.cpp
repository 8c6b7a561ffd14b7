// What does garbage cost those who write? Deleting a clone, and the slowest hundredth of the writes
// beside a large version that is being dropped.
#include "fixtures.hpp"

#include <verso/maintenance.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace {

using bench::Fixture;
using bench::Sync;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::int64_t large = 100'000;
constexpr std::int64_t small = 3'000;

void put_all(verso::Store& store, const verso::VersionKey& version, std::int64_t count,
             std::int64_t revision) {
    constexpr std::int64_t batch = 20'000;
    for (std::int64_t from = 0; from < count; from += batch)
        bench::expect(store.edit(version, [&](verso::Draft& draft) -> verso::Result<void> {
            for (std::int64_t i = from; i < std::min(from + batch, count); ++i)
                draft.put(verso::Kind::action, bench::action_document(i, revision)).value();
            return {};
        }));
}

/// Of a clone of many resources with ten edits.
void delete_clone(benchmark::State& state) {
    Fixture& fixture =
        bench::fixture({.resources = large, .sync = Sync::none, .purpose = "delete"});
    std::int64_t revision = 0;
    for (auto _ : state) {
        const verso::VersionKey clone{fixture.connection, "clone"};
        bench::expect(fixture.store.create_version(fixture.connection,
                                                   {.name = "clone", .from_version = "base"}));
        bench::expect(fixture.store.edit(clone, [&](verso::Draft& draft) -> verso::Result<void> {
            ++revision;
            for (std::int64_t i = 0; i < 10; ++i)
                draft.put(verso::Kind::action, bench::action_document(i * 9'973, revision)).value();
            return {};
        }));
        const auto begin = Clock::now();
        bench::expect(fixture.store.delete_version(clone));
        state.SetIterationTime(Seconds(Clock::now() - begin).count());
    }
}

enum class Beside : std::uint8_t {
    nothing,
    writes,    ///< The dropping goes with the writes alone.
    collector  ///< collect_garbage() runs in a thread of its own.
};

const char* to_string(Beside beside) {
    if (beside == Beside::nothing) return "nothing";
    return beside == Beside::writes ? "drop_with_writes" : "collect_garbage";
}

/// Durations of edits of one resource, for as long as something is left to be dropped.
void edit_beside(benchmark::State& state, Sync sync, Beside beside) {
    Fixture& fixture = bench::fixture({.resources = small, .sync = sync, .purpose = "drop"});
    static std::int64_t revision = 1'000;
    std::vector<double> times;
    for (auto _ : state) {
        state.PauseTiming();
        const verso::VersionKey gone{fixture.connection, "gone"};
        bench::expect(fixture.store.create_version(fixture.connection, {.name = "gone"}));
        put_all(fixture.store, gone, large, ++revision);
        if (beside != Beside::nothing) bench::expect(fixture.store.delete_version(gone));
        state.ResumeTiming();
        std::atomic<bool> is_done = beside == Beside::nothing;
        std::thread collector;
        if (beside == Beside::collector)
            collector = std::thread([&] {
                bench::expect(verso::collect_garbage(fixture.store));
                is_done = true;
            });
        const std::size_t at_least = sync == Sync::none ? 20'000 : 5'000;
        for (std::size_t edits = 0; edits < at_least || (collector.joinable() && !is_done);
             ++edits) {
            const auto document =
                bench::action_document(static_cast<std::int64_t>(edits) * 997 % small, ++revision);
            const auto begin = Clock::now();
            bench::expect(
                fixture.store.put({fixture.connection, "base"}, verso::Kind::action, document));
            if (beside != Beside::collector || !is_done)
                times.push_back(Seconds(Clock::now() - begin).count() * 1e6);
        }
        if (collector.joinable()) collector.join();
        state.PauseTiming();
        if (beside == Beside::nothing) bench::expect(fixture.store.delete_version(gone));
        bench::expect(verso::collect_garbage(fixture.store));
        state.ResumeTiming();
    }
    std::ranges::sort(times);
    const auto at = [&](double part) {
        return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
    };
    state.counters["p50_us"] = at(0.5);
    state.counters["p99_us"] = at(0.99);
    state.counters["max_us"] = times.back();
}

[[maybe_unused]] const bool registered = [] {
    benchmark::RegisterBenchmark("delete_clone/resources:100000/edits:10/no_fsync", delete_clone)
        ->Iterations(100)
        ->UseManualTime();
    for (const Sync sync : {Sync::durable, Sync::none})
        for (const Beside beside : {Beside::nothing, Beside::writes, Beside::collector})
            benchmark::RegisterBenchmark((std::string("edit_beside_drop/") + to_string(beside) +
                                          '/' + bench::to_string(sync))
                                             .c_str(),
                                         edit_beside, sync, beside)
                ->Iterations(1)
                ->UseRealTime()
                ->Unit(benchmark::kMillisecond);
    return true;
}();

}  // namespace
