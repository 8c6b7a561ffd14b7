// Goal: a version's history is shown, read and given back from the command line. Method: real
// processes.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;

namespace {

/// Two releases, the second edited once more.
struct Edited : Workspace {
    Edited() {
        ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
        ok({"version", "create", "Harbour", "1.1.0", "--from", "1.0.0", "-q"});
        ok({"rm", "Harbour", "1.1.0", "action", "getTariffs", "--force", "-q"});
    }
    [[nodiscard]] std::string head() const {
        return std::to_string(number_at(json({"log", "Harbour", "1.1.0"}), "/commits/0/number"));
    }
    [[nodiscard]] std::string before() const {
        return std::to_string(number_at(json({"log", "Harbour", "1.1.0"}), "/commits/1/number"));
    }
};

}  // namespace

TEST_CASE("log: newest first, into what it was cloned from", "[cli]") {
    const Edited work;
    const std::string log = work.ok({"log", "Harbour", "1.1.0"});
    CHECK_THAT(log, Contains("COMMIT") && Contains("1.1.0") && Contains("1.0.0") && Contains("-1"));
    const std::string limited = work.ok({"log", "Harbour", "1.1.0", "--limit", "1"});
    CHECK_THAT(limited, Contains("The last 1; --limit 0 shows all"));
    const auto json = work.json({"log", "Harbour", "1.1.0", "--limit", "1"});
    CHECK(json.at("hasMore").as_bool());
    CHECK(number_at(json, "/commits/0/removed") == 1);
}

TEST_CASE("history: a version is read and compared as it was", "[cli]") {
    const Edited work;
    const std::string before = work.before();
    CHECK(work.verso({"get", "Harbour", "1.1.0", "action", "getTariffs"}).code == 1);
    CHECK_THAT(work.ok({"get", "Harbour", "1.1.0", "action", "getTariffs", "--at", before}),
               Contains("/tariffs"));
    work.ok({"diff", "Harbour", "1.0.0", "1.1.0", "--to-at", before});
    const auto diff = work.verso({"diff", "Harbour", "1.1.0", "1.1.0", "--from-at", before});
    CHECK(diff.code == 1);
    CHECK_THAT(diff.out, Contains("- getTariffs") && Contains("at commit " + before));
    CHECK(work.verso({"get", "Harbour", "1.1.0", "action", "getTariffs", "--at", "x"}).code == 2);
    CHECK(work.verso({"diff", "Harbour", "1.0.0", "1.1.0", "--to-at", "999"}).code == 1);
}

TEST_CASE("restore and undo: a draft gets back what it held", "[cli]") {
    const Edited work;
    const std::string before = work.before();
    const std::string edited = work.head();
    CHECK_THAT(work.ok({"undo", "Harbour", "1.1.0"}), Contains("Undid the last change"));
    work.ok({"diff", "Harbour", "1.0.0", "1.1.0"});
    CHECK_THAT(work.ok({"restore", "Harbour", "1.1.0", edited, "--message", "once more"}),
               Contains("Restored commit " + edited));
    CHECK_THAT(work.ok({"log", "Harbour", "1.1.0"}), Contains("once more"));
    CHECK_THAT(work.ok({"restore", "Harbour", "1.1.0", edited}), Contains("Nothing to change"));
    work.ok({"version", "create", "Harbour", "2", "--from", "1.1.0", "--at", before});
    work.ok({"diff", "Harbour", "1.0.0", "2"});
}
