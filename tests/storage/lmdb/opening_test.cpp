// Goal: opening takes a whole store that this process may have, once, and refuses all else with an
// error that says what to do; what it refuses it leaves alone.
//
// Method: real files in a temporary folder: no file, other files, stores that were cut, stamped
// anew, linked, or put where the process may not go.

#include "storage/child_process.hpp"
#include "storage/expectations.hpp"
#include "storage/lmdb/checksum.hpp"
#include "storage/lmdb/file_system.hpp"
#include "storage/lmdb/options.hpp"
#include "storage/lmdb/raw_file.hpp"
#include "storage/system_calls.hpp"
#include "storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace verso::storage {

namespace {

namespace fs = std::filesystem;

void make_store(const fs::path& path) {
    const auto storage = open_lmdb(options_for(path));
    put(*storage, "key", "value");
    for (ChunkId id = 1; id <= 20; ++id) append(*storage, id, std::string(5'000, 'c'));
}

/// Puts a stamp of this format number into a store.
void stamp(const fs::path& path, std::uint32_t format) {
    ByteWriter content;
    content.bytes("verso").le(format);
    std::string value(lmdb::checksum_bytes + content.size(), '\0');
    lmdb::seal(value.data(), "verso", content.view());
    with_lmdb(path, [&](MDB_env*, MDB_txn* transaction, MDB_dbi unnamed) {
        MDB_val key{5, const_cast<char*>("verso")};
        MDB_val bytes{value.size(), value.data()};
        mdb_put(transaction, unnamed, &key, &bytes, 0);
    });
}

void expect_refused(Errc code, const std::string& bytes) {
    const TemporaryFolder folder;
    const fs::path path = folder / "file";
    write_bytes(path, bytes);
    expect_failure(code, {path.string()}, [&] { return open_lmdb(options_for(path)); });
    CHECK(read_file(path) == bytes);
    CHECK_FALSE(fs::exists(folder / "file-lock"));
}

/// What opening reports: its error, or "opened".
std::string report_of_opening(const LmdbOptions& options) {
    const auto error = failure_of([&] { return open_lmdb(options); });
    return error ? std::string(name(error->code)) + ": " + error->message : "opened";
}

bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#elif defined(__has_feature)
    return __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
    return false;
#endif
}

}  // namespace

TEST_CASE("opening: a store that is not there is created or not found as told", "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions options = options_for(folder / "store");
    options.create = false;
    expect_failure(Errc::store_not_found, {"store", "create"}, [&] { return open_lmdb(options); });
    CHECK(fs::is_empty(folder.path()));
    options.create = true;
    { const auto storage = open_lmdb(options); }
    options.create = false;
    CHECK(open_lmdb(options) != nullptr);
}

TEST_CASE("opening: a new store is the file and its lock file and nothing else", "[storage]") {
    for (const Durability durability : {Durability::full, Durability::relaxed, Durability::none}) {
        const TemporaryFolder folder;
        LmdbOptions options = options_for(folder / "store");
        options.durability = durability;
        const auto storage = open_lmdb(options);
        put(*storage, "key", "value");
        CHECK(get(*storage, "key") == "value");
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder.path()))
            names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        CHECK(names == std::vector<std::string>{"store", "store-lock"});
    }
}

TEST_CASE("opening: options that cannot be are refused", "[storage]") {
    const TemporaryFolder folder;
    LmdbOptions options = options_for(folder / "store");
    options.map_size_bytes = 0;
    expect_failure(Errc::option_invalid, {"map_size_bytes"}, [&] { return open_lmdb(options); });
    options = options_for(folder / "store");
    options.max_readers = 0;
    expect_failure(Errc::option_invalid, {"max_readers"}, [&] { return open_lmdb(options); });
    expect_failure(Errc::option_invalid, {"path"}, [&] { return open_lmdb(options_for("")); });
}

TEST_CASE("opening: a folder is no store", "[storage]") {
    const TemporaryFolder folder;
    expect_failure(Errc::store_invalid, {folder.path().string(), "not a file"},
                   [&] { return open_lmdb(options_for(folder.path())); });
    expect_failure(Errc::store_not_found, {"folder", "missing"},
                   [&] { return open_lmdb(options_for(folder / "missing/store")); });
}

