// Goal: verify finds every wrong link and count of the forest of commits, and says where.
// Method: one record of a sound store is changed at a time; where it can be, nothing else may be
// found.
#include "engine/patient.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

constexpr CommitId unknown = 1'000'000;

/// The commit that both "1" and "2" come from.
CommitId fork_of(const Patient& patient) {
    const CommitId fork = patient.record_of("2").origin_commit;
    REQUIRE(patient.commit(fork).kids == 2);
    return fork;
}

}  // namespace

TEST_CASE("verify: a commit counts who holds it", "[engine]") {
    const Patient patient;
    const CommitId id = GENERATE_COPY(patient.head("1"), patient.head("2"), fork_of(patient));
    const int change = GENERATE(-1, 1);
    patient.change_commit(
        id, [&](CommitRecord& commit) { commit.refs += static_cast<std::uint64_t>(change); });
    patient.expect_only(Patient::where(id), "(refs)");
}

TEST_CASE("verify: a finding about a commit names the version that it affects", "[engine]") {
    const Patient patient;
    patient.change_commit(patient.head("2"), [](CommitRecord& commit) { ++commit.refs; });
    CHECK_THAT(patient.only_finding().message,
               Catch::EndsWith("affects connection \"GitHub\", version \"2\""));
}

TEST_CASE("verify: a finding about an older commit names the version in whose history it is",
          "[engine]") {
    const Patient patient;
    patient.change_commit(fork_of(patient), [](CommitRecord& commit) { ++commit.refs; });
    CHECK_THAT(patient.only_finding().message,
               Catch::EndsWith("affects connection \"GitHub\", the history of version \"1\""));
}

TEST_CASE("verify: a finding about a commit of many versions counts those that it does not name",
          "[engine]") {
    Patient patient;
    for (const char* name : {"a", "b", "c", "d"}) patient.clone(name, "2");
    patient.change_commit(patient.head("2"), [](CommitRecord& commit) { ++commit.refs; });
    CHECK_THAT(patient.only_finding().message, Catch::EndsWith("and 2 more versions"));
}

TEST_CASE("verify: a finding about what was deleted says so", "[engine]") {
    Patient patient;
    const CommitId id = patient.head("2");
    patient.store.delete_version(patient.key("2")).value();
    patient.change_commit(id, [](CommitRecord& commit) { ++commit.refs; });
    CHECK_THAT(patient.only_finding().message,
               Catch::EndsWith("a commit that a deleted version wrote"));
    patient.change_commit(id, [](CommitRecord& commit) { --commit.refs; });
    patient.store.delete_connection(patient.connection, true).value();
    patient.change_commit(id, [](CommitRecord& commit) { ++commit.refs; });
    CHECK_THAT(patient.only_finding().message, Catch::Contains("a deleted connection"));
}

TEST_CASE("verify: a commit counts its kids", "[engine]") {
    const Patient patient;
    const CommitId id = fork_of(patient);
    patient.change_commit(id, [](CommitRecord& commit) { --commit.kids; });
    patient.expect_only(Patient::where(id), "(kids)");
}

TEST_CASE("verify: a commit keeps the ids of its kids", "[engine]") {
    const Patient patient;
    const CommitId id = fork_of(patient);
    patient.change_commit(id, [](CommitRecord& commit) { commit.kid ^= 1; });
    patient.expect_only(Patient::where(id), "(kid)");
}

TEST_CASE("verify: the commit before is there", "[engine]") {
    const Patient patient;
    patient.change_commit(patient.leaf_commit, [](CommitRecord& commit) { commit.prev = 0; });
    patient.erase_raw(storage::Table::commits, key::commit(patient.leaf_commit - 1));
    patient.change_commit(patient.leaf_commit,
                          [&](CommitRecord& commit) { commit.prev = patient.leaf_commit - 1; });
    patient.expect(Patient::where(patient.leaf_commit), "is missing");
    patient.expect(patient.where("3"), "is missing");
}

TEST_CASE("verify: the commit before is older", "[engine]") {
    const Patient patient;
    const CommitId id = patient.head("2");
    patient.change_commit(id, [&](CommitRecord& commit) { commit.prev = id; });
    patient.expect(Patient::where(id), "not older");
}

TEST_CASE("verify: the commit before is of the same connection", "[engine]") {
    const Patient patient;
    const CommitId other = patient.record_of(patient.mirror, "1").head;
    REQUIRE(other < patient.leaf_commit);
    patient.change_commit(patient.leaf_commit, [&](CommitRecord& commit) { commit.prev = other; });
    patient.expect(Patient::where(patient.leaf_commit), "another connection's");
}

TEST_CASE("verify: a merged commit is held by the merge", "[engine]") {
    const Patient patient;
    const CommitId merged = patient.head("2");
    patient.change_commit(patient.leaf_commit, [&](CommitRecord& commit) {
        commit.merged.push_back({patient.record_of("2").id, merged});
    });
    patient.expect_only(Patient::where(merged), "(refs)");
    patient.change_commit(merged, [](CommitRecord& commit) { ++commit.refs; });
    CHECK(patient.verify().is_clean());
}

TEST_CASE("verify: a merged commit is there", "[engine]") {
    const Patient patient;
    const auto merge = [&](CommitId merged) {
        patient.change_commit(patient.leaf_commit, [&](CommitRecord& commit) {
            commit.merged = {{{}, merged}};
        });
    };
    patient.erase_raw(storage::Table::commits, key::commit(1));
    merge(1);
    patient.expect(Patient::where(patient.leaf_commit), "commit 1, which is missing");
    merge(patient.leaf_commit);
    patient.expect(Patient::where(patient.leaf_commit), "which is not older");
}

