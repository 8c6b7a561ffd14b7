// Goal: what was damaged on the disk is reported as corrupt, and never answered as if it were
// whole.
//
// Method: bits of a closed store's file are turned: in values, in keys, in lengths.

#include "storage/expectations.hpp"
#include "storage/lmdb/options.hpp"
#include "storage/lmdb/raw_file.hpp"
#include "storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace verso::storage {

namespace {

const std::string sound_content(300, 's');
const std::string damaged_content(300, 'd');
const std::string large_content(50'000, 'l');

/// A store of three chunks and three records, to damage.
class Patient {
public:
    Patient() {
        const auto storage = open();
        append(*storage, 1, sound_content);
        append(*storage, 2, damaged_content);
        append(*storage, 3, large_content);
        put(*storage, "key 1", "a sound value");
        put(*storage, "key 2", "a damaged value");
        put(*storage, "key 3", "another sound value");
    }

    [[nodiscard]] std::unique_ptr<Storage> open(bool check_checksums = true) const {
        LmdbOptions options = options_for(path());
        options.check_checksums = check_checksums;
        return open_lmdb(options);
    }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "store"; }

private:
    TemporaryFolder folder_;
};

std::vector<std::string> scan(ReadTransaction& transaction, Order order) {
    std::vector<std::string> values;
    transaction.scan(Table::records, {.order = order}, [&](BytesView, BytesView value) {
        values.emplace_back(value);
        return true;
    });
    return values;
}

}  // namespace

TEST_CASE("damage: a chunk whose bytes changed is corrupt and the others are not", "[storage]") {
    const Patient patient;
    REQUIRE(flip_bit(patient.path(), damaged_content) > 0);
    const auto storage = patient.open();
    const auto transaction = storage->begin_read();
    CHECK(transaction->chunk(ChunkKind::node, 1) == sound_content);
    CHECK(transaction->chunk(ChunkKind::node, 3) == large_content);
    expect_failure(Errc::corrupt, {"node 2", "damaged", "verify"},
                   [&] { return transaction->chunk(ChunkKind::node, 2); });
    const std::vector<ChunkId> ids{1, 2};
    expect_failure(Errc::corrupt, {"node 2"}, [&] {
        transaction->chunks(ChunkKind::node, ids, [](std::size_t, BytesView) { return true; });
    });
}

TEST_CASE("damage: a visit of all chunks shows a damaged one as empty", "[storage]") {
    const Patient patient;
    REQUIRE(flip_bit(patient.path(), damaged_content) > 0);
    for (const bool check_checksums : {true, false}) {
        std::map<ChunkId, std::string> found;
        patient.open(check_checksums)
            ->begin_read()
            ->each_chunk(ChunkKind::node, [&](ChunkId id, BytesView bytes) {
                found.emplace(id, bytes);
                return true;
            });
        CHECK(found ==
              std::map<ChunkId, std::string>{{1, sound_content}, {2, ""}, {3, large_content}});
    }
}

TEST_CASE("damage: a chunk of many pages is checked too", "[storage]") {
    const Patient patient;
    REQUIRE(flip_bit(patient.path(), large_content) > 0);
    expect_failure(Errc::corrupt, {"node 3"},
                   [&] { return patient.open()->begin_read()->chunk(ChunkKind::node, 3); });
}

TEST_CASE("damage: a length that leads beyond the file is not followed", "[storage]") {
    const Patient patient;
    std::string bytes = read_file(patient.path());
    // The node of chunk 3: the length's halves, the flag of a value on pages of its own, the key's
    // length.
    const std::string length{"\x58\xc3\0\0\x01\0\x08\0\x03\0\0\0\0\0\0\0", 16};
    int places = 0;
    for (std::size_t at = 0; (at = bytes.find(length, at)) != std::string::npos; ++at, ++places)
        bytes[at + 3] = '\x7f';
    REQUIRE(places > 0);
    write_bytes(patient.path(), bytes);
    for (const bool check_checksums : {true, false}) {
        const auto storage = patient.open(check_checksums);
        expect_failure(Errc::corrupt, {"node 3"},
                       [&] { return storage->begin_read()->chunk(ChunkKind::node, 3); });
        expect_failure(Errc::corrupt, {"node 3"},
                       [&] { return storage->begin_write({})->chunk(ChunkKind::node, 3); });
    }
}

TEST_CASE("damage: a record whose value changed is corrupt and the others are not", "[storage]") {
    const Patient patient;
    REQUIRE(flip_bit(patient.path(), "a damaged value") > 0);
    const auto storage = patient.open();
    const auto transaction = storage->begin_read();
    CHECK(transaction->find(Table::records, "key 1") == "a sound value");
    expect_failure(Errc::corrupt, {"records", "damaged"},
                   [&] { return transaction->find(Table::records, "key 2"); });
    expect_failure(Errc::corrupt, {"records"},
                   [&] { return scan(*transaction, Order::ascending); });
    expect_failure(Errc::corrupt, {"records"},
                   [&] { return scan(*transaction, Order::descending); });
}

TEST_CASE("damage: a record whose key changed is corrupt", "[storage]") {
    const Patient patient;
    REQUIRE(flip_bit(patient.path(), "key 2") > 0);
    const auto storage = patient.open();
    expect_failure(Errc::corrupt, {"records"}, [&] { return get(*storage, "jey 2"); });
    expect_failure(Errc::corrupt, {"records"},
                   [&] { return scan(*storage->begin_read(), Order::ascending); });
}

TEST_CASE("damage: it is written over like anything else", "[storage]") {
    const Patient patient;
    REQUIRE(flip_bit(patient.path(), "a damaged value") > 0);
    REQUIRE(flip_bit(patient.path(), damaged_content) > 0);
    const auto storage = patient.open();
    put(*storage, "key 2", "a new value");
    CHECK(get(*storage, "key 2") == "a new value");
    const auto transaction = storage->begin_write({});
    transaction->drop(ChunkKind::node, 2);
    transaction->commit();
}

TEST_CASE("damage: it goes unseen only where checking was switched off", "[storage]") {
    const Patient patient;
    REQUIRE(flip_bit(patient.path(), "a damaged value") > 0);
    CHECK(get(*patient.open(false), "key 2") == "` damaged value");
    CHECK(failure_of([&] { return get(*patient.open(true), "key 2"); }));
}

}  // namespace verso::storage
