// Goal: a store opens where it can, and says why where it cannot.
#include <verso/maintenance.hpp>

#include "engine/fixture.hpp"
#include "engine/records.hpp"
#include "engine/store_state.hpp"
#include "storage/child_process.hpp"
#include "storage/temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace verso;
using namespace verso::engine;
namespace fs = std::filesystem;

namespace {

/// The code that opening fails with.
Errc open_error(const fs::path& path, const Options& options = {},
                const std::vector<std::string>& words = {}) {
    return error_of(Store::open(path, options), words);
}

}  // namespace

TEST_CASE("open: what was written is there when the store is opened again", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "store.verso";
    ConnectionId connection;
    {
        Store store = Store::open(path).value();
        CHECK(store.path() == path);
        connection = store.create_connection(acme(), {.name = "GitHub"}).value().id;
        store.create_version(connection, {.name = "1"}).value();
        store.publish({connection, "1"}).value();
    }
    const Store store = Store::open(path, {.create = false}).value();
    CHECK(store.snapshot().value().version({connection, "latest"}).value().name == "1");
}

TEST_CASE("open: a missing store is made only where that is wanted", "[engine]") {
    const storage::TemporaryFolder folder;
    CHECK(open_error(folder / "none.verso", {.create = false}, {"none.verso"}) ==
          Errc::store_not_found);
    CHECK_FALSE(fs::exists(folder / "none.verso"));
    CHECK(open_error(folder / "no folder/store.verso", {}, {"no folder"}) == Errc::store_not_found);
}

