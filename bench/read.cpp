// What does reading cost: one resource by name among 100 versions of 3,000, and all of one version
// in order?
#include "fixtures.hpp"
#include "read_plan.hpp"

namespace {

using bench::Fixture;

/// 100 versions, each a clone with 30 changes of its own.
Fixture& edited_versions() {
    static Fixture& fixture = [&]() -> Fixture& {
        Fixture& made = bench::fixture({.resources = bench::read_resources,
                                        .versions = bench::read_versions,
                                        .purpose = "read"});
        for (std::int64_t version = 0; version < bench::read_versions; ++version)
            bench::expect(made.store.edit(
                {made.connection, bench::version_name(version)},
                [&](verso::Draft& draft) -> verso::Result<void> {
                    for (std::int64_t i = 0; i < 30; ++i)
                        static_cast<void>(draft
                                              .put(verso::Kind::action,
                                                   bench::action_document((version * 31 + i * 97) %
                                                                              bench::read_resources,
                                                                          version + 1))
                                              .value());
                    return {};
                }));
        return made;
    }();
    return fixture;
}

void read_random(benchmark::State& state) {
    Fixture& fixture = edited_versions();
    const verso::Snapshot snapshot = bench::expect(fixture.store.snapshot());
    bench::ReadPlan plan;
    for (auto _ : state) {
        const bench::Read& read = plan.next();
        auto resource = snapshot.resource({fixture.connection, read.version}, verso::Kind::action,
                                          read.resource);
        if (!resource) return state.SkipWithError(resource.error().message.c_str());
        benchmark::DoNotOptimize(resource->document);
    }
}

void read_one_snapshot(benchmark::State& state) {
    Fixture& fixture = edited_versions();
    bench::ReadPlan plan;
    for (auto _ : state) {
        const bench::Read& read = plan.next();
        const verso::Snapshot snapshot = bench::expect(fixture.store.snapshot());
        auto resource = snapshot.resource({fixture.connection, read.version}, verso::Kind::action,
                                          read.resource);
        if (!resource) return state.SkipWithError(resource.error().message.c_str());
        benchmark::DoNotOptimize(resource->document);
    }
}

void scan(benchmark::State& state) {
    Fixture& fixture = edited_versions();
    const verso::Snapshot snapshot = bench::expect(fixture.store.snapshot());
    std::size_t bytes = 0;
    for (auto _ : state) {
        bench::expect(snapshot.each_resource({fixture.connection, bench::version_name(7)},
                                             verso::Kind::action,
                                             [&](const verso::ResourceView& resource) {
                                                 bytes += resource.document.size();
                                                 return true;
                                             }));
    }
    benchmark::DoNotOptimize(bytes);
    state.SetItemsProcessed(state.iterations() * bench::read_resources);
}

BENCHMARK(read_random)->Name("read_random/resources:3000/versions:100");
BENCHMARK(read_one_snapshot)->Name("read_one_snapshot/resources:3000/versions:100");
BENCHMARK(scan)->Name("scan/resources:3000");

}  // namespace
