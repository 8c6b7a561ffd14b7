// Goal: verify finds every wrong record of the table `records`, and says where.
// Method: one record of a sound store is changed at a time; nothing else may be found.
#include "engine/patient.hpp"
#include "engine/verify/catalogue.hpp"
#include "engine/verify/tables.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

constexpr std::uint64_t far = 1'000'000;

std::string organisation_at(OrganisationId id) { return "organisation " + to_string(id); }

Timestamp far_time() { return Timestamp{std::chrono::hours{24 * 365 * 60}}; }

Timestamp later(Timestamp time) { return time + std::chrono::hours{1}; }

}  // namespace

TEST_CASE("verify: the next commit is no older one", "[engine]") {
    const Patient patient;
    patient.change_store([](StoreRecord& store) { --store.next_commit; });
    patient.expect_only("store", "next commit");
}

TEST_CASE("verify: the next chunk is no older one", "[engine]") {
    const Patient patient;
    patient.change_store([](StoreRecord& store) { --store.next_chunk; });
    patient.expect("store", "there is node");
    patient.change_store([](StoreRecord& store) { store.next_chunk = 1; });
    patient.expect("store", "there is payload chunk");
}

TEST_CASE("verify: the store's record is there", "[engine]") {
    const Patient patient;
    patient.erase_raw(key::store());
    patient.expect_only("store", "record is missing");
}

TEST_CASE("verify: the payload scope is one that there is", "[engine]") {
    const Patient patient;
    patient.change_store(
        [](StoreRecord& store) { store.payload_scope = static_cast<PayloadScope>(7); });
    patient.expect_only("store", "payload scope");
}

TEST_CASE("verify: a lease keeps a commit that is there, and that counts it", "[engine]") {
    const Patient patient;
    const CommitId kept = patient.record_of("1").head;
    const bool is_there = GENERATE(true, false);
    const LeaseRecord lease{.commit = is_there ? kept : far, .owner = "somebody"};
    patient.put_raw(key::lease(lease.expires_at, lease.id), lease.encode());
    if (is_there)
        patient.expect_only("commit " + std::to_string(kept), "(refs)");
    else
        patient.expect_only("commit " + std::to_string(far), "a lease keeps it");
}

TEST_CASE("verify: a request that has been done is one that will be forgotten", "[engine]") {
    const Patient patient;
    const Timestamp time = far_time();
    const NameDigest request = name_digest("some request");
    const bool is_kept = GENERATE(true, false);
    if (is_kept)
        patient.put_raw(key::request(request), RequestRecord{time, "done"}.encode());
    else
        patient.put_raw(key::request_expiry(time, request), {});
    patient.expect_only("request " + verification::hex(bytes_of(request)),
                        is_kept ? "for ever" : "is not there");
}

TEST_CASE("verify: every key means something", "[engine]") {
    const Patient patient;
    const std::string key = GENERATE(
        std::string("\x09nobody"), std::string("\x01x"), std::string("\x04"),
        key::connections() + std::string(16, 'c') + "\x09", key::connection_state({}) + "x",
        key::dropped(far) + "x", key::organisation({}), key::connection_name({}, "x") + "x",
        key::lease({}, {}) + "x", key::request({}) + "x", key::request_expiry({}, {}) + "x",
        key::update({}, {}, {}) + "x", key::publication({}, {}) + "x", key::version({}, {}) + "x");
    patient.put_raw(key, std::string(16, 'v'));
    CHECK_THAT(patient.only_finding().where, Catch::StartsWith("record "));
}

TEST_CASE("verify: every value has the form of its kind", "[engine]") {
    const Patient patient;
    const VersionRecord version = patient.record_of("1");
    const std::string key = GENERATE_COPY(
        key::connection_state(patient.connection), key::connection_record(patient.connection),
        key::version(patient.connection, name_digest("1")),
        key::update(patient.connection, version.updated_at, version.id),
        key::publication(patient.connection, version.published_at),
        key::connection_name(acme(), "GitHub"), key::dropped(far),
        key::organisation_connection(acme(), patient.connection));
    patient.put_raw(key, "short, or more than nothing");
    CHECK_THAT(patient.only_finding().where, Catch::StartsWith("record "));
}

