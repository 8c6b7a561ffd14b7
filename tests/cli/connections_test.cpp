// Goal: connections are created, listed, shown, updated and deleted. Method: real processes on real
// stores.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;

TEST_CASE("connection create: the first one creates the store", "[cli]") {
    const Workspace work;
    CHECK_THAT(work.ok({"connection", "create", "Harbour"}),
               Contains("Created connection \"Harbour\""));
    CHECK(std::filesystem::exists(work.path("verso.store")));
    CHECK_THAT(work.ok({"connection", "list"}), Contains("Harbour") && Contains("VERSIONS"));
}

TEST_CASE("connection create: properties are JSON or a file of it", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "A", "--properties",
             R"({"baseUrl":"https://a.example","scale":1.10})"});
    CHECK_THAT(work.ok({"connection", "show", "A", "--json"}), Contains("\"scale\":1.10"));
    work.write("b.json", "{\n \"baseUrl\": \"https://b.example\"\n}");
    const auto made = work.json({"connection", "create", "B", "--properties", "@b.json"});
    CHECK(text_at(made, "/properties/baseUrl") == "https://b.example");
}

TEST_CASE("connection create: properties that are no object are refused with the place", "[cli]") {
    const Workspace work;
    CHECK_THAT(work.verso({"connection", "create", "A", "--properties", "[1]"}).err,
               Contains("--properties: "));
    work.write("bad.json", "{\n \"a\": oops}");
    const Outcome outcome = work.verso({"connection", "create", "A", "--properties", "@bad.json"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("bad.json: line 2, column 7"));
    CHECK_FALSE(std::filesystem::exists(work.path("verso.store")));
}

TEST_CASE("connection create: bad names and taken ones are refused", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    CHECK_THAT(work.verso({"connection", "create", "Harbour"}).err, Contains("exists already"));
    CHECK_THAT(work.verso({"connection", "create", " x"}).err, Contains("white space"));
    CHECK_THAT(work.verso({"connection", "create", ""}).err, Contains("name"));
    CHECK_THAT(work.verso({"connection", "create", "a\xff"}).err, Contains("UTF-8"));
    CHECK(text_at(work.json({"connection", "create", "a\xff"}, 1), "/code") == "name_invalid");
}

TEST_CASE("connection: an id is as good as a name", "[cli]") {
    const Workspace work;
    const auto made = work.json({"connection", "create", "Harbour"});
    CHECK(text_at(work.json({"connection", "show", text_at(made, "/id")}), "/name") == "Harbour");
}

TEST_CASE("connection list: an organisation sees only its own", "[cli]") {
    const Workspace work;
    const std::string other = "01900000-0000-7000-8000-00000000ac3e";
    const auto made = work.json({"connection", "create", "Harbour"});
    CHECK(number_at(work.json({"connection", "list"}), "/totalCount") == 1);
    CHECK(number_at(work.json({"connection", "list", "--org", other}), "/totalCount") == 0);
    CHECK(text_at(work.json({"connection", "show", text_at(made, "/id"), "--org", other}, 1),
                  "/code") == "connection_not_found");
}

TEST_CASE("connection update: the name and the properties change, the rest stays", "[cli]") {
    const Workspace work;
    const auto made =
        work.json({"connection", "create", "Harbour", "--properties", R"({"scale":1.10})"});
    CHECK(work.ok({"connection", "update", "Harbour", "--name", "Port"}) ==
          "Renamed connection \"Harbour\" to \"Port\"\n");
    const std::string renamed = work.ok({"connection", "show", "Port", "--json"});
    CHECK_THAT(renamed, Contains(text_at(made, "/id")) && Contains("\"scale\":1.10"));
    work.write("port.json", R"({"scale":2.0})");
    CHECK(work.ok({"connection", "update", "Port", "--properties", "@port.json"}) ==
          "Updated connection \"Port\"\n");
    CHECK_THAT(work.ok({"connection", "show", "Port", "--json"}), Contains("\"scale\":2.0"));
    CHECK(text_at(work.json({"connection", "update", "Port", "--name", "Quay"}), "/name") ==
          "Quay");
}

TEST_CASE("connection update: what cannot be is refused and changes nothing", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "A"});
    work.ok({"connection", "create", "B"});
    CHECK_THAT(work.verso({"connection", "update", "A", "--name", "B"}).err,
               Contains("exists already"));
    CHECK_THAT(work.verso({"connection", "update", "A", "--name", "C", "--properties", "[1]"}).err,
               Contains("--properties: "));
    CHECK(text_at(work.json({"connection", "update", "C", "--name", "D"}, 1), "/code") ==
          "connection_not_found");
    const Outcome nothing = work.verso({"connection", "update", "A"});
    CHECK(nothing.code == 2);
    CHECK_THAT(nothing.err, Contains("give --name or --properties"));
    CHECK(text_at(work.json({"connection", "show", "A"}), "/name") == "A");
}

TEST_CASE("connection delete: one with versions wants --force", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    work.ok({"version", "create", "Harbour", "1"});
    const Outcome refused = work.verso({"connection", "delete", "Harbour"});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, Contains("--force"));
    CHECK(text_at(work.json({"connection", "delete", "Harbour", "--force"}), "/deleted/name") ==
          "Harbour");
    CHECK(work.ok({"connection", "list"}) ==
          "No connections; `verso connection create NAME` creates one\n");
}
