// Goal: a terminal gets what suits it and nothing that harms it; a pipe gets the plain thing.
// Method: real processes on a real pseudo-terminal.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;

TEST_CASE("terminal: documents are laid out, and --compact leaves them as they are", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour", "--properties", R"({"a":[],"b":{"c":1.10}})"});
    work.ok({"version", "create", "Harbour", "1"});
    work.ok({"put", "Harbour", "1", "example", "-", "--name", "x"},
            {.input = R"({"a":[],"b":{"c":1.10}})"});
    const Surroundings terminal{.terminal = true};
    CHECK(work.verso({"get", "Harbour", "1", "example", "x"}, terminal).out ==
          "{\r\n  \"a\": [],\r\n  \"b\": {\r\n    \"c\": 1.10\r\n  }\r\n}\r\n");
    CHECK(work.verso({"get", "Harbour", "1", "example", "x", "--compact"}, terminal).out ==
          "{\"a\":[],\"b\":{\"c\":1.10}}\r\n");
}

TEST_CASE("terminal: a progress bar is drawn and taken away, and a pipe sees none", "[cli]") {
    const Workspace work;
    const Outcome seen =
        work.verso({"import", "Harbour", "1", example("harbour-1.0.0.json")}, {.terminal = true});
    CHECK(seen.code == 0);
    CHECK_THAT(seen.out, Contains("\rImporting [") && Contains("\r\x1b[KImported"));
    const Outcome piped = work.verso({"import", "Harbour", "2", example("harbour-1.0.0.json")});
    CHECK(piped.err.empty());
    CHECK_THAT(piped.out, !Contains("\x1b") && !Contains("\r"));
    const Outcome quiet = work.verso({"verify", "--quiet"}, {.terminal = true});
    CHECK(quiet.out.empty());
}

TEST_CASE("terminal: texts that would steer it are shown harmless", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    work.ok({"version", "create", "Harbour", "1", "--description", "\x1b]0;gone\x07\xc2\x9bm"});
    const std::string shown = work.verso({"version", "list", "Harbour"}, {.terminal = true}).out;
    CHECK_THAT(shown,
               Contains("\\u001b]0;gone\\u0007\\u009bm") && !Contains("\x1b") && !Contains("\x07"));
    const std::string error =
        work.verso({"version", "show", "Harbour", "\x1b[31m"}, {.terminal = true}).out;
    CHECK_THAT(error, Contains("\\u001b[31m") && !Contains("\x1b"));
}

TEST_CASE("terminal: a comparison has colours there, unless they are not wanted", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1", example("harbour-1.0.0.json")});
    work.ok({"version", "create", "Harbour", "2", "--from", "1"});
    work.ok({"rm", "Harbour", "2", "action", "getTariffs"});
    const Words diff{"diff", "Harbour", "1", "2"};
    const std::string removed = "\x1b[31m- getTariffs\x1b[0m";
    CHECK_THAT(work.verso(diff, {.environment = {{"TERM", "xterm"}}, .terminal = true}).out,
               Contains(removed));
    CHECK_THAT(work.verso(diff).out, Contains("- getTariffs") && !Contains("\x1b"));
    for (const auto& [name, value] : {std::pair("NO_COLOR", "1"), std::pair("TERM", "dumb")})
        CHECK_THAT(work.verso(diff, {.environment = {{name, value}}, .terminal = true}).out,
                   Contains("- getTariffs") && !Contains("\x1b"));
}
