// Goal: a comparison takes memory for one change, however many there are.
// Method: two versions that differ in every resource are compared, documents included, while the
// heap is watched. COUNT: resources; the bound is that for a million of them.
#include <verso/store.hpp>

#include "soak/documents.hpp"
#include "soak/soak.hpp"
#include "storage/temporary_folder.hpp"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> heap_bytes = 0;
std::atomic<std::size_t> peak_bytes = 0;

}  // namespace

void* operator new(std::size_t size) {
    void* const memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    const std::size_t now = heap_bytes += ::malloc_usable_size(memory);
    if (now > peak_bytes) peak_bytes = now;
    return memory;
}
void operator delete(void* memory) noexcept {
    heap_bytes -= ::malloc_usable_size(memory);
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

using namespace verso;
using namespace verso::soak;

namespace {

constexpr std::size_t most_bytes = 64U << 20U;
constexpr std::uint64_t batch = 20'000;

Document numbered(std::uint64_t number, int revision) {
    return action(number, std::to_string(revision) + std::string(900, 'x'));
}

void put_all(Store& store, const VersionKey& version, std::uint64_t count, int revision) {
    for (std::uint64_t from = 0; from < count; from += batch)
        store
            .edit(version,
                  [&](Draft& draft) -> Result<void> {
                      for (std::uint64_t i = from; i < std::min(count, from + batch); ++i)
                          draft.put(Kind::action, numbered(i, revision)).value();
                      return {};
                  })
            .value();
}

std::string compare_all(const Plan& plan) {
    const storage::TemporaryFolder folder;
    Store store = Store::open(folder / "soak.verso", {.durability = Durability::none}).value();
    const ConnectionId connection = store.create_connection({}, {.name = "Soak"}).value().id;
    store.create_version(connection, {.name = "1"}).value();
    put_all(store, {connection, "1"}, plan.count, 1);
    store.create_version(connection, {.name = "2", .from_version = "1"}).value();
    put_all(store, {connection, "2"}, plan.count, 2);

    const Snapshot snapshot = store.snapshot().value();
    const std::size_t before = heap_bytes;
    peak_bytes = before;
    std::uint64_t changes = 0;
    snapshot
        .each_change({connection, "1"}, {connection, "2"}, {},
                     [&](const Change& change) {
                         changes += change.before && change.after;
                         return true;
                     })
        .value();
    const std::size_t peak = peak_bytes - before;
    expect(changes == plan.count, "only " + std::to_string(changes) + " changes are found");
    const std::string text = std::to_string(changes) + " changes compared in " +
                             std::to_string(peak / 1024) + " KiB of heap at most";
    const double part = static_cast<double>(plan.count) / 1e6;
    expect(static_cast<double>(peak) < static_cast<double>(most_bytes) * std::min(1.0, part), text);
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    return run(argc, argv, less_if_sanitized(100'000, 20'000), compare_all);
}
