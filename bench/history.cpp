// What do merging, restoring and reading history cost, in the size of the versions and of what
// changed?
#include "fixtures.hpp"

namespace {

using bench::Fixture;
using verso::Draft;
using verso::Kind;
using verso::Result;

void put_some(Fixture& fixture, const std::string& version, std::int64_t first, std::int64_t count,
              std::int64_t revision) {
    bench::expect(
        fixture.store.edit({fixture.connection, version}, [&](Draft& draft) -> Result<void> {
            const std::int64_t step = fixture.resources / count;
            for (std::int64_t i = 0; i < count; ++i)
                static_cast<void>(
                    draft.put(Kind::action, bench::action_document(first + i * step, revision))
                        .value());
            return {};
        }));
}

/// Two clones of the base, each with `changes` of its own, merged: only the merge is measured.
void merge(benchmark::State& state) {
    Fixture& fixture = bench::fixture({.resources = state.range(0), .purpose = "merge"});
    const std::int64_t changes = state.range(1);
    static std::int64_t number = 0;
    for (auto _ : state) {
        state.PauseTiming();
        const std::string ours = "ours " + std::to_string(++number);
        const std::string theirs = "theirs " + std::to_string(number);
        for (const std::string& name : {ours, theirs})
            bench::expect(fixture.store.create_version(fixture.connection,
                                                       {.name = name, .from_version = "base"}));
        put_some(fixture, ours, 0, changes, number);
        put_some(fixture, theirs, 1, changes, number);
        state.ResumeTiming();
        const auto report =
            fixture.store.merge({fixture.connection, ours}, {fixture.connection, theirs});
        if (!report || report->changes.size() != static_cast<std::size_t>(changes))
            return state.SkipWithError("the merge is not of so many changes");
        state.PauseTiming();
        for (const std::string& name : {ours, theirs})
            bench::expect(fixture.store.delete_version({fixture.connection, name}));
        state.ResumeTiming();
    }
}

/// A draft goes back and forth between two of its commits, ten changes apart.
void restore(benchmark::State& state) {
    Fixture& fixture = bench::fixture({.resources = state.range(0), .purpose = "restore"});
    const verso::VersionKey draft{fixture.connection, "draft"};
    if (!bench::expect(bench::expect(fixture.store.snapshot()).find_version(draft))) {
        bench::expect(fixture.store.create_version(fixture.connection,
                                                   {.name = "draft", .from_version = "base"}));
        put_some(fixture, "draft", 0, 10, 1);
    }
    for (auto _ : state) bench::expect(fixture.store.undo(draft));
}

/// A store whose one version has so many commits.
Fixture& with_commits(std::int64_t count) {
    static Fixture made = [count] {
        verso::Store store = bench::expect(verso::Store::open(
            bench::scratch_folder() / "log.verso",
            {.durability = verso::Durability::none, .history = {.max_commits = 0}}));
        const auto connection = bench::expect(store.create_connection({}, {.name = "Log"})).id;
        bench::expect(store.create_version(connection, {.name = "base"}));
        for (std::int64_t i = 0; i < count; ++i)
            bench::expect(
                store.put({connection, "base"}, Kind::action, bench::action_document(i % 100, i)));
        return Fixture{std::move(store), connection, 100};
    }();
    return made;
}

void log_all(benchmark::State& state) {
    Fixture& fixture = with_commits(state.range(0));
    for (auto _ : state) {
        const verso::Snapshot snapshot = bench::expect(fixture.store.snapshot());
        std::int64_t count = 0;
        bench::expect(
            snapshot.each_commit({fixture.connection, "base"}, [&](const verso::Commit& commit) {
                benchmark::DoNotOptimize(commit.number);
                ++count;
                return true;
            }));
        if (count < state.range(0)) return state.SkipWithError("the log is too short");
    }
}

void log_page(benchmark::State& state) {
    Fixture& fixture = with_commits(state.range(0));
    for (auto _ : state) {
        const verso::Snapshot snapshot = bench::expect(fixture.store.snapshot());
        benchmark::DoNotOptimize(
            bench::expect(snapshot.page_log({fixture.connection, "base"}, {.first = 20})));
    }
}

BENCHMARK(merge)
    ->ArgNames({"resources", "changes"})
    ->Args({1'000, 50})
    ->Args({100'000, 5})
    ->Args({100'000, 50})
    ->Args({100'000, 500})
    ->Args({1'000'000, 50})
    ->Iterations(20);
BENCHMARK(restore)->Name("restore/changes:10/resources")->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(log_all)->Name("log/commits")->Arg(10'000);
BENCHMARK(log_page)->Name("log_page/commits")->Arg(10'000);

}  // namespace
