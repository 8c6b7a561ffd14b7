// Goal: an organisation's quota is set, shown, met and removed. Method: real processes on real
// stores.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;

TEST_CASE("quota: it is set, shown, met and removed", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    CHECK_THAT(work.ok({"quota", "show"}), Contains("Versions") && Contains("any"));
    CHECK_THAT(work.ok({"quota", "set", "--versions", "1", "--bytes", "1000000"}),
               Contains("MAY HAVE") && Contains("977 KiB"));
    work.ok({"version", "create", "Harbour", "1.0.0"});
    const Outcome refused = work.verso({"version", "create", "Harbour", "1.1.0"});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, Contains("1 of the 1 versions") && Contains("delete some first"));
    const auto shown = work.json({"quota", "show"});
    CHECK(number_at(shown, "/versions") == 1);
    CHECK(number_at(shown, "/quota/maxVersions") == 1);
    CHECK(number_at(shown, "/quota/maxResources") == 0);
    CHECK(work.json({"quota", "remove"}).at("quota").is_null());
    work.ok({"version", "create", "Harbour", "1.1.0"});
}

TEST_CASE("quota set: it wants to know how much", "[cli]") {
    const Workspace work;
    const Outcome outcome = work.verso({"quota", "set"});
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Contains("--versions 100") && Contains("verso quota remove"));
    CHECK_FALSE(std::filesystem::exists(work.path("verso.store")));
    CHECK(work.verso({"quota", "set", "--versions", "many"}).code == 2);
    for (const char* wrong : {"many", "-3", "1.5", "99999999999999999999"})
        CHECK_THAT(work.verso({"quota", "set", "--versions", wrong}).err,
                   Contains(std::string("--versions: \"") + wrong + "\" is no number"));
}
