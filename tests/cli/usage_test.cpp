// Goal: whoever runs the command learns how, from its help and from its refusals. Method: real
// processes.
#include "cli/process.hpp"

#include <verso/library_version.hpp>

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// Every command, as it is called.
const std::vector<Words> every_command{
    {"connection", "create"},
    {"connection", "list"},
    {"connection", "show"},
    {"connection", "delete"},
    {"version", "create"},
    {"version", "list"},
    {"version", "show"},
    {"version", "publish"},
    {"version", "unpublish"},
    {"version", "default"},
    {"version", "update"},
    {"version", "delete"},
    {"import"},
    {"export"},
    {"list"},
    {"get"},
    {"put"},
    {"rm"},
    {"diff"},
    {"merge"},
    {"pick"},
    {"log"},
    {"graph"},
    {"restore"},
    {"undo"},
    {"stat"},
    {"verify"},
    {"gc"},
    {"backup"},
    {"salvage"},
};

}  // namespace

TEST_CASE("usage: the help lists every command", "[cli]") {
    const std::string help = Workspace().ok({"--help"});
    for (const Words& command : every_command) CHECK_THAT(help, Contains(command.back()));
    CHECK_THAT(help, Contains("VERSO_STORE") && Contains("00000000-0000-7000-8000-000000000000"));
}

TEST_CASE("usage: the help of every command shows an example of it", "[cli]") {
    for (Words command : every_command) {
        std::string called = "\n  verso";
        for (const std::string& word : command) called += ' ' + word;
        command.push_back("--help");
        CHECK_THAT(Workspace().ok(command), Contains(called) && Contains("--store"));
    }
}

TEST_CASE("usage: --version is the library's version", "[cli]") {
    CHECK(Workspace().ok({"--version"}) == std::string("verso ") + verso::library_version + "\n");
}

TEST_CASE("usage: what makes no sense ends with 2 and points to the help", "[cli]") {
    const Workspace work;
    for (const Words& words : std::vector<Words>{{},
                                                 {"frobnicate"},
                                                 {"version"},
                                                 {"version", "frobnicate"},
                                                 {"get", "a", "b"},
                                                 {"stat", "too", "many"},
                                                 {"stat", "--frobnicate"},
                                                 {"version", "list", "a", "--first", "many"}}) {
        const Outcome outcome = work.verso(words);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        CHECK_THAT(outcome.err, StartsWith("verso: ") && Contains("--help` says what there is\n"));
    }
    CHECK_THAT(work.verso({"version", "frobnicate"}).err, Contains("`verso version frobnicate`"));
}

TEST_CASE("usage: values of options that make no sense end with 2 and name the good ones",
          "[cli]") {
    const Workspace work;
    const Outcome organisation = work.verso({"stat", "--org", "acme"});
    CHECK(organisation.code == 2);
    CHECK_THAT(organisation.err, Contains("\"acme\" is no UUID"));
    const Outcome durability = work.run({VERSO_COMMAND, "stat", "--durability", "fast"});
    CHECK(durability.code == 2);
    CHECK_THAT(durability.err, Contains("full, relaxed or none"));
    const Outcome kind = work.verso({"list", "a", "b", "thing"});
    CHECK(kind.code == 2);
    CHECK_THAT(kind.err,
               Contains("\"thing\"") && Contains("action, definition, trigger, parameter"));
}