TEST_CASE("open: what is no store is refused and left as it was", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "letter.txt";
    std::ofstream(path) << std::string(10'000, 'x');
    CHECK(open_error(path, {}, {"letter.txt"}) == Errc::store_invalid);
    CHECK(fs::file_size(path) == 10'000);
    CHECK(open_error(folder.path()) == Errc::store_invalid);
}

TEST_CASE("open: a newer format is refused with what to do", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "store.verso";
    {
        const Store store = Store::open(path).value();
        const auto transaction = StoreAccess::state(store).storage().begin_write({});
        StoreRecord record =
            StoreRecord::decode(*transaction->find(storage::Table::records, key::store()));
        record.format = engine::format + 1;
        transaction->put(storage::Table::records, key::store(), record.encode());
        transaction->commit();
    }
    CHECK(open_error(path, {}, {"format 2", "newer library"}) == Errc::format_unsupported);
    CHECK(open_error(path) == Errc::format_unsupported);
}

TEST_CASE("open: one process opens a store once", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "store.verso";
    auto store = std::make_unique<Store>(Store::open(path).value());
    CHECK(open_error(path) == Errc::store_open_already);
    auto copy = std::make_unique<Store>(*store);
    store.reset();
    CHECK(open_error(path) == Errc::store_open_already);
    auto snapshot = std::make_unique<Snapshot>(copy->snapshot().value());
    copy.reset();
    CHECK(open_error(path) == Errc::store_open_already);
    snapshot.reset();
    CHECK(Store::open(path).has_value());
}

TEST_CASE("open: a file that may not be written is refused", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "store.verso";
    static_cast<void>(Store::open(path).value());
    fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::others_all);
    fs::permissions(path, fs::perms::owner_read | fs::perms::others_read);
    const auto ended = storage::in_child([&] {
        constexpr uid_t nobody = 65534;
        if (::geteuid() == 0 && ::setuid(nobody) != 0) return std::string("still root");
        const auto opened = Store::open(path);
        return std::string(opened ? "opened" : name(opened.error().code));
    });
    CHECK(ended.report == "permission_denied");
}

TEST_CASE("open: a store stays where it is when the process goes to another folder", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto ended = storage::in_child([&]() -> std::string {
        fs::current_path(folder.path());
        Store store = Store::open("store").value();
        fs::create_directory(folder / "elsewhere");
        fs::current_path(folder / "elsewhere");
        fs::permissions(fs::current_path(), fs::perms::owner_read);
        backup(store, [](std::string_view) -> Result<void> { return {}; }).value();
        salvage(store.path(), folder / "salvaged").value();
        return fs::is_empty(folder / "elsewhere") ? store.path().string() : "not empty";
    });
    CHECK(ended.report == (folder / "store").string());
}

TEST_CASE("open: options out of range are refused by name", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "store.verso";
    const auto refused = [&](const Options& options, const std::string& word) {
        return open_error(path, options, {word}) == Errc::option_invalid;
    };
    CHECK(refused({.durability = static_cast<Durability>(9)}, "durability"));
    CHECK(refused({.max_readers = 0}, "max_readers"));
    CHECK(refused({.payload_scope = static_cast<PayloadScope>(9)}, "payload_scope"));
    CHECK(refused({.document = {.max_bytes = 1}}, "max_bytes"));
    CHECK(refused({.slow_reader_after = std::chrono::milliseconds{0}}, "slow_reader_after"));
    CHECK(refused({.keep_requests = std::chrono::milliseconds{0}}, "keep_requests"));
    CHECK(refused({.document = {.max_bytes = std::size_t{1} << 33}}, "max_bytes"));
    CHECK(refused({.document = {.max_depth = 0}}, "max_depth"));
    for (const unsigned bits : {0466U, 0066U, 0700U, 04600U})
        CHECK(refused({.file_permissions = fs::perms{bits}}, "file_permissions"));
    CHECK(error_of(Store::open("")) == Errc::option_invalid);
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE("open: who may read and write a store may do so to its copies, and nobody else",
          "[engine]") {
    const storage::TemporaryFolder folder;
    const auto ended = storage::in_child([&] {
        const auto mode = [](const fs::path& path) {
            std::ostringstream octal;
            octal << std::oct << static_cast<unsigned>(fs::status(path).permissions()) << ' ';
            return octal.str();
        };
        std::string modes;
        const auto make = [&](const std::string& name, const Options& options) {
            Store store = Store::open(folder / name, options).value();
            const auto copy = folder / (name + "-copy");
            backup(store, copy).value();
            const auto salvaged = folder / (name + "-salvaged");
            salvage(copy, salvaged).value();
            modes += mode(store.path()) + mode(store.path().string() + "-lock") + mode(copy) +
                     mode(salvaged);
        };
        ::umask(0);
        make("group", {.file_permissions = fs::perms{0660}});
        ::umask(022);
        make("usual", {});
        fs::permissions(folder / "usual", fs::perms{0600});
        fs::remove(folder / "usual-lock");
        fs::remove(folder / "usual-copy");
        fs::remove(folder / "usual-salvaged");
        make("usual", {});
        return modes + mode(Store::temporary().value().path());
    });
    CHECK(ended.report == "660 660 660 660 644 644 644 644 600 600 600 600 600 ");
}

TEST_CASE("open: the payload scope of a store stays what it was made with", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "store.verso";
    static_cast<void>(Store::open(path, {.payload_scope = PayloadScope::store}).value());
    const Store store = Store::open(path, {.payload_scope = PayloadScope::organisation}).value();
    const auto reading = StoreAccess::state(store).storage().begin_read();
    const auto record = StoreRecord::decode(*reading->find(storage::Table::records, key::store()));
    CHECK(record.payload_scope == PayloadScope::store);
}

TEST_CASE("open: a temporary store goes away with its last handle", "[engine]") {
    auto store = std::make_unique<Store>(Store::temporary().value());
    const fs::path path = store->path();
    const fs::path lock = path.string() + "-lock";
    CHECK(fs::exists(path));
    auto snapshot = std::make_unique<Snapshot>(store->snapshot().value());
    store.reset();
    CHECK(fs::exists(path));
    snapshot.reset();
    CHECK_FALSE(fs::exists(path));
    CHECK_FALSE(fs::exists(lock));
}

TEST_CASE("open: temporary stores with the same randomness are two stores", "[engine]") {
    const auto zeros = [](std::span<std::byte> bytes) { std::ranges::fill(bytes, std::byte{}); };
    const Store first = Store::temporary({.random = zeros}).value();
    const Store second = Store::temporary({.random = zeros}).value();
    CHECK(first.path() != second.path());
}

TEST_CASE("open: a forked child is refused and its end leaves the store in place", "[engine]") {
    std::optional<Store> store = Store::temporary().value();
    const fs::path path = store->path();
    const auto ended = storage::in_child([&] {
        std::string report;
        if (auto read = store->snapshot(); !read) report += name(read.error().code);
        if (auto made = store->create_connection(acme(), {.name = "GitHub"}); !made)
            report += std::string(" ").append(name(made.error().code));
        store.reset();
        return report;
    });
    CHECK(ended.signal == 0);
    CHECK(ended.report == "store_forked store_forked");
    CHECK(fs::exists(path));
    CHECK(store->create_connection(acme(), {.name = "GitHub"}).has_value());
}

TEST_CASE("open: the clock and the randomness of the options are used", "[engine]") {
    TestClock clock;
    const auto sevens = [](std::span<std::byte> bytes) { std::ranges::fill(bytes, std::byte{7}); };
    const auto first_id = [&] {
        Store store = Store::temporary({.clock = clock.function(), .random = sevens}).value();
        const Connection made = store.create_connection(acme(), {.name = "GitHub"}).value();
        CHECK(made.created_at == clock.now());
        return made.id;
    };
    CHECK(first_id() == first_id());
}
