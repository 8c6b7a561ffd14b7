// Goal: a version becomes an OpenAPI document again, whole or not at all. Method: real processes on
// the sample documents; what is exported is imported again, which must change nothing.
#include "cli/process.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <filesystem>

using namespace verso::cli;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

namespace {

/// A workspace whose store holds the sample API.
struct Harbour : Workspace {
    Harbour() { ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "--quiet"}); }
};

std::size_t count_files(const Workspace& work) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(work.path(".")))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("export: standard output is the document that was imported", "[cli]") {
    const Harbour work;
    const std::string text = work.ok({"export", "Harbour", "1.0.0"});
    CHECK_THAT(text, StartsWith("{\n  \"openapi\": ") && EndsWith("\n}\n"));
    CHECK(boost::json::parse(text) == boost::json::parse(read_file(example("harbour-1.0.0.json"))));
    CHECK(work.ok({"export", "Harbour", "1.0.0", "--output", "-"}) == text);
    CHECK(work.json({"export", "Harbour", "1.0.0"}) == boost::json::parse(text));
}

TEST_CASE("export: a file is written, replaced, and says so", "[cli]") {
    const Harbour work;
    const std::string text = work.ok({"export", "Harbour", "1.0.0"});
    const std::size_t before = count_files(work);
    CHECK_THAT(work.ok({"export", "Harbour", "1.0.0", "--output", "out.json"}),
               Contains("Exported version \"1.0.0\" of \"Harbour\" to out.json"));
    CHECK(read_file(work.path("out.json")) == text);
    work.write("out.json", "what was there");
    const auto answer = work.json({"export", "Harbour", "1.0.0", "-o", "out.json"});
    CHECK(text_at(answer, "/version") == "1.0.0");
    CHECK(text_at(answer, "/file") == "out.json");
    CHECK(number_at(answer, "/bytes") == static_cast<std::int64_t>(text.size()));
    CHECK(read_file(work.path("out.json")) == text);
    CHECK(work.ok({"export", "Harbour", "1.0.0", "-o", "out.json", "-q"}).empty());
    CHECK(count_files(work) == before + 1);
}

TEST_CASE("export: a link stays, and what it leads to is replaced", "[cli]") {
    const Harbour work;
    const std::string text = work.ok({"export", "Harbour", "1.0.0"});
    std::filesystem::create_directory(work.path("folder"));
    work.write("folder/there.json", "what was there");
    std::filesystem::create_symlink("there.json", work.path("folder/near.json"));
    std::filesystem::create_symlink("folder/near.json", work.path("far.json"));
    std::filesystem::create_symlink("folder/new.json", work.path("dangling.json"));
    for (const char* link : {"far.json", "dangling.json"}) {
        work.ok({"export", "Harbour", "1.0.0", "-o", link});
        CHECK(std::filesystem::is_symlink(work.path(link)));
        CHECK(read_file(work.path(link)) == text);
    }
    CHECK(read_file(work.path("folder/there.json")) == text);
    CHECK(read_file(work.path("folder/new.json")) == text);
    std::filesystem::create_symlink("round.json", work.path("round.json"));
    CHECK_THAT(work.verso({"export", "Harbour", "1.0.0", "-o", "round.json"}).err,
               Contains("cannot write round.json: Too many levels of symbolic links"));
}

TEST_CASE("export: a pipe or a device is written to, and stays what it is", "[cli]") {
    const Harbour work;
    const std::string text = work.ok({"export", "Harbour", "1.0.0"});
    const std::size_t before = count_files(work);
    const auto through_pipe = [&](const std::string& what) {
        return work.run({"/bin/sh", "-c",
                         "mkfifo pipe && { cat pipe & } && " VERSO_COMMAND " -q " + what +
                             " pipe && wait; rm pipe"});
    };
    CHECK(through_pipe("export Harbour 1.0.0 -o").out == text);
    CHECK_THAT(through_pipe("bundle export Harbour").out,
               StartsWith("{\"verso\":\"bundle\"") && EndsWith("\"}}\n"));
    CHECK_THAT(work.ok({"bundle", "export", "Harbour", "/dev/stdout"}, {.terminal = true}),
               Contains("Exported 1 version of \"Harbour\""));
    CHECK_THAT(work.verso({"export", "Harbour", "1.0.0", "-o", "."}).err,
               Contains("cannot write .: Is a directory"));
    CHECK(count_files(work) == before);
}

TEST_CASE("export: what is exported imports again without a change", "[cli]") {
    const Harbour work;
    work.ok({"export", "Harbour", "1.0.0", "-o", "out.json"});
    const auto result = work.json({"import", "Harbour", "again", "out.json", "--from", "1.0.0"});
    CHECK(number_at(result, "/unchanged") == 200);
    CHECK(number_at(result, "/changed") == 0);
    CHECK(work.verso({"diff", "Harbour", "1.0.0", "again"}).code == 0);
}

TEST_CASE("export: latest and default are the published versions that they are", "[cli]") {
    const Harbour work;
    CHECK_THAT(work.verso({"export", "Harbour", "latest"}).err,
               Contains("has no published version"));
    work.ok({"version", "publish", "Harbour", "1.0.0"});
    const std::string text = work.ok({"export", "Harbour", "1.0.0"});
    CHECK(work.ok({"export", "Harbour", "latest"}) == text);
    CHECK(work.ok({"export", "Harbour", "default"}) == text);
}

TEST_CASE("export: a refusal leaves no file and the file that was there", "[cli]") {
    const Harbour work;
    work.write("out.json", "what was there");
    const std::size_t before = count_files(work);
    const Outcome missing = work.verso({"export", "Harbour", "9", "-o", "out.json"});
    CHECK(missing.code == 1);
    CHECK_THAT(missing.err, Contains("has no version \"9\""));
    CHECK_THAT(work.verso({"export", "Port", "1.0.0"}).err, Contains("no connection \"Port\""));
    const Outcome nowhere = work.verso({"export", "Harbour", "1.0.0", "-o", "no/out.json"});
    CHECK(nowhere.code == 1);
    CHECK_THAT(nowhere.err, Contains("cannot write no/out.json: No such file or directory"));
    CHECK(text_at(work.json({"export", "Harbour", "1.0.0", "-o", "no/out.json"}, 1), "/code") ==
          "io_failed");
    CHECK(read_file(work.path("out.json")) == "what was there");
    CHECK(count_files(work) == before);
}

TEST_CASE("export: two Actions of one path and method are refused by name", "[cli]") {
    const Workspace work;
    work.ok({"connection", "create", "Harbour"});
    work.ok({"version", "create", "Harbour", "1"});
    for (const std::string name : {"one", "two"})
        work.ok(
            {"put", "Harbour", "1", "action", "-"},
            {.input = R"({"name":")" + name + R"(","method":"GET","path":"/x","responses":[]})"});
    const Outcome outcome = work.verso({"export", "Harbour", "1", "-o", "out.json"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("\"one\"") && Contains("\"two\"") && Contains("GET /x"));
    CHECK_FALSE(std::filesystem::exists(work.path("out.json")));
}