TEST_CASE("usage: a missing store is refused with how to create one", "[cli]") {
    const Workspace work;
    const Words x{"x", "y", "action", "z"};
    for (Words words : every_command) {
        if (words == Words{"connection", "create"} || words == Words{"import"}) continue;
        const bool takes_more = words.back() != "list" || words.size() == 1;
        if (words.front() == "connection" && takes_more) words.push_back("x");
        if (words.front() == "version") words.insert(words.end(), {"x"});
        if (words.front() == "version" && takes_more) words.push_back("y");
        if (words.back() == "put")
            words.insert(words.end(), {"x", "y", "example", "-", "--name", "z"});
        if (words.back() == "get" || words.back() == "rm")
            words.insert(words.end(), x.begin(), x.end());
        if (words == Words{"list"} || words == Words{"export"})
            words.insert(words.end(), {"x", "y"});
        if (words.back() == "diff" || words.back() == "merge" || words.back() == "pick")
            words.insert(words.end(), {"x", "y", "z"});
        if (words.front() == "pick") words.insert(words.end(), {"action", "z"});
        if (words.back() == "graph" || words.back() == "backup" || words.back() == "salvage")
            words.push_back("x");
        if (words.back() == "log" || words.back() == "undo") words.insert(words.end(), {"x", "y"});
        if (words.back() == "restore") words.insert(words.end(), {"x", "y", "1"});
        if (words[1 % words.size()] == "update") words.insert(words.end(), {"--name", "z"});
        const Outcome outcome = work.verso(words, {.input = "{}"});
        INFO(words.front() << ' ' << words.back() << ": " << outcome.err);
        CHECK(outcome.code == 1);
        CHECK_THAT(outcome.err, Contains("no store at verso.store"));
        if (words.front() != "salvage")
            CHECK_THAT(outcome.err, Contains("verso connection create"));
    }
    CHECK_FALSE(std::filesystem::exists(work.path("verso.store")));
}

TEST_CASE("usage: a file that is no store is refused and left alone", "[cli]") {
    const Workspace work;
    work.write("notes.txt", "not a store, however long this text may be made");
    const Outcome outcome = work.verso({"stat", "--store", "notes.txt"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, StartsWith("verso: ") && Contains("notes.txt is not a store"));
    CHECK_THAT(read_file(work.path("notes.txt")), StartsWith("not a store"));
}

TEST_CASE("usage: global options stand before or after the command", "[cli]") {
    const Workspace work;
    work.ok({"--store", "a.store", "connection", "create", "Harbour"});
    CHECK_THAT(work.ok({"connection", "list", "--store", "a.store"}), Contains("Harbour"));
    CHECK_THAT(work.ok({"connection", "--store", "a.store", "list"}), Contains("Harbour"));
}

TEST_CASE("usage: the environment names the store and the organisation, and options win", "[cli]") {
    const Workspace work;
    const std::string acme = "01900000-0000-7000-8000-00000000ac3e";
    const Surroundings there{.environment = {{"VERSO_STORE", "there.store"}, {"VERSO_ORG", acme}}};
    work.ok({"connection", "create", "Harbour"}, there);
    CHECK(std::filesystem::exists(work.path("there.store")));
    CHECK_THAT(work.ok({"connection", "show", "Harbour"}, there), Contains(acme));
    CHECK(work.verso({"connection", "show", "Harbour", "--store", "here.store"}, there).code == 1);
    const Outcome other = work.verso(
        {"connection", "show", "Harbour", "--org", "01900000-0000-7000-8000-000000000000"}, there);
    CHECK_THAT(other.err, Contains("no connection \"Harbour\""));
}

TEST_CASE("usage: with --json errors are one document too", "[cli]") {
    const Workspace work;
    CHECK(text_at(work.json({"stat"}, 1), "/code") == "store_not_found");
    CHECK(text_at(work.json({"list", "a", "b", "thing"}, 2), "/code") == "option_invalid");
    CHECK(text_at(work.json({"frobnicate"}, 2), "/code") == "option_invalid");
}

TEST_CASE("usage: output that cannot be written ends with 1 and the reason", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    const Outcome outcome = work.verso({"connection", "list"}, {.output_file = "/dev/full"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("No space left on device"));
}

TEST_CASE("usage: closed output ends with 1, and never comes into the store", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    const Outcome outcome =
        work.run({"/bin/sh", "-c", "exec " VERSO_COMMAND " connection list <&- >&-"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("cannot write to standard output: Bad file descriptor"));
    CHECK(
        work.run({"/bin/sh", "-c", "exec " VERSO_COMMAND " version list Port <&- >&- 2>&-"}).code ==
        1);
    work.ok({"verify"});
}

TEST_CASE("usage: too little memory ends with 1 and says so", "[cli]") {
#ifdef VERSO_SANITIZED
    WARN("not tried: a sanitizer needs more address space than the test allows");
#else
    const Workspace work;
    const Outcome outcome = work.run(
        {"/bin/sh", "-c", "ulimit -v 400000; exec " VERSO_COMMAND " import Harbour 1 /dev/zero"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, StartsWith("verso: memory is refused") && Contains("ulimit -v"));
#endif
}