TEST_CASE("verify: a connection has a record", "[engine]") {
    const Patient patient;
    patient.erase_raw(key::connection_record(patient.mirror));
    patient.expect("connection " + to_string(patient.mirror), "its record is missing");
}

TEST_CASE("verify: a connection has a state", "[engine]") {
    const Patient patient;
    patient.erase_raw(key::connection_state(patient.connection));
    patient.expect_only(patient.where(), "its state is missing");
}

TEST_CASE("verify: a connection is in the list of its organisation", "[engine]") {
    const Patient patient;
    patient.erase_raw(key::organisation_connection(acme(), patient.connection));
    patient.expect_only(patient.where(), "list of its organisation");
}

TEST_CASE("verify: an organisation lists only its own connections", "[engine]") {
    const Patient patient;
    const auto id = GENERATE_COPY(patient.foreign, numbered<ConnectionId>(77));
    patient.put_raw(key::organisation_connection(acme(), id));
    patient.expect_only(organisation_at(acme()), to_string(id));
}

TEST_CASE("verify: a connection is found by its name", "[engine]") {
    const Patient patient;
    patient.erase_raw(key::connection_name(acme(), "GitHub"));
    patient.expect_only(patient.where(), "not found by its name");
}

TEST_CASE("verify: a connection's name stands for no other", "[engine]") {
    const Patient patient;
    patient.put_raw(key::connection_name(acme(), "GitHub"), bytes_of(patient.mirror.value));
    patient.expect(patient.where(), "not found by its name");
    patient.expect(organisation_at(acme()), to_string(patient.mirror));
}

TEST_CASE("verify: a name stands for a connection that has it", "[engine]") {
    const Patient patient;
    const auto [organisation, id] = GENERATE_COPY(std::pair(acme(), patient.connection),
                                                  std::pair(umbrella(), patient.connection),
                                                  std::pair(acme(), numbered<ConnectionId>(77)));
    const std::string name = organisation == umbrella() ? "GitHub" : "Former";
    patient.put_raw(key::connection_name(organisation, name), bytes_of(id.value));
    patient.expect_only(organisation_at(organisation), to_string(id));
}

TEST_CASE("verify: a connection's name is one that it may have", "[engine]") {
    const Patient patient;
    patient.change<ConnectionRecord>(storage::Table::records,
                                     key::connection_record(patient.connection),
                                     [](ConnectionRecord& record) { record.name = " "; });
    patient.expect(verification::where_is(patient.connection, ConnectionRecord{.name = " "}),
                   "its name is none");
}

TEST_CASE("verify: a connection counts its versions", "[engine]") {
    const Patient patient;
    patient.change_state([](ConnectionState& state) { ++state.versions; });
    patient.expect_only(patient.where(), "counts 4 versions and has 3");
}

TEST_CASE("verify: a connection was updated no earlier than its versions", "[engine]") {
    const Patient patient;
    patient.change_state([](ConnectionState& state) { state.updated_at = Timestamp{}; });
    patient.expect(patient.where("1"), "updated after its connection");
}

TEST_CASE("verify: a connection's last publication is no earlier than any", "[engine]") {
    const Patient patient;
    patient.change_state([](ConnectionState& state) { state.last_published_at -= one_ms; });
    patient.expect_only(patient.where("3"), "last publication");
}

TEST_CASE("verify: the chosen default is there", "[engine]") {
    const Patient patient;
    SECTION("under its name") {
        patient.change_state(
            [](ConnectionState& state) { state.default_name = name_digest("nobody"); });
    }
    SECTION("with its id") {
        patient.change_state(
            [](ConnectionState& state) { state.default_version = numbered<VersionId>(77); });
    }
    patient.expect_only(patient.where(), "chosen as default");
}

