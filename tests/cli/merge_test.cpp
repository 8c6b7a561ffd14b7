// Goal: versions are merged on the command line, and conflicts are told and decided. Method: real
// processes on real stores.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;

namespace {

/// A connection `Harbour` with version `1` and its clones `2` and `3`, which both changed `a`.
struct Parted : Workspace {
    Parted() {
        ok({"connection", "create", "Harbour"});
        ok({"version", "create", "Harbour", "1"});
        put("1", "a", "GET");
        ok({"version", "create", "Harbour", "2", "--from", "1"});
        ok({"version", "create", "Harbour", "3", "--from", "1"});
        put("2", "a", "POST");
        put("3", "a", "PUT");
        put("3", "b", "GET");
    }
    void put(const std::string& version, const std::string& name, const std::string& method) {
        ok({"put", "Harbour", version, "action", "-"},
           {.input = R"({"name":")" + name + R"(","method":")" + method +
                     R"(","path":"/","responses":[{}]})"});
    }
};

}  // namespace

TEST_CASE("merge: a conflict is told, and decided by an option", "[cli]") {
    const Parted work;
    const auto refused = work.verso({"merge", "Harbour", "2", "3"});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.out, Contains("content: action a /method (open)"));
    CHECK_THAT(refused.out, Contains(R"(ours: "POST")"));
    CHECK_THAT(work.ok({"list", "Harbour", "2"}), !Contains("b"));

    const auto report = work.json({"merge", "Harbour", "2", "3", "--theirs", "--dry-run"});
    CHECK(text_at(report, "/outcome") == "merged");
    CHECK(text_at(report, "/conflicts/0/pointer") == "/method");
    CHECK_THAT(work.ok({"get", "Harbour", "2", "action", "a"}), Contains("POST"));

    CHECK_THAT(work.ok({"merge", "Harbour", "2", "3", "--theirs"}),
               Contains(R"(Merged "3" into "2")"));
    CHECK_THAT(work.ok({"get", "Harbour", "2", "action", "a"}), Contains("PUT"));
    CHECK_THAT(work.ok({"merge", "Harbour", "2", "3"}), Contains("already"));
    CHECK(work.verso({"merge", "Harbour", "2", "3", "--ours", "--theirs"}).code == 2);
}

TEST_CASE("pick: resources come over as they are", "[cli]") {
    const Parted work;
    CHECK_THAT(work.ok({"pick", "Harbour", "2", "3", "action", "b"}),
               Contains(R"(Picked 1 resource from "3" into "2")"));
    CHECK_THAT(work.ok({"get", "Harbour", "2", "action", "a"}), Contains("POST"));
    CHECK_THAT(work.verso({"pick", "Harbour", "2", "3", "action", "none"}).err, Contains("none"));
    CHECK(work.verso({"pick", "Harbour", "2", "3", "action"}).code == 2);
}
