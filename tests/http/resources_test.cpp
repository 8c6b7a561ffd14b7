// Goal:   the routes of a version's resources, one way for all kinds.
// Method: requests through the adapter on a real store, each success and each error, for each kind.

#include "http/fixture.hpp"

#include <array>
#include <functional>

namespace verso::http {
namespace {

struct Sort {
    std::string plural;
    std::function<std::string(std::string_view)> document;
};

std::vector<Sort> sorts() {
    return {{"actions", [](std::string_view name) { return action(name); }},
            {"triggers", trigger},
            {"parameters", parameter}};
}

struct Draft : Fixture {
    Draft() { make_version("1"); }
};

}  // namespace

TEST_CASE("resources: one is created, read, replaced and deleted", "[http]") {
    const Draft draft;
    for (const auto& [plural, document] : sorts()) {
        CAPTURE(plural);
        const std::string list = "/versions/1/" + plural;
        const Answer created = draft.post(list, document("A"));
        CHECK(created.status == 201);
        CHECK(created.header("Location") == draft.base + list + "/A");
        CHECK(created.at("/name") == "\"A\"");
        CHECK(created.at("/errors") == "[]");
        CHECK(created.at("/referencedBy") == (plural == "parameters" ? "[]" : ""));
        const Answer read = draft.get(list + "/A");
        CHECK(read.status == 200);
        CHECK(read.body == created.body);
        CHECK(read.header("ETag") == created.header("ETag"));
        const Answer replaced = draft.put(list + "/A", document("B"));
        CHECK(replaced.status == 200);
        CHECK(replaced.at("/id") == created.at("/id"));
        CHECK(replaced.at("/name") == "\"B\"");
        CHECK(draft.get(list + "/A").code() == "resource_not_found");
        const Answer deleted = draft.erase(list + "/B");
        CHECK(deleted.status == 204);
        CHECK(deleted.body.empty());
        CHECK(draft.erase(list + "/B").code() == "resource_not_found");
    }
}

TEST_CASE("resources: unknown names are 404 for every method", "[http]") {
    const Draft draft;
    for (const auto& [plural, document] : sorts()) {
        const std::string path = "/versions/1/" + plural + "/Nope";
        CHECK(draft.get(path).code() == "resource_not_found");
        CHECK(draft.put(path, document("Nope")).code() == "resource_not_found");
        CHECK(draft.erase(path).code() == "resource_not_found");
        CHECK(draft.get("/versions/nope/" + plural).code() == "version_not_found");
        CHECK(draft.post("/versions/nope/" + plural, document("A")).code() == "version_not_found");
    }
}

TEST_CASE("resources: a taken name is 409", "[http]") {
    const Draft draft;
    for (const auto& [plural, document] : sorts()) {
        const std::string list = "/versions/1/" + plural;
        REQUIRE(draft.post(list, document("A")).status == 201);
        REQUIRE(draft.post(list, document("B")).status == 201);
        CHECK(draft.post(list, document("A")).code() == "name_taken");
        const Answer renamed = draft.put(list + "/A", document("B"));
        CHECK(renamed.status == 409);
        CHECK(renamed.code() == "name_taken");
    }
}

TEST_CASE("resources: a malformed document is told field by field", "[http]") {
    const Draft draft;
    const Answer missing = draft.post("/versions/1/actions", R"({"name":"A"})");
    CHECK(missing.status == 400);
    CHECK(missing.code() == "resource_invalid");
    CHECK_THAT(missing.fields(), Catch::VectorContains(std::string("/path")));
    const Answer unnamed = draft.post("/versions/1/actions", action("no spaces"));
    CHECK(unnamed.status == 400);
    CHECK(unnamed.fields() == Fields{"/name"});
    CHECK(draft.post("/versions/1/parameters", R"({"name":1})").code() == "resource_invalid");
    for (const char* body : {"", "[]", "{", "null", "{\"a\":1,\"a\":2}", "{\"a\":1e999}"}) {
        CAPTURE(body);
        const Answer answer = draft.ask({.method = "POST",
                                         .target = draft.base + "/versions/1/actions",
                                         .body = body,
                                         .headers = {{"Content-Type", "application/json"}},
                                         .content_type = {}});
        CHECK(answer.status == 400);
        CHECK(answer.code() == "document_invalid");
    }
}

TEST_CASE("resources: a document comes back as it was", "[http]") {
    const Draft draft;
    const std::string text =
        R"({"x":1.10,"name":"A","in":"query","required":false,"type":"string","y":[1e2,"\u00e9"]})";
    const Answer created = draft.post("/versions/1/parameters", text);
    REQUIRE(created.status == 201);
    CHECK_THAT(created.body, Catch::Contains(text.substr(1, text.size() - 2)));
    CHECK(draft.put("/versions/1/parameters/A", created.body).body == created.body);
}

TEST_CASE("resources: ids of the host are kept, others than its own refused", "[http]") {
    const Draft draft;
    const std::string id(nobodys_id);
    const auto with_id = [&](const std::string& document) {
        return R"({"id":")" + id + R"(",)" + document.substr(1);
    };
    const Answer created = draft.post("/versions/1/actions", with_id(action("A")));
    CHECK(created.at("/id") == '"' + id + '"');
    CHECK(draft.post("/versions/1/actions", with_id(action("B"))).code() == "id_taken");
    CHECK(draft.post("/versions/1/triggers", with_id(trigger("T"))).code() == "id_taken");
    REQUIRE(draft.post("/versions/1/actions", action("C")).status == 201);
    const Answer other = draft.put("/versions/1/actions/C", with_id(action("C")));
    CHECK(other.status == 400);
    CHECK(other.code() == "id_invalid");
    CHECK(other.fields() == Fields{"id"});
}

TEST_CASE("resources: lists are ordered by name, filtered and paged", "[http]") {
    const Draft draft;
    for (const auto& [plural, document] : sorts()) {
        CAPTURE(plural);
        const std::string list = "/versions/1/" + plural;
        for (const char* name : {"c", "GetPet", "b", "petList"})
            REQUIRE(draft.post(list, document(name)).status == 201);
        const Answer all = draft.get(list);
        CHECK(all.at("/totalCount") == "4");
        CHECK(all.at("/" + plural + "/0/name") == "\"GetPet\"");
        CHECK(all.at("/" + plural + "/3/name") == "\"petList\"");
        CHECK_FALSE(all.at("/" + plural + "/0/errors").empty());
        const Answer pets = draft.get(list + "?name=PET&first=1");
        CHECK(pets.at("/totalCount") == "2");
        CHECK(pets.at("/" + plural + "/0/name") == "\"GetPet\"");
        const Answer next = draft.get(list + "?name=PET&after=" + unquoted(pets.at("/next")));
        CHECK(next.at("/" + plural + "/0/name") == "\"petList\"");
        CHECK(next.at("/next").empty());
        CHECK(draft.get(list + "?after=x").code() == "cursor_invalid");
    }
}

TEST_CASE("resources: a cursor is good for its own list only", "[http]") {
    const Draft draft;
    for (const char* name : {"A", "B"})
        REQUIRE(draft.post("/versions/1/actions", action(name)).status == 201);
    const std::string cursor = unquoted(draft.get("/versions/1/actions?first=1").at("/next"));
    CHECK(draft.get("/versions?after=" + cursor).code() == "cursor_invalid");
}

TEST_CASE("resources: what a published version holds stays as it is", "[http]") {
    const Draft draft;
    REQUIRE(draft.post("/versions/1/actions", action("A")).status == 201);
    draft.publish("1");
    const std::string before = draft.get("/versions/1").body;
    for (const std::string version : {"1", "latest"}) {
        const std::string list = "/versions/" + version + "/actions";
        CHECK(draft.post(list, action("B")).code() == "version_published");
        CHECK(draft.put(list + "/A", action("B")).code() == "version_published");
        CHECK(draft.erase(list + "/A").code() == "version_published");
    }
    CHECK(draft.get("/versions/1").body == before);
    CHECK(draft.get("/versions").at("/totalCount") == "1");
}

TEST_CASE("resources: what breaks a rule is stored with its errors", "[http]") {
    const Draft draft;
    const Answer created =
        draft.post("/versions/1/actions",
                   R"({"name":"A","type":"http","method":"GET","path":"/{{ param.x }}",)"
                   R"("parameters":[],"responses":[{"definitions":[]}]})");
    CHECK(created.status == 201);
    CHECK(created.at("/errors/0/severity") == "\"error\"");
    CHECK_FALSE(created.at("/errors/0/field").empty());
    CHECK_FALSE(created.at("/errors/0/message").empty());
}

TEST_CASE("resources: each write moves the revision, and may depend on it", "[http]") {
    const Draft draft;
    const std::string list = "/versions/1/actions";
    CHECK(draft.post(list, action("A"), {{"If-Match", "\"1\""}}).header("ETag") == "\"2\"");
    CHECK(draft.get(list + "/A").header("ETag") == "\"2\"");
    CHECK(draft.get(list).header("ETag") == "\"2\"");
    const Headers stale{{"If-Match", "\"1\""}};
    CHECK(draft.post(list, action("B"), stale).code() == "revision_mismatch");
    CHECK(draft.put(list + "/A", action("B"), stale).code() == "revision_mismatch");
    CHECK(draft.erase(list + "/A", "", stale).code() == "revision_mismatch");
    CHECK(draft.put(list + "/A", action("A"), {{"If-None-Match", "*"}}).status == 412);
    CHECK(draft.get(list).at("/totalCount") == "1");
    CHECK(draft.get(list + "/A", {{"If-None-Match", "\"2\""}}).status == 304);
    CHECK(draft.get(list + "/A", stale).status == 412);
    CHECK(draft.erase(list + "/A", "", {{"If-Match", "\"2\""}}).header("ETag") == "\"3\"");
}

TEST_CASE("resources: a parameter that is referred to goes by force only", "[http]") {
    const Draft draft;
    REQUIRE(draft.post("/versions/1/parameters", parameter("limit")).status == 201);
    REQUIRE(draft
                .post("/versions/1/actions",
                      R"({"name":"A","type":"http","method":"GET","path":"/","parameters":)"
                      R"([{"parameter":{"name":"limit"}}],"responses":[{"definitions":[]}]})")
                .status == 201);
    CHECK(draft.get("/versions/1/parameters/limit").at("/referencedBy/0/type") == "\"action\"");
    CHECK(draft.erase("/versions/1/parameters/limit").code() == "definition_referenced");
    CHECK(draft.erase("/versions/1/parameters/limit?force").status == 204);
    CHECK(draft.get("/versions/1/actions/A").at("/errors/0/severity") == "\"error\"");
    CHECK(draft.erase("/versions/1/actions/A?force").fields() == Fields{"force"});
}

}  // namespace verso::http
