// Goal: equal documents are stored once within their scope, and every entry that holds one is
// counted.
#include "engine/payloads.hpp"
#include "engine/fixture.hpp"
#include "engine/store_state.hpp"
#include "tree/sha256.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

constexpr Uuid whole_store{};

std::optional<PayloadRecord> payload(const Store& store, const Uuid& scope,
                                     const Document& document) {
    const auto reading = StoreAccess::state(store).storage().begin_read();
    const auto found = reading->find(storage::Table::payload_index,
                                     key::payload(scope, tree::sha256(document.text())));
    if (!found) return std::nullopt;
    return PayloadRecord::decode(*found);
}

std::uint64_t holdings(const Fixture& fixture, const Document& document,
                       const Uuid& scope = acme().value) {
    const auto found = payload(fixture.store, scope, document);
    return found ? found->holdings : 0;
}

std::uint64_t payload_chunks(const Fixture& fixture) {
    return StoreAccess::state(fixture.store).storage().usage().payload_chunks;
}

/// Puts one Parameter into a version "1" of a new connection of each organisation.
void put_in_two_organisations(Fixture& fixture) {
    for (const OrganisationId organisation : {acme(), umbrella()}) {
        const auto made =
            fixture.store.create_connection(organisation, {.name = "of both"}).value().id;
        fixture.store.create_version(made, {.name = "1"}).value();
        const auto put = [](Draft& draft) -> Result<void> {
            draft.put(Kind::parameter, parameter("p")).value();
            return {};
        };
        fixture.store.edit({made, "1"}, put).value();
    }
}

}  // namespace

TEST_CASE("payloads: equal documents of one organisation are one payload", "[engine]") {
    Fixture fixture;
    const Document same = document(R"({"same":true})");
    for (const char* version : {"1", "2"}) {
        fixture.create(version);
        const auto put = [&](Draft& draft) -> Result<void> {
            draft.put(Kind::example, "a", same).value();
            draft.put(Kind::response, "b", same).value();
            return {};
        };
        fixture.store.edit(fixture.key(version), put).value();
    }
    CHECK(holdings(fixture, same) == 4);
    CHECK(payload_chunks(fixture) == 1);
    CHECK(fixture.names("2", Kind::response) == Names{"b"});
}

TEST_CASE("payloads: a clone and a put of the same content hold nothing more", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.put("1", parameter("p"));
    fixture.clone("2", "1");
    fixture.put("2", parameter("p"));
    CHECK(holdings(fixture, parameter("p")) == 1);
}

TEST_CASE("payloads: what one edit puts and replaces is never stored", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const auto put = [](Draft& draft) -> Result<void> {
        draft.put(Kind::parameter, parameter("p", "first")).value();
        draft.put(Kind::parameter, parameter("p", "second")).value();
        draft.put(Kind::parameter, parameter("q")).value();
        return draft.erase(Kind::parameter, "q");
    };
    fixture.store.edit(fixture.key("1"), put).value();
    CHECK(holdings(fixture, parameter("p", "first")) == 0);
    CHECK(holdings(fixture, parameter("p", "second")) == 1);
    CHECK(payload_chunks(fixture) == 1);
}

TEST_CASE("payloads: going back to an earlier document finds it again", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    for (const char* text : {"first", "second", "first"}) fixture.put("1", parameter("p", text));
    CHECK(holdings(fixture, parameter("p", "first")) == 2);
    CHECK(holdings(fixture, parameter("p", "second")) == 1);
    CHECK(payload_chunks(fixture) == 2);
}

TEST_CASE("payloads: organisations share none by default", "[engine]") {
    Fixture fixture;
    put_in_two_organisations(fixture);
    CHECK(holdings(fixture, parameter("p"), acme().value) == 1);
    CHECK(holdings(fixture, parameter("p"), umbrella().value) == 1);
    CHECK(payload(fixture.store, acme().value, parameter("p"))->id !=
          payload(fixture.store, umbrella().value, parameter("p"))->id);
    CHECK(payload_chunks(fixture) == 2);
}

TEST_CASE("payloads: organisations share all where the store is the scope", "[engine]") {
    Fixture fixture({.payload_scope = PayloadScope::store});
    put_in_two_organisations(fixture);
    CHECK(holdings(fixture, parameter("p"), whole_store) == 2);
    CHECK(holdings(fixture, parameter("p"), acme().value) == 0);
    CHECK(payload_chunks(fixture) == 1);
}

TEST_CASE("payloads: a long one is pieces with consecutive ids under one record", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const Document large = definition("D", std::string(40'000, 'x'));
    fixture.put("1", Kind::definition, large);
    const auto found = payload(fixture.store, acme().value, large);
    REQUIRE(found);
    CHECK(found->size_bytes == large.text().size());
    CHECK(found->holdings == 1);
    CHECK(payload_chunks(fixture) == 3);
    const auto reading = StoreAccess::state(fixture.store).storage().begin_read();
    std::string joined;
    for (std::uint64_t i = 0; i < piece_count(found->size_bytes); ++i)
        joined += reading->chunk(storage::ChunkKind::payload, found->id + i);
    CHECK(joined == large.text());
}
