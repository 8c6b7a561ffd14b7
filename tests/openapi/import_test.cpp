// Goal: a description becomes a draft in one step, and the next release a clone that differs by
// what changed.

#include "reconstruction.hpp"
#include "samples.hpp"
#include "soundness.hpp"

#include <verso/verso.hpp>

#include <map>

using namespace verso;
using namespace verso::openapi::test;

namespace {

using Texts = std::vector<std::string>;

struct ImportFixture {
    Store store = Store::temporary({.durability = Durability::none}).value();
    ConnectionId connection = store.create_connection({}, {.name = "Harbour"}).value().id;

    ImportResult import(std::string name, std::string_view text,
                        std::optional<std::string> from = {}) {
        return import_openapi(store, connection,
                              {.name = std::move(name), .from_version = std::move(from)}, text)
            .value();
    }
    Error refused(std::string name, std::string_view text, std::optional<std::string> from = {}) {
        const auto result = import_openapi(
            store, connection, {.name = std::move(name), .from_version = std::move(from)}, text);
        REQUIRE_FALSE(result.has_value());
        return result.error();
    }
    std::vector<Change> compare(std::string_view from, std::string_view to) {
        return store.snapshot().value().compare({connection, from}, {connection, to}).value();
    }
    Resource resource(std::string_view version, Kind kind, std::string_view name) {
        return store.snapshot().value().resource({connection, version}, kind, name).value();
    }
    /// The version as a description again.
    boost::json::value content(std::string_view version) {
        std::vector<openapi::ConvertedResource> resources;
        const Snapshot snapshot = store.snapshot().value();
        for (const Kind kind : all_kinds)
            for (const Resource& found : snapshot.resources({connection, version}, kind).value())
                resources.push_back({kind, found.name, {}, found.document.text()});
        return reconstruct(resources);
    }
};

Texts names(const std::vector<Change>& changes, Kind kind, ChangeType type) {
    Texts names;
    for (const Change& change : changes)
        if (change.kind == kind && change.type == type) names.push_back(change.name);
    return names;
}

std::string operations(std::initializer_list<const char*> ids) {
    std::string paths;
    for (const char* const id : ids) {
        paths += paths.empty() ? "" : ",";
        paths.append("\"/")
            .append(id)
            .append(R"(":{"get":{"operationId":")")
            .append(id)
            .append("\"}}");
    }
    return description("\"paths\":{" + paths + "}");
}

}  // namespace

TEST_CASE("import: a description becomes a draft that holds all of it", "[openapi]") {
    ImportFixture at;
    const ImportResult result = at.import("1.0.0", harbour("1.0.0"));
    CHECK_FALSE(result.version.published_at);
    CHECK(result.actions == 49);
    CHECK(result.definitions == at.store.snapshot()
                                    .value()
                                    .count_resources({at.connection, "1.0.0"}, Kind::definition)
                                    .value());
    CHECK(result.added == 200);
    CHECK(result.changed + result.removed + result.unchanged == 0);
    CHECK(result.changed_bytes == stat(at.store).value().payload_bytes);
    CHECK(at.content("1.0.0") == json(harbour("1.0.0")));
    check_is_sound(at.store);
}

TEST_CASE("import: the next release differs by what it changed", "[openapi]") {
    ImportFixture at;
    at.import("1.0.0", harbour("1.0.0"));
    const std::uint64_t before = stat(at.store).value().payload_bytes;
    const ImportResult result = at.import("1.1.0", harbour("1.1.0"), "1.0.0");
    const std::vector<Change> changes = at.compare("1.0.0", "1.1.0");
    using enum ChangeType;
    CHECK(names(changes, Kind::action, added) == Texts{"getVesselEmissions", "listBerthMaintenance",
                                                       "scheduleBerthMaintenance",
                                                       "testSubscription"});
    CHECK(names(changes, Kind::action, removed) == Texts{"getTariffs", "importEdifactManifest"});
    CHECK(names(changes, Kind::action, changed) ==
          Texts{"cancelCall", "listInvoices", "registerVessel", "requestPilot", "vessels_list"});
    CHECK(names(changes, Kind::definition, added) ==
          Texts{"EmissionReport", "MaintenanceWindow", "TestDelivery",
                "listBerthMaintenance_response_200", "post_invoice_overdue_request",
                "scheduleBerthMaintenance_request"});
    CHECK(names(changes, Kind::definition, removed) ==
          Texts{"EdifactImport", "TariffTable", "importEdifactManifest_request"});
    CHECK(names(changes, Kind::definition, changed) ==
          Texts{"BerthInput", "CallStatus", "Problem", "SubscriptionInput",
                "ValidationFailed_response", "Vessel", "getContainer_response_200"});
    CHECK(names(changes, Kind::trigger, added) == Texts{"onBerthAssigned", "post_invoice_overdue"});
    CHECK(result.added + result.changed + result.removed == changes.size());
    CHECK(result.unchanged + result.changed + result.removed == 200);
    CHECK(result.changed_bytes == stat(at.store).value().payload_bytes - before);
    CHECK(at.content("1.1.0") == json(harbour("1.1.0")));
    CHECK(at.content("1.0.0") == json(harbour("1.0.0")));
    check_is_sound(at.store);
}

TEST_CASE("import: what did not change means what it says, whatever had its names", "[openapi]") {
    const auto release = [](const std::string& content) {
        return description(R"("paths":{"/a":{"post":{"operationId":"a","requestBody":)"
                           R"({"$ref":"#/components/requestBodies/B"},"responses":{}}}},)"
                           R"("components":{"requestBodies":{"B":{"content":{)" +
                           content + "}}}}");
    };
    const std::string first =
        release(R"("a/json":{"schema":{"type":"object"}},"a/csv":{"schema":{"type":"string"}})");
    const std::string second =
        release(R"("a/csv":{"schema":{"type":"string"}},"a/xml":{"schema":{"type":"array"}})");
    ImportFixture at;
    at.import("1", first);
    at.import("2", second, "1");
    CHECK(at.compare("1", "2").size() == 4);  // the body, and three Definitions
    CHECK(at.resource("1", Kind::action, "a") == at.resource("2", Kind::action, "a"));
    CHECK(at.content("2") == json(second));
    check_is_sound(at.store);
}

TEST_CASE("import: what it follows may be a version as it was, or what a lease keeps",
          "[openapi]") {
    ImportFixture at;
    at.import("1", operations({"a", "b", "c"}));
    const VersionKey first{at.connection, "1"};
    const Lease lease = at.store.take_lease(first, std::chrono::hours(1), "a test").value();
    at.store.edit(first, [](Draft& draft) { return draft.erase(Kind::action, "a"); }).value();
    const bool is_of_lease = GENERATE(false, true);
    NewVersion next{.name = "2", .from_version = "1", .from_commit = lease.commit};
    if (is_of_lease) next.from_version.reset();
    const ImportResult result =
        import_openapi(at.store, at.connection, next, operations({"b", "c", "d"})).value();
    CHECK(result.added == 1);
    CHECK(result.removed == 1);
    CHECK(result.changed == 0);
    CHECK(at.content("2") == json(operations({"b", "c", "d"})));
}

TEST_CASE("import: the draft is as new as any that is created", "[openapi]") {
    ImportFixture at;
    const ImportResult first = at.import("1.0.0", harbour("1.0.0"));
    const ImportResult second = at.import("1.1.0", harbour("1.1.0"), "1.0.0");
    for (const ImportResult& each : {first, second}) {
        CHECK(each.version.revision == 1);
        CHECK(each.version.created_at == each.version.updated_at);
        CHECK(at.store.snapshot().value().version({at.connection, each.version.name}).value() ==
              each.version);
    }
}

TEST_CASE("import: the same document again shares everything", "[openapi]") {
    ImportFixture at;
    at.import("1", harbour("1.0.0"));
    const ImportResult result = at.import("2", harbour("1.0.0"), "1");
    CHECK(result.unchanged == 200);
    CHECK(result.added + result.changed + result.removed + result.changed_bytes == 0);
    CHECK(result.version.revision == 1);
    const Snapshot snapshot = at.store.snapshot().value();
    CHECK(snapshot.digest({at.connection, "1"}).value() ==
          snapshot.digest({at.connection, "2"}).value());
}

TEST_CASE("import: a clash suffix that shifts or is swapped keeps the ids", "[openapi]") {
    ImportFixture at;
    at.import("1", operations({"a:b", "a.b", "a/b"}));
    const ImportResult result = at.import("2", operations({"a/b", "a:b", "a.b"}), "1");
    CHECK(result.changed == 3);
    CHECK(result.added + result.removed == 0);
    const auto id = [&](std::string_view version, std::string_view name) {
        return at.resource(version, Kind::action, name).id;
    };
    CHECK(id("2", "a_b") == id("1", "a_b_3"));
    CHECK(id("2", "a_b_2") == id("1", "a_b"));
    CHECK(id("2", "a_b_3") == id("1", "a_b_2"));
    CHECK(at.compare("1", "2").size() == 3);
    check_is_sound(at.store);
}

TEST_CASE("import: an Action that was renamed by hand is found by its operationId", "[openapi]") {
    ImportFixture at;
    at.import("1", operations({"listPets", "getPet"}));
    const ResourceId id = at.resource("1", Kind::action, "listPets").id;
    at.store
        .edit({at.connection, "1"},
              [](Draft& draft) -> Result<void> {
                  Resource pets = draft.get(Kind::action, "listPets").value();
                  Action action = Action::from_document(pets.document).value();
                  action.id = pets.id;
                  action.name = "pets";
                  static_cast<void>(draft.put(action).value());
                  return {};
              })
        .value();
    const ImportResult result = at.import("2", operations({"listPets", "getPet"}), "1");
    CHECK(result.changed == 1);
    CHECK(result.unchanged == 2);
    CHECK(at.resource("2", Kind::action, "listPets").id == id);
    CHECK(at.store.snapshot().value().count_resources({at.connection, "2"}, Kind::action).value() ==
          2);
}

TEST_CASE("import: the first one gives the connection its base URL", "[openapi]") {
    ImportFixture at;
    const ImportResult first = at.import("1", description(R"("servers":[{"url":"https://a"}])"));
    CHECK(places(first.messages) == Texts{"info /servers/0/url"});
    const ImportResult second = at.import("2", description(R"("servers":[{"url":"https://b"}])"));
    CHECK(second.messages.empty());
    const Connection connection = at.store.snapshot().value().connection(at.connection).value();
    CHECK(connection.properties.text() == R"({"baseUrl":"https://a"})");
}

TEST_CASE("import: it may be a part of a write", "[openapi]") {
    ImportFixture at;
    ConnectionId made{};
    const auto import = [&](Transaction& transaction, std::string_view text) {
        return import_openapi(transaction, made, {.name = "1.0.0"}, text);
    };
    const Result<void> written = at.store.write([&](Transaction& transaction) -> Result<void> {
        made = transaction.create_connection({}, {.name = "Pier"}).value().id;
        CHECK(import(transaction, "{}").error().code == Errc::import_invalid);
        CHECK(import(transaction, harbour("1.0.0"))->actions == 49);
        CHECK(import(transaction, harbour("1.1.0")).error().code == Errc::name_taken);
        return transaction.publish({made, "1.0.0"}).value().is_latest
                   ? Result<void>()
                   : Error{Errc::corrupt, "it is not the latest", {}};
    });
    REQUIRE(written.has_value());
    CHECK(export_openapi(at.store.snapshot().value(), {made, "1.0.0"}).has_value());
    CHECK(at.store.snapshot()->count_versions(made).value() == 1);

    const Result<void> failed = at.store.write([&](Transaction& transaction) -> Result<void> {
        made = transaction.create_connection({}, {.name = "Quay"}).value().id;
        CHECK(import(transaction, harbour("1.0.0")).has_value());
        return Error{Errc::option_invalid, "no", {}};
    });
    CHECK(failed.has_error());
    CHECK_FALSE(at.store.snapshot()->find_connection({}, "Quay").value().has_value());
    check_is_sound(at.store);
}

TEST_CASE("import: properties that have no room for a base URL are left as they are", "[openapi]") {
    Store store = Store::temporary({.document = {.max_bytes = 2000}}).value();
    const Document full = Document::from_object({{"x", std::string(1980, 'x')}}).value();
    const ConnectionId connection =
        store.create_connection({}, {.name = "Full", .properties = full}).value().id;
    const std::string text = description(R"("servers":[{"url":"https://pier.example"}])");
    const Result<void> written = store.write([&](Transaction& transaction) -> Result<void> {
        CHECK(import_openapi(transaction, connection, {.name = "1"}, text).error().code ==
              Errc::limit_exceeded);
        return {};
    });
    CHECK(written.has_value());
    CHECK(store.snapshot()->count_versions(connection).value() == 0);
}

TEST_CASE("import: an invalid document leaves nothing", "[openapi]") {
    ImportFixture at;
    CHECK(at.refused("1", R"({"openapi":"2.0"})").code == Errc::import_invalid);
    CHECK(at.refused("1", description(""), "0").code == Errc::from_version_not_found);
    CHECK(at.refused("latest", description("")).code == Errc::name_reserved);
    CHECK(at.store.snapshot().value().count_versions(at.connection).value() == 0);
    at.import("1", description(R"("servers":[{"url":"https://a"}])"));
    CHECK(at.refused("1", description("")).code == Errc::name_taken);
    check_is_sound(at.store);
}

TEST_CASE("import: a resource over the store's limit is refused", "[openapi]") {
    const auto refused = [](Options limits) {
        limits.durability = Durability::none;
        Store store = Store::temporary(std::move(limits)).value();
        const ConnectionId connection = store.create_connection({}, {.name = "A"}).value().id;
        const auto result = import_openapi(store, connection, {.name = "1"}, harbour("1.0.0"));
        REQUIRE_FALSE(result.has_value());
        CHECK(store.snapshot().value().count_versions(connection).value() == 0);
        return result.error().code;
    };
    CHECK(refused({.document = {.max_bytes = 1000}}) == Errc::limit_exceeded);
    CHECK(refused({.document = {.max_depth = 4}}) == Errc::limit_exceeded);
    CHECK(refused({.max_name_bytes = 10}) == Errc::name_invalid);
}

TEST_CASE("import: the commit has the note", "[openapi]") {
    ImportFixture at;
    const ImportOptions options{.note = {.author = "ci", .message = "nightly"}};
    REQUIRE(import_openapi(at.store, at.connection, {.name = "1"}, harbour("1.0.0"), options)
                .has_value());
    const auto log = at.store.snapshot().value().page_log({at.connection, "1"}, {}).value();
    REQUIRE_FALSE(log.items.empty());
    CHECK(log.items.front().author == "ci");
    CHECK(log.items.front().message == "nightly");
}

TEST_CASE("import: the host is told how far it is", "[openapi]") {
    ImportFixture at;
    std::vector<double> told;
    const ImportOptions options{.progress = [&](double part) { told.push_back(part); }};
    REQUIRE(import_openapi(at.store, at.connection, {.name = "1"}, harbour("1.0.0"), options)
                .has_value());
    CHECK(told.front() == 0);
    CHECK(told.back() == 1);
    CHECK(std::is_sorted(told.begin(), told.end()));
}
