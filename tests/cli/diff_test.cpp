// Goal: what two versions differ in is shown so that a person sees it and a program can use it.
// Method: real processes on the two releases of the sample API.
#include "cli/process.hpp"

#include <verso/domain/json_patch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace verso::cli;
using Catch::Contains;
using Catch::StartsWith;

namespace {

struct Releases : Workspace {
    Releases() {
        ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
        ok({"import", "Harbour", "1.1.0", example("harbour-1.1.0.json"), "--from", "1.0.0", "-q"});
    }
};

}  // namespace

TEST_CASE("diff: equal versions end with 0, different ones with 1", "[cli]") {
    const Releases work;
    work.ok({"version", "create", "Harbour", "clone", "--from", "1.0.0"});
    CHECK_THAT(work.ok({"diff", "Harbour", "1.0.0", "clone"}),
               Contains("No differences from \"1.0.0\" to \"clone\""));
    const Outcome different = work.verso({"diff", "Harbour", "1.0.0", "1.1.0"});
    CHECK(different.code == 1);
    CHECK(different.err.empty());
    CHECK_THAT(different.out, Contains("+ listBerthMaintenance") && Contains("Actions: ") &&
                                  Contains("differences from \"1.0.0\" to \"1.1.0\": "));
    CHECK_THAT(different.out, Contains("/parameters/4/default: 1.10 -> 2.50"));
}

TEST_CASE("diff: --name-only is one line a change", "[cli]") {
    const Releases work;
    const Outcome names = work.verso({"diff", "Harbour", "1.0.0", "1.1.0", "--name-only"});
    CHECK(names.code == 1);
    CHECK_THAT(names.out, Contains("added\taction\tlistBerthMaintenance\n"));
    const auto changes = work.json({"diff", "Harbour", "1.0.0", "1.1.0"}, 1);
    const auto lines =
        static_cast<std::size_t>(std::count(names.out.begin(), names.out.end(), '\n'));
    CHECK(lines == changes.at("changes").as_array().size());
}

TEST_CASE("diff: --json has both documents of what changed", "[cli]") {
    const Releases work;
    const auto result = work.json({"diff", "Harbour", "1.0.0", "1.1.0"}, 1);
    CHECK_FALSE(result.at("equal").as_bool());
    for (const auto& change : result.at("changes").as_array()) {
        const std::string how = text_at(change, "/change");
        CHECK((change.as_object().contains("before") == (how != "added")));
        CHECK((change.as_object().contains("after") == (how != "removed")));
    }
}

TEST_CASE("diff: a rename is one change and names both", "[cli]") {
    const Releases work;
    work.ok({"version", "create", "Harbour", "clone", "--from", "1.0.0"});
    const std::string id =
        text_at(work.json({"get", "Harbour", "clone", "parameter", "Limit"}), "/id");
    work.ok({"put", "Harbour", "clone", "parameter", "-"},
            {.input = R"({"id":")" + id +
                      R"(","name":"Most","in":"query","required":false,"type":"integer"})"});
    const Outcome diff = work.verso({"diff", "Harbour", "1.0.0", "clone"});
    CHECK_THAT(diff.out, Contains("> Most (was Limit)") && Contains("1 renamed"));
    // Who refers to it has the new name.
    CHECK_THAT(
        work.verso({"diff", "Harbour", "1.0.0", "clone", "--name-only"}).out,
        Contains("changed\taction\tlistBerths\n") && Contains("renamed\tparameter\tMost\tLimit\n"));
}

TEST_CASE("diff: --stat counts by kind and shows no change", "[cli]") {
    const Releases work;
    const Outcome stat = work.verso({"diff", "Harbour", "1.0.0", "1.1.0", "--stat"});
    CHECK(stat.code == 1);
    CHECK_THAT(stat.out, Contains("KIND") && Contains("actions") && !Contains("getTariffs"));
    const auto json = work.json({"diff", "Harbour", "1.0.0", "1.1.0", "--stat"}, 1);
    std::int64_t added = 0;
    for (const auto& kind : json.at("kinds").as_array()) added += number_at(kind, "/added");
    CHECK(added == number_at(json, "/added"));
    CHECK(added > 0);
    CHECK_FALSE(json.as_object().contains("changes"));
    CHECK_THAT(work.ok({"diff", "Harbour", "1.0.0", "1.0.0", "--stat"}),
               StartsWith("No differences"));
}

TEST_CASE("diff: --patch makes the one document of the other", "[cli]") {
    const Releases work;
    const Outcome patch = work.verso({"diff", "Harbour", "1.0.0", "1.1.0", "--patch"});
    CHECK_THAT(patch.out, Contains("\"path\": \"/requestBody/required\"") &&
                              Contains("- getTariffs") && Contains("\"path\": \"/tariffs\""));
    const auto plain = work.json({"diff", "Harbour", "1.0.0", "1.1.0"}, 1);
    const auto patched = work.json({"diff", "Harbour", "1.0.0", "1.1.0", "--patch"}, 1);
    std::size_t count = 0;
    for (std::size_t at = 0; at < plain.at("changes").as_array().size(); ++at) {
        const auto& change = plain.at("changes").at(at);
        if (!change.as_object().contains("before") || !change.as_object().contains("after"))
            continue;
        const auto document = [&](const char* side) {
            return verso::Document::parse(boost::json::serialize(change.at(side))).value();
        };
        const auto operations =
            verso::JsonPatch::parse(
                boost::json::serialize(patched.at("changes").at(at).at("patch")))
                .value();
        CHECK(boost::json::parse(operations.apply(document("before")).value().text()) ==
              change.at("after"));
        ++count;
    }
    CHECK(count > 5);
}

TEST_CASE("diff: ways to show changes exclude each other", "[cli]") {
    const Outcome outcome =
        Releases().verso({"diff", "Harbour", "1.0.0", "1.1.0", "--stat", "--patch"});
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Contains("exclude each other"));
}

TEST_CASE("diff: an unknown version is refused by name", "[cli]") {
    const Releases work;
    const Outcome outcome = work.verso({"diff", "Harbour", "1.0.0", "9"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("\"Harbour\" has no version \"9\""));
}
