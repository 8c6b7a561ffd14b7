// Goal: real descriptions come back from the store. Runs on the documents in the folder that
// VERSO_DATA_DIR names.

#include "reconstruction.hpp"
#include "samples.hpp"

#include <verso/verso.hpp>

using namespace verso;
using namespace verso::openapi::test;

TEST_CASE("real documents: each release and its clone export as they were imported", "[openapi]") {
    using Exports = std::vector<std::string>;
    Store store = Store::temporary({.durability = Durability::none}).value();
    const ConnectionId connection = store.create_connection({}, {.name = "API"}).value().id;
    const auto exported = [&](const std::string& version) {
        return export_openapi(store.snapshot().value(), {connection, version}).value();
    };
    std::string from;
    for (const auto& path : real_documents()) {
        INFO(path.string());
        const std::string source = read_file(path);
        NewVersion version{.name = path.stem().string()};
        if (!from.empty()) version.from_version = from;
        REQUIRE(import_openapi(store, connection, version, source).has_value());
        from = version.name;
        const std::string text = exported(from);
        CHECK(differences(text, source) == Exports{});

        REQUIRE(store.create_version(connection, {.name = "clone " + from, .from_version = from})
                    .has_value());
        CHECK(exported("clone " + from) == text);

        const auto again = import_openapi(store, connection,
                                          {.name = "again " + from, .from_version = from}, text);
        REQUIRE(again.has_value());
        const Snapshot snapshot = store.snapshot().value();
        CHECK(snapshot.compare({connection, from}, {connection, "again " + from}).value().empty());
    }
}

TEST_CASE("real documents: with one Action edited all else exports as it was", "[openapi]") {
    for (const auto& path : real_documents()) {
        INFO(path.string());
        Store store = Store::temporary({.durability = Durability::none}).value();
        const ConnectionId connection = store.create_connection({}, {.name = "API"}).value().id;
        const std::string source = read_file(path);
        REQUIRE(import_openapi(store, connection, {.name = "1"}, source).has_value());
        std::string edited;
        store
            .edit({connection, "1"},
                  [&](Draft& draft) -> Result<void> {
                      const Resource found = draft.list(Kind::action).value().at(7);
                      Action action = Action::from_document(found.document).value();
                      action.id = found.id;
                      action.summary = "Edited by hand";
                      edited = action.path;
                      static_cast<void>(draft.put(action).value());
                      return {};
                  })
            .value();
        const std::string text =
            export_openapi(store.snapshot().value(), {connection, "1"}).value();
        const auto found = differences(text, source);
        REQUIRE(found.size() == 1);
        CHECK_THAT(found.front(), Catch::Contains("/summary: \"Edited by hand\" | "));
    }
}
