// What does comparing two versions cost that differ in ten resources, in the size of the versions?
#include "fixtures.hpp"

namespace {

using bench::Fixture;

void edit_ten(Fixture& fixture) {
    bench::expect(fixture.store.create_version(fixture.connection,
                                               {.name = "edited", .from_version = "base"}));
    bench::expect(fixture.store.edit(
        {fixture.connection, "edited"}, [&](verso::Draft& draft) -> verso::Result<void> {
            for (std::int64_t i = 0; i < 10; ++i) {
                const std::int64_t number = (i * (fixture.resources / 10) + 7) % fixture.resources;
                static_cast<void>(
                    draft.put(verso::Kind::action, bench::action_document(number, 1)).value());
            }
            return {};
        }));
}

void diff_few(benchmark::State& state) {
    Fixture& fixture = bench::fixture({.resources = state.range(0), .purpose = "diff"});
    if (!bench::expect(
            bench::expect(fixture.store.snapshot()).find_version({fixture.connection, "edited"})))
        edit_ten(fixture);
    for (auto _ : state) {
        const verso::Snapshot snapshot = bench::expect(fixture.store.snapshot());
        auto changes =
            snapshot.compare({fixture.connection, "base"}, {fixture.connection, "edited"});
        if (!changes || changes->size() != 10)
            return state.SkipWithError("the difference is not ten changes");
        benchmark::DoNotOptimize(changes);
    }
}

BENCHMARK(diff_few)
    ->Name("diff_few/changes:10/resources")
    ->Arg(1000)
    ->Arg(3000)
    ->Arg(100'000)
    ->Arg(1'000'000);

}  // namespace
