// Goal: every adapter of the storage port keeps the port's contract (lib/storage/storage.hpp).
//
// Method: each test runs over each backing of contract.hpp, on a database of its own; a model of
// two std::map runs beside it under random commands.

#include "storage/contract.hpp"
#include "storage/expectations.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace verso::storage {

namespace {

using namespace std::string_literals;
using Records = std::map<std::string, std::string>;

std::vector<std::string> keys_of(ReadTransaction& transaction, const Scan& scan) {
    std::vector<std::string> keys;
    transaction.scan(Table::records, scan, [&](BytesView key, BytesView value) {
        CHECK(value == "value of " + std::string(key));
        keys.emplace_back(key);
        return true;
    });
    return keys;
}

/// What a scan is to visit, by its definition.
std::vector<std::string> expected_keys(const Records& records, const Scan& scan) {
    const bool up = scan.order == Order::ascending;
    std::vector<std::string> keys;
    for (const auto& [key, value] : records) {
        if (!key.starts_with(scan.prefix)) continue;
        if (scan.from.empty() || (up ? key >= scan.from : key <= scan.from)) keys.push_back(key);
    }
    if (!up) std::ranges::reverse(keys);
    return keys;
}

void fill(Storage& storage, const std::vector<std::string>& keys) {
    const auto transaction = storage.begin_write({});
    for (const std::string& key : keys) transaction->put(Table::records, key, "value of " + key);
    transaction->commit();
}

std::string text(std::size_t size, char seed) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(seed + static_cast<char>(i % 251));
    return bytes;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("records: what is put is found until it is erased", "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const auto transaction = storage->begin_write({});
    CHECK_FALSE(transaction->find(Table::records, "key"));
    transaction->put(Table::records, "key", "value");
    CHECK(transaction->find(Table::records, "key") == "value");
    transaction->put(Table::records, "key", "another value");
    CHECK(transaction->find(Table::records, "key") == "another value");
    transaction->put(Table::records, "key", "");
    CHECK(transaction->find(Table::records, "key") == "");
    CHECK(transaction->erase(Table::records, "key"));
    CHECK_FALSE(transaction->erase(Table::records, "key"));
    CHECK_FALSE(transaction->find(Table::records, "key"));
}

TEMPLATE_LIST_TEST_CASE("records: the tables are apart", "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const auto transaction = storage->begin_write({});
    transaction->put(Table::records, "key", "a record");
    transaction->put(Table::commits, "key", "a commit");
    CHECK(transaction->find(Table::records, "key") == "a record");
    CHECK(transaction->find(Table::commits, "key") == "a commit");
    CHECK_FALSE(transaction->find(Table::payload_index, "key"));
    CHECK(transaction->erase(Table::records, "key"));
    CHECK(transaction->find(Table::commits, "key") == "a commit");
}

TEMPLATE_LIST_TEST_CASE("records: keys have 1 to 511 bytes", "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const std::string longest = text(511, 1);
    put(*storage, longest, "value");
    CHECK(get(*storage, longest) == "value");
    CHECK_FALSE(get(*storage, longest + "x"));
    CHECK_FALSE(get(*storage, ""));
    const auto transaction = storage->begin_write({});
    CHECK_FALSE(transaction->erase(Table::records, ""));
    CHECK_FALSE(transaction->erase(Table::records, longest + "x"));
    expect_failure(Errc::limit_exceeded, {"512", "511"},
                   [&] { transaction->put(Table::records, longest + "x", "value"); });
    expect_failure(Errc::limit_exceeded, {"0 bytes"},
                   [&] { transaction->put(Table::records, "", "value"); });
}

TEMPLATE_LIST_TEST_CASE("records: keys and values hold any bytes", "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const std::vector<std::string> keys{"\0"s,  "\0\0"s, "\0\xff"s, "verso",
                                        "\x80", "\xff",  "\xff\xff"};
    fill(*storage, keys);
    CHECK(keys_of(*storage->begin_read(), {}) == keys);
    const std::string value = text(100'000, '\x7f');
    put(*storage, "long", value);
    CHECK(get(*storage, "long") == value);
}

TEMPLATE_LIST_TEST_CASE("scan: it visits a prefix in order, from a key on, until it is stopped",
                        "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    fill(*storage, {"a", "b", "b1", "b2", "b3", "c", "\xff", "\xff\xff", "\xff\xff\x01"});
    const auto transaction = storage->begin_read();
    using Keys = std::vector<std::string>;
    const auto down = Order::descending;
    CHECK(keys_of(*transaction, {.prefix = "b"}) == Keys{"b", "b1", "b2", "b3"});
    CHECK(keys_of(*transaction, {.prefix = "b", .order = down}) == Keys{"b3", "b2", "b1", "b"});
    CHECK(keys_of(*transaction, {.prefix = "b", .from = "b2"}) == Keys{"b2", "b3"});
    CHECK(keys_of(*transaction, {.prefix = "b", .from = "b2", .order = down}) ==
          Keys{"b2", "b1", "b"});
    CHECK(keys_of(*transaction, {.prefix = "b", .from = "b15"}) == Keys{"b2", "b3"});
    CHECK(keys_of(*transaction, {.prefix = "b", .from = "b15", .order = down}) == Keys{"b1", "b"});
    CHECK(keys_of(*transaction, {.prefix = "b", .from = "a"}) == Keys{"b", "b1", "b2", "b3"});
    CHECK(keys_of(*transaction, {.prefix = "b", .from = "a", .order = down}).empty());
    CHECK(keys_of(*transaction, {.prefix = "b", .from = "c"}).empty());
    CHECK(keys_of(*transaction, {.prefix = "b", .from = "c", .order = down}) ==
          Keys{"b3", "b2", "b1", "b"});
    CHECK(keys_of(*transaction, {.prefix = "\xff\xff", .order = down}) ==
          Keys{"\xff\xff\x01", "\xff\xff"});
    CHECK(keys_of(*transaction, {.prefix = "x"}).empty());
    CHECK(keys_of(*transaction, {.prefix = "x", .order = down}).empty());
    std::size_t visits = 0;
    transaction->scan(Table::records, {}, [&](BytesView, BytesView) { return ++visits < 3; });
    CHECK(visits == 3);
}

TEMPLATE_LIST_TEST_CASE("scan: an empty table has nothing to visit", "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const auto transaction = storage->begin_read();
    CHECK(keys_of(*transaction, {}).empty());
    CHECK(keys_of(*transaction, {.order = Order::descending}).empty());
    CHECK(keys_of(*transaction, {.prefix = "a", .order = Order::descending}).empty());
}

TEMPLATE_LIST_TEST_CASE("scan: the visitor may change another table", "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const auto transaction = storage->begin_write({});
    for (const char* key : {"a", "b", "c"}) transaction->put(Table::records, key, "value");
    transaction->scan(Table::records, {}, [&](BytesView key, BytesView) {
        transaction->put(Table::commits, std::string(key), "copied");
        return true;
    });
    CHECK(transaction->find(Table::commits, "c") == "copied");
}

TEMPLATE_LIST_TEST_CASE("chunks: what is appended is loaded until it is dropped", "[storage]",
                        Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const std::string large = text(max_piece_bytes, 5);
    const std::string larger = text(20 * max_piece_bytes, 6);
    {
        const auto transaction = storage->begin_write({});
        transaction->append(ChunkKind::node, 1, "first");
        transaction->append(ChunkKind::node, 7, "");
        transaction->append(ChunkKind::payload, 3, large);
        transaction->append(ChunkKind::payload, std::uint64_t{1} << 60, larger);
        CHECK(transaction->chunk(ChunkKind::node, 1) == "first");
        transaction->commit();
    }
    const auto transaction = storage->begin_write({});
    CHECK(transaction->chunk(ChunkKind::node, 1) == "first");
    CHECK(transaction->chunk(ChunkKind::node, 7).empty());
    CHECK(transaction->chunk(ChunkKind::payload, 3) == large);
    CHECK(transaction->chunk(ChunkKind::payload, std::uint64_t{1} << 60) == larger);
    transaction->drop(ChunkKind::node, 1);
    expect_failure(Errc::corrupt, {"node 1", "missing"},
                   [&] { return transaction->chunk(ChunkKind::node, 1); });
    expect_failure(Errc::corrupt, {"node 1", "missing"},
                   [&] { transaction->drop(ChunkKind::node, 1); });
    expect_failure(Errc::corrupt, {"payload 7", "missing"},
                   [&] { return transaction->chunk(ChunkKind::payload, 7); });
}

TEMPLATE_LIST_TEST_CASE("chunks: an id that is not new is refused", "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    append(*storage, 10, "ten");
    expect_failure(Errc::corrupt, {"node 10"}, [&] { append(*storage, 10, "again"); });
    expect_failure(Errc::corrupt, {"node 9"}, [&] { append(*storage, 9, "before"); });
    CHECK(storage->begin_read()->chunk(ChunkKind::node, 10) == "ten");
}

TEMPLATE_LIST_TEST_CASE("chunks: many are loaded in one call until it is stopped", "[storage]",
                        Backings) {
    const TestType backing;
    const auto storage = backing.open();
    {
        const auto transaction = storage->begin_write({});
        for (ChunkId id = 1; id <= 1'000; ++id)
            transaction->append(ChunkKind::payload, id, "chunk " + std::to_string(id));
        transaction->commit();
    }
    const auto transaction = storage->begin_read();
    const std::vector<ChunkId> ids{500, 1, 1'000, 2, 2, 501};
    std::vector<std::string> loaded(ids.size());
    transaction->chunks(ChunkKind::payload, ids, [&](std::size_t index, BytesView bytes) {
        loaded[index] = bytes;
        return true;
    });
    for (std::size_t i = 0; i < ids.size(); ++i)
        CHECK(loaded[i] == "chunk " + std::to_string(ids[i]));

    std::size_t visits = 0;
    const auto stop_at_two = [&](std::size_t, BytesView) { return ++visits < 2; };
    transaction->chunks(ChunkKind::payload, ids, stop_at_two);
    CHECK(visits == 2);
    const std::vector<ChunkId> missing{1, 1'001};
    expect_failure(Errc::corrupt, {"payload 1001", "missing"}, [&] {
        transaction->chunks(ChunkKind::payload, missing,
                            [](std::size_t, BytesView) { return true; });
    });
}

TEMPLATE_LIST_TEST_CASE("chunks: all are visited in order of id", "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    {
        const auto transaction = storage->begin_write({});
        for (const ChunkId id : {1U, 2U, 255U, 256U, 257U, 65'536U, 65'537U})
            transaction->append(ChunkKind::node, id, std::to_string(id));
        transaction->drop(ChunkKind::node, 256);
        transaction->commit();
    }
    std::vector<ChunkId> ids;
    storage->begin_read()->each_chunk(ChunkKind::node, [&](ChunkId id, BytesView bytes) {
        CHECK(bytes == std::to_string(id));
        ids.push_back(id);
        return id < 65'536;
    });
    CHECK(ids == std::vector<ChunkId>{1, 2, 255, 257, 65'536});
}

TEMPLATE_LIST_TEST_CASE("transactions: a reader sees one moment for as long as it lives",
                        "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    put(*storage, "key", "before");
    append(*storage, 1, "chunk");
    const auto reader = storage->begin_read();
    {
        const auto writer = storage->begin_write({});
        writer->put(Table::records, "key", "after");
        writer->drop(ChunkKind::node, 1);
        CHECK(reader->find(Table::records, "key") == "before");
        writer->commit();
    }
    CHECK(reader->find(Table::records, "key") == "before");
    CHECK(reader->chunk(ChunkKind::node, 1) == "chunk");
    CHECK(get(*storage, "key") == "after");
}

TEMPLATE_LIST_TEST_CASE("transactions: a writer that does not commit leaves no trace", "[storage]",
                        Backings) {
    const TestType backing;
    const auto storage = backing.open();
    put(*storage, "key", "before");
    {
        const auto transaction = storage->begin_write({});
        transaction->put(Table::records, "key", "after");
        transaction->append(ChunkKind::node, 1, "chunk");
    }
    CHECK(get(*storage, "key") == "before");
    append(*storage, 1, "the first of this id");
    CHECK(storage->begin_read()->chunk(ChunkKind::node, 1) == "the first of this id");
}

TEMPLATE_LIST_TEST_CASE("transactions: a transaction is over when it is committed", "[storage]",
                        Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const auto transaction = storage->begin_write({});
    transaction->put(Table::records, "key", "value");
    transaction->commit();
    CHECK(failure_of([&] { return transaction->find(Table::records, "key"); }));
    CHECK(failure_of([&] { transaction->put(Table::records, "key", "value"); }));
    CHECK(failure_of([&] { transaction->commit(); }));
    CHECK(get(*storage, "key") == "value");
}

TEMPLATE_LIST_TEST_CASE("transactions: a thread that writes cannot begin a second write",
                        "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    {
        const auto transaction = storage->begin_write({});
        expect_failure(Errc::nested_write, {"already"}, [&] { return storage->begin_write({}); });
    }
    put(*storage, "key", "value");
    put(*storage, "key", "value");
}

TEMPLATE_LIST_TEST_CASE("transactions: a nested one becomes a part of the outer one, or nothing",
                        "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    put(*storage, "key", "before");
    const auto outer = storage->begin_write({});
    outer->put(Table::records, "outer", "1");
    CHECK(outer->changes() == 1);
    {
        const auto nested = outer->begin_nested();
        CHECK(nested->find(Table::records, "outer") == "1");
        nested->put(Table::records, "key", "kept");
        nested->append(ChunkKind::payload, 7, "chunk");
        CHECK(nested->changes() == 2);
        nested->commit();
    }
    {
        const auto nested = outer->begin_nested();
        CHECK(nested->find(Table::records, "key") == "kept");
        nested->put(Table::records, "key", "lost");
        nested->put(Table::commits, "more", "lost");
        nested->erase(Table::records, "outer");
        nested->drop(ChunkKind::payload, 7);
    }
    {
        const auto nested = outer->begin_nested();
        nested->put(Table::records, "key", "lost too");
        CHECK(failure_of([&] { nested->put(Table::records, std::string(600, 'x'), "y"); }));
        CHECK(failure_of([&] { nested->drop(ChunkKind::payload, 8); }));
    }
    CHECK(outer->find(Table::records, "key") == "kept");
    CHECK(outer->find(Table::records, "outer") == "1");
    CHECK_FALSE(outer->find(Table::commits, "more"));
    CHECK(outer->chunk(ChunkKind::payload, 7) == "chunk");
    CHECK(get(*storage, "key") == "before");
    outer->commit();
    CHECK(get(*storage, "key") == "kept");
    CHECK(get(*storage, "outer") == "1");
}

TEMPLATE_LIST_TEST_CASE("transactions: nested ones may run on other threads, one at a time",
                        "[storage][threads]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    {
        const auto outer = storage->begin_write({});
        for (int i = 0; i < 20; ++i)
            std::thread([&] {
                const auto nested = outer->begin_nested();
                for (int key = 0; key < 50; ++key)
                    nested->put(Table::records, std::to_string(key), std::to_string(i));
                if (i % 3 != 0) nested->commit();
            }).join();
        outer->commit();
    }
    for (int key = 0; key < 50; ++key) CHECK(get(*storage, std::to_string(key)) == "19");
}

TEMPLATE_LIST_TEST_CASE("transactions: nothing is left of nested ones whose outer one is undone",
                        "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    put(*storage, "key", "before");
    {
        const auto outer = storage->begin_write({});
        const auto nested = outer->begin_nested();
        nested->put(Table::records, "key", "after");
        nested->commit();
    }
    CHECK(get(*storage, "key") == "before");
}

TEMPLATE_LIST_TEST_CASE("transactions: one thread may hold many readers and a writer", "[storage]",
                        Backings) {
    const TestType backing;
    const auto storage = backing.open();
    std::vector<std::unique_ptr<ReadTransaction>> readers;
    for (int i = 0; i < 100; ++i) {
        put(*storage, "key", std::to_string(i));
        readers.push_back(storage->begin_read());
    }
    for (std::size_t i = 0; i < readers.size(); ++i)
        CHECK(readers[i]->find(Table::records, "key") == std::to_string(i));
    CHECK(storage->usage().readers.count == 100);
    readers.clear();
    CHECK(storage->usage().readers.count == 0);
    CHECK(storage->readers().held_bytes == 0);
}

TEMPLATE_LIST_TEST_CASE("transactions: a reader of the newest moment holds nothing back",
                        "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    put(*storage, "key", "first");
    put(*storage, "key", "second");
    const auto reader = storage->begin_read();
    CHECK(storage->readers().count == 1);
    CHECK(storage->readers().commits_behind == 0);
    CHECK(storage->readers().held_bytes == 0);
    put(*storage, "key", "third");
    CHECK(storage->readers().commits_behind == 1);
    CHECK(storage->readers().held_bytes > 0);
}

TEMPLATE_LIST_TEST_CASE(
    "transactions: threads that read beside threads that write see whole states",
    "[storage][threads]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const auto write_both = [&](int number) {
        const auto transaction = storage->begin_write({});
        transaction->put(Table::records, "a", std::to_string(number));
        transaction->put(Table::commits, "b", std::to_string(number));
        transaction->commit();
    };
    write_both(0);
    std::atomic<int> torn = 0;
    std::atomic<bool> done = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            while (!done) {
                const auto transaction = storage->begin_read();
                if (transaction->find(Table::records, "a") !=
                    transaction->find(Table::commits, "b"))
                    ++torn;
            }
        });
    }
    std::vector<std::thread> writers;
    for (int i = 0; i < 2; ++i) {
        writers.emplace_back([&, i] {
            for (int n = 0; n < 300; ++n) write_both(2 * n + i);
        });
    }
    for (std::thread& writer : writers) writer.join();
    done = true;
    for (std::thread& reader : readers) reader.join();
    CHECK(torn == 0);
}

