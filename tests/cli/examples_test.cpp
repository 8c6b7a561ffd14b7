// Goal: what the README shows runs and says what is claimed. Method: the example program and the
// demonstration are run as they are.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;
using Catch::EndsWith;
using Catch::Matches;

TEST_CASE("examples: embed describes, clones, edits, compares, publishes and lists", "[cli]") {
    const Workspace work;
    const Outcome outcome = work.run({VERSO_EMBED});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains("made in ") && Contains(" microseconds: O(1)"));
    CHECK_THAT(outcome.out, Contains("  removed action GetBerth\n  changed action ListBerths\n"));
    CHECK_THAT(outcome.out, Contains("\n1.1.0 (latest), revision 3, published ") &&
                                Contains("\n1.0.0, revision 3"));
}

TEST_CASE("examples: what the README shows runs", "[cli]") {
    const Workspace work;
    const Outcome outcome = work.run({VERSO_README, "readme.store"});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "removed GetRepo\n");
}

TEST_CASE("examples: embed keeps its store where it is told to, and the command reads it",
          "[cli]") {
    const Workspace work;
    CHECK(work.run({VERSO_EMBED, "harbour.store"}).code == 0);
    const std::string organisation = "0198f0c0-0000-7000-8000-00000000ac3e";
    CHECK_THAT(
        work.ok({"version", "list", "Harbour", "--store", "harbour.store", "--org", organisation}),
        Contains("published, latest, default"));
    const Outcome again = work.run({VERSO_EMBED, "harbour.store"});
    CHECK(again.code == 1);
    CHECK_THAT(again.err, Contains("embed: ") && Contains("exists already"));
}

TEST_CASE("examples: the demonstration runs to its end on the sample documents", "[cli]") {
    const Workspace work;
    const Outcome outcome = work.run({"/bin/bash", example("demo.sh"), VERSO_COMMAND});
    INFO(outcome.out << outcome.err);
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK_THAT(outcome.out, Contains("a clone of \"latest\" with 211 resources, in ") &&
                                Contains("-> \"Edited in the demonstration\"") &&
                                Contains("All is well: 3 versions"));
}

TEST_CASE("examples: the demonstration takes one document of any name", "[cli]") {
    const Workspace work;
    work.write("my api.json",
               R"({"openapi":"3.0.3","info":{"title":"x","version":"1"},"paths":{"/x":{"get":)"
               R"({"responses":{"200":{"description":"ok"}}}}}})");
    const Outcome outcome =
        work.run({"/bin/bash", example("demo.sh"), VERSO_COMMAND, "my api.json"});
    INFO(outcome.out << outcome.err);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains("$ verso import my\\ api 1.0 my\\ api.json") &&
                                Contains("All is well: 2 versions"));
}

TEST_CASE("examples: the demonstration stops at a document that cannot be imported", "[cli]") {
    const Workspace work;
    work.write("bad.json", "{");
    const Outcome outcome = work.run({"/bin/bash", example("demo.sh"), VERSO_COMMAND, "bad.json"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("cannot be imported"));
}
