// What does it cost to make a version of a real API description, and of the release that follows
// it?
#include "fixtures.hpp"

#include <verso/maintenance.hpp>
#include <verso/openapi.hpp>

#include <fstream>
#include <sstream>

namespace {

using bench::expect;

/// GitHub's API where its description is at hand, else the sample.
std::string description(const char* github, const char* sample) {
    std::filesystem::path path = std::filesystem::path(VERSO_DATA_DIR) / github;
    if (!std::filesystem::exists(path)) path = std::filesystem::path(VERSO_EXAMPLES_DIR) / sample;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

const std::string& first_release() {
    static const std::string text = description("github-16.0.0.json", "harbour-1.0.0.json");
    return text;
}

const std::string& second_release() {
    static const std::string text = description("github-19.1.0.json", "harbour-1.1.0.json");
    return text;
}

verso::Store scratch_store() {
    return expect(verso::Store::temporary({.durability = verso::Durability::none}));
}

void import(benchmark::State& state) {
    for (auto _ : state) {
        state.PauseTiming();
        verso::Store store = scratch_store();
        const auto connection = expect(store.create_connection({}, {.name = "API"})).id;
        state.ResumeTiming();
        const auto result =
            expect(verso::import_openapi(store, connection, {.name = "1"}, second_release()));
        state.PauseTiming();
        state.counters["resources"] = static_cast<double>(result.added);
        store = scratch_store();  // closing the one is not part of it
        state.ResumeTiming();
    }
    state.SetBytesProcessed(state.iterations() *
                            static_cast<std::int64_t>(second_release().size()));
}

void import_next(benchmark::State& state) {
    for (auto _ : state) {
        state.PauseTiming();
        verso::Store store = scratch_store();
        const auto connection = expect(store.create_connection({}, {.name = "API"})).id;
        expect(verso::import_openapi(store, connection, {.name = "1"}, first_release()));
        const auto before = expect(verso::stat(store)).payload_bytes;
        state.ResumeTiming();
        const auto result = expect(verso::import_openapi(
            store, connection, {.name = "2", .from_version = "1"}, second_release()));
        state.PauseTiming();
        const auto stored = expect(verso::stat(store)).payload_bytes - before;
        state.counters["changed_bytes"] = static_cast<double>(result.changed_bytes);
        state.counters["stored_to_changed"] =
            static_cast<double>(stored) / static_cast<double>(result.changed_bytes);
        store = scratch_store();
        state.ResumeTiming();
    }
}

BENCHMARK(import)
    ->Name("import/first")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(10)
    ->UseRealTime();
BENCHMARK(import_next)
    ->Name("import/next")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(5)
    ->UseRealTime();

}  // namespace
