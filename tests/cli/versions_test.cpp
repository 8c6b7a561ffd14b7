// Goal: versions are created, cloned, published, described and deleted. Method: real processes on
// real stores.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;
using Catch::Matches;

namespace {

/// A connection `Harbour` with the published version `1`.
struct PublishedHarbour : Workspace {
    PublishedHarbour() {
        ok({"connection", "create", "Harbour"});
        ok({"version", "create", "Harbour", "1"});
        ok({"put", "Harbour", "1", "action", "-"},
           {.input = R"({"name":"a","method":"GET","path":"/","responses":[{}]})"});
        ok({"version", "publish", "Harbour", "1"});
    }
};

}  // namespace

TEST_CASE("version create: a clone says how much it holds and how long it took", "[cli]") {
    const PublishedHarbour work;
    CHECK_THAT(work.ok({"version", "create", "Harbour", "2", "--from", "latest"}),
               Matches(R"(Created version "2" of "Harbour", a clone of "latest" with 1 resource, )"
                       R"(in [0-9.]+ m?s\n)"));
    CHECK(work.ok({"list", "Harbour", "2"}) == work.ok({"list", "Harbour", "1"}));
}

TEST_CASE("version create: with --json it answers the version as the wire does", "[cli]") {
    const PublishedHarbour work;
    const auto made =
        work.json({"version", "create", "Harbour", "2", "--from", "1", "--description", "next"});
    CHECK(text_at(made, "/name") == "2");
    CHECK(text_at(made, "/description") == "next");
    CHECK(made.at("publishedAt").is_null());
    CHECK(number_at(made, "/revision") == 1);
}

TEST_CASE("version create: what cannot be is refused and nothing is created", "[cli]") {
    const PublishedHarbour work;
    CHECK_THAT(work.verso({"version", "create", "Harbour", "1"}).err, Contains("exists already"));
    CHECK_THAT(work.verso({"version", "create", "Harbour", "latest"}).err, Contains("reserved"));
    CHECK_THAT(work.verso({"version", "create", "Harbour", "a\nb"}).err,
               Contains("control character"));
    CHECK_THAT(work.verso({"version", "create", "Harbour", "2", "--from", "9"}).err,
               Contains("has no version \"9\""));
    CHECK_THAT(work.verso({"version", "create", "Nowhere", "2"}).err,
               Contains("verso connection list"));
    CHECK(number_at(work.json({"version", "list", "Harbour"}), "/totalCount") == 1);
}

TEST_CASE("version list: the first ones, and how many there are", "[cli]") {
    const PublishedHarbour work;
    for (const char* name : {"2", "3", "4"}) work.ok({"version", "create", "Harbour", name});
    CHECK_THAT(work.ok({"version", "list", "Harbour", "--first", "2"}), Contains("first 2 of 4"));
    const auto list = work.json({"version", "list", "Harbour", "--first", "3"});
    CHECK(number_at(list, "/totalCount") == 4);
    CHECK(list.at("items").as_array().size() == 3);
    CHECK_THAT(work.ok({"version", "list", "Harbour", "--first", "0"}),
               Contains("published, latest, default"));
}

TEST_CASE("version show: with its size, what it alone holds", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1", example("harbour-1.0.0.json"), "-q"});
    const auto size = [&](const char* version) {
        return number_at(work.json({"version", "show", "Harbour", version, "--size"}),
                         "/bytesOnlyHere");
    };
    const auto alone = size("1");
    CHECK(alone > 10'000);
    work.ok({"version", "create", "Harbour", "clone", "--from", "1"});
    CHECK(size("clone") == 0);
    CHECK(size("1") < alone / 2);
    CHECK_THAT(work.ok({"version", "show", "Harbour", "clone", "--size"}), Contains("Only here"));
    CHECK_THAT(work.ok({"version", "show", "Harbour", "clone"}), !Contains("Only here"));
}

TEST_CASE("version publish: once, then again without change", "[cli]") {
    const PublishedHarbour work;
    CHECK_THAT(work.ok({"version", "publish", "Harbour", "1"}), Contains("Published already"));
    CHECK_THAT(work.ok({"version", "show", "Harbour", "default"}),
               Contains("published, latest, default"));
}

TEST_CASE("version unpublish: makes a draft again, and once is enough", "[cli]") {
    const PublishedHarbour work;
    CHECK_THAT(work.ok({"version", "unpublish", "Harbour", "1"}), Contains("A draft again"));
    CHECK_THAT(work.ok({"version", "unpublish", "Harbour", "1"}), Contains("A draft already"));
    CHECK(work.json({"version", "show", "Harbour", "1"}).at("publishedAt").is_null());
}

TEST_CASE("version default: is chosen and cleared, and a draft cannot be it", "[cli]") {
    const PublishedHarbour work;
    work.ok({"version", "create", "Harbour", "2", "--from", "1"});
    CHECK(work.verso({"version", "default", "Harbour", "2"}).code == 1);
    work.ok({"version", "publish", "Harbour", "2"});
    work.ok({"version", "default", "Harbour", "1"});
    CHECK(text_at(work.json({"version", "show", "Harbour", "default"}), "/name") == "1");
    work.ok({"version", "default", "Harbour", "1", "--clear"});
    CHECK(text_at(work.json({"version", "show", "Harbour", "default"}), "/name") == "2");
}

TEST_CASE("version update: drafts are renamed, every version is described", "[cli]") {
    const PublishedHarbour work;
    work.ok({"version", "create", "Harbour", "2"});
    CHECK_THAT(work.ok({"version", "update", "Harbour", "2", "--name", "3"}), Contains("to \"3\""));
    CHECK(work.verso({"version", "update", "Harbour", "1", "--name", "0"}).code == 1);
    CHECK(text_at(work.json({"version", "update", "Harbour", "1", "--description", "first"}),
                  "/description") == "first");
    CHECK(text_at(work.json({"version", "update", "Harbour", "1", "--description", ""}),
                  "/description")
              .empty());
    CHECK(work.verso({"version", "update", "Harbour", "1"}).code == 2);
}

TEST_CASE("version delete: a published one wants --force", "[cli]") {
    const PublishedHarbour work;
    const Outcome refused = work.verso({"version", "delete", "Harbour", "1"});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, Contains("--force"));
    CHECK(text_at(work.json({"version", "delete", "Harbour", "1", "--force"}), "/deleted/name") ==
          "1");
    CHECK_THAT(work.verso({"version", "show", "Harbour", "1"}).err, Contains("verso version list"));
    CHECK_THAT(work.verso({"version", "show", "Harbour", "latest"}).err,
               Contains("no published version"));
}

TEST_CASE("version: with --quiet nothing is said of what was done", "[cli]") {
    const PublishedHarbour work;
    CHECK(work.ok({"version", "create", "Harbour", "2", "--quiet"}).empty());
    CHECK_FALSE(work.ok({"version", "list", "Harbour", "-q"}).empty());
}
