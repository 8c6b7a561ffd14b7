// What does `create version from version` cost: in the resources that the version holds, in the
// versions that exist, in time and in bytes of the file?
#include "fixtures.hpp"

#include <vector>

namespace {

using bench::Fixture;
using bench::FixtureSize;
using bench::Sync;

/// Clones made in one measurement, taken back after it so that the number of versions stays what
/// the name says.
constexpr std::int64_t clones = 500;

void take_back(Fixture& fixture, const std::vector<std::string>& names) {
    bench::expect(fixture.store.write([&](verso::Transaction& transaction) -> verso::Result<void> {
        for (const std::string& name : names)
            transaction.delete_version({fixture.connection, name}).value();
        return {};
    }));
}

void clone(benchmark::State& state, const FixtureSize& size) {
    Fixture& fixture = bench::fixture(size);
    std::vector<std::string> names;
    for (auto _ : state) {
        names.push_back("clone-" + std::to_string(names.size()));
        auto made = fixture.store.create_version(fixture.connection,
                                                 {.name = names.back(), .from_version = "base"});
        if (!made) return state.SkipWithError(made.error().message.c_str());
    }
    take_back(fixture, names);
}

void clone_bytes(benchmark::State& state) {
    constexpr std::int64_t count = 10'000;
    static std::int64_t number = 0;
    for (auto _ : state) {
        Fixture& fixture = bench::fixture({.resources = 3000, .purpose = "clone_bytes"});
        const auto before = bench::file_bytes(fixture.store.path());
        for (std::int64_t i = 0; i < count; ++i)
            bench::expect(fixture.store.create_version(
                fixture.connection,
                {.name = bench::version_name(number++), .from_version = "base"}));
        const auto grown = bench::file_bytes(fixture.store.path()) - before;
        state.counters["bytes_per_clone"] = static_cast<double>(grown) / count;
    }
}

[[maybe_unused]] const bool registered = [] {
    const auto add = [](const std::string& name, const FixtureSize& size) {
        benchmark::RegisterBenchmark(name.c_str(), clone, size)
            ->Setup(bench::flush_others)
            ->Iterations(clones)
            ->UseRealTime();
    };
    for (const Sync sync : {Sync::durable, Sync::none}) {
        for (const std::int64_t resources : {10, 3000, 10'000, 100'000, 1'000'000})
            add("clone/resources:" + std::to_string(resources) + "/" + to_string(sync),
                {.resources = resources, .sync = sync});
        for (const std::int64_t versions : {10, 1000, 1'000'000})
            add("clone/versions:" + std::to_string(versions) + "/" + to_string(sync),
                {.resources = 10, .versions = versions, .sync = sync});
    }
    benchmark::RegisterBenchmark("clone_bytes", clone_bytes)->Iterations(1);
    return true;
}();

}  // namespace
