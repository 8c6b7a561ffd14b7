// Goal:   the routes of connections.
// Method: requests through the adapter on a real store, each success and each error.

#include "http/fixture.hpp"

namespace verso::http {
namespace {

const std::string all_connections = "/o/" + std::string(acme) + "/connections";

}  // namespace

TEST_CASE("connections: one is created, answered and found where Location says", "[http]") {
    const Fixture fixture;
    const Answer created =
        fixture.post(all_connections,
                     R"({"name":"Jira / \u00e9","properties":{"baseUrl":"https://x","n":1.10}})");
    CHECK(created.status == 201);
    CHECK(created.at("/organisationId") == '"' + std::string(acme) + '"');
    CHECK_THAT(created.body, Catch::Contains(R"("properties":{"baseUrl":"https://x","n":1.10})"));
    CHECK(created.header("Location") == all_connections + "/" + unquoted(created.at("/id")));
    CHECK(created.header("ETag").empty());
    const Answer read = fixture.get(created.header("Location"));
    CHECK(read.status == 200);
    CHECK(read.body == created.body);
    CHECK(read.header("ETag").empty());
}

TEST_CASE("connections: a body that is wrong is told member by member", "[http]") {
    const Fixture fixture;
    const auto refused = [&](const std::string& body) {
        const Answer answer = fixture.post(all_connections, body);
        CAPTURE(body, answer.body);
        CHECK(answer.status == 400);
        return answer.fields();
    };
    CHECK(refused("{}") == Fields{"name"});
    CHECK(refused(R"({"name":1})") == Fields{"name"});
    CHECK(refused(R"({"name":""})") == Fields{"name"});
    CHECK(refused(R"({"name":".."})") == Fields{"name"});
    CHECK(refused(R"({"name":"a","properties":null})") == Fields{"properties"});
    CHECK(refused(R"({"name":"a","properties":[]})") == Fields{"properties"});
    CHECK(refused(R"({"name":"a","id":"x","b/c":1})") == Fields{"id", "b/c"});
    CHECK(refused(R"([])").empty());
    CHECK(refused(R"({"name":"a","name":"b"})").empty());
    CHECK(fixture.get(all_connections).at("/totalCount") == "1");
}

TEST_CASE("connections: a name is taken once in an organisation", "[http]") {
    const Fixture fixture;
    const Answer taken = fixture.post(all_connections, R"({"name":"GitHub"})");
    CHECK(taken.status == 409);
    CHECK(taken.code() == "name_taken");
    const Asked other{.method = "POST",
                      .target = "/o/" + std::string(umbrella) + "/connections",
                      .body = R"({"name":"GitHub"})",
                      .token = "umbrella"};
    CHECK(fixture.ask(other).status == 201);
}

TEST_CASE("connections: the list comes in pages under items", "[http]") {
    const Fixture fixture;
    for (const char* name : {"A", "B", "C"})
        REQUIRE(
            fixture.post(all_connections, R"({"name":")" + std::string(name) + R"("})").status ==
            201);
    const Answer first = fixture.get(all_connections + "?first=3");
    CHECK(first.status == 200);
    CHECK(first.at("/totalCount") == "4");
    CHECK(first.at("/items/0/name") == "\"GitHub\"");
    CHECK(first.at("/items/3").empty());
    CHECK(first.at("/prev").empty());
    const Answer second =
        fixture.get(all_connections + "?first=3&after=" + unquoted(first.at("/next")));
    CHECK(second.at("/items/0/name") == "\"C\"");
    CHECK(second.at("/next").empty());
    const Answer back =
        fixture.get(all_connections + "?first=3&before=" + unquoted(second.at("/prev")));
    CHECK(back.at("/items") == first.at("/items"));
    CHECK(fixture.get(all_connections + "?after=nonsense").code() == "cursor_invalid");
}

TEST_CASE("connections: put replaces what it names and keeps the rest", "[http]") {
    const Fixture fixture;
    CHECK(fixture.put("", R"({"name":"GH","properties":{"a":1}})").status == 200);
    const Answer renamed = fixture.put("", R"({"name":"GitHub 2"})");
    CHECK(renamed.at("/properties") == R"({"a":1})");
    const Answer emptied = fixture.put("", R"({"properties":{}})");
    CHECK(emptied.at("/name") == "\"GitHub 2\"");
    CHECK(emptied.at("/properties") == "{}");
    CHECK(fixture.get("").body == emptied.body);
}

TEST_CASE("connections: what get answers may be put back", "[http]") {
    const Fixture fixture;
    CHECK(fixture.put("", fixture.get("").body).status == 200);
    const Answer changed =
        fixture.put("", R"({"id":"x","organisationId":"y","createdAt":"z","updatedAt":"ignored"})");
    CHECK(changed.status == 400);
    CHECK(changed.fields() == Fields{"id", "organisationId", "createdAt"});
}

TEST_CASE("connections: put answers 409 for a name that is taken", "[http]") {
    const Fixture fixture;
    REQUIRE(fixture.post(all_connections, R"({"name":"Jira"})").status == 201);
    CHECK(fixture.put("", R"({"name":"Jira","properties":{}})").code() == "name_taken");
}

TEST_CASE("connections: one with versions is deleted by force only", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    const Answer refused = fixture.erase("");
    CHECK(refused.status == 409);
    CHECK(refused.code() == "connection_has_versions");
    CHECK(fixture.erase("?force=false").status == 409);
    const Answer deleted = fixture.erase("?force");
    CHECK(deleted.status == 204);
    CHECK(deleted.body.empty());
    CHECK(fixture.get("").code() == "connection_not_found");
    CHECK(fixture.get("/versions").code() == "connection_not_found");
}

TEST_CASE("connections: a tag that none can have refuses the change", "[http]") {
    const Fixture fixture;
    const Headers headers{{"If-Match", "\"1\""}};
    CHECK(fixture.put("", R"({"name":"X"})", headers).code() == "revision_mismatch");
    CHECK(fixture.post("/versions", R"({"name":"1"})", headers).code() == "revision_mismatch");
    CHECK(fixture.put("", R"({"name":"X"})", {{"If-Match", "*"}}).status == 200);
}

}  // namespace verso::http
