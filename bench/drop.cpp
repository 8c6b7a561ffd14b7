// What does garbage cost those who write? Deleting a clone, and the slowest hundredth of the writes
// beside a large version that is being dropped.
#include "fixtures.hpp"

#include <verso/maintenance.hpp>

#include <algorithm>
#include <chrono>
#include <stop_token>
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

/// The 99th percentile of edits of one resource, from the first moment of the dropping on.
void edit_beside(benchmark::State& state, Sync sync, Beside beside) {
    Fixture& fixture = bench::fixture({.resources = small, .sync = sync, .purpose = "drop"});
    static std::int64_t revision = 1'000;
    const verso::VersionKey gone{fixture.connection, "gone"};
    for (auto _ : state) {
        bench::expect(fixture.store.create_version(fixture.connection, {.name = "gone"}));
        put_all(fixture.store, gone, large, ++revision);
        bench::flush_others(state);
        if (beside != Beside::nothing) bench::expect(fixture.store.delete_version(gone));
        std::stop_source stop;
        std::thread collector;
        if (beside == Beside::collector)
            collector = std::thread([&] {
                bench::expect(verso::collect_garbage(fixture.store, {.stop = stop.get_token()}));
            });
        std::vector<Seconds> times(sync == Sync::none ? 20'000 : 5'000);
        for (std::size_t i = 0; i < times.size(); ++i) {
            const auto document =
                bench::action_document(static_cast<std::int64_t>(i) * 997 % small, ++revision);
            const auto begin = Clock::now();
            bench::expect(
                fixture.store.put({fixture.connection, "base"}, verso::Kind::action, document));
            times[i] = Clock::now() - begin;
        }
        stop.request_stop();
        if (collector.joinable()) collector.join();
        if (beside == Beside::nothing) bench::expect(fixture.store.delete_version(gone));
        bench::expect(verso::collect_garbage(fixture.store));
        std::ranges::sort(times);
        state.SetIterationTime(times[times.size() / 100 * 99].count());
    }
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
                ->UseManualTime();
    return true;
}();

}  // namespace
