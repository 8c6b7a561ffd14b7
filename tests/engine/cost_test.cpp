// Goal: a clone costs the same whatever its source holds and however many versions there are, and
// an edit reads what it needs once. Method: a storage that counts what it is asked for, around a
// real one; counts are compared, not times.
#include "engine/collect.hpp"
#include "engine/counting_storage.hpp"
#include "engine/fixture.hpp"
#include "engine/store_state.hpp"
#include "engine/writer.hpp"
#include "storage/lmdb/lmdb_storage.hpp"
#include "storage/scratch_transaction.hpp"
#include "storage/temporary_folder.hpp"

#include <iomanip>
#include <limits>
#include <sstream>
#include <utility>

using namespace verso;
using namespace verso::engine;

namespace {

/// The engine on a storage that counts.
class CountedStore {
public:
    CountedStore() {
        write([&](Writer& writer) {
            connection_ = writer.create_connection(acme(), {.name = "GitHub"}).id;
            writer.create_version(connection_, {.name = "source"});
        });
    }

    void add_versions(int count) {
        write([&](Writer& writer) {
            for (int i = 0; i < count; ++i)
                writer.create_version(connection_, {.name = numbered_name(i)});
        });
    }

    void add_resources(int count) {
        write([&](Writer& writer) {
            DraftContent& draft = writer.draft({connection_, "source"});
            for (int i = 0; i < count; ++i)
                draft.put(Kind::parameter, std::nullopt, parameter(numbered_name(i)));
        });
    }

    /// What one clone of the source asks of the storage.
    Calls clone() {
        calls_ = {};
        write([&](Writer& writer) {
            writer.create_version(connection_, {.name = "clone " + std::to_string(clones_++),
                                                .from_version = "source"});
        });
        return calls_;
    }

    /// What it asks to find one of the resources, and to put it with other content.
    Calls find(int number) {
        calls_ = {};
        write([&](Writer& writer) {
            View& view = writer.view();
            const tree::Root root = view.open({connection_, "source"}).root;
            static_cast<void>(view.find_entry(root, Kind::parameter, numbered_name(number)));
        });
        return calls_;
    }
    Calls edit(int number) {
        calls_ = {};
        write([&](Writer& writer) {
            writer.edit({connection_, "source"}, [&](DraftContent& draft) {
                draft.put(Kind::parameter, std::nullopt,
                          parameter(numbered_name(number), std::to_string(edits_++)));
            });
        });
        return calls_;
    }

    void erase_source() {
        write([&](Writer& writer) { writer.delete_version({connection_, "source"}, true); });
    }
    /// What it asks to collect all garbage, in a transaction that leaves it where it is.
    std::pair<Collected, Calls> collect_in_scratch() {
        calls_ = {};
        const auto moment = state_.storage().begin_write({});
        storage::ScratchTransaction scratch(*moment);
        View view(scratch);
        Collector garbage(scratch, view);
        garbage.run(std::numeric_limits<std::uint64_t>::max());
        return {garbage.collected(), calls_};
    }

    [[nodiscard]] storage::Usage usage() { return state_.storage().usage(); }

private:
    static std::string numbered_name(int number) {
        std::ostringstream name;
        name << 'n' << std::setw(6) << std::setfill('0') << number;
        return name.str();
    }
    static void random(std::span<std::byte> bytes) { std::ranges::fill(bytes, std::byte{0x5a}); }

    void write(const std::function<void(Writer&)>& change) { state_.write(change); }

    storage::TemporaryFolder folder_;
    TestClock clock_;
    Calls calls_;
    int clones_ = 0;
    int edits_ = 0;
    StoreState state_{
        folder_ / "store.verso",
        {.durability = Durability::none, .clock = clock_.function(), .random = random},
        std::make_unique<CountingStorage>(
            storage::open_lmdb({.path = folder_ / "store.verso",
                                .create = true,
                                .map_size_bytes = std::uint64_t{1} << 30,
                                .durability = storage::Durability::none}),
            calls_)};
    ConnectionId connection_;
};

}  // namespace

TEST_CASE("clone cost: four records are written and no chunk is read or written", "[engine]") {
    CountedStore store;
    store.add_resources(100);
    const storage::Usage before = store.usage();
    const Calls calls = store.clone();
    INFO(calls);
    CHECK(calls.puts == 4);
    CHECK(calls.put_bytes < 1000);
    CHECK(calls.appends == 0);
    CHECK(calls.chunks == 0);
    CHECK(calls.scanned_records == 0);
    const storage::Usage after = store.usage();
    CHECK(after.record_count == before.record_count + 2);
    CHECK(after.node_chunks == before.node_chunks);
    CHECK(after.payload_chunks == before.payload_chunks);
}

TEST_CASE("clone cost: it is the same for no resource and for ten thousand", "[engine]") {
    CountedStore store;
    const Calls empty = store.clone();
    store.add_resources(10);
    CHECK(store.clone() == empty);
    store.add_resources(10'000);
    CHECK(store.clone() == empty);
}

TEST_CASE("clone cost: it is the same beside one version and beside two thousand", "[engine]") {
    CountedStore store;
    store.add_resources(10);
    const Calls alone = store.clone();
    store.add_versions(2000);
    CHECK(store.clone() == alone);
}

TEST_CASE("edit cost: a node on the way to a resource is read once", "[engine]") {
    CountedStore store;
    store.add_resources(1000);
    for (const int number : {1, 5, 77, 321, 322, 500, 900}) {
        const Calls found = store.find(number);
        const Calls edited = store.edit(number);
        INFO(number << ": " << edited);
        CHECK(found.chunks >= 3);
        CHECK(edited.chunks == found.chunks + 1);  // and the document as it was
        CHECK(edited.appends == found.chunks + 1);
    }
}

TEST_CASE("collection cost: what is queued is walked once, in a scratch transaction too",
          "[engine]") {
    CountedStore store;
    store.add_resources(10);
    for (int i = 0; i < 300; ++i) store.edit(1);
    store.erase_source();
    const auto [collected, calls] = store.collect_in_scratch();
    INFO(calls);
    CHECK(collected.commits > 50);  // the others went with the version
    CHECK(calls.scanned_records <= 2 * collected.commits + 1);
}
