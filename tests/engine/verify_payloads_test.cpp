// Goal: verify finds everything wrong with payloads, their index and their chunks, and says where.
// Method: one record or chunk of a sound store is changed at a time.
#include "engine/patient.hpp"
#include "engine/referring.hpp"
#include "tree/sha256.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

using storage::ChunkKind;
using storage::Table;

/// A payload of the version "3", or the one of several chunks in "2".
struct Subject {
    Subject(const Patient& patient, const std::string& version, Kind kind) {
        for (const OwnedEntry& entry : patient.entries(patient.head(version))) {
            if (!entry.key.starts_with(content::resource_key(kind, {}))) continue;
            digest = content::ResourceValue::decode(entry.value).digest;
            name = content::read_resource_key(entry.key).name;
        }
        key = key::payload(acme().value, digest);
        record = patient.read<PayloadRecord>(Table::payload_index, key);
        where = "payload " + std::to_string(record.id);
    }

    Digest digest;
    std::string name;
    std::string key;
    PayloadRecord record;
    std::string where;
};

Subject small(const Patient& patient) { return {patient, "3", Kind::parameter}; }
Subject big(const Patient& patient) {
    Subject subject(patient, "2", Kind::definition);
    REQUIRE(subject.record.size_bytes > 2 * storage::max_piece_bytes);
    return subject;
}

void change(const Patient& patient, const Subject& subject,
            const std::function<void(PayloadRecord&)>& how) {
    patient.change<PayloadRecord>(Table::payload_index, subject.key, how);
}

}  // namespace

TEST_CASE("verify: a payload counts the entries that hold it", "[engine]") {
    const Patient patient;
    const Subject payload = small(patient);
    const int by = GENERATE(-1, 1);
    change(patient, payload,
           [&](PayloadRecord& record) { record.holdings += static_cast<std::uint64_t>(by); });
    patient.expect_only(payload.where, "(holdings)");
}

TEST_CASE("verify: a payload with more holders than it counts is found beside missing nodes",
          "[engine]") {
    const Patient patient;
    const Subject payload = small(patient);
    patient.drop_chunk(ChunkKind::node, patient.commit(patient.head("2")).root.id);
    change(patient, payload, [](PayloadRecord& record) { --record.holdings; });
    patient.expect(payload.where, "(holdings)");
    CHECK(patient.verify().findings.size() == 2);
}

TEST_CASE("verify: a payload of several versions counts those that put it", "[engine]") {
    const Patient patient;
    // p0 is in "1", cloned into "2", and put once more in the connection "Mirror".
    Digest digest;
    for (const OwnedEntry& entry : patient.entries(patient.head("1")))
        if (entry.key == content::resource_key(Kind::parameter, "p0"))
            digest = content::ResourceValue::decode(entry.value).digest;
    CHECK(patient.read<PayloadRecord>(Table::payload_index, key::payload(acme().value, digest))
              .holdings == 2);
    CHECK(patient.read<PayloadRecord>(Table::payload_index, key::payload(umbrella().value, digest))
              .holdings == 1);
    CHECK(patient.verify().is_clean());
}

TEST_CASE("verify: every chunk of a payload is there", "[engine]") {
    const Patient patient;
    const Subject payload = GENERATE_COPY(small(patient), big(patient));
    patient.drop_chunk(ChunkKind::payload, payload.record.id);
    patient.expect_only(payload.where, "missing or damaged");
    CHECK_THAT(patient.only_finding().message, Catch::Contains("\"" + payload.name + "\""));
}

TEST_CASE("verify: a damaged document names all versions that have it", "[engine]") {
    Patient patient;
    patient.clone("4", "2");
    const Subject payload = big(patient);
    patient.drop_chunk(ChunkKind::payload, payload.record.id);
    const auto check = [&] {
        const std::string message = patient.only_finding().message;
        INFO(message);
        CHECK(message.find("it is the document of definition \"" + payload.name +
                           "\" in commit ") != std::string::npos);
        for (const char* version : {"2", "4"})
            CHECK(message.find("connection \"GitHub\", version \"" + std::string(version) + "\"") !=
                  std::string::npos);
    };
    check();
    // As it was put long before the commits that these have now.
    for (const char* version : {"2", "4"})
        patient.store
            .put(patient.key(version), Kind::parameter,
                 Document::parse(R"({"name":"new","in":"query","type":"string"})").value())
            .value();
    check();
}

TEST_CASE("verify: of many damaged documents each names the versions that have it", "[engine]") {
    Patient patient;
    constexpr int count = 100;
    const auto put = [&](const char* version, int number) {
        patient.store
            .put(patient.key(version), Kind::parameter,
                 Document::parse(R"({"name":"many)" + std::to_string(number) +
                                 R"(","in":"query","type":"string"})")
                     .value())
            .value();
    };
    for (int i = 0; i < count; ++i) put("2", i);
    patient.clone("4", "2");
    put("2", count);
    put("4", count + 1);
    for (const auto& [id, bytes] : patient.chunks(ChunkKind::payload))
        if (bytes.find("\"many") != std::string::npos) patient.drop_chunk(ChunkKind::payload, id);
    int of_both = 0;
    for (const Damage& finding : patient.verify().findings) {
        INFO(finding.message);
        const bool is_last = finding.message.find("many100\"") != std::string::npos;
        const bool is_other = finding.message.find("many101\"") != std::string::npos;
        CHECK((finding.message.find("version \"2\"") != std::string::npos) == !is_other);
        CHECK((finding.message.find("version \"4\"") != std::string::npos) == !is_last);
        of_both += is_last || is_other ? 0 : 1;
    }
    CHECK(of_both == count);
}

