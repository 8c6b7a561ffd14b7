// Goal: a backup is one moment of the store, whole and sound, or it is not there. Method: what it
// holds is compared with what the store held, while that goes on.
#include <verso/maintenance.hpp>

#include "engine/fixture.hpp"
#include "read_file.hpp"
#include "storage/temporary_folder.hpp"

#include <algorithm>
#include <fstream>
#include <stop_token>

using namespace verso;
using namespace verso::engine;

namespace {

/// A store with clones, history and garbage.
struct Filled : Fixture {
    storage::TemporaryFolder folder{};

    Filled() {
        create("1");
        for (int i = 0; i < 30; ++i)
            store.put(key("1"), Kind::parameter, parameter("p" + std::to_string(i))).value();
        clone("2", "1");
        store.put(key("2"), Kind::parameter, parameter("p0", "changed")).value();
        store.publish(key("2")).value();
        clone("3", "2");
        store.put(key("3"), Kind::parameter, parameter("p1", "gone")).value();
        store.delete_version(key("3")).value();
    }

    [[nodiscard]] bool has_left_nothing() const { return std::filesystem::is_empty(folder.path()); }
};

/// All that a reader finds of a connection.
std::string dump(const Store& store, ConnectionId connection) {
    std::string text;
    const Snapshot snapshot = store.snapshot().value();
    text += snapshot.connection(connection).value().name;
    for (const ConnectionVersion& version : snapshot.versions(connection).value()) {
        const VersionKey key{connection, version.name};
        text += to_string(version.id) + version.name + std::to_string(version.revision) +
                to_string(snapshot.digest(key).value());
        for (const Resource& each : snapshot.resources(key, Kind::parameter).value())
            text += to_string(each.id) + each.document.text();
        snapshot
            .each_commit(key,
                         [&](const Commit& commit) {
                             text += std::to_string(commit.number) + format_uuid(commit.id);
                             return true;
                         })
            .value();
    }
    return text;
}

}  // namespace

TEST_CASE("backup: it is a store of the same content, ids and history", "[engine]") {
    Filled filled;
    const auto path = filled.folder / "copy.verso";
    const std::string before = dump(filled.store, filled.connection);
    const BackupReport report = backup(filled.store, path).value();
    CHECK(report.is_complete);
    CHECK(report.chunks > 30);
    CHECK(report.file_bytes == std::filesystem::file_size(path));
    CHECK(dump(filled.store, filled.connection) == before);
    Store copy = Store::open(path, {.create = false}).value();
    CHECK(dump(copy, filled.connection) == before);
    check_is_sound(copy);

    // Both go on by themselves.
    copy.put(filled.key("1"), Kind::parameter, parameter("copied")).value();
    filled.store.put(filled.key("1"), Kind::parameter, parameter("original")).value();
    collect_garbage(copy).value();
    check_is_sound(copy);
    check_is_sound(filled.store);
    CHECK(
        copy.snapshot().value().find_resource(filled.key("1"), Kind::parameter, "copied").value());
    CHECK_FALSE(
        filled.snapshot().find_resource(filled.key("1"), Kind::parameter, "copied").value());
}

TEST_CASE("backup: it is of the moment when it began, whatever is written meanwhile", "[engine]") {
    Filled filled;
    const std::string before = dump(filled.store, filled.connection);
    bool has_written = false;
    const auto write = [&](double) {
        if (std::exchange(has_written, true)) return;
        filled.store.put(filled.key("1"), Kind::parameter, parameter("late")).value();
        filled.store.delete_version(filled.key("2"), true).value();
        collect_garbage(filled.store).value();
    };
    const auto path = filled.folder / "copy.verso";
    CHECK(backup(filled.store, path, {.progress = write}).value().is_complete);
    CHECK(has_written);
    const Store copy = Store::open(path, {.create = false}).value();
    CHECK(dump(copy, filled.connection) == before);
    check_is_sound(copy);
}

