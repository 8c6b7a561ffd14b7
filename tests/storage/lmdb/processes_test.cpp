// Goal: several processes share a store, and none that dies or forks harms it for the others.
//
// Method: real forked processes that read, write, create and are killed at every point of it.

#include "storage/child_process.hpp"
#include "storage/expectations.hpp"
#include "storage/lmdb/options.hpp"
#include "storage/system_calls.hpp"
#include "storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace verso::storage {

namespace {

namespace fs = std::filesystem;

/// What opening and writing once reports.
std::string write_once(const fs::path& path) {
    const auto storage = open_lmdb(options_for(path));
    put(*storage, "key", "value");
    return get(*storage, "key").value_or("nothing");
}

/// Whether LMDB reads the second header, which it does with its lock file half made.
bool is_halfway_open(const SystemCall& call) { return call.offset == 4'096; }

/// A process that has a store open until it is killed.
class Holder {
public:
    explicit Holder(const fs::path& path)
        : process_([&]() -> std::string {
              const auto storage = open_lmdb(options_for(path));
              is_open_.give();
              return ::pause(), std::string();
          }) {
        is_open_.wait();
    }
    void kill() { process_.kill(); }

private:
    Signal is_open_;
    ChildProcess process_;
};

int entries(const fs::path& folder) {
    return static_cast<int>(std::distance(fs::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("processes: a forked child may not use what its parent opened", "[storage]") {
    const TemporaryFolder folder;
    auto storage = open_lmdb(options_for(folder / "store"));
    put(*storage, "key", "value");
    append(*storage, 1, "chunk");
    auto reader = storage->begin_read();
    auto writer = storage->begin_write({});
    const std::vector<std::function<void()>> uses{
        [&] { static_cast<void>(storage->begin_read()); },
        [&] { static_cast<void>(storage->begin_write({})); },
        [&] { static_cast<void>(storage->usage()); },
        [&] { static_cast<void>(reader->find(Table::records, "key")); },
        [&] { reader->scan(Table::records, {}, [](BytesView, BytesView) { return true; }); },
        [&] { static_cast<void>(reader->chunk(ChunkKind::node, 1)); },
        [&] { reader->chunks(ChunkKind::node, {}, [](std::size_t, BytesView) { return true; }); },
        [&] { reader->each_chunk(ChunkKind::node, [](ChunkId, BytesView) { return true; }); },
        [&] { writer->put(Table::records, "key", "child's"); },
        [&] { writer->erase(Table::records, "key"); },
        [&] { writer->append(ChunkKind::node, 2, "child's"); },
        [&] { writer->drop(ChunkKind::node, 1); },
        [&] { writer->commit(); },
    };
    for (std::size_t i = 0; i < uses.size(); ++i) {
        CAPTURE(i);
        const Ended ended = in_child([&]() -> std::string { return uses[i](), "it was used"; });
        CHECK(ended.report == "store_forked");
    }
}

TEST_CASE("processes: a forked child that ends everything leaves its parent's store whole",
          "[storage]") {
    const TemporaryFolder folder;
    auto storage = open_lmdb(options_for(folder / "store"));
    put(*storage, "key", "before");
    auto reader = storage->begin_read();
    auto writer = storage->begin_write({});
    writer->put(Table::records, "key", "after");
    const Ended ended = in_child([&]() -> std::string {
        reader.reset();
        writer.reset();
        storage.reset();
        return "ended";
    });
    CHECK(ended.report == "ended");
    CHECK(storage->usage().readers.count == 1);
    writer->commit();
    CHECK(reader->find(Table::records, "key") == "before");
    CHECK(get(*storage, "key") == "after");
    CHECK(in_child([&] { return write_once(folder / "store"); }).report == "value");
}

TEST_CASE("processes: what one without standard streams prints does not come into its store",
          "[storage]") {
    const TemporaryFolder folder;
    const LmdbOptions options = options_for(folder / "store");
    for (const char* round : {"created", "opened"}) {
        const Ended ended = in_child([&] {
            for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(stream);
            const auto storage = open_lmdb(options);
            put(*storage, "key", round);
            std::string printed;
            for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
                printed += ::write(stream, "printed", 7) < 0 ? "no " : "yes ";
            return printed;
        });
        CHECK(ended.report == "no no no ");
        CHECK(get(*open_lmdb(options), "key") == round);
    }
}

TEST_CASE("processes: a store that is put in the place of one that is open waits for its end",
          "[storage]") {
    const TemporaryFolder folder;
    const auto make = [&](const char* name, int commits) {
        const auto storage = open_lmdb(options_for(folder / name));
        for (int i = 0; i < commits; ++i) put(*storage, "key", name);
    };
    const auto lock_of = [&](const char* name) { return folder / (std::string(name) + "-lock"); };
    for (const auto& [there, instead] : {std::pair{2, 9}, std::pair{9, 2}}) {
        make("there", there);
        make("instead", instead);
        fs::remove(lock_of("instead"));
        Holder holder(folder / "there");
        fs::rename(folder / "instead", folder / "there");
        expect_failure(Errc::store_invalid, {"lock file", "stop it"},
                       [&] { return open_lmdb(options_for(folder / "there")); });
        holder.kill();
        const auto storage = open_lmdb(options_for(folder / "there"));
        CHECK(get(*storage, "key") == "instead");
        put(*storage, "key", "after");
    }
}

TEST_CASE("processes: who would use another lock file than the others is refused", "[storage]") {
    const TemporaryFolder folder;
    { put(*open_lmdb(options_for(folder / "store")), "key", "value"); }
    fs::create_directory(folder / "elsewhere");
    fs::create_hard_link(folder / "store", folder / "elsewhere/twin");
    Holder holder(folder / "store");
    const auto is_refused = [&](const char* name) {
        expect_failure(Errc::store_invalid, {"another lock file", std::string(name) + "-lock"},
                       [&] { return open_lmdb(options_for(folder / name)); });
    };
    is_refused("elsewhere/twin");
    { CHECK(get(*open_lmdb(options_for(folder / "store")), "key") == "value"); }
    fs::rename(folder / "store-lock", folder / "lock");
    is_refused("store");
    fs::rename(folder / "lock", folder / "store-lock");
    { CHECK(get(*open_lmdb(options_for(folder / "store")), "key") == "value"); }
    holder.kill();
    CHECK(get(*open_lmdb(options_for(folder / "elsewhere/twin")), "key") == "value");
}

TEST_CASE("processes: nothing is written to a file that its path does not lead to any more",
          "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions options = options_for(folder / "store");
    options.durability = Durability::full;
    const auto storage = open_lmdb(options);
    put(*storage, "key", "before");
    const auto is_refused = [&] {
        expect_failure(Errc::store_invalid, {"removed, moved or replaced"},
                       [&] { put(*storage, "key", "lost"); });
        CHECK(get(*storage, "key") == "before");
    };
    fs::rename(folder / "store", folder / "moved");
    is_refused();
    fs::copy_file(folder / "moved", folder / "store");
    is_refused();
    fs::rename(folder / "moved", folder / "store");
    put(*storage, "key", "between");
    fs::rename(folder / "store-lock", folder / "lock");  // another process would make another one
    expect_failure(Errc::store_invalid, {"store-lock was removed, moved or replaced"},
                   [&] { put(*storage, "key", "lost"); });
    fs::rename(folder / "lock", folder / "store-lock");
    put(*storage, "key", "after");
    CHECK(get(*storage, "key") == "after");
}

TEST_CASE("processes: a forked child may open the store anew", "[storage]") {
    const TemporaryFolder folder;
    auto storage = open_lmdb(options_for(folder / "store"));
    const Ended ended = in_child([&] {
        const auto again = open_lmdb(options_for(folder / "store"));
        storage.reset();
        expect_failure(Errc::store_open_already, {},
                       [&] { return open_lmdb(options_for(folder / "store")); });
        put(*again, "key", "child's");
        return get(*again, "key").value_or("nothing");
    });
    CHECK(ended.report == "child's");
    CHECK(get(*storage, "key") == "child's");
}

TEST_CASE("processes: two that count in one store lose no count", "[storage]") {
    const TemporaryFolder folder;
    { const auto created = open_lmdb(options_for(folder / "store")); }
    const auto count = [&]() -> std::string {
        const auto storage = open_lmdb(options_for(folder / "store"));
        for (int i = 0; i < 500; ++i) {
            const auto transaction = storage->begin_write({});
            const auto now = transaction->find(Table::records, "count");
            const int next = now ? std::stoi(std::string(*now)) + 1 : 1;
            transaction->put(Table::records, "count", std::to_string(next));
            transaction->commit();
        }
        return "counted";
    };
    ChildProcess one(count);
    ChildProcess two(count);
    CHECK(one.wait().report == "counted");
    CHECK(two.wait().report == "counted");
    CHECK(get(*open_lmdb(options_for(folder / "store")), "count") == "1000");
}

TEST_CASE("processes: the readers of one that was killed are cleared by the next that opens",
          "[storage]") {
    const TemporaryFolder folder;
    const auto storage = open_lmdb(options_for(folder / "store"));
    put(*storage, "key", "value");
    const Signal reading;
    ChildProcess child([&]() -> std::string {
        const auto again = open_lmdb(options_for(folder / "store"));
        const auto reader = again->begin_read();
        reading.give();
        for (;;) ::pause();
    });
    reading.wait();
    CHECK(storage->usage().readers.count == 1);
    CHECK(child.kill().signal == SIGKILL);
    CHECK(storage->usage().readers.count == 1);
    CHECK(in_child([&] { return write_once(folder / "store"); }).report == "value");
    CHECK(storage->usage().readers.count == 0);
}

TEST_CASE("processes: the readers of one that was killed are cleared as writing goes on",
          "[storage]") {
    const TemporaryFolder folder;
    const auto storage = open_lmdb(options_for(folder / "store"));
    const Signal reading;
    ChildProcess child([&]() -> std::string {
        const auto again = open_lmdb(options_for(folder / "store"));
        const auto reader = again->begin_read();
        reading.give();
        for (;;) ::pause();
    });
    reading.wait();
    child.kill();
    for (int i = 0; i < 1'024; ++i) put(*storage, "key", std::to_string(i));
    CHECK(storage->usage().readers.count == 0);
}

TEST_CASE("processes: the slots of dead readers are used again when they run out", "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions options = options_for(folder / "store");
    options.max_readers = 2;
    const auto storage = open_lmdb(options);
    const Signal reading;
    ChildProcess child([&]() -> std::string {
        const auto again = open_lmdb(options);
        const auto one = again->begin_read();
        reading.give();
        for (;;) ::pause();
    });
    reading.wait();
    const auto one = storage->begin_read();
    expect_failure(Errc::readers_full, {"max_readers", "snapshots"},
                   [&] { return storage->begin_read(); });
    child.kill();
    const auto two = storage->begin_read();
    CHECK(two != nullptr);
    expect_failure(Errc::readers_full, {}, [&] { return storage->begin_read(); });
}

TEST_CASE(
    "processes: who waits for one that dies or fails as it opens goes on from the newest state",
    "[storage]") {
    const bool dies = GENERATE(true, false);
    const int states = GENERATE(2, 3);  // the newest in either of the two headers
    CAPTURE(dies, states);
    const TemporaryFolder folder;
    {
        const auto storage = open_lmdb(options_for(folder / "store"));
        for (int i = 1; i <= states; ++i) put(*storage, "state", std::to_string(i));
    }
    const Signal halfway;
    const Signal fails;
    ChildProcess first([&]() -> std::string {
        const WatchedCalls watched(
            [&](const SystemCall& call) {
                if (!is_halfway_open(call)) return 0;
                halfway.give();
                fails.wait();
                return EIO;
            },
            WatchedCalls::Which::reading);
        const auto storage = open_lmdb(options_for(folder / "store"));
        return "it opened";
    });
    halfway.wait();
    const Signal begins;
    ChildProcess second([&]() -> std::string {
        begins.give();
        const auto storage = open_lmdb(options_for(folder / "store"));
        put(*storage, "more", "value");
        return get(*storage, "state").value_or("nothing");
    });
    begins.wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until it waits for the first
    if (!dies) fails.give();
    if (dies)
        CHECK(first.kill().signal == SIGKILL);
    else
        CHECK(first.wait().report == "io_failed");
    CHECK(second.wait().report == std::to_string(states));
    const auto storage = open_lmdb(options_for(folder / "store"));
    CHECK(get(*storage, "state") == std::to_string(states));
    CHECK(get(*storage, "more") == "value");
}

TEST_CASE("processes: a child of one that dies as it opens keeps nobody out", "[storage]") {
    const TemporaryFolder folder;
    { const auto created = open_lmdb(options_for(folder / "store")); }
    const Signal halfway;
    const Signal ends;
    ChildProcess first([&]() -> std::string {
        const WatchedCalls watched(
            [&](const SystemCall& call) {
                if (!is_halfway_open(call)) return 0;
                if (::fork() != 0) return halfway.give(), ::pause();
                ends.wait();
                ::_exit(0);
            },
            WatchedCalls::Which::reading);
        const auto storage = open_lmdb(options_for(folder / "store"));
        return "it opened";
    });
    halfway.wait();
    ::kill(first.id(), SIGKILL);
    CHECK(in_child([&] { return write_once(folder / "store"); }).report == "value");
    ends.give();
    CHECK(first.wait().signal == SIGKILL);
}

TEST_CASE("processes: a writer that is killed leaves the last committed state", "[storage]") {
    const TemporaryFolder folder;
    const auto storage = open_lmdb(options_for(folder / "store"));
    put(*storage, "key", "before");
    const Signal writing;
    ChildProcess child([&]() -> std::string {
        const auto again = open_lmdb(options_for(folder / "store"));
        const auto writer = again->begin_write({});
        writer->put(Table::records, "key", "after");
        writing.give();
        for (;;) ::pause();
    });
    writing.wait();
    child.kill();
    CHECK(get(*storage, "key") == "before");
    put(*storage, "other", "value");
    CHECK(get(*storage, "other") == "value");
}

TEST_CASE("processes: a commit that is killed at any call leaves one state or the other",
          "[storage]") {
    const TemporaryFolder folder;
    { const auto created = open_lmdb(options_for(folder / "store")); }
    for (int last_call = 1;; ++last_call) {
        CAPTURE(last_call);
        const Ended ended = in_child([&]() -> std::string {
            LmdbOptions options = options_for(folder / "store");
            options.durability = Durability::full;
            const auto storage = open_lmdb(options);
            int calls = 0;
            const WatchedCalls watched([&](const SystemCall&) {
                if (++calls == last_call) ::kill(::getpid(), SIGKILL);
                return 0;
            });
            const auto transaction = storage->begin_write({});
            transaction->put(Table::records, "a", std::to_string(last_call));
            transaction->append(ChunkKind::node, static_cast<ChunkId>(last_call),
                                std::string(9'000, 'c'));
            transaction->put(Table::commits, "b", std::to_string(last_call));
            transaction->commit();
            return "committed";
        });
        const auto storage = open_lmdb(options_for(folder / "store"));
        const auto reader = storage->begin_read();
        CHECK(reader->find(Table::records, "a") == reader->find(Table::commits, "b"));
        if (ended.report == "committed") {
            CHECK(last_call > 2);
            break;
        }
        REQUIRE(ended.signal == SIGKILL);
    }
}

TEST_CASE("processes: a creation that is killed at any call can be begun again", "[storage]") {
    for (int last_call = 1;; ++last_call) {
        CAPTURE(last_call);
        const TemporaryFolder folder;
        const Ended ended = in_child([&]() -> std::string {
            int calls = 0;
            const WatchedCalls watched([&](const SystemCall&) {
                if (++calls == last_call) ::kill(::getpid(), SIGKILL);
                return 0;
            });
            const auto storage = open_lmdb({.path = folder / "store", .map_size_bytes = 1U << 30});
            return "created";
        });
        CHECK(in_child([&] { return write_once(folder / "store"); }).report == "value");
        CHECK(entries(folder.path()) <= 3);  // the store, its lock file, what the crash has left
        if (ended.report == "created") {
            CHECK(last_call > 5);
            break;
        }
        REQUIRE(ended.signal == SIGKILL);
    }
}

TEST_CASE("processes: what a crashed creation has left is swept when it is old", "[storage]") {
    const TemporaryFolder folder;
    const fs::path old_one = folder / ".verso-creating-0123456789abcdef";
    const fs::path young_one = folder / ".verso-creating-fedcba9876543210";
    const fs::path another = folder / "another file";
    for (const fs::path& path : {old_one, young_one, another}) std::ofstream(path) << "content";
    const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
    fs::last_write_time(old_one, yesterday);
    fs::last_write_time(another, yesterday);
    const auto storage = open_lmdb(options_for(folder / "store"));
    CHECK_FALSE(fs::exists(old_one));
    CHECK(fs::exists(young_one));
    CHECK(fs::exists(another));
}

TEST_CASE("processes: of many that create one store all get the same", "[storage]") {
    for (int round = 0; round < 5; ++round) {
        const TemporaryFolder folder;
        const Signal start;
        std::vector<std::unique_ptr<ChildProcess>> children;
        for (int i = 0; i < 6; ++i) {
            children.push_back(std::make_unique<ChildProcess>([&, i]() -> std::string {
                start.wait();
                const auto storage = open_lmdb(options_for(folder / "store"));
                put(*storage, "from " + std::to_string(i), "value");
                return "written";
            }));
        }
        for (int i = 0; i < 6; ++i) start.give();
        for (const auto& child : children) CHECK(child->wait().report == "written");
        const auto storage = open_lmdb(options_for(folder / "store"));
        CHECK(storage->usage().record_count == 6);
        CHECK(entries(folder.path()) == 2);
    }
}

TEST_CASE("processes: a file system that cannot rename so gets its store by a link", "[storage]") {
    const TemporaryFolder folder;
    const WatchedCalls watched(
        [](const SystemCall& call) { return call.name == "renameat2" ? EINVAL : 0; });
    CHECK(write_once(folder / "store") == "value");
    CHECK(entries(folder.path()) == 2);
}

TEST_CASE("processes: one with a smaller map follows what another has made of the store",
          "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions small = options_for(folder / "store");
    small.map_size_bytes = 1024 * 1024;
    const auto storage = open_lmdb(small);
    put(*storage, "key", "value");
    const auto reader = storage->begin_read();
    const Ended ended = in_child([&]() -> std::string {
        const auto larger = open_lmdb(options_for(folder / "store"));
        append(*larger, 1, std::string(4 * 1024 * 1024, 'c'));
        return "grown";
    });
    CHECK(ended.report == "grown");
    CHECK(reader->find(Table::records, "key") == "value");
    expect_failure(Errc::store_full, {"map_size_bytes", "snapshots"},
                   [&] { return storage->begin_read(); });
}

TEST_CASE("processes: a map that another has outgrown is replaced once no reader is left",
          "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions small = options_for(folder / "store");
    small.map_size_bytes = 1024 * 1024;
    const auto storage = open_lmdb(small);
    const Ended ended = in_child([&]() -> std::string {
        const auto larger = open_lmdb(options_for(folder / "store"));
        append(*larger, 1, std::string(4 * 1024 * 1024, 'c'));
        return "grown";
    });
    CHECK(ended.report == "grown");
    CHECK(storage->begin_read()->chunk(ChunkKind::node, 1).size() == 4U * 1024 * 1024);
    put(*storage, "key", "value");
    CHECK(get(*storage, "key") == "value");
}

}  // namespace verso::storage
