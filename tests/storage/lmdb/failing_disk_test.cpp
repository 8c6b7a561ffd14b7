// Goal: a full map, a full disk and a failing disk are reported as what they are, leave the last
// committed state, and writing goes on when the cause is gone.
//
// Method: small maps, a file size limit, and system calls that the test lets fail.

#include "storage/child_process.hpp"
#include "storage/expectations.hpp"
#include "storage/lmdb/options.hpp"
#include "storage/system_calls.hpp"
#include "storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <cerrno>
#include <string>

namespace verso::storage {

namespace {

/// Writes records until that fails; answers how many went in.
int fill(Storage& storage) {
    for (int i = 0;; ++i) {
        if (failure_of([&] { put(storage, "record " + std::to_string(i), std::string(500, 'v')); }))
            return i;
    }
}

/// Fails the writes of LMDB's two header pages.
int fail_header(const SystemCall& call) {
    return call.name == "pwrite" && call.offset >= 0 && call.offset < 2 * 4'096 ? EIO : 0;
}

int no_room(const SystemCall& call) { return call.name == "fdatasync" ? 0 : ENOSPC; }

}  // namespace

TEST_CASE("full map: it is reported and reads go on and so does dropping chunks", "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions options = options_for(folder / "store");
    options.map_size_bytes = 512 * 1024;
    const auto storage = open_lmdb(options);
    const std::string chunk(9'000, 'c');
    ChunkId last = 0;
    while (!failure_of([&] { append(*storage, last + 1, chunk); })) ++last;
    CHECK(last > 20);
    expect_failure(Errc::store_full, {"map_size_bytes", "store"},
                   [&] { append(*storage, last + 1, chunk); });
    CHECK(storage->begin_read()->chunk(ChunkKind::node, last) == chunk);
    for (ChunkId id = 1; id <= last / 2; ++id) {
        const auto transaction = storage->begin_write({});
        transaction->drop(ChunkKind::node, id);
        transaction->commit();
    }
    append(*storage, last + 1, chunk);
    CHECK(storage->begin_read()->chunk(ChunkKind::node, last + 1) == chunk);
}

TEST_CASE("full map: writing goes on when the store is opened with a larger one", "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions options = options_for(folder / "store");
    options.map_size_bytes = 256 * 1024;
    const int count = fill(*open_lmdb(options));
    options.map_size_bytes = 1024 * 1024;
    const auto storage = open_lmdb(options);
    CHECK(storage->usage().record_count == static_cast<std::uint64_t>(count));
    CHECK(fill(*storage) > 2 * count);
}

TEST_CASE("full map: a transaction that failed cannot be committed and says why", "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions options = options_for(folder / "store");
    options.map_size_bytes = 256 * 1024;
    const auto storage = open_lmdb(options);
    const auto transaction = storage->begin_write({});
    transaction->put(Table::records, "key", "value");
    const std::string large(400 * 1024, 'c');
    expect_failure(Errc::store_full, {}, [&] { transaction->append(ChunkKind::node, 1, large); });
    expect_failure(Errc::store_full, {}, [&] { transaction->put(Table::records, "key", "value"); });
    expect_failure(Errc::store_full, {"map_size_bytes"}, [&] { transaction->commit(); });
}

TEST_CASE("full disk: it is reported and writing goes on when there is room again", "[storage]") {
    const TemporaryFolder folder;
    const auto storage = open_lmdb(options_for(folder / "store"));
    put(*storage, "key", "before");
    {
        const WatchedCalls watched(no_room);
        expect_failure(Errc::disk_full, {"disk is full", "store"},
                       [&] { put(*storage, "key", "after"); });
        expect_failure(Errc::disk_full, {},
                       [&] { append(*storage, 1, std::string(100'000, 'c')); });
    }
    CHECK(get(*storage, "key") == "before");
    put(*storage, "key", "after");
    CHECK(get(*storage, "key") == "after");
}

TEST_CASE("full disk: a store that cannot be created leaves nothing", "[storage]") {
    const TemporaryFolder folder;
    for (const int code : {ENOSPC, EDQUOT}) {
        const WatchedCalls watched([&](const SystemCall&) { return code; });
        expect_failure(Errc::disk_full, {},
                       [&] { return open_lmdb(options_for(folder / "store")); });
        CHECK(std::filesystem::is_empty(folder.path()));
    }
    CHECK(open_lmdb(options_for(folder / "store")) != nullptr);
}

TEST_CASE("full disk: a file size limit counts as one", "[storage]") {
    const TemporaryFolder folder;
    const Ended ended = in_child([&] {
        const auto storage = open_lmdb(options_for(folder / "store"));
        put(*storage, "key", "before");
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{200 * 1024 + 100,
                           RLIM_INFINITY};  // within a page, so that a write falls short
        ::setrlimit(RLIMIT_FSIZE, &limit);
        std::string codes;
        for (ChunkId id = 1; codes.empty(); ++id)
            if (const auto error =
                    failure_of([&] { append(*storage, id, std::string(30'000, 'c')); }))
                codes = std::string(name(error->code));
        return codes + ", " + get(*storage, "key").value_or("nothing");
    });
    CHECK(ended.report == "disk_full, before");
    CHECK(get(*open_lmdb(options_for(folder / "store")), "key") == "before");
}

TEST_CASE("failing disk: an error that is not a full disk is told from one", "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions options = options_for(folder / "store");
    options.durability = Durability::full;
    const auto storage = open_lmdb(options);
    put(*storage, "key", "before");
    for (const char* failing : {"pwrite", "fdatasync"}) {
        const WatchedCalls watched(
            [&](const SystemCall& call) { return call.name == failing ? EIO : 0; });
        expect_failure(Errc::io_failed, {"store"}, [&] { put(*storage, "key", "after"); });
    }
    CHECK(get(*storage, "key") == "before");
    put(*storage, "key", "after");
    CHECK(get(*storage, "key") == "after");
}

TEST_CASE("failing disk: after a header could not be written the store is opened anew",
          "[storage]") {
    const TemporaryFolder folder;
    const auto storage = open_lmdb(options_for(folder / "store"));
    put(*storage, "key", "before");
    {
        const WatchedCalls watched(fail_header);
        expect_failure(Errc::io_failed, {"disk"}, [&] { put(*storage, "key", "after"); });
    }
    CHECK(get(*storage, "key") == "before");
    put(*storage, "key", "after");
    CHECK(get(*storage, "key") == "after");
    CHECK(storage->usage().readers.count == 0);
}

TEST_CASE("failing disk: the store is opened anew only when no snapshot needs the old map",
          "[storage]") {
    const TemporaryFolder folder;
    const auto storage = open_lmdb(options_for(folder / "store"));
    put(*storage, "key", "before");
    auto reader = storage->begin_read();
    {
        const WatchedCalls watched(fail_header);
        CHECK(failure_of([&] { put(*storage, "key", "after"); }));
    }
    expect_failure(Errc::io_failed, {"snapshots"}, [&] { return storage->begin_read(); });
    expect_failure(Errc::io_failed, {"snapshots"}, [&] { return storage->begin_write({}); });
    CHECK(reader->find(Table::records, "key") == "before");
    reader.reset();
    put(*storage, "key", "after");
    CHECK(get(*storage, "key") == "after");
}

TEST_CASE("failing disk: a header that fell short is undone", "[storage]") {
    const TemporaryFolder folder;
    const auto storage = open_lmdb(options_for(folder / "store"));
    put(*storage, "key", "before");
    {
        bool done = false;
        const WatchedCalls watched([&](const SystemCall& call) {
            if (done || fail_header(call) == 0) return 0;
            done = true;
            return fall_short;
        });
        CHECK(failure_of([&] { put(*storage, "key", "after"); }));
    }
    CHECK(get(*storage, "key") == "before");
    put(*storage, "key", "after");
    CHECK(get(*storage, "key") == "after");
}

}  // namespace verso::storage
