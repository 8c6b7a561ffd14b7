// How many threads can write at once: what all of them want to write goes to the disk together.
#include "fixtures.hpp"

#include <atomic>

namespace {

using bench::Fixture;
using bench::Sync;

constexpr std::int64_t most_threads = 32;

/// A store with a version for each thread.
template <Sync sync>
Fixture& shared_fixture() {
    return bench::fixture(
        {.resources = 3000, .versions = most_threads, .sync = sync, .purpose = "group"});
}

/// Each thread puts one resource after the other into a version of its own.
template <Sync sync>
void edit_threads(benchmark::State& state) {
    Fixture& fixture = shared_fixture<sync>();
    const std::string version = bench::version_name(state.thread_index());
    static std::atomic<std::int64_t> revision = 0;
    std::int64_t number = 89 * state.thread_index();
    for (auto _ : state) {
        const verso::Document document =
            bench::action_document((number += 997) % fixture.resources, ++revision);
        bench::expect(
            fixture.store.put({fixture.connection, version}, verso::Kind::action, document));
    }
    state.SetItemsProcessed(state.iterations());
}

template <Sync sync>
void add(int threads) {
    const std::string name = std::string("edit_threads/") + to_string(sync);
    benchmark::RegisterBenchmark(name.c_str(), edit_threads<sync>)
        ->Setup([](const benchmark::State&) { shared_fixture<sync>(); })
        ->Threads(threads)
        ->Iterations(threads == 1 ? 2000 : 500)
        ->UseRealTime();
}

[[maybe_unused]] const bool registered = [] {
    for (const int threads : {1, 4, static_cast<int>(most_threads)}) {
        add<Sync::durable>(threads);
        add<Sync::none>(threads);
    }
    return true;
}();

}  // namespace