TEST_CASE("opening: a file that is no store is refused and left alone", "[storage]") {
    expect_refused(Errc::store_invalid, "");
    expect_refused(Errc::store_invalid, "A letter to a friend.\n");
    expect_refused(Errc::store_invalid, std::string(100'000, ' '));
    std::mt19937_64 random(1);
    std::string bytes(50'000, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    expect_refused(Errc::store_invalid, bytes);
}

TEST_CASE("opening: the file of another LMDB line is refused and left alone", "[storage]") {
    const TemporaryFolder folder;
    make_store(folder / "store");
    const std::string store = read_file(folder / "store");
    std::string newer = store;
    newer[20] = 2;  // the version of LMDB's layout
    expect_refused(Errc::format_unsupported, newer);
    expect_refused(Errc::format_unsupported, std::string(8, '\0') + store);
    std::string swapped = store;
    std::reverse(swapped.begin() + 16, swapped.begin() + 20);
    expect_refused(Errc::format_unsupported, swapped);
}

TEST_CASE("opening: an LMDB file that is not a store is refused", "[storage]") {
    const TemporaryFolder folder;
    with_lmdb(folder / "file", [](MDB_env*, MDB_txn* transaction, MDB_dbi unnamed) {
        MDB_val key{3, const_cast<char*>("key")};
        MDB_val value{5, const_cast<char*>("value")};
        mdb_put(transaction, unnamed, &key, &value, 0);
    });
    expect_failure(Errc::store_invalid, {"not a store"},
                   [&] { return open_lmdb(options_for(folder / "file")); });
}

TEST_CASE("opening: a store of another format is refused with what reads it", "[storage]") {
    const TemporaryFolder folder;
    make_store(folder / "store");
    stamp(folder / "store", 2);
    expect_failure(Errc::format_unsupported, {"format 2", "reads format 1", "verso 0."},
                   [&] { return open_lmdb(options_for(folder / "store")); });
    stamp(folder / "store", 1);
    CHECK(get(*open_lmdb(options_for(folder / "store")), "key") == "value");
}

TEST_CASE("opening: a damaged stamp is refused", "[storage]") {
    const TemporaryFolder folder;
    make_store(folder / "store");
    REQUIRE(flip_bit(folder / "store", std::string("verso\x01\0\0\0", 9)) > 0);
    expect_failure(Errc::store_invalid, {"stamp"},
                   [&] { return open_lmdb(options_for(folder / "store")); });
}

TEST_CASE("opening: a store that lacks a table is refused", "[storage]") {
    const TemporaryFolder folder;
    make_store(folder / "store");
    with_lmdb(folder / "store", [](MDB_env*, MDB_txn* transaction, MDB_dbi) {
        MDB_dbi table = 0;
        mdb_dbi_open(transaction, "payloads", 0, &table);
        mdb_drop(transaction, table, 1);
    });
    expect_failure(Errc::corrupt, {"payloads", "backup"},
                   [&] { return open_lmdb(options_for(folder / "store")); });
}

TEST_CASE("opening: a store that was cut short is refused wherever it was cut", "[storage]") {
    const TemporaryFolder folder;
    make_store(folder / "whole");
    const std::string whole = read_file(folder / "whole");
    REQUIRE(whole.size() > 40 * 4'096);
    for (std::size_t size = 1; size < whole.size(); size += 1'024) {
        CAPTURE(size);
        write_bytes(folder / "cut", whole.substr(0, size));
        const auto error = failure_of([&] { return open_lmdb(options_for(folder / "cut")); });
        REQUIRE(error.has_value());
        const auto expected = size <= 16 ? Errc::store_invalid : Errc::corrupt;
        CHECK(error->code == expected);
    }
}

TEST_CASE("opening: a store whose last pages are free may be shorter than its header says",
          "[storage]") {
    const TemporaryFolder folder;
    make_store(folder / "store");
    {
        const auto storage = open_lmdb(options_for(folder / "store"));
        const auto transaction = storage->begin_write({});
        for (ChunkId id = 100; id < 200; ++id)
            transaction->append(ChunkKind::payload, id, std::string(max_piece_bytes, 'p'));
        for (ChunkId id = 199; id >= 100; --id) transaction->drop(ChunkKind::payload, id);
        transaction->commit();
    }
    std::uint64_t needed_bytes = 0;
    with_lmdb(folder / "store", [&](MDB_env* environment, MDB_txn*, MDB_dbi) {
        MDB_envinfo info{};
        mdb_env_info(environment, &info);
        needed_bytes = (info.me_last_pgno + 1) * 4'096;
    });
    REQUIRE(fs::file_size(folder / "store") < needed_bytes);
    CHECK(get(*open_lmdb(options_for(folder / "store")), "key") == "value");
    fs::resize_file(folder / "store", fs::file_size(folder / "store") - 8'192);
    expect_failure(Errc::corrupt, {"cut short"},
                   [&] { return open_lmdb(options_for(folder / "store")); });
}

TEST_CASE("opening: one process has a store open once, by whatever path", "[storage]") {
    const TemporaryFolder folder;
    const fs::path path = folder / "store";
    {
        const auto storage = open_lmdb(options_for(path));
        fs::create_symlink(path, folder / "link");
        fs::create_hard_link(path, folder / "twin");
        fs::create_directory(folder / "sub");
        for (const fs::path& other :
             {path, folder / "link", folder / "twin", folder / "sub/../store"})
            expect_failure(Errc::store_open_already, {"open in this process"},
                           [&] { return open_lmdb(options_for(other)); });
        put(*storage, "key", "value");
    }
    CHECK(get(*open_lmdb(options_for(path)), "key") == "value");
}

TEST_CASE("opening: a store that could not be opened can be opened later", "[storage]") {
    const TemporaryFolder folder;
    write_bytes(folder / "store", "something else");
    CHECK(failure_of([&] { return open_lmdb(options_for(folder / "store")); }));
    fs::remove(folder / "store");
    make_store(folder / "store");
    CHECK(get(*open_lmdb(options_for(folder / "store")), "key") == "value");
}

TEST_CASE("opening: the lock file lies beside the file that a link leads to", "[storage]") {
    const TemporaryFolder folder;
    fs::create_directory(folder / "links");
    make_store(folder / "store");
    fs::remove(folder / "store-lock");
    fs::create_symlink(folder / "store", folder / "links/store");
    const auto storage = open_lmdb(options_for(folder / "links/store"));
    CHECK(fs::exists(folder / "store-lock"));
    CHECK_FALSE(fs::exists(folder / "links/store-lock"));
}

TEST_CASE("opening: a store is created where a link leads that leads nowhere yet", "[storage]") {
    const TemporaryFolder folder;
    fs::create_directory(folder / "data");
    fs::create_symlink("data/near", folder / "far");
    fs::create_symlink("store", folder / "data/near");
    put(*open_lmdb(options_for(folder / "far")), "key", "value");
    CHECK(fs::is_symlink(folder / "data/near"));
    CHECK(fs::is_regular_file(folder / "data/store"));
    CHECK(get(*open_lmdb(options_for(folder / "data/store")), "key") == "value");
    fs::create_symlink("round", folder / "round");
    expect_failure(Errc::io_failed, {"symbolic links"},
                   [&] { return open_lmdb(options_for(folder / "round")); });
}

TEST_CASE("opening: no descriptor of a store outlives an exec", "[storage]") {
    const TemporaryFolder folder;
    const auto storage = open_lmdb(options_for(folder / "store"));
    int descriptors = 0;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code error;
        if (!fs::read_symlink(entry.path(), error).string().starts_with(folder.path().string()))
            continue;
        ++descriptors;
        CHECK((::fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC) != 0);
    }
    CHECK(descriptors == 4);  // LMDB's three and that of the claim
}

TEST_CASE("opening: the map is halved until the process may reserve it", "[storage]") {
    if (is_sanitized()) {
        WARN("not tried: a sanitizer needs more address space than the test allows");
        return;
    }
    const TemporaryFolder folder;
    const Ended ended = in_child([&] {
        const rlimit limit{std::uint64_t{6} << 30, std::uint64_t{6} << 30};
        ::setrlimit(RLIMIT_AS, &limit);
        LmdbOptions options = options_for(folder / "store");
        options.map_size_bytes = std::uint64_t{1} << 40;
        const auto storage = open_lmdb(options);
        put(*storage, "key", "value");
        return std::to_string(storage->usage().map_bytes >> 30);
    });
    CHECK(ended.report == "4");
}

TEST_CASE("opening: the map is halved too where a large one is an invalid argument", "[storage]") {
    const TemporaryFolder folder;
    const WatchedCalls watched(
        [](const SystemCall& call) {
            return call.length > std::uint64_t{4} << 30 ? EINVAL : 0;  // as Valgrind answers
        },
        WatchedCalls::Which::mapping);
    LmdbOptions options = options_for(folder / "store");
    options.map_size_bytes = std::uint64_t{1} << 40;
    CHECK(open_lmdb(options)->usage().map_bytes == std::uint64_t{4} << 30);
}

TEST_CASE("opening: no address space at all is an error that says so", "[storage]") {
    if (is_sanitized()) {
        WARN("not tried: a sanitizer needs more address space than the test allows");
        return;
    }
    const TemporaryFolder folder;
    make_store(folder / "store");
    const Ended ended = in_child([&] {
        const rlimit limit{std::uint64_t{512} << 20, std::uint64_t{512} << 20};
        ::setrlimit(RLIMIT_AS, &limit);
        return report_of_opening({.path = folder / "store"});
    });
    CHECK_THAT(ended.report, Catch::Contains("address space") && Catch::Contains("map_size_bytes"));
}

TEST_CASE("opening: too many open files are an error that says so", "[storage]") {
    const TemporaryFolder folder;
    make_store(folder / "store");
    for (const rlim_t more : {0U, 1U, 2U, 3U}) {  // a store takes four
        const Ended ended = in_child([&] {
            const int first_free = ::dup(0);
            ::close(first_free);
            const rlim_t descriptors = static_cast<rlim_t>(first_free) + more;
            const rlimit limit{descriptors, descriptors};
            ::setrlimit(RLIMIT_NOFILE, &limit);
            return report_of_opening(options_for(folder / "store"));
        });
        CHECK_THAT(ended.report, Catch::StartsWith("io_failed") && Catch::Contains("ulimit -n"));
    }
}

namespace {

/// What opening reports to a process of another user, for whom `folder` was prepared.
std::string as_another_user(const fs::path& path) {
    return in_child([&]() -> std::string {
               if (::geteuid() == 0 && (::setgid(65'534) != 0 || ::setuid(65'534) != 0))
                   return "not tried";
               return report_of_opening(options_for(path));
           })
        .report;
}

}  // namespace

TEST_CASE("opening: a folder that may not be written is named", "[storage]") {
    const TemporaryFolder folder;
    make_store(folder / "store");
    fs::remove(folder / "store-lock");
    fs::permissions(folder / "store", fs::perms::all);
    fs::permissions(folder.path(), fs::perms(0555));
    for (const char* name : {"store", "another"}) {
        const std::string report = as_another_user(folder / name);
        if (report == "not tried") WARN("not tried: this process cannot become another user");
        CHECK_THAT(report, Catch::Contains("permission_denied") && Catch::Contains("the folder ") &&
                               Catch::Contains("copy the store"));
    }
    fs::permissions(folder.path(), fs::perms(0755));
}

TEST_CASE("opening: a file that may not be written is named", "[storage]") {
    const TemporaryFolder folder;
    make_store(folder / "store");
    fs::permissions(folder.path(), fs::perms::all);
    fs::permissions(folder / "store", fs::perms(0444));
    const std::string report = as_another_user(folder / "store");
    if (report == "not tried") WARN("not tried: this process cannot become another user");
    CHECK_THAT(report,
               Catch::Contains("permission_denied") && Catch::Contains("read and write the file"));
}

TEST_CASE("file system: those that several machines mount are known", "[storage]") {
    using lmdb::network_file_system;
    CHECK(network_file_system(0x6969) == "NFS");
    CHECK(network_file_system(0xff534d42) == "CIFS");
    CHECK(network_file_system(0xfe534d42) == "SMB2");
    CHECK(network_file_system(0x65735546) == "FUSE");
    CHECK(network_file_system(0x01021997) == "9p");
    CHECK(network_file_system(0x0bd00bd0) == "Lustre");
    CHECK(network_file_system(0xffffffffff534d42) == "CIFS");
    for (const std::uint64_t local :
         {0xef53U, 0x58465342U, 0x9123683eU, 0x01021994U, 0x794c7630U, 0U})
        CHECK(network_file_system(local).empty());
}

}  // namespace verso::storage
