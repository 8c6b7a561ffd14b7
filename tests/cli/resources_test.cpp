// Goal: resources are put, got, listed and removed, and stay exactly as they were written. Method:
// real processes.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using Catch::Contains;

namespace {

/// A connection `Harbour` with the empty draft `1`.
struct HarbourDraft : Workspace {
    HarbourDraft() {
        ok({"connection", "create", "Harbour"});
        ok({"version", "create", "Harbour", "1"});
    }
    std::string put(const std::string& kind, const std::string& document, Words more = {}) const {
        Words words{"put", "Harbour", "1", kind, "-"};
        words.insert(words.end(), more.begin(), more.end());
        return ok(words, {.input = document});
    }
};

const std::string action =
    R"({"name":"list","type":"http","method":"GET","path":"/x","x-scale":1.10})";

}  // namespace

TEST_CASE("put and get: the document is the same but for white space", "[cli]") {
    const HarbourDraft work;
    CHECK_THAT(work.put("action",
                        "{ \"name\": \"list\", \"type\": \"http\",\n \"method\": \"GET\", "
                        "\"path\": \"/x\", \"x-scale\": 1.10 }"),
               Contains("Created action \"list\""));
    CHECK(work.ok({"get", "Harbour", "1", "action", "list"}) == action + "\n");
    CHECK_THAT(work.ok({"get", "Harbour", "1", "action", "list", "--pretty"}),
               Contains("\n  \"x-scale\": 1.10\n"));
    CHECK(text_at(work.json({"get", "Harbour", "1", "action", "list"}), "/id").size() == 36);
}

TEST_CASE("put: says whether it created, changed, renamed or left alone", "[cli]") {
    const HarbourDraft work;
    CHECK_THAT(work.put("action", action), Contains("Created action"));
    CHECK_THAT(work.put("action", action), Contains("Left as it was: action"));
    CHECK_THAT(work.put("action", R"({"name":"list","type":"http","method":"PUT","path":"/x"})"),
               Contains("Changed action"));
    const std::string id = text_at(work.json({"get", "Harbour", "1", "action", "list"}), "/id");
    CHECK_THAT(
        work.put("action",
                 R"({"id":")" + id + R"(","name":"all","type":"http","method":"PUT","path":"/x"})"),
        Contains("Renamed \"list\" to action \"all\""));
}

TEST_CASE("put: a file is as good as standard input", "[cli]") {
    const HarbourDraft work;
    work.write("action.json", action);
    work.ok({"put", "Harbour", "1", "actions", "action.json"});
    CHECK(work.ok({"get", "Harbour", "1", "action", "list"}) == action + "\n");
}

TEST_CASE("put: the further kinds take their name from --name", "[cli]") {
    const HarbourDraft work;
    CHECK_THAT(work.put("example", R"({"value":1})", {"--name", "one"}),
               Contains("Created example \"one\""));
    CHECK(work.ok({"get", "Harbour", "1", "example", "one"}) == "{\"value\":1}\n");
    CHECK(work.verso({"put", "Harbour", "1", "example", "-"}, {.input = "{}"}).code == 2);
    CHECK(
        work.verso({"put", "Harbour", "1", "action", "-", "--name", "x"}, {.input = action}).code ==
        2);
}

