// Goal: connections are created, found, changed and deleted by the rules of their names and of
// their times.
#include "engine/counting_storage.hpp"
#include "engine/fixture.hpp"
#include "engine/store_state.hpp"

using namespace verso;
using namespace verso::engine;

TEST_CASE("connection: a new one is answered as it is read again", "[engine]") {
    Fixture fixture;
    const Document properties = document(R"({"baseUrl":"https://api.example.com","rate":1.10})");
    const Connection made =
        fixture.store.create_connection(acme(), {.name = "Jira", .properties = properties}).value();
    CHECK(made.name == "Jira");
    CHECK(made.organisation == acme());
    CHECK(made.properties == properties);
    CHECK(made.created_at == fixture.clock.now());
    CHECK(made.updated_at == fixture.clock.now());
    CHECK(fixture.snapshot().connection(made.id).value() == made);
    CHECK(fixture.snapshot().find_connection(acme(), "Jira").value() == made);
}

TEST_CASE("connection: names are unique in an organisation and compared byte for byte",
          "[engine]") {
    Fixture fixture;
    const auto taken = fixture.store.create_connection(acme(), {.name = "GitHub"});
    CHECK(error_of(taken, {"GitHub", "another name"}) == Errc::name_taken);
    CHECK(fields_of(taken) == Names{"name"});
    CHECK(fixture.store.create_connection(acme(), {.name = "github"}).has_value());
    CHECK(fixture.store.create_connection(umbrella(), {.name = "GitHub"}).has_value());
    CHECK(fixture.snapshot().connections(acme()).value().size() == 2);
    CHECK(fixture.snapshot().connections(umbrella()).value().size() == 1);
    CHECK(fixture.snapshot().connections(numbered<OrganisationId>(3)).value().empty());
}

TEST_CASE("connection: a bad name is refused with its field", "[engine]") {
    Fixture fixture;
    for (const char* name : {"", " a", "a ", ".", "..", "a\nb", "\xff"}) {
        CAPTURE(name);
        const auto refused = fixture.store.create_connection(acme(), {.name = name});
        CHECK(error_of(refused) == Errc::name_invalid);
        CHECK(fields_of(refused) == Names{"name"});
        CHECK(error_of(fixture.store.update_connection(fixture.connection, name, {})) ==
              Errc::name_invalid);
    }
    CHECK(fixture.store.create_connection(acme(), {.name = "latest"}).has_value());
}

TEST_CASE("connection: a given id is kept and is unique in the store", "[engine]") {
    Fixture fixture;
    const auto id = numbered<ConnectionId>(9);
    CHECK(fixture.store.create_connection(acme(), {.name = "a", .id = id}).value().id == id);
    CHECK(error_of(fixture.store.create_connection(acme(), {.name = "b", .id = id}),
                   {to_string(id)}) == Errc::id_taken);
    CHECK(error_of(fixture.store.create_connection(umbrella(), {.name = "a", .id = id})) ==
          Errc::id_taken);
    CHECK_FALSE(fixture.snapshot().find_connection(acme(), "b").value());
}

TEST_CASE("connection: they are listed in order of id", "[engine]") {
    Fixture fixture;
    for (const std::uint8_t number : std::initializer_list<std::uint8_t>{7, 3, 5}) {
        const NewConnection made{.name = std::to_string(number),
                                 .id = numbered<ConnectionId>(number)};
        fixture.store.create_connection(umbrella(), made).value();
    }
    Names names;
    for (const Connection& each : fixture.snapshot().connections(umbrella()).value())
        names.push_back(each.name);
    CHECK(names == Names{"3", "5", "7"});
}

TEST_CASE("connection: an update replaces name and properties and moves updatedAt", "[engine]") {
    Fixture fixture;
    const Connection before = fixture.snapshot().connection(fixture.connection).value();
    fixture.clock.move(one_ms);
    const Connection after =
        fixture.store.update_connection(fixture.connection, "Hub", document(R"({"a":1})")).value();
    CHECK(after.name == "Hub");
    CHECK(after.properties.text() == R"({"a":1})");
    CHECK(after.created_at == before.created_at);
    CHECK(after.updated_at == fixture.clock.now());
    CHECK_FALSE(fixture.snapshot().find_connection(acme(), "GitHub").value());
    CHECK(fixture.snapshot().find_connection(acme(), "Hub").value() == after);
    CHECK(fixture.store.create_connection(acme(), {.name = "GitHub"}).has_value());
    CHECK(error_of(fixture.store.update_connection(fixture.connection, "GitHub", {})) ==
          Errc::name_taken);
    CHECK(fixture.snapshot().connection(fixture.connection).value() == after);
}

TEST_CASE("connection: an update that changes nothing leaves updatedAt where it was", "[engine]") {
    Fixture fixture;
    const Connection before = fixture.snapshot().connection(fixture.connection).value();
    fixture.clock.move(one_ms);
    CHECK(fixture.store.update_connection(fixture.connection, "GitHub", {}).value() == before);
    CHECK(fixture.snapshot().connection(fixture.connection).value() == before);
}

TEST_CASE("connection: updatedAt moves with each change of a version and never goes back",
          "[engine]") {
    Fixture fixture;
    const auto moves = [&](const std::function<void()>& change) {
        fixture.clock.move(one_ms);
        change();
        return fixture.connection_updated_at() == fixture.clock.now();
    };
    CHECK(moves([&] { fixture.create("1"); }));
    CHECK(moves([&] { fixture.put("1", parameter("p")); }));
    CHECK(moves([&] { fixture.publish("1"); }));
    CHECK(moves([&] { fixture.clone("2", "1"); }));
    CHECK(moves(
        [&] { fixture.store.update_version(fixture.key("2"), {.description = "d"}).value(); }));
    CHECK(moves([&] { fixture.store.delete_version(fixture.key("2")).value(); }));
    const Timestamp last = fixture.connection_updated_at();
    fixture.clock.move(-one_ms * 1000);
    fixture.create("3");
    fixture.store.update_connection(fixture.connection, "Hub", {}).value();
    CHECK(fixture.connection_updated_at() == last);
}

TEST_CASE("connection: one that has versions is deleted by force only", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.publish("1");
    fixture.clone("2", "1");
    CHECK(error_of(fixture.store.delete_connection(fixture.connection),
                   {"2 version(s)", "force"}) == Errc::connection_has_versions);
    CHECK(fixture.versions() == Names{"2", "1"});
    CHECK(fixture.store.delete_connection(fixture.connection, true).has_value());
    CHECK(error_of(fixture.snapshot().connection(fixture.connection)) ==
          Errc::connection_not_found);
    CHECK(error_of(fixture.snapshot().versions(fixture.connection)) == Errc::connection_not_found);
    CHECK_FALSE(fixture.snapshot().find_connection(acme(), "GitHub").value());
    CHECK(fixture.snapshot().connections(acme()).value().empty());
    const NewConnection again{.name = "GitHub", .id = fixture.connection};
    CHECK(fixture.store.create_connection(acme(), again).has_value());
    CHECK(fixture.versions().empty());
}

TEST_CASE("connection: an empty one is deleted without force", "[engine]") {
    Fixture fixture;
    CHECK(fixture.store.delete_connection(fixture.connection).has_value());
    CHECK(error_of(fixture.store.delete_connection(fixture.connection)) ==
          Errc::connection_not_found);
}

TEST_CASE("connection: every call on an unknown one says so", "[engine]") {
    Fixture fixture;
    const auto id = numbered<ConnectionId>(99);
    const VersionKey key{id, "1"};
    const Errc unknown = Errc::connection_not_found;
    const Snapshot snapshot = fixture.snapshot();
    CHECK(error_of(snapshot.connection(id), {to_string(id)}) == unknown);
    CHECK(error_of(snapshot.version(key)) == unknown);
    CHECK(error_of(snapshot.find_version(key)) == unknown);
    CHECK(error_of(snapshot.versions(id)) == unknown);
    CHECK(error_of(snapshot.count_versions(id)) == unknown);
    CHECK(error_of(snapshot.resources(key, Kind::action)) == unknown);
    CHECK(error_of(snapshot.digest(key)) == unknown);
    CHECK(error_of(snapshot.compare(key, key)) == unknown);
    CHECK(error_of(fixture.store.create_version(id, {.name = "latest"})) == unknown);
    CHECK(error_of(fixture.store.update_connection(id, "", {})) == unknown);
    CHECK(error_of(fixture.store.delete_connection(id)) == unknown);
    CHECK(error_of(fixture.store.publish(key)) == unknown);
    CHECK(error_of(fixture.store.delete_version(key)) == unknown);
}

TEST_CASE("connection: an organisation finds its own by id", "[engine]") {
    Fixture fixture;
    const ConnectionId foreign =
        fixture.store.create_connection(umbrella(), {.name = "Secret"}).value().id;
    const auto find = [&](OrganisationId organisation, ConnectionId id) {
        return fixture.snapshot().find_connection(organisation, id).value();
    };
    CHECK(find(acme(), fixture.connection) ==
          fixture.snapshot().connection(fixture.connection).value());
    CHECK(find(umbrella(), foreign)->name == "Secret");
    CHECK_FALSE(find(acme(), foreign));
    CHECK_FALSE(find(acme(), numbered<ConnectionId>(99)));
    fixture.store.delete_connection(foreign).value();
    CHECK_FALSE(find(umbrella(), foreign));
}

TEST_CASE("connection: another organisation's costs the reads of an unknown one", "[engine]") {
    Fixture fixture;
    const ConnectionId foreign =
        fixture.store.create_connection(umbrella(), {.name = "Secret"}).value().id;
    const auto reads = [&](ConnectionId id) {
        Calls calls;
        auto& storage = StoreAccess::state(fixture.store).storage();
        CountingTransaction counted(storage.begin_write({}), calls);
        View view(counted);
        CHECK_FALSE(view.has_connection(acme(), id));
        return calls;
    };
    CHECK(reads(foreign) == reads(numbered<ConnectionId>(99)));
    CHECK(reads(foreign).finds == 1);
}

TEST_CASE("connection: properties keep to the limits of the store", "[engine]") {
    Fixture fixture({.document = {.max_bytes = 20}});
    const Document large = document(R"({"member":"far too long"})");
    CHECK(error_of(fixture.store.create_connection(acme(), {.name = "a", .properties = large})) ==
          Errc::limit_exceeded);
    CHECK(error_of(fixture.store.update_connection(fixture.connection, "GitHub", large)) ==
          Errc::limit_exceeded);
}
