// Goal:   a request with an Idempotency-Key is done once, and its answer is given again.
// Method: requests that are sent twice through the adapter, of every kind that changes something.

#include "http/fixture.hpp"
#include "soundness.hpp"

namespace verso::http {
namespace {

Headers with_key(const std::string& key) { return {{"Idempotency-Key", key}}; }

void check_same(const Answer& again, const Answer& first) {
    CHECK(again.status == first.status);
    CHECK(again.body == first.body);
    CHECK(again.header("ETag") == first.header("ETag"));
    CHECK(again.header("Location") == first.header("Location"));
    CHECK(again.header("Content-Type") == first.header("Content-Type"));
}

}  // namespace

TEST_CASE("idempotency: each request that changes something is done once", "[http]") {
    const Fixture fixture;
    int keys = 0;
    const auto twice = [&](const std::string& method, const std::string& target,
                           const std::string& body, unsigned status) {
        CAPTURE(method, target);
        const Headers key = with_key("key-" + std::to_string(++keys));
        const Answer first = fixture.ask(method, target, body, key);
        CHECK(first.status == status);
        check_same(fixture.ask(method, target, body, key), first);
    };
    const std::string connections = "/o/" + std::string(acme) + "/connections";
    twice("POST", connections, R"({"name":"Other"})", 201);
    twice("POST", "/versions", R"({"name":"1"})", 201);
    twice("POST", "/versions/1/actions", action("GetPet"), 201);
    CHECK(fixture.get("/versions/1").at("/revision") == "2");
    twice("POST", "/versions/1/actions", action("A"), 201);
    twice("POST", "/versions/1/actions", action("B"), 201);
    twice("PUT", "/versions/1/actions/A", action("A2"), 200);
    twice("DELETE", "/versions/1/actions/B", "", 204);
    twice("POST", "/versions", R"({"name":"2","fromVersion":"1"})", 201);
    twice("PUT", "/versions/2", R"({"name":"3"})", 200);
    twice("POST", "/versions/1/merge", R"({"from":"3"})", 200);
    twice("POST", "/versions/1/publish", "", 200);
    twice("POST", "/versions/1/unpublish", "", 200);
    twice("DELETE", "/versions/3", "", 204);
    CHECK(fixture.get("/versions").at("/totalCount") == "1");
    check_is_sound(fixture.store);
}

TEST_CASE("idempotency: one that failed leaves nothing and may come again", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    const Headers key = with_key("k");
    CHECK(fixture.post("/versions", R"({"name":"1"})", key).code() == "name_taken");
    CHECK(fixture.erase("/versions/1").status == 204);
    CHECK(fixture.post("/versions", R"({"name":"1"})", key).status == 201);
    CHECK(fixture.post("/versions", R"({"name":"1"})", key).status == 201);
    CHECK(fixture.post("/versions", R"({"name":"1"})", with_key("l")).code() == "name_taken");
}

TEST_CASE("idempotency: a revision that does not fit is told before and after", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    const auto put = [&](const std::string& revision, const std::string& key) {
        Headers headers = with_key(key);
        headers.push_back({"If-Match", '"' + revision + '"'});
        return fixture.post("/versions/1/actions", action("A"), headers);
    };
    CHECK(put("7", "k").status == 412);
    CHECK(put("1", "l").status == 201);
    CHECK(put("1", "l").status == 201);
    CHECK(put("1", "m").status == 412);
}

TEST_CASE("idempotency: a key is one request's, of one organisation", "[http]") {
    const Fixture fixture;
    const Headers key = with_key("k");
    REQUIRE(fixture.post("/versions", R"({"name":"1"})", key).status == 201);
    for (const Answer& answer : {fixture.post("/versions", R"({"name":"2"})", key),
                                 fixture.post("/versions/1/publish", "", key),
                                 fixture.put("/versions/1", R"({"name":"1"})", key)}) {
        CHECK(answer.status == 400);
        CHECK(answer.code() == "request_invalid");
        CHECK(answer.fields() == Fields{"Idempotency-Key"});
    }
    const Answer others = fixture.ask({.method = "POST",
                                       .target = "/o/" + std::string(umbrella) + "/connections",
                                       .body = R"({"name":"Theirs"})",
                                       .headers = key,
                                       .token = "umbrella"});
    CHECK(others.status == 201);
}

TEST_CASE("idempotency: keys have a form, quoted or not, and reads have none", "[http]") {
    const Fixture fixture;
    const std::string body = R"({"name":"1"})";
    for (const std::string& bad : {std::string(), std::string("\"\""), std::string("a b"),
                                   std::string("a\x7f"), std::string(129, 'k')}) {
        const Answer answer = fixture.post("/versions", body, with_key(bad));
        CHECK(answer.code() == "request_invalid");
        CHECK(answer.fields() == Fields{"Idempotency-Key"});
    }
    CHECK(fixture.post("/versions", body, with_key("\"k\"")).status == 201);
    CHECK(fixture.post("/versions", body, with_key("k")).status == 201);
    CHECK(fixture.get("/versions", with_key("a b")).status == 200);
    CHECK(fixture.get("/versions", with_key("k")).at("/totalCount") == "1");
}

}  // namespace verso::http
