// Goal: the stored format does not change by accident, and files of every format that was ever
// released open. Method: each format has a folder with a store that its own build wrote and a dump
// of all that it holds. Today's build opens and reads the store, and makes the same one anew,
// record for record and chunk for chunk. The hidden case
// "[.write]" writes a folder for a new format, once.
#include "format/scenario.hpp"

#include <verso/maintenance.hpp>

#include "read_file.hpp"
#include "storage/lmdb/lmdb_storage.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>
#include <fstream>

namespace {

using namespace verso;
using namespace verso::format_test;
using test::read_file;

const std::filesystem::path golden = std::filesystem::path(VERSO_FORMAT_DIR) / "v1";

/// A file that is not there yet, in a folder that goes away.
class ScratchFile {
public:
    ScratchFile() {
        std::string folder =
            (std::filesystem::temp_directory_path() / "verso-format-XXXXXX").string();
        if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no scratch folder");
        folder_ = folder;
    }
    ~ScratchFile() { std::filesystem::remove_all(folder_); }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "store.verso"; }

private:
    std::filesystem::path folder_;
};

void make_store(const std::filesystem::path& path) {
    Store store = Store::open(path, repeatable_options()).value();
    play_scenario(store);
}

std::string dump_file(const std::filesystem::path& path) {
    const auto storage = storage::open_lmdb(
        {.path = path, .create = false, .map_size_bytes = std::uint64_t{1} << 26});
    return dump(*storage);
}

}  // namespace

TEST_CASE("format: the store that the first format wrote opens and verifies", "[format]") {
    const ScratchFile copy;
    std::filesystem::copy_file(golden / "store.verso", copy.path());
    Store store = Store::open(copy.path(), {.create = false}).value();
    CHECK(verify(store).value().findings.empty());

    const Snapshot snapshot = store.snapshot().value();
    const auto owner = parse_id<OrganisationId>(organisation).value();
    const Connection connection = snapshot.find_connection(owner, "Hafen Zürich").value().value();
    CHECK(connection.properties.text() == R"({"baseUrl":"https://x.example"})");
    const auto versions = snapshot.versions(connection.id).value();
    REQUIRE(versions.size() == 3);
    CHECK(snapshot.version({connection.id, "latest"}).value().name == "1.1.0");
    CHECK(snapshot.version({connection.id, "default"}).value().name == "1.0.0");
    CHECK(snapshot.version({connection.id, "2.0.0-β"}).value().description == "Next");
    CHECK(snapshot.compare({connection.id, "1.0.0"}, {connection.id, "1.1.0"}).value().size() == 5);
    CHECK(snapshot.count_resources({connection.id, "1.1.0"}, Kind::action).value() == 61);
    CHECK(snapshot.resource({connection.id, "1.0.0"}, Kind::action, "Large")
              .value()
              .document.text()
              .size() > 40'000);
    CHECK(snapshot.resource({connection.id, "1.0.0"}, Kind::action, "Ship_5")
              .value()
              .document.member("ratio") == "1.10");
}

TEST_CASE("format: a store that the first format wrote can be written on", "[format]") {
    const ScratchFile copy;
    std::filesystem::copy_file(golden / "store.verso", copy.path());
    Store store = Store::open(copy.path(), {.create = false}).value();
    const auto owner = parse_id<OrganisationId>(organisation).value();
    const ConnectionId connection =
        store.snapshot().value().find_connection(owner, "Hafen Zürich").value().value().id;
    CHECK(
        store.create_version(connection, {.name = "3.0.0", .from_version = "default"}).has_value());
    const auto erase = [](Draft& draft) { return draft.erase(Kind::action, "Ship_7"); };
    CHECK(store.edit({connection, "3.0.0"}, erase).has_value());
    CHECK(verify(store).value().findings.empty());
}

TEST_CASE("format: the same steps leave the same records and chunks as ever", "[format]") {
    const ScratchFile scratch;
    make_store(scratch.path());
    const std::string made = dump_file(scratch.path());
    const std::string expected = read_file(golden / "dump.txt");
    REQUIRE_FALSE(expected.empty());
    std::istringstream made_lines(made);
    std::istringstream expected_lines(expected);
    for (std::string ours, theirs; std::getline(expected_lines, theirs);) {
        REQUIRE(std::getline(made_lines, ours));
        REQUIRE(ours == theirs);
    }
    CHECK(made.size() == expected.size());
}

TEST_CASE("format: the dump tells what the stored file holds", "[format]") {
    const ScratchFile copy;
    std::filesystem::copy_file(golden / "store.verso", copy.path());
    CHECK(dump_file(copy.path()) == read_file(golden / "dump.txt"));
}

TEST_CASE("format: writes the golden files of a new format", "[.write]") {
    REQUIRE_FALSE(std::filesystem::exists(golden / "store.verso"));
    const ScratchFile scratch;
    make_store(scratch.path());
    std::ofstream(golden / "dump.txt", std::ios::binary) << dump_file(scratch.path());
    std::filesystem::copy_file(scratch.path(), golden / "store.verso");
}