TEST_CASE("verify: a commit's newest chunk has been given out", "[engine]") {
    const Patient patient;
    patient.change_commit(patient.leaf_commit, [&](CommitRecord& commit) {
        commit.newest_chunk = patient.store_record().next_chunk;
    });
    patient.expect(Patient::where(patient.leaf_commit), "not given out yet");
}

TEST_CASE("verify: newest chunks rise from commit to commit", "[engine]") {
    const Patient patient;
    patient.change_commit(1, [&](CommitRecord& commit) {
        commit.newest_chunk = patient.store_record().next_chunk - 1;
    });
    patient.expect(Patient::where(fork_of(patient)), "is older than that of a commit before it");
}

TEST_CASE("verify: a commit's root is no newer than its newest chunk", "[engine]") {
    const Patient patient;
    patient.change_commit(patient.leaf_commit,
                          [](CommitRecord& commit) { commit.newest_chunk = commit.root.id - 1; });
    patient.expect(Patient::where(patient.leaf_commit), "is newer than its newest chunk");
}

TEST_CASE("verify: a commit without a root has no digest of one", "[engine]") {
    const Patient patient;
    patient.change_commit(1, [](CommitRecord& commit) { commit.root.count = 1; });
    patient.expect_only(Patient::where(1), "has no root");
}

TEST_CASE("verify: a version's head is there", "[engine]") {
    const Patient patient;
    patient.change_version("1", [](VersionRecord& version) { version.head = unknown; });
    patient.expect(patient.where("1"), "cannot be read");
}

TEST_CASE("verify: a version's head is of its connection", "[engine]") {
    const Patient patient;
    const CommitId other = patient.record_of(patient.mirror, "1").head;
    patient.change_version("1", [&](VersionRecord& version) { version.head = other; });
    patient.expect(patient.where("1"), "another connection's");
}

TEST_CASE("verify: a clone without commits of its own has the head that it was cloned from",
          "[engine]") {
    Patient patient;
    patient.clone("4", "2");
    patient.change_version("4", [](VersionRecord& version) { version.origin_commit = 1; });
    patient.expect_only(patient.where("4"), "cloned from, 1");
}

TEST_CASE("verify: a version's history ends with its head", "[engine]") {
    const Patient patient;
    const VersionRecord version = patient.record_of("2");
    patient.change_version(
        "2", [&](VersionRecord& record) { record.head = patient.commit(version.head).prev; });
    patient.expect(patient.where("2"), "not with its head");
}

TEST_CASE("verify: a version's history goes from older to newer", "[engine]") {
    const Patient patient;
    const VersionRecord version = patient.record_of("2");
    patient.change_commit(version.head, [&](CommitRecord& commit) { commit.next = version.first; });
    patient.expect(patient.where("2"), "followed by an older one");
}

TEST_CASE("verify: a version's history is whole", "[engine]") {
    const Patient patient;
    patient.change_commit(patient.head("2"), [](CommitRecord& commit) { commit.next = unknown; });
    patient.expect(patient.where("2"), "commit 1000000 is missing");
}

TEST_CASE("verify: a version's history has only its own commits", "[engine]") {
    const Patient patient;
    patient.change_commit(patient.head("2"),
                          [&](CommitRecord& commit) { commit.line = patient.record_of("1").id; });
    patient.expect_only(patient.where("2"), "written by another version");
}

TEST_CASE("verify: a version counts its history", "[engine]") {
    const Patient patient;
    patient.change_version("2", [](VersionRecord& version) { ++version.kept; });
    patient.expect_only(patient.where("2"), "is to have 6");
}

TEST_CASE("verify: a commit that nobody needs is queued to be dropped", "[engine]") {
    Patient patient;
    const CommitId id = patient.head("2");
    patient.store.delete_version(patient.key("2")).value();
    patient.erase_raw(key::dropped(id));
    patient.expect_only(Patient::where(id), "nobody needs it");
}

TEST_CASE("verify: a commit that is needed is not queued to be dropped", "[engine]") {
    const Patient patient;
    const CommitId id = GENERATE_COPY(patient.head("2"), fork_of(patient));
    patient.put_raw(key::dropped(id));
    patient.expect_only(Patient::where(id), "still needed");
}

TEST_CASE("verify: a fork that no version needs is not queued while two lines come from it",
          "[engine]") {
    Patient patient;
    const CommitId fork = fork_of(patient);
    patient.clone("4", "1");
    patient.store.delete_version(patient.key("1"), true).value();
    REQUIRE(patient.commit(fork).refs == 0);
    CHECK(patient.verify().is_clean());
    patient.put_raw(key::dropped(fork));
    patient.expect_only(Patient::where(fork), "still needed");
}

TEST_CASE("verify: what is queued to be dropped is there", "[engine]") {
    const Patient patient;
    patient.put_raw(key::dropped(unknown));
    patient.expect_only(Patient::where(unknown), "not there");
}

TEST_CASE("verify: the key of a commit is an id", "[engine]") {
    const Patient patient;
    const auto record = patient.commit(1).encode();
    const std::string key = GENERATE(std::string("short"), key::commit(0), key::commit(1) + "x");
    patient.put_raw(storage::Table::commits, key, record);
    patient.expect_only("table commits", "no commit's id");
}

TEST_CASE("verify: the record of a commit has its form", "[engine]") {
    const Patient patient;
    patient.put_raw(storage::Table::commits, key::commit(1), patient.commit(1).encode() + "x");
    patient.expect_only(Patient::where(1), "longer than its form");
}

TEST_CASE("verify: a commit knows for whom its documents are kept", "[engine]") {
    const Patient patient;
    const CommitId id = patient.head("2");
    patient.change_commit(id, [](CommitRecord& commit) { commit.payload_scope.data[0] ^= 1; });
    patient.expect_only(Patient::where(id), "another organisation");
}
