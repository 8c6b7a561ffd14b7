// Goal: OpenAPI documents become versions, or nothing happens. Method: real processes on the sample
// documents.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;
using Catch::Matches;

TEST_CASE("import: creates store, connection and draft, and says what it made", "[cli]") {
    const Workspace work;
    const std::string said = work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json")});
    CHECK_THAT(said,
               Contains("Imported version \"1.0.0\" of \"Harbour\"") && Contains("49 actions"));
    CHECK_THAT(said, Contains("warning, ") && Contains("all with -v"));
    CHECK_THAT(work.ok({"version", "show", "Harbour", "1.0.0"}), Contains("draft"));
}

TEST_CASE("import: with --from what did not change is shared", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "--quiet"});
    const auto result =
        work.json({"import", "Harbour", "1.1.0", example("harbour-1.1.0.json"), "--from", "1.0.0"});
    CHECK(text_at(result, "/version/name") == "1.1.0");
    CHECK(number_at(result, "/unchanged") > 100);
    CHECK(number_at(result, "/changed") > 0);
    CHECK_FALSE(result.at("messages").as_array().empty());
}

TEST_CASE("import: -v prints every message, -q none", "[cli]") {
    const Workspace work;
    CHECK(work.ok({"import", "Harbour", "1", example("harbour-1.0.0.json"), "-q"}).empty());
    const std::string all =
        work.ok({"import", "Harbour", "2", example("harbour-1.0.0.json"), "-v"});
    CHECK_THAT(all, Contains("info") && !Contains("all with -v"));
}

TEST_CASE("import: standard input is as good as a file", "[cli]") {
    const Workspace work;
    const std::string text = read_file(example("harbour-1.0.0.json"));
    CHECK_THAT(work.ok({"import", "Harbour", "1", "-"}, {.input = text}), Contains("49 actions"));
}

TEST_CASE("import: a truncated document creates neither version nor connection", "[cli]") {
    const Workspace work;
    const std::string text = read_file(example("harbour-1.0.0.json"));
    work.write("cut.json", text.substr(0, text.size() / 2));
    const Outcome outcome = work.verso({"import", "Harbour", "1", "cut.json"});
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Matches("verso: .*line [0-9]+, column [0-9]+.*\n"));
    CHECK(number_at(work.json({"connection", "list"}), "/totalCount") == 0);
}

TEST_CASE("import: a reference that leads nowhere is refused with its place", "[cli]") {
    const Workspace work;
    work.write("dangling.json",
               R"({"openapi":"3.0.3","info":{"title":"x","version":"1"},"paths":{"/x":{"get":)"
               R"({"responses":{"200":{"$ref":"#/components/responses/None"}}}}}})");
    const auto error = work.json({"import", "Harbour", "1", "dangling.json"}, 1);
    CHECK(text_at(error, "/code") == "import_invalid");
    CHECK_THAT(text_at(error, "/fields/0/field"), Contains("/paths/~1x/get/responses/200"));
    CHECK_THAT(work.verso({"import", "Harbour", "1", "dangling.json"}).err,
               Contains("components/responses/None"));
}

TEST_CASE("import: what is missing or taken is refused before anything is done", "[cli]") {
    const Workspace work;
    CHECK_THAT(work.verso({"import", "Harbour", "1", "nowhere.json"}).err,
               Contains("cannot read nowhere.json"));
    CHECK_FALSE(std::filesystem::exists(work.path("verso.store")));
    work.ok({"import", "Harbour", "1", example("harbour-1.0.0.json")});
    CHECK(text_at(work.json({"import", "Harbour", "1", example("harbour-1.0.0.json")}, 1),
                  "/code") == "name_taken");
    CHECK_THAT(
        work.verso({"import", "Harbour", "2", example("harbour-1.0.0.json"), "--from", "9"}).err,
        Contains("has no version \"9\""));
}

TEST_CASE("import: input without an end is refused", "[cli]") {
    const Workspace work;
    const auto error = work.json({"import", "Harbour", "1", "/dev/zero"}, 1);
    CHECK(text_at(error, "/code") == "limit_exceeded");
    CHECK_THAT(text_at(error, "/message"), Contains("/dev/zero has more than 512 MiB"));
    CHECK_FALSE(std::filesystem::exists(work.path("verso.store")));
}