TEST_CASE("backup: what takes several transactions is whole, or stopped between two of them",
          "[engine]") {
    Filled filled;
    const auto fill = [](Draft& draft) -> Result<void> {
        for (int i = 0; i < 40; ++i) {
            auto put = draft.put(Kind::parameter,
                                 parameter("large" + std::to_string(i),
                                           std::to_string(i) + std::string(1'000'000, 'x')));
            if (!put) return put.error();
        }
        return {};
    };
    filled.store.edit(filled.key("1"), fill).value();
    const auto path = filled.folder / "copy.verso";
    std::vector<double> told;
    const auto tell = [&](double done) { told.push_back(done); };
    CHECK(backup(filled.store, path, {.progress = tell}).value().is_complete);
    CHECK(told.size() > 2);
    CHECK(std::ranges::is_sorted(told));
    CHECK(told.back() <= 1);
    CHECK(dump(Store::open(path, {.create = false}).value(), filled.connection) ==
          dump(filled.store, filled.connection));
    std::filesystem::remove(path);
    std::filesystem::remove(path.string() + "-lock");

    std::stop_source stop;
    const auto stop_soon = [&](double) { stop.request_stop(); };
    CHECK_FALSE(backup(filled.store, path, {.progress = stop_soon, .stop = stop.get_token()})
                    .value()
                    .is_complete);
    CHECK(filled.has_left_nothing());
}

TEST_CASE("backup: as a stream it is the bytes of such a file, and nothing is left", "[engine]") {
    Filled filled;
    const auto beside = [&] {
        for (const auto& entry : std::filesystem::directory_iterator(filled.folder.path()))
            if (entry.path().string().starts_with(filled.store.path().string() + ".backup"))
                return true;
        return false;
    };
    std::string bytes;
    const auto sink = [&](std::string_view piece) -> Result<void> {
        CHECK_FALSE(beside());  // who reads may go, and end the process
        bytes += piece;
        return {};
    };
    const BackupReport report = backup(filled.store, sink).value();
    CHECK(report.file_bytes == bytes.size());
    std::ofstream(filled.folder / "streamed.verso", std::ios::binary) << bytes;
    const Store copy = Store::open(filled.folder / "streamed.verso", {.create = false}).value();
    CHECK(dump(copy, filled.connection) == dump(filled.store, filled.connection));
    check_is_sound(copy);
    const auto full = [](std::string_view) -> Result<void> {
        return Error{Errc::disk_full, "no room", {}};
    };
    CHECK(error_of(backup(filled.store, full), {"no room"}) == Errc::disk_full);
    CHECK_FALSE(beside());
}

TEST_CASE("backup: it replaces nothing and leaves nothing when it fails", "[engine]") {
    Filled filled;
    std::ofstream(filled.folder / "there") << "mine";
    CHECK(error_of(backup(filled.store, filled.folder / "there"), {"there already", "another"}) ==
          Errc::option_invalid);
    CHECK(std::filesystem::file_size(filled.folder / "there") == 4);
    std::filesystem::remove(filled.folder / "there");
    CHECK(error_of(backup(filled.store, filled.folder / "no folder" / "copy"), {"no folder"}) ==
          Errc::store_not_found);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped =
        backup(filled.store, filled.folder / "copy", {.stop = stop.get_token()}).value();
    CHECK_FALSE(stopped.is_complete);
    CHECK(filled.has_left_nothing());
}

TEST_CASE("backup: what is damaged is not copied", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "store.verso";
    {
        Store store = Store::open(path, {.durability = Durability::none}).value();
        const auto connection = store.create_connection({}, {.name = "A"}).value().id;
        store.create_version(connection, {.name = "1"}).value();
        store.put({connection, "1"}, Kind::parameter, parameter("p", "needle")).value();
    }
    {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        const std::string bytes = test::read_file(path);
        for (auto at = bytes.find("needle"); at != bytes.npos; at = bytes.find("needle", at + 1)) {
            file.seekp(static_cast<std::streamoff>(at));
            file << 'N';
        }
    }
    const Store store = Store::open(path).value();
    CHECK(error_of(backup(store, folder / "copy"), {"payload", "damaged"}) == Errc::corrupt);
    std::filesystem::remove(path);
    std::filesystem::remove(path.string() + "-lock");
    CHECK(std::filesystem::is_empty(folder.path()));
}
