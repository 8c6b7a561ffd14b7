// Goal: stat counts what is there, without reading all of it.
#include "engine/patient.hpp"

using namespace verso;
using namespace verso::engine;

TEST_CASE("stat: a new store holds nothing", "[engine]") {
    const Store store = Store::temporary().value();
    const StoreStats stats = stat(store).value();
    CHECK(stats.format == engine::format);
    CHECK(stats.connections == 0);
    CHECK(stats.versions == 0);
    CHECK(stats.commits == 0);
    CHECK(stats.payloads == 0);
    CHECK(stats.payload_holdings == 0);
    CHECK(stats.payload_bytes == 0);
    CHECK(stats.node_chunks == 0);
    CHECK(stats.payload_chunks == 0);
}

TEST_CASE("stat: it counts as verify does", "[engine]") {
    const Patient patient;
    const StoreStats stats = stat(patient.store).value();
    const VerifyReport report = patient.verify();
    CHECK(stats.connections == report.connections);
    CHECK(stats.versions == report.versions);
    CHECK(stats.commits == report.commits);
    CHECK(stats.payloads == report.payloads);
    CHECK(stats.payload_holdings == report.resources);
    CHECK(stats.payload_bytes == report.payload_bytes);
    CHECK(stats.node_chunks == report.nodes);
    CHECK(stats.payload_chunks == stats.payloads + 2);  // one payload of three pieces
}

TEST_CASE("stat: a clone adds a version and nothing else", "[engine]") {
    Patient patient;
    const StoreStats before = stat(patient.store).value();
    patient.clone("4", "2");
    const StoreStats after = stat(patient.store).value();
    CHECK(after.versions == before.versions + 1);
    CHECK(after.commits == before.commits);
    CHECK(after.payload_holdings == before.payload_holdings);
    CHECK(after.node_chunks == before.node_chunks);
}

TEST_CASE("stat: sizes are those of the file", "[engine]") {
    const Patient patient;
    const StoreStats stats = stat(patient.store).value();
    CHECK(stats.file_bytes == std::filesystem::file_size(patient.store.path()));
    CHECK(stats.used_bytes > stats.payload_bytes);
    CHECK(stats.used_bytes <= stats.file_bytes);
    CHECK(stats.map_bytes == std::uint64_t{1} << 30);
}

TEST_CASE("stat: readers are the snapshots that are open", "[engine]") {
    const Patient patient;
    CHECK(stat(patient.store).value().readers == 0);
    const Snapshot one = patient.snapshot();
    const Snapshot two = patient.snapshot();
    CHECK(stat(patient.store).value().readers == 2);
    CHECK(stat(patient.store).value().oldest_reader_commits == 0);
    CHECK(stat(patient.store).value().held_bytes == 0);
    Store store = patient.store;
    for (const char* name : {"r1", "r2", "r3"})
        store.create_version(patient.mirror, {.name = name}).value();
    const Snapshot three = patient.snapshot();
    const StoreStats behind = stat(patient.store).value();
    CHECK(behind.readers == 3);
    CHECK(behind.oldest_reader_commits == 3);
    CHECK(behind.held_bytes > 0);
}

TEST_CASE("stat: a connection without a state is corrupt", "[engine]") {
    const Patient patient;
    patient.erase_raw(key::connection_state(patient.mirror));
    CHECK(error_of(stat(patient.store), {to_string(patient.mirror), "run verify"}) ==
          Errc::corrupt);
}
