// Goal: verify finds nothing in what the library writes, and counts what is there. What it finds in
// what was damaged is in verify_records_test.cpp, verify_trees_test.cpp and verify_file_test.cpp.
#include "engine/patient.hpp"

using namespace verso;
using namespace verso::engine;

TEST_CASE("verify: a new store is clean and empty", "[engine]") {
    const Store store = Store::temporary().value();
    const VerifyReport report = verify(store).value();
    CHECK(report.is_clean());
    CHECK(report.connections + report.versions + report.commits + report.nodes == 0);
    CHECK(report.resources + report.payloads + report.payload_bytes == 0);
}

TEST_CASE("verify: a store with some of everything is clean and counted", "[engine]") {
    const Patient patient;
    const VerifyReport report = patient.verify();
    for (const Damage& each : report.findings) UNSCOPED_INFO(each.where << ": " << each.message);
    REQUIRE(report.is_clean());
    CHECK(report.connections == 3);
    CHECK(report.versions == 5);
    // "1": created, filled, edited. "2": five edits. "3", "gone" and the other connections': two
    // each.
    CHECK(report.commits == 3 + 5 + 2 + 2 + 2 + 2);
    // "1": 40 and 1 edit; "2": put, renamed, big, edited; "3": three; "gone": one; five in each
    // other connection.
    CHECK(report.resources == 41 + 4 + 3 + 1 + 5 + 5);
    // Renaming and the mirror's wrote nothing that was not there, but the rename's new text.
    CHECK(report.payloads == 41 + 4 + 3 + 1 + 0 + 5);
    CHECK(report.nodes == stat(patient.store).value().node_chunks);
    CHECK(report.payload_bytes == stat(patient.store).value().payload_bytes);
}

TEST_CASE("verify: stores of random changes are clean", "[engine]") {
    const auto seed = GENERATE(1u, 2u, 3u);
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    Fixture fixture;
    std::vector<std::string> drafts{"v0"};
    fixture.create("v0");
    for (int step = 1; step < 150; ++step) {
        const std::string version = drafts[below(drafts.size())];
        const std::string name = "p" + std::to_string(below(60));
        const std::string fresh = "v" + std::to_string(step);
        fixture.clock.move(std::chrono::milliseconds(below(2)));
        switch (below(6)) {
            case 0:
                fixture.clone(fresh, version);
                drafts.push_back(fresh);
                break;
            case 1:
                if (drafts.size() < 2) break;
                fixture.store.delete_version(fixture.key(version)).value();
                std::erase(drafts, version);
                break;
            case 2:
                if (drafts.size() < 2) break;
                fixture.publish(version);
                std::erase(drafts, version);
                break;
            case 3:
                if (fixture.snapshot()
                        .find_resource(fixture.key(version), Kind::parameter, name)
                        .value())
                    fixture.erase(version, Kind::parameter, name);
                break;
            default: fixture.put(version, parameter(name, std::string(below(3) * 9'000, 'x')));
        }
    }
    check_is_sound(fixture.store);
}

TEST_CASE("verify: a store whose tenants share payloads is clean", "[engine]") {
    Fixture fixture({.payload_scope = PayloadScope::store});
    fixture.create("1");
    fixture.put("1", parameter("shared"));
    const ConnectionId other =
        fixture.store.create_connection(umbrella(), {.name = "Other"}).value().id;
    fixture.store.create_version(other, {.name = "1"}).value();
    fixture.store
        .edit({other, "1"}, [](Draft& draft) { return Patient::put_numbered(draft, 0, 3); })
        .value();
    fixture.store
        .edit({other, "1"},
              [](Draft& draft) -> Result<void> {
                  draft.put(Kind::parameter, parameter("shared")).value();
                  return {};
              })
        .value();
    const VerifyReport report = verify(fixture.store).value();
    CHECK(report.is_clean());
    CHECK(report.resources == 5);
    CHECK(report.payloads == 4);
}

TEST_CASE("verify: a deleted connection leaves a clean store", "[engine]") {
    Patient patient;
    patient.store.delete_connection(patient.connection, true).value();
    const VerifyReport report = patient.verify();
    CHECK(report.is_clean());
    CHECK(report.connections == 2);
    CHECK(report.versions == 2);
}

TEST_CASE("verify: progress rises from above 0 to 1", "[engine]") {
    const Patient patient;
    std::vector<double> told;
    static_cast<void>(patient.verify({.progress = [&](double part) { told.push_back(part); }}));
    REQUIRE(told.size() > 2);
    CHECK(told.size() <= 102);
    CHECK(told.front() > 0);
    CHECK(told.back() == 1);
    CHECK(std::ranges::adjacent_find(told, std::greater_equal<>()) == told.end());
}

TEST_CASE("verify: no more findings are kept than are asked for", "[engine]") {
    const Patient patient;
    for (const auto& [id, bytes] : patient.chunks(storage::ChunkKind::payload))
        patient.drop_chunk(storage::ChunkKind::payload, id);
    CHECK(patient.verify({.max_findings = 1'000}).findings.size() == patient.verify().payloads);
    CHECK(patient.verify({.max_findings = 7}).findings.size() == 7);
    const VerifyReport none = patient.verify({.max_findings = 0});
    CHECK(none.findings.empty());
}

TEST_CASE("verify: it can be stopped, and says so", "[engine]") {
    const Patient patient;
    CHECK(patient.verify().is_complete);
    std::stop_source stop;
    const VerifyReport report =
        verify(patient.store,
               {.stop = stop.get_token(), .progress = [&](double) { stop.request_stop(); }})
            .value();
    CHECK_FALSE(report.is_complete);
    CHECK(report.resources < patient.verify().resources);
}

TEST_CASE("verify: of one connection what that holds is checked", "[engine]") {
    const Patient patient;
    const auto of = [&](ConnectionId connection) {
        return verify(patient.store, {.connection = connection}).value();
    };
    const VerifyReport whole = patient.verify();
    const VerifyReport mine = of(patient.connection);
    const VerifyReport others = of(patient.foreign);
    CHECK(mine.is_clean());
    CHECK(others.is_clean());
    CHECK(mine.is_complete);
    CHECK(mine.nodes < whole.nodes);
    CHECK(others.nodes < mine.nodes);
    CHECK(mine.resources + others.resources < whole.resources);  // there is a third connection
    CHECK(error_of(verify(patient.store, {.connection = ConnectionId{}})) ==
          Errc::connection_not_found);

    SECTION("a damaged document is found where it is held") {
        const auto pieces = patient.chunks(storage::ChunkKind::payload);
        const bool is_oldest = GENERATE(true, false);
        auto [id, damaged] = is_oldest ? *pieces.begin() : *pieces.rbegin();
        damaged[damaged.size() / 2] ^= 1;
        patient.rewrite_chunk(storage::ChunkKind::payload, id, damaged);
        CHECK_FALSE(patient.verify().is_clean());
        CHECK(of(patient.connection).is_clean() != of(patient.foreign).is_clean());
    }
    SECTION("a missing node likewise") {
        patient.drop_chunk(storage::ChunkKind::node, patient.commit(patient.head("1")).root.id);
        CHECK_FALSE(of(patient.connection).is_clean());
        CHECK(of(patient.foreign).is_clean());
    }
    SECTION("so are records, whosever they are") {
        patient.erase_raw(key::connection_state(patient.foreign));
        CHECK_FALSE(of(patient.connection).is_clean());
    }
}
