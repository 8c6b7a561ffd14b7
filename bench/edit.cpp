// What does a change of a draft cost: one resource, and many in one commit?
#include "fixtures.hpp"

#include <vector>

namespace {

using bench::Fixture;
using bench::Sync;

constexpr std::int64_t resources = 3000;

/// Puts `batch` resources with new content in one commit, time after time. Each benchmark has a
/// store of its own: later edits drop what earlier ones leave, and are to drop their own kind.
void edit(benchmark::State& state, Sync sync, std::int64_t batch) {
    Fixture& fixture = bench::fixture(
        {.resources = resources, .sync = sync, .purpose = batch == 1 ? "edit_one" : "edit_batch"});
    static std::int64_t revision = 0;
    std::int64_t number = 0;
    std::vector<verso::Document> documents;
    for (std::int64_t i = 0; i < batch * state.max_iterations; ++i, number += 997)
        documents.push_back(bench::action_document(number % resources, ++revision));
    auto next = documents.cbegin();
    for (auto _ : state) {
        bench::expect(fixture.store.edit(
            {fixture.connection, "base"}, [&](verso::Draft& draft) -> verso::Result<void> {
                for (std::int64_t i = 0; i < batch; ++i)
                    static_cast<void>(draft.put(verso::Kind::action, *next++).value());
                return {};
            }));
    }
    state.SetItemsProcessed(state.iterations() * batch);
}

[[maybe_unused]] const bool registered = [] {
    for (const Sync sync : {Sync::durable, Sync::none}) {
        const std::string suffix = std::string("/resources:3000/") + to_string(sync);
        benchmark::RegisterBenchmark(("edit_one" + suffix).c_str(), edit, sync, 1)
            ->Setup(bench::flush_others)
            ->Iterations(500)
            ->UseRealTime();
        benchmark::RegisterBenchmark(("edit_batch/changes:100" + suffix).c_str(), edit, sync, 100)
            ->Setup(bench::flush_others)
            ->Iterations(50)
            ->UseRealTime();
    }
    return true;
}();

}  // namespace
