// How fast does a version leave a store as a bundle and enter another, and what does it cost to
// move a few changes between two stores that have the rest in common?
#include "fixtures.hpp"

#include <verso/bundle.hpp>
#include <verso/sync.hpp>

#include <algorithm>

namespace {

using bench::expect;

constexpr std::int64_t resources = 10'000;
constexpr std::int64_t changes = 10;

bench::Fixture& source() { return bench::fixture({.resources = resources, .purpose = "bundle"}); }

verso::Store scratch_store() {
    return expect(verso::Store::temporary({.durability = verso::Durability::none}));
}

verso::BundleSource from(std::string_view text) {
    return [text](std::span<char> out) mutable -> verso::Result<std::size_t> {
        const std::size_t size = std::min(out.size(), text.size());
        std::copy_n(text.begin(), size, out.begin());
        text.remove_prefix(size);
        return size;
    };
}

void report(benchmark::State& state, std::uint64_t document_bytes) {
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(document_bytes));
}

void bundle_export(benchmark::State& state) {
    bench::Fixture& fixture = source();
    verso::BundleSummary summary;
    for (auto _ : state) {
        std::uint64_t bytes = 0;
        const auto count = [&](std::string_view piece) -> verso::Result<void> {
            bytes += piece.size();
            return {};
        };
        summary = expect(verso::export_bundle(fixture.store, fixture.connection, count));
        benchmark::DoNotOptimize(bytes);
    }
    report(state, summary.document_bytes);
}

void bundle_import(benchmark::State& state) {
    bench::Fixture& fixture = source();
    std::string text;
    const auto keep = [&](std::string_view piece) -> verso::Result<void> {
        text += piece;
        return {};
    };
    const auto summary = expect(verso::export_bundle(fixture.store, fixture.connection, keep));
    for (auto _ : state) {
        state.PauseTiming();
        verso::Store store = scratch_store();
        state.ResumeTiming();
        expect(verso::import_bundle(store, from(text)));
        state.PauseTiming();
        store = scratch_store();  // closing the one is not part of it
        state.ResumeTiming();
    }
    report(state, summary.document_bytes);
}

void sync_few(benchmark::State& state) {
    bench::Fixture& fixture = source();
    verso::Store other = scratch_store();
    expect(verso::push(fixture.store, other, fixture.connection));
    std::int64_t revision = 1;
    std::uint64_t document_bytes = 0;
    for (auto _ : state) {
        state.PauseTiming();
        ++revision;
        expect(fixture.store.edit(
            {fixture.connection, "base"}, [&](verso::Draft& draft) -> verso::Result<void> {
                for (std::int64_t i = 0; i < changes; ++i)
                    expect(draft.put(verso::Kind::action, bench::action_document(i, revision)));
                return {};
            }));
        state.ResumeTiming();
        document_bytes =
            expect(verso::push(fixture.store, other, fixture.connection)).document_bytes;
    }
    report(state, document_bytes);
}

BENCHMARK(bundle_export)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(bundle_import)->Unit(benchmark::kMillisecond)->Iterations(10)->UseRealTime();
BENCHMARK(sync_few)->Unit(benchmark::kMicrosecond)->Iterations(200)->UseRealTime();

}  // namespace
