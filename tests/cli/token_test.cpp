// Goal: `verso token new` makes tokens whose entries a server takes. Method: real processes.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;

TEST_CASE("token: a new one is shown once, with what to add to the file", "[cli]") {
    const Workspace work;
    const std::string shown = work.ok({"token", "new"});
    CHECK_THAT(shown, Contains("shown this once") && Contains("{\"sha256\":\"") &&
                          Contains("[\"00000000-0000-7000-8000-000000000000\"]") &&
                          Contains("\"rights\":[\"read\",\"write\"]}"));
    CHECK_FALSE(std::filesystem::exists(work.path("verso.store")));
}

TEST_CASE("token: it is for the organisations and rights that are named", "[cli]") {
    const Workspace work;
    const std::string one = "01900000-0000-7000-8000-000000000001";
    const std::string two = "01900000-0000-7000-8000-000000000002";
    const auto made = work.json({"token", "new", "--org", one, "--org", two, "--read-only"});
    CHECK(text_at(made, "/token").size() == 64);
    CHECK(text_at(made, "/entry/sha256").size() == 64);
    CHECK(text_at(made, "/entry/sha256") != text_at(made, "/token"));
    CHECK(text_at(made, "/entry/organisations/0") == one);
    CHECK(text_at(made, "/entry/organisations/1") == two);
    CHECK(made.at_pointer("/entry/rights").as_array().size() == 1);
    CHECK(text_at(made, "/entry/rights/0") == "read");
    CHECK(text_at(work.json({"--org", two, "token", "new"}), "/entry/organisations/0") == two);
}

TEST_CASE("token: an organisation that is none is refused", "[cli]") {
    const Outcome outcome = Workspace().verso({"token", "new", "--org", "acme"});
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Contains("\"acme\" is no UUID"));
}
