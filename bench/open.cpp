// How long until a store that nobody has touched answers its first read?
#include "fixtures.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace {

/// Asks the system to forget what it has of a file in memory.
void make_cold(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    ::fdatasync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
}

void open_cold(benchmark::State& state) {
    static const auto copy = bench::scratch_folder() / "cold.verso";
    static const verso::ConnectionId connection = [] {
        bench::Fixture& source = bench::fixture({.resources = 100'000});
        std::filesystem::copy_file(source.store.path(), copy);
        return source.connection;
    }();
    for (auto _ : state) {
        state.PauseTiming();
        make_cold(copy);
        state.ResumeTiming();
        const verso::Store store = bench::expect(verso::Store::open(copy, {.create = false}));
        const verso::Snapshot snapshot = bench::expect(store.snapshot());
        auto resource = snapshot.resource({connection, "base"}, verso::Kind::action,
                                          bench::resource_name(77'777));
        if (!resource) return state.SkipWithError(resource.error().message.c_str());
    }
}

BENCHMARK(open_cold)->Name("open_cold/resources:100000")->Iterations(20)->UseRealTime();

}  // namespace