TEST_CASE("verify: the last payload's last chunk is there", "[engine]") {
    Patient patient;
    patient.put("2", Kind::definition, definition("Last", std::string(20'000, 'y')));
    const auto last = patient.chunks(ChunkKind::payload).rbegin()->first;
    patient.drop_chunk(ChunkKind::payload, last);
    patient.expect_only("payload " + std::to_string(last - 1), "of its 2 chunks, 1 are missing");
}

TEST_CASE("verify: a payload is as long as it says", "[engine]") {
    const Patient patient;
    const Subject payload = small(patient);
    const std::string bytes = patient.chunks(ChunkKind::payload).at(payload.record.id);
    patient.rewrite_chunk(ChunkKind::payload, payload.record.id, bytes + "x");
    patient.expect_only(payload.where, "it cannot be read");
}

TEST_CASE("verify: a payload is what its digest says", "[engine]") {
    const Patient patient;
    const Subject payload = GENERATE_COPY(small(patient), big(patient));
    const auto id =
        payload.record.id + (payload.record.size_bytes > storage::max_piece_bytes ? 1 : 0);
    std::string bytes = patient.chunks(ChunkKind::payload).at(id);
    bytes[9] = static_cast<char>(bytes[9] ^ 1);
    patient.rewrite_chunk(ChunkKind::payload, id, bytes);
    patient.expect_only(payload.where, "its content is not what its digest");
}

TEST_CASE("verify: what a document that cannot be read refers to is not missed", "[engine]") {
    Patient patient;
    patient.create("4");
    patient.put("4", Kind::definition, definition("Pet", "a pet"));
    patient.put("4", Kind::action, using_definitions("Get", {by_name("Pet")}));
    const Subject payload(patient, "4", Kind::action);
    std::string bytes = patient.chunks(ChunkKind::payload).at(payload.record.id);
    bytes.pop_back();
    patient.rewrite_chunk(ChunkKind::payload, payload.record.id, bytes);
    patient.expect_only(payload.where, "it cannot be read");
}

TEST_CASE("verify: a payload has a size that a document may have", "[engine]") {
    const Patient patient;
    const Subject payload = small(patient);
    const std::uint64_t size = GENERATE(std::uint64_t{0}, std::uint64_t{1} << 40);
    change(patient, payload, [&](PayloadRecord& record) { record.size_bytes = size; });
    patient.expect(payload.where, "which no document has");
}

TEST_CASE("verify: no two payloads share a chunk", "[engine]") {
    const Patient patient;
    const Subject payload = big(patient);
    SECTION("the first") {
        Digest other = payload.digest;
        other.bytes[0] ^= 1;
        patient.put_raw(Table::payload_index, key::payload(acme().value, other),
                        payload.record.encode());
        patient.expect(payload.where, "another record of the index");
    }
    SECTION("a later one") {
        Digest other = payload.digest;
        other.bytes[0] ^= 1;
        PayloadRecord second = payload.record;
        ++second.id;
        patient.put_raw(Table::payload_index, key::payload(acme().value, other), second.encode());
        patient.expect("payload " + std::to_string(second.id), "overlap");
    }
}

TEST_CASE("verify: every chunk belongs to a payload", "[engine]") {
    const Patient patient;
    const auto id = patient.append_chunk(ChunkKind::payload, "nobody's");
    patient.expect_only("payload chunk " + std::to_string(id), "only takes space");
}

TEST_CASE("verify: chunks of a payload that the index has lost belong to none", "[engine]") {
    const Patient patient;
    const Subject payload = small(patient);
    patient.erase_raw(Table::payload_index, payload.key);
    patient.expect("payload chunk " + std::to_string(payload.record.id), "only takes space");
}

TEST_CASE("verify: a payload that nobody holds counts none", "[engine]") {
    const Patient patient;
    const auto id = patient.append_chunk(ChunkKind::payload, "{}");
    patient.put_raw(Table::payload_index, key::payload(acme().value, tree::sha256("{}")),
                    PayloadRecord{.id = id, .holdings = 1, .size_bytes = 2}.encode());
    patient.expect_only("payload " + std::to_string(id), "held by 0 entries");
}

TEST_CASE("verify: a record of the index has its form", "[engine]") {
    const Patient patient;
    const Subject payload = small(patient);
    SECTION("its value") {
        patient.put_raw(Table::payload_index, payload.key, "x");
        CHECK_THAT(patient.only_finding().where, Catch::StartsWith("payload index record "));
    }
    SECTION("its key") {
        patient.put_raw(Table::payload_index, payload.key + "x", payload.record.encode());
        CHECK_THAT(patient.only_finding().where, Catch::StartsWith("payload index record "));
    }
}
