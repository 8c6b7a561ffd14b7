// Goal: a lease is taken, listed, renewed and ended, and keeps what it is for. Method: real
// processes on real stores.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;

namespace {

constexpr const char* definition =
    R"({"name":"Berth","accept":["application/json"],"schema":{"contentType":"text/plain","content":"x"}})";

}  // namespace

TEST_CASE("lease: it keeps what a version held when that is deleted", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    work.ok({"version", "create", "Harbour", "1.0.0"});
    CHECK_THAT(work.ok({"lease", "list", "Harbour"}), Contains("Nobody has a lease"));
    work.write("berth.json", definition);
    work.ok({"put", "Harbour", "1.0.0", "definition", work.path("berth.json")});
    CHECK_THAT(work.ok({"lease", "take", "Harbour", "1.0.0", "--owner", "nightly export"}),
               Contains("keeps commit") && Contains("UTC"));
    const auto listed = work.json({"lease", "list", "Harbour"});
    const std::string id(listed.at_pointer("/items/0/id").as_string());
    CHECK_THAT(work.ok({"lease", "list", "Harbour"}),
               Contains(id) && Contains("nightly export") && Contains("UNTIL (UTC)"));
    const std::string commit = std::to_string(number_at(listed, "/items/0/commit"));
    CHECK_THAT(work.ok({"stat"}), Contains("Leases") && Contains("1, which keep commits"));

    work.ok({"version", "delete", "Harbour", "1.0.0"});
    work.ok({"gc"});
    work.ok({"version", "create", "Harbour", "1.0.1", "--at", commit});
    CHECK_THAT(work.ok({"list", "Harbour", "1.0.1", "definition"}), Contains("Berth"));
    const auto renewed = work.json({"lease", "renew", id, "--hours", "48"});
    CHECK(renewed.at_pointer("/expiresAt").as_string() >
          listed.at_pointer("/items/0/expiresAt").as_string());
    CHECK(work.json({"lease", "end", id}).at("ended").as_string() == id.c_str());
    const Outcome again = work.verso({"lease", "end", id});
    CHECK(again.code == 1);
    CHECK_THAT(again.err, Contains("there is no lease " + id));
    CHECK_THAT(work.ok({"verify"}), Contains("All is well"));
}

TEST_CASE("lease: what makes no sense is refused in words", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    work.ok({"version", "create", "Harbour", "1.0.0"});
    const Outcome forever = work.verso({"lease", "take", "Harbour", "1.0.0", "--hours", "99999"});
    CHECK(forever.code == 2);
    CHECK_THAT(forever.err, Contains("1 to 8784 hours"));
    CHECK(work.verso({"lease", "take", "Harbour", "1.0.0", "--hours", "0"}).code == 2);
    CHECK_THAT(work.verso({"lease", "take", "Harbour", "2.0.0"}).err, Contains("2.0.0"));
    CHECK(work.verso({"lease", "end", "42"}).code == 1);
    const Outcome unheld = work.verso({"version", "create", "Harbour", "1.1.0", "--at", "77"});
    CHECK(unheld.code == 1);
    CHECK_THAT(unheld.err, Contains("no lease keeps commit 77"));
}