TEST_CASE("verify: the chosen default is published", "[engine]") {
    const Patient patient;
    patient.change_state([&](ConnectionState& state) {
        state.default_version = patient.record_of("2").id;
        state.default_name = name_digest("2");
    });
    patient.expect_only(patient.where(), "is a draft");
}

TEST_CASE("verify: no default is named where none is chosen", "[engine]") {
    const Patient patient;
    patient.change_state([](ConnectionState& state) { state.default_version = {}; });
    patient.expect_only(patient.where(), "no default is chosen");
}

TEST_CASE("verify: a version lies under its name", "[engine]") {
    const Patient patient;
    patient.change_version("2", [](VersionRecord& version) { version.name = "other"; });
    patient.expect_only(patient.where("other"), "under another name's key");
}

TEST_CASE("verify: a version's name is one that it may have", "[engine]") {
    const Patient patient;
    patient.change_version("2", [](VersionRecord& version) { version.name = "latest"; });
    patient.expect(patient.where("latest"), "its name is none");
}

TEST_CASE("verify: two versions have two ids", "[engine]") {
    const Patient patient;
    patient.change_version("2",
                           [&](VersionRecord& version) { version.id = patient.record_of("1").id; });
    const VerifyReport report = patient.verify();
    CHECK(std::ranges::any_of(report.findings, [&](const Damage& finding) {
        return finding.message.find("another version, of " + patient.where()) != std::string::npos;
    }));
}

TEST_CASE("verify: a version is in the index by time of update", "[engine]") {
    const Patient patient;
    const VersionRecord version = patient.record_of("2");
    const std::string key = key::update(patient.connection, version.updated_at, version.id);
    SECTION("at all") {
        patient.erase_raw(key);
        patient.expect_only(patient.where("2"), "index by time of update lacks it");
    }
    SECTION("under its name") {
        patient.put_raw(key, bytes_of(name_digest("1")));
        patient.expect(patient.where("2"), "index by time of update lacks it");
        patient.expect(patient.where(), to_string(version.id));
    }
}

TEST_CASE("verify: the index by time of update has every version once", "[engine]") {
    const Patient patient;
    const VersionRecord version = patient.record_of("2");
    const auto id = GENERATE_COPY(version.id, numbered<VersionId>(77));
    patient.put_raw(key::update(patient.connection, later(version.updated_at), id),
                    bytes_of(name_digest("2")));
    patient.expect_only(patient.where(), to_string(id));
}

TEST_CASE("verify: a published version is in the index of published ones", "[engine]") {
    const Patient patient;
    const std::string key =
        key::publication(patient.connection, patient.record_of("1").published_at);
    SECTION("at all") {
        patient.erase_raw(key);
        patient.expect_only(patient.where("1"), "index of published versions lacks it");
    }
    SECTION("under its name") {
        patient.put_raw(key, bytes_of(name_digest("3")));
        patient.expect(patient.where("1"), "index of published versions lacks it");
    }
}

TEST_CASE("verify: the index of published versions has no others", "[engine]") {
    const Patient patient;
    const Timestamp time = later(patient.record_of("1").published_at);
    const std::string name = GENERATE("1", "2", "nobody");
    patient.put_raw(key::publication(patient.connection, time), bytes_of(name_digest(name)));
    patient.expect_only(patient.where(), format_timestamp(time));
}

TEST_CASE("verify: a draft is no published version", "[engine]") {
    const Patient patient;
    patient.put_raw(key::publication(patient.connection, Timestamp{}), bytes_of(name_digest("2")));
    patient.expect_only(patient.where(), "no published version matches");
}

TEST_CASE("verify: a version without commits of its own counts none", "[engine]") {
    Patient patient;
    patient.clone("4", "2");
    patient.change_version("4", [](VersionRecord& version) { version.kept = 1; });
    patient.expect_only(patient.where("4"), "commits of its own");
}
