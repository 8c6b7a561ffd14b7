// How many can write at once: what several threads want to write, or one submits, goes to the disk
// together.
#include "fixtures.hpp"

#include <atomic>
#include <future>
#include <vector>

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

template <Sync sync>
void set_up(const benchmark::State& state) {
    shared_fixture<sync>();
    bench::flush_others(state);
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

/// One thread submits puts, and waits for them a hundred at a time.
template <Sync sync>
void edit_submitted(benchmark::State& state) {
    constexpr int at_once = 100;
    Fixture& fixture = shared_fixture<sync>();
    std::int64_t revision = 1'000'000;
    std::vector<std::future<verso::Result<verso::Resource>>> puts;
    for (auto _ : state) {
        for (int i = 0; i < at_once; ++i)
            puts.push_back(fixture.store.submit([key = fixture.connection,
                                                 version = bench::version_name(0),
                                                 document = bench::action_document(
                                                     (++revision * 997) % fixture.resources,
                                                     revision)](verso::Transaction& transaction) {
                return transaction.draft({key, version}).value().put(verso::Kind::action, document);
            }));
        for (auto& put : puts) bench::expect(put.get());
        puts.clear();
    }
    state.SetItemsProcessed(state.iterations() * at_once);
}

template <Sync sync>
void add_submitted() {
    const std::string name = std::string("edit_submitted/") + to_string(sync);
    benchmark::RegisterBenchmark(name.c_str(), edit_submitted<sync>)
        ->Setup(set_up<sync>)
        ->Iterations(50)
        ->UseRealTime();
}

template <Sync sync>
void add(int threads) {
    const std::string name = std::string("edit_threads/") + to_string(sync);
    benchmark::RegisterBenchmark(name.c_str(), edit_threads<sync>)
        ->Setup(set_up<sync>)
        ->Threads(threads)
        ->Iterations(threads == 1 ? 2000 : 500)
        ->UseRealTime();
}

[[maybe_unused]] const bool registered = [] {
    for (const int threads : {1, 4, static_cast<int>(most_threads)}) {
        add<Sync::durable>(threads);
        add<Sync::none>(threads);
    }
    add_submitted<Sync::durable>();
    add_submitted<Sync::none>();
    return true;
}();

}  // namespace