TEST_CASE("put: malformed JSON is refused with file, line and column", "[cli]") {
    const HarbourDraft work;
    work.write("bad.json", "{\n  \"name\": \"x\",\n  \"method\" \"GET\"\n}");
    const Outcome outcome = work.verso({"put", "Harbour", "1", "action", "bad.json"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("bad.json: line 3, column 12"));
    CHECK_THAT(work.verso({"put", "Harbour", "1", "action", "nowhere.json"}).err,
               Contains("cannot read nowhere.json"));
    CHECK_THAT(work.verso({"put", "Harbour", "1", "action", "."}).err, Contains("Is a directory"));
}

TEST_CASE("put: a document that is no action is refused with its fields", "[cli]") {
    const HarbourDraft work;
    const Outcome outcome =
        work.verso({"put", "Harbour", "1", "action", "-"}, {.input = R"({"name":"a b"})"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("\n  /name: ") && Contains("\n  /path: "));
}

TEST_CASE("put and rm: a published version refuses edits", "[cli]") {
    const HarbourDraft work;
    work.put("action", R"({"name":"list","method":"GET","path":"/x","responses":[{}]})");
    work.ok({"version", "publish", "Harbour", "1"});
    const Outcome put = work.verso({"put", "Harbour", "1", "action", "-"}, {.input = action});
    CHECK(put.code == 1);
    CHECK_THAT(put.err, Contains("is published") && Contains("clone it"));
    CHECK(text_at(work.json({"rm", "Harbour", "1", "action", "list"}, 1), "/code") ==
          "version_published");
}

TEST_CASE("put: says what is wrong with what was stored all the same", "[cli]") {
    const HarbourDraft work;
    CHECK_THAT(work.put("action", action), Contains("error: /responses is empty"));
    const auto got = work.json({"get", "Harbour", "1", "action", "list"});
    CHECK(text_at(got, "/errors/0/field") == "/responses");
    CHECK(text_at(got, "/errors/0/severity") == "error");
    const Outcome publish = work.verso({"version", "publish", "Harbour", "1"});
    CHECK(publish.code == 1);
    CHECK_THAT(publish.err, Contains("action/list/responses"));
}

TEST_CASE("rm: what others refer to goes only by force", "[cli]") {
    const HarbourDraft work;
    work.put("definition", R"({"name":"Berth","accept":["application/json"],)"
                           R"("schema":{"contentType":"application/schema+json","content":"{}"}})");
    work.put("action", R"({"name":"list","method":"GET","path":"/x","responses":[{"definitions":)"
                       R"([{"definition":{"name":"Berth"}}]}]})");
    CHECK_THAT(work.verso({"rm", "Harbour", "1", "definition", "Berth"}).err,
               Contains("action/list"));
    work.ok({"rm", "Harbour", "1", "definition", "Berth", "--force"});
    CHECK(work.json({"get", "Harbour", "1", "action", "list"}).at("errors").as_array().size() == 1);
}

TEST_CASE("rm: removes, and what is not there is refused with where to look", "[cli]") {
    const HarbourDraft work;
    work.put("action", action);
    CHECK_THAT(work.ok({"rm", "Harbour", "1", "action", "list"}),
               Contains("Removed action \"list\""));
    for (const char* command : {"rm", "get"})
        CHECK_THAT(work.verso({command, "Harbour", "1", "action", "list"}).err,
                   Contains("no action named \"list\"") && Contains("verso list"));
}

TEST_CASE("list: counts by kind, then names with what they are", "[cli]") {
    const HarbourDraft work;
    work.put("action", action);
    work.put("parameter", R"({"name":"Limit","in":"query","required":true,"type":"integer"})");
    work.put("definition", R"({"name":"Berth","accept":["application/json"],)"
                           R"("schema":{"contentType":"application/schema+json","content":"{}"}})");
    CHECK_THAT(work.ok({"list", "Harbour", "1"}),
               Contains("1  action\n") && Contains("3  in all\n"));
    CHECK(work.ok({"list", "Harbour", "1", "action"}) == "list  GET /x\n");
    CHECK(work.ok({"list", "Harbour", "1", "parameters"}) == "Limit  query integer, required\n");
    CHECK(work.ok({"list", "Harbour", "1", "definition"}) == "Berth  application/json\n");
    CHECK(work.ok({"list", "Harbour", "1", "action", "--name-only"}) == "list\n");
    CHECK(work.ok({"list", "Harbour", "1", "trigger"}).empty());
    CHECK(number_at(work.json({"list", "Harbour", "1"}), "/counts/definition") == 1);
    CHECK(text_at(work.json({"list", "Harbour", "1", "action"}), "/actions/0/name") == "list");
}

TEST_CASE("get: a resource may be called like a command", "[cli]") {
    const HarbourDraft work;
    work.put("action", R"({"name":"version","type":"http","method":"GET","path":"/"})");
    CHECK_THAT(work.ok({"get", "Harbour", "1", "action", "version"}), Contains("\"version\""));
}
