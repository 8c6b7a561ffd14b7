// Goal:   the routes of versions, their states and their revisions.
// Method: requests through the adapter on a real store, each success and each error.

#include "http/fixture.hpp"

namespace verso::http {
TEST_CASE("versions: one is created empty, as a draft", "[http]") {
    const Fixture fixture;
    const Answer created = fixture.post("/versions", R"({"name":"1.0/a b"})");
    CHECK(created.status == 201);
    CHECK(created.header("Location") == fixture.base + "/versions/1.0%2Fa%20b");
    CHECK(created.header("ETag") == "\"1\"");
    CHECK(created.at("/name") == "\"1.0/a b\"");
    CHECK(created.at("/description") == "\"\"");
    CHECK(created.at("/isLatest") == "false");
    CHECK(created.at("/isDefault") == "false");
    CHECK(created.at("/publishedAt") == "null");
    CHECK(created.at("/revision") == "1");
    CHECK(created.at("/createdAt") == created.at("/updatedAt"));
    CHECK_THAT(unquoted(created.at("/createdAt")),
               Catch::Matches(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"));
    const Answer read = fixture.get("/versions/1.0%2Fa%20b");
    CHECK(read.status == 200);
    CHECK(read.body == created.body);
    CHECK(read.header("ETag") == "\"1\"");
}

TEST_CASE("versions: a clone starts with what its source holds", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    REQUIRE(fixture.post("/versions/1/actions", action("GetPet")).status == 201);
    const Answer clone = fixture.post("/versions", R"({"name":"2","fromVersion":"1"})");
    CHECK(clone.status == 201);
    CHECK(clone.at("/revision") == "1");
    CHECK(fixture.get("/versions/2/actions/GetPet").body ==
          fixture.get("/versions/1/actions/GetPet").body);
}

TEST_CASE("versions: one too many for the organisation's quota is a conflict", "[http]") {
    Fixture fixture;
    const auto organisation = parse_id<OrganisationId>(acme).value();
    fixture.store.set_quota(organisation, Quota{.max_versions = 1, .max_resources = 1}).value();
    fixture.make_version("1");
    const Answer refused = fixture.post("/versions", R"({"name":"2","fromVersion":"1"})");
    CHECK(refused.status == 409);
    CHECK(refused.code() == "quota_exceeded");
    REQUIRE(fixture.post("/versions/1/actions", action("GetPet")).status == 201);
    CHECK(fixture.post("/versions/1/actions", action("GetDog")).code() == "quota_exceeded");
    CHECK(fixture.erase("/versions/1/actions/GetPet").status == 204);
    CHECK(fixture.post("/versions/1/actions", action("GetDog")).status == 201);
}

TEST_CASE("versions: the body of a new one is read strictly", "[http]") {
    const Fixture fixture;
    const auto refused = [&](const std::string& body) {
        const Answer answer = fixture.post("/versions", body);
        CAPTURE(body, answer.body);
        CHECK(answer.status == 400);
        return answer.fields();
    };
    CHECK(refused("{}") == Fields{"name"});
    CHECK(refused(R"({"name":null})") == Fields{"name"});
    CHECK(refused(R"({"name":"1","fromVersion":null})") == Fields{"fromVersion"});
    CHECK(refused(R"({"name":"1","fromVersion":"nope"})") == Fields{"fromVersion"});
    CHECK(refused(R"({"name":"1","fromVersion":"latest"})") == Fields{"fromVersion"});
    CHECK(refused(R"({"name":"1","description":"x"})") == Fields{"description"});
    CHECK(refused(R"({"name":" 1"})") == Fields{"name"});
    CHECK(refused(R"({"name":"1\u0000"})") == Fields{"name"});
    CHECK(fixture.post("/versions", R"({"name":"latest"})").code() == "name_reserved");
    CHECK(fixture.post("/versions", R"({"name":"1","fromVersion":"x"})").code() ==
          "from_version_not_found");
    CHECK(fixture.get("/versions").at("/totalCount") == "0");
}

TEST_CASE("versions: a taken name is told before an unknown source", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    const Answer answer = fixture.post("/versions", R"({"name":"1","fromVersion":"nope"})");
    CHECK(answer.status == 409);
    CHECK(answer.code() == "name_taken");
    CHECK(fixture.post("/versions", R"({"name":".","fromVersion":"nope"})").code() ==
          "name_invalid");
}

TEST_CASE("versions: the most recently updated come first", "[http]") {
    const Fixture fixture;
    for (const char* name : {"1", "2", "3"}) fixture.make_version(name);
    REQUIRE(fixture.put("/versions/1", R"({"description":"new"})").status == 200);
    const Answer page = fixture.get("/versions?first=2");
    CHECK(page.at("/totalCount") == "3");
    CHECK(page.at("/items/0/name") == "\"1\"");
    CHECK(page.at("/items/1/name") == "\"3\"");
    const Answer next = fixture.get("/versions?after=" + unquoted(page.at("/next")));
    CHECK(next.at("/items/0/name") == "\"2\"");
    CHECK(next.at("/next").empty());
    CHECK(fixture.get("/versions?after=a&before=b").fields() == Fields{"before"});
    CHECK(fixture.get("/versions?name=1").fields() == Fields{"name"});
}

TEST_CASE("versions: put changes what it names", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    const Answer described = fixture.put("/versions/1", R"({"description":"first"})");
    CHECK(described.status == 200);
    CHECK(described.at("/description") == "\"first\"");
    CHECK(described.at("/name") == "\"1\"");
    CHECK(described.header("ETag") == "\"2\"");
    const Answer renamed = fixture.put("/versions/1", R"({"name":"1.0"})");
    CHECK(renamed.at("/description") == "\"first\"");
    CHECK(fixture.get("/versions/1").code() == "version_not_found");
    CHECK(fixture.get("/versions/1.0").body == renamed.body);
}

TEST_CASE("versions: what get answers may be put back, and is no change", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    CHECK(fixture.put("/versions/1", fixture.get("/versions/1").body).at("/revision") == "1");
    fixture.publish("1");
    const std::string published = fixture.get("/versions/1").body;
    CHECK(fixture.put("/versions/1", published).body == published);
}

TEST_CASE("versions: put ignores what is derived and refuses what is fixed", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    CHECK(fixture.put("/versions/1", R"({"isLatest":true,"updatedAt":5,"revision":"x"})").status ==
          200);
    const std::string time = R"("2020-01-01T00:00:00.000Z")";
    const Answer fixed =
        fixture.put("/versions/1", R"({"id":")" + std::string(nobodys_id) + R"(","createdAt":)" +
                                       time + R"(,"publishedAt":)" + time + "}");
    CHECK(fixed.status == 400);
    CHECK(fixed.fields() == Fields{"id", "createdAt", "publishedAt"});
    CHECK(fixture.put("/versions/1", R"({"publishedAt":null})").status == 200);
    CHECK(fixture.put("/versions/1", R"({"x":1,"isDefault":0,"description":null})").fields() ==
          Fields{"x", "description", "isDefault"});
    fixture.publish("1");
    CHECK(fixture.put("/versions/1", R"({"publishedAt":null})").fields() == Fields{"publishedAt"});
}

TEST_CASE("versions: a draft can be no default, a published one keeps its name", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    fixture.make_version("2");
    CHECK(fixture.put("/versions/1", R"({"isDefault":false})").status == 200);
    CHECK(fixture.put("/versions/1", R"({"isDefault":true})").code() == "version_not_published");
    CHECK(fixture.put("/versions/1", R"({"name":"2"})").code() == "name_taken");
    fixture.publish("1");
    const Answer renamed = fixture.put("/versions/1", R"({"name":"3"})");
    CHECK(renamed.status == 409);
    CHECK(renamed.code() == "version_published");
    CHECK(fixture.put("/versions/1", R"({"name":"latest"})").code() == "name_reserved");
}

TEST_CASE("versions: the default is chosen, and its choice cleared", "[http]") {
    const Fixture fixture;
    for (const char* name : {"1", "2"}) {
        fixture.make_version(name);
        fixture.publish(name);
    }
    CHECK(fixture.get("/versions/default").at("/name") == "\"2\"");
    CHECK(fixture.put("/versions/1", R"({"isDefault":true})").at("/isDefault") == "true");
    CHECK(fixture.get("/versions/default").at("/name") == "\"1\"");
    CHECK(fixture.get("/versions/latest").at("/name") == "\"2\"");
    CHECK(fixture.put("/versions/1", R"({"isDefault":false})").at("/isDefault") == "false");
    CHECK(fixture.get("/versions/default").at("/name") == "\"2\"");
}

TEST_CASE("versions: latest and default name nothing until something is published", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    for (const char* name : {"latest", "default", "nope", "%2E%2E", "Latest"}) {
        const Answer answer = fixture.get("/versions/" + std::string(name));
        CHECK(answer.status == 404);
        CHECK(answer.code() == "version_not_found");
    }
    fixture.publish("1");
    CHECK(fixture.get("/versions/latest").at("/isLatest") == "true");
    CHECK(fixture.post("/versions", R"({"name":"2","fromVersion":"default"})").status == 201);
}

TEST_CASE("versions: publish and unpublish answer the version and may be repeated", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    const Answer published = fixture.post("/versions/1/publish", "");
    CHECK(published.status == 200);
    CHECK(published.at("/version/isLatest") == "true");
    CHECK(published.header("ETag") == "\"" + published.at("/version/revision") + "\"");
    CHECK(fixture.post("/versions/1/publish").body == published.body);
    const Answer draft = fixture.post("/versions/latest/unpublish", "");
    CHECK(draft.status == 200);
    CHECK(draft.at("/version/publishedAt") == "null");
    CHECK(fixture.post("/versions/1/unpublish").body == draft.body);
}

TEST_CASE("versions: one with errors stays a draft", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    REQUIRE(fixture
                .post("/versions/1/actions",
                      R"({"name":"A","type":"http","method":"GET","path":"/","parameters":[],)"
                      R"("responses":[]})")
                .status == 201);
    const Answer refused = fixture.post("/versions/1/publish");
    CHECK(refused.status == 409);
    CHECK(refused.code() == "version_invalid");
    CHECK_FALSE(refused.fields().empty());
}

TEST_CASE("versions: a version in use is neither unpublished nor deleted", "[http]") {
    const Fixture fixture{
        {.version_in_use = [](ConnectionId, const ConnectionVersion&) { return true; }}};
    fixture.make_version("1");
    fixture.publish("1");
    CHECK(fixture.post("/versions/1/unpublish").code() == "version_in_use");
    CHECK(fixture.erase("/versions/1?force").code() == "version_in_use");
    CHECK(fixture.erase("?force").code() == "version_in_use");
}

TEST_CASE("versions: a draft is deleted at once, a published one by force", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    fixture.make_version("2");
    CHECK(fixture.erase("/versions/1").status == 204);
    fixture.publish("2");
    const Answer refused = fixture.erase("/versions/2");
    CHECK(refused.status == 409);
    CHECK(refused.code() == "version_published");
    CHECK(fixture.erase("/versions/2?force=true").status == 204);
    CHECK(fixture.erase("/versions/2?force").code() == "version_not_found");
}

TEST_CASE("versions: a write may name the revision that it expects", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    const Headers first{{"If-Match", "\"1\""}};
    CHECK(fixture.put("/versions/1", R"({"description":"a"})", first).header("ETag") == "\"2\"");
    const Answer stale = fixture.put("/versions/1", R"({"description":"b"})", first);
    CHECK(stale.status == 412);
    CHECK(stale.code() == "revision_mismatch");
    CHECK(fixture.get("/versions/1").at("/description") == "\"a\"");
    CHECK(fixture.post("/versions/1/publish", "", first).status == 412);
    CHECK(fixture.erase("/versions/1", "", first).status == 412);
    CHECK(fixture.erase("/versions/1", "", {{"If-Match", "\"1\", \"2\""}}).status == 204);
}

TEST_CASE("versions: a read answers 304 where the client has what it would get", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    const Headers seen{{"If-None-Match", "W/\"1\""}};
    const Answer same = fixture.get("/versions/1", seen);
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(same.header("ETag") == "\"1\"");
    CHECK(fixture.get("/versions/1", {{"If-None-Match", "\"2\""}}).status == 200);
    CHECK(fixture.get("/versions/1/actions", seen).status == 304);
    CHECK(fixture.get("/versions/nope", seen).status == 404);
    CHECK(fixture.get("/versions/1/actions?first=0", seen).status == 400);
}

TEST_CASE("versions: a published version is answered whole, for it may cease to be latest",
          "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    fixture.publish("1");
    const Headers seen{{"If-None-Match", fixture.get("/versions/1").header("ETag")}};
    fixture.make_version("2");
    fixture.publish("2");
    const Answer read = fixture.get("/versions/1", seen);
    CHECK(read.status == 200);
    CHECK(read.at("/isLatest") == "false");
    CHECK(fixture.get("/versions/latest/actions", seen).status == 200);
    CHECK(fixture.get("/versions/1/actions", seen).status == 304);
}

}  // namespace verso::http
