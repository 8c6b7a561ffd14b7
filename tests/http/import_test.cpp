// Goal:   an OpenAPI document becomes a draft over HTTP.
// Method: small documents through the adapter, each success and each error.

#include "http/fixture.hpp"

namespace verso::http {
namespace {

const std::string pets = R"({"openapi":"3.0.3","info":{"title":"Pets","version":"1"},
    "servers":[{"url":"https://pets.example.com"}],
    "paths":{"/pets":{"get":{"operationId":"list pets","responses":{"200":{"description":"ok",
        "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Pet"}}}}}}}},
    "components":{"schemas":{"Pet":{"type":"object"}}}})";

std::string body(const std::string& name, const std::string& document,
                 const std::string& more = "") {
    return R"({"name":")" + name + R"(","document":)" + document + more + "}";
}

}  // namespace

TEST_CASE("import: a document becomes a draft, with what there is to say about it", "[http]") {
    const Fixture fixture;
    const Answer imported = fixture.post("/versions:import", body("1", pets));
    INFO(imported.body);
    CHECK(imported.status == 201);
    CHECK(imported.header("Location") == fixture.base + "/versions/1");
    CHECK(imported.header("ETag") == "\"" + imported.at("/version/revision") + "\"");
    CHECK(imported.at("/version/revision") == "1");
    CHECK(imported.at("/version/publishedAt") == "null");
    CHECK(imported.at("/actions") == "1");
    CHECK(imported.at("/definitions") == "1");
    CHECK_FALSE(imported.at("/messages/0/severity").empty());
    CHECK_FALSE(imported.at("/messages/0/pointer").empty());
    CHECK_FALSE(imported.at("/messages/0/message").empty());
    CHECK(fixture.get("/versions/1/actions/list_pets").status == 200);
    CHECK(fixture.get("").at("/properties/baseUrl") == "\"https://pets.example.com\"");
}

TEST_CASE("import: the draft may start from another version", "[http]") {
    const Fixture fixture;
    REQUIRE(fixture.post("/versions:import", body("1", pets)).status == 201);
    const Answer second =
        fixture.post("/versions:import", body("2", pets, R"(,"fromVersion":"1")"));
    CHECK(second.status == 201);
    CHECK(fixture.get("/versions/2/definitions/Pet").at("/id") ==
          fixture.get("/versions/1/definitions/Pet").at("/id"));
    const Answer unknown =
        fixture.post("/versions:import", body("3", pets, R"(,"fromVersion":"nope")"));
    CHECK(unknown.status == 400);
    CHECK(unknown.code() == "from_version_not_found");
    CHECK(unknown.fields() == Fields{"fromVersion"});
}

TEST_CASE("import: the body is read strictly", "[http]") {
    const Fixture fixture;
    const auto refused = [&](const std::string& text) {
        const Answer answer = fixture.post("/versions:import", text);
        CAPTURE(text, answer.body);
        CHECK(answer.status == 400);
        return answer.fields();
    };
    CHECK(refused("{}") == Fields{"name", "document"});
    CHECK(refused(R"({"name":"1","document":"{}"})") == Fields{"document"});
    CHECK(refused(body("1", "null")) == Fields{"document"});
    CHECK(refused(body("1", pets, R"(,"fromVersion":null)")) == Fields{"fromVersion"});
    CHECK(refused(body("1", pets, R"(,"description":"x")")) == Fields{"description"});
    CHECK(refused(body(" ", pets)) == Fields{"name"});
    CHECK(fixture.get("/versions").at("/totalCount") == "0");
}

TEST_CASE("import: a document with errors makes nothing", "[http]") {
    const Fixture fixture;
    const Answer refused = fixture.post("/versions:import", body("1", R"({"swagger":"2.0"})"));
    CHECK(refused.status == 400);
    CHECK(refused.code() == "import_invalid");
    CHECK_FALSE(refused.fields().empty());
    CHECK(fixture.get("/versions").at("/totalCount") == "0");
}

TEST_CASE("import: a taken name is 409", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    CHECK(fixture.post("/versions:import", body("1", pets)).code() == "name_taken");
    CHECK(fixture.get("/versions:import").status == 405);
    CHECK(fixture.get("/versions:import").header("Allow") == "POST, OPTIONS");
}

}  // namespace verso::http
