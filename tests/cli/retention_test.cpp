// Goal: how much of a connection's history is kept is set, shown, met and reset. Method: real
// processes on real stores.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace verso::cli;
using Catch::Contains;

TEST_CASE("retention: it is shown, set in parts, and reset", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    CHECK_THAT(work.ok({"retention", "show", "Harbour"}), Contains("HISTORY OF Harbour") &&
                                                              Contains("DEFAULT") &&
                                                              Contains("100") && Contains("any"));
    CHECK_THAT(work.ok({"retention", "set", "Harbour", "--days", "90", "--published", "0"}),
               Contains("ITS OWN") && Contains("90 days") && Contains("all"));
    const auto set = work.json({"retention", "set", "Harbour", "--commits", "7"});
    CHECK(set.at("isOwn").as_bool());
    CHECK(number_at(set, "/maxCommits") == 7);
    CHECK(number_at(set, "/maxAgeMs") == 7'776'000'000);
    CHECK(number_at(set, "/publishedCommits") == 0);
    const auto reset = work.json({"retention", "reset", "Harbour"});
    CHECK_FALSE(reset.at("isOwn").as_bool());
    CHECK(number_at(reset, "/maxCommits") == 100);
}

TEST_CASE("retention: a draft keeps no more commits than that", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    work.ok({"version", "create", "Harbour", "1.0.0"});
    work.ok({"retention", "set", "Harbour", "--commits", "2"});
    for (int i = 0; i < 6; ++i) {
        work.write("limit.json", R"({"name":"limit","in":"query","type":"integer","default":)" +
                                     std::to_string(i) + "}");
        work.ok({"put", "Harbour", "1.0.0", "parameter", "limit.json"});
    }
    CHECK(work.json({"log", "Harbour", "1.0.0"}).at("commits").as_array().size() <= 3);
}

TEST_CASE("retention: what makes no sense is refused and changes nothing", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    const Outcome nothing = work.verso({"retention", "set", "Harbour"});
    CHECK(nothing.code == 2);
    CHECK_THAT(nothing.err, Contains("--commits 1000") && Contains("verso retention reset"));
    CHECK_THAT(work.verso({"retention", "set", "Harbour", "--commits", "many"}).err,
               Contains("--commits: \"many\" is no number"));
    const Outcome old = work.verso({"retention", "set", "Harbour", "--days", "106751991168"});
    CHECK(old.code == 2);
    CHECK_THAT(old.err, Contains("106751991167"));
    CHECK(text_at(work.json({"retention", "show", "Port"}, 1), "/code") == "connection_not_found");
    CHECK_FALSE(work.json({"retention", "show", "Harbour"}).at("isOwn").as_bool());
}