TEMPLATE_LIST_TEST_CASE("storage: what was committed is there when it is opened again", "[storage]",
                        Backings) {
    const TestType backing;
    {
        const auto storage = backing.open();
        put(*storage, "key", "value");
        append(*storage, 5, "chunk");
    }
    const auto storage = backing.open();
    CHECK(get(*storage, "key") == "value");
    CHECK(storage->begin_read()->chunk(ChunkKind::node, 5) == "chunk");
}

TEMPLATE_LIST_TEST_CASE("storage: usage counts what is there", "[storage]", Backings) {
    const TestType backing;
    const auto storage = backing.open();
    const Usage empty = storage->usage();
    CHECK(empty.record_count == 0);
    CHECK(empty.node_chunks == 0);
    {
        const auto transaction = storage->begin_write({});
        transaction->put(Table::records, "a", "value");
        transaction->put(Table::commits, "a", "value");
        transaction->put(Table::payload_index, "a", "value");
        transaction->append(ChunkKind::node, 1, "node");
        for (ChunkId id = 1; id <= 100; ++id)
            transaction->append(ChunkKind::payload, id, text(10'000, 1));
        transaction->commit();
    }
    const Usage full = storage->usage();
    CHECK(full.record_count == 3);
    CHECK(full.node_chunks == 1);
    CHECK(full.payload_chunks == 100);
    CHECK(full.used_bytes >= empty.used_bytes + 1'000'000);
    CHECK(full.file_bytes >= full.used_bytes);
    CHECK(full.map_bytes >= full.file_bytes);
    {
        const auto transaction = storage->begin_write({});
        for (ChunkId id = 1; id <= 100; ++id) transaction->drop(ChunkKind::payload, id);
        transaction->commit();
    }
    const Usage after = storage->usage();
    CHECK(after.payload_chunks == 0);
    CHECK(after.used_bytes < full.used_bytes - 900'000);
}

namespace {

/// A database, what it should hold, and random commands for both.
class Twin {
public:
    Twin(Storage& storage, std::uint64_t seed) : storage_(storage), random_(seed) {}

    /// One write transaction of random changes, committed or not.
    void write() {
        Records records = records_;
        std::map<ChunkId, std::string> chunks = chunks_;
        const auto transaction = storage_.begin_write({});
        for (std::uint64_t i = below(30); i > 0; --i) change(*transaction, records, chunks);
        compare(*transaction, records, chunks);
        if (below(4) == 0) return;
        transaction->commit();
        records_ = std::move(records);
        chunks_ = std::move(chunks);
    }

    void compare_all() {
        const auto transaction = storage_.begin_read();
        compare(*transaction, records_, chunks_);
        std::map<ChunkId, std::string> found;
        transaction->each_chunk(ChunkKind::node, [&](ChunkId id, BytesView bytes) {
            found.emplace(id, bytes);
            return true;
        });
        CHECK(found == chunks_);
    }

private:
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

    std::string key(std::size_t longest) {
        std::string key(below(longest + 1), '\0');
        for (char& c : key) c = "\x00\x01gz\xfe\xff"[below(6)];
        return key;
    }

    void change(WriteTransaction& transaction, Records& records,
                std::map<ChunkId, std::string>& chunks) {
        const std::string at = key(5) + "k";
        switch (below(4)) {
            case 0: CHECK(transaction.erase(Table::records, at) == (records.erase(at) == 1)); break;
            case 1:
                next_id_ += 1 + below(3);
                chunks[next_id_] = text(below(9'000), static_cast<char>(below(100)));
                transaction.append(ChunkKind::node, next_id_, chunks[next_id_]);
                break;
            case 2:
                if (chunks.empty()) break;
                transaction.drop(ChunkKind::node, chunks.begin()->first);
                chunks.erase(chunks.begin());
                break;
            default:
                records[at] = "value of " + at;
                transaction.put(Table::records, at, records[at]);
        }
    }

    void compare(ReadTransaction& transaction, const Records& records,
                 const std::map<ChunkId, std::string>& chunks) {
        const std::string at = key(5) + "k";
        const auto value = transaction.find(Table::records, at);
        CHECK(value.has_value() == records.contains(at));
        const std::string prefix = key(2);
        const std::string from = key(4);
        const auto order = below(2) == 0 ? Order::ascending : Order::descending;
        const Scan scan{.prefix = prefix, .from = from, .order = order};
        CHECK(keys_of(transaction, scan) == expected_keys(records, scan));
        std::vector<ChunkId> ids;
        for (const auto& [id, bytes] : chunks)
            if (below(3) == 0) ids.push_back(id);
        std::ranges::shuffle(ids, random_);
        transaction.chunks(ChunkKind::node, ids, [&](std::size_t index, BytesView bytes) {
            CHECK(bytes == chunks.at(ids[index]));
            return true;
        });
    }

    Storage& storage_;
    std::mt19937_64 random_;
    Records records_;
    std::map<ChunkId, std::string> chunks_;
    ChunkId next_id_ = 0;
};

}  // namespace

TEMPLATE_LIST_TEST_CASE("storage: under random commands it holds what two maps hold", "[storage]",
                        Backings) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        CAPTURE(seed);
        const TestType backing;
        const auto storage = backing.open();
        Twin twin(*storage, seed);
        for (int i = 0; i < 200; ++i) twin.write();
        twin.compare_all();
    }
}

}  // namespace verso::storage
