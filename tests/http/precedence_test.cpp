// Goal:   of several faults of one request, the answer is always about the first in the order 401,
//         403, 404, 405, 415, 413, 400, 412, 409.
// Method: a request with every fault that can be combined; its faults are mended one by one, and
//         each answer is the next one's.

#include "http/fixture.hpp"

#include <functional>
#include <set>

namespace verso::http {
namespace {

/// A step mends one fault, after which the answer has this status.
struct Step {
    const char* what;
    std::function<void(Asked&)> mend;
    unsigned status;
};

/// What the head is enough for is answered the same before the body comes, and nothing else is.
void check_early(const Fixture& fixture, const Asked& asked) {
    const auto early = fixture.ask_early(asked);
    const Answer whole = fixture.ask(asked);
    const std::set<unsigned> by_head{401, 403, 404, 405, 413, 415};
    const bool may_be_either = whole.status == 400;  // the query's fault, or the body's
    if (!may_be_either) CHECK(early.has_value() == by_head.contains(whole.status));
    if (!early) return;
    CHECK(early->status == whole.status);
    CHECK(early->body == whole.body);
    CHECK(early->headers.size() == whole.headers.size());
}

void walk(const Fixture& fixture, Asked asked, unsigned first, const std::vector<Step>& steps) {
    check_early(fixture, asked);
    CHECK(fixture.ask(asked).status == first);
    for (const Step& step : steps) {
        step.mend(asked);
        CAPTURE(step.what);
        if (step.status < 200 || step.status >= 300) check_early(fixture, asked);
        const Answer answer = fixture.ask(asked);
        CAPTURE(answer.body);
        CHECK(answer.status == step.status);
    }
}

/// Everything is wrong that can be.
Asked worst() {
    return {.method = "PATCH",
            .target = "/o/" + std::string(acme) + "/connections/" + std::string(nobodys_id) +
                      "/versions/nope/actions/Nope?x",
            .body = "{",
            .headers = {{"If-Match", "7"}},
            .content_type = "text/plain",
            .token = std::nullopt,
            .is_body_too_large = true};
}

struct Published : Fixture {
    Published() {
        make_version("1");
        REQUIRE(post("/versions/1/actions", action("A")).status == 201);
        REQUIRE(post("/versions/1/actions", action("B")).status == 201);
        publish("1");
    }
};

}  // namespace

TEST_CASE("precedence: the faults of a write are told in their order", "[http]") {
    const Published fixture;
    const std::string actions = fixture.base + "/versions/1/actions/";
    walk(fixture, worst(), 401,
         {{"a stranger's token", [](Asked& a) { a.token = "stranger"; }, 401},
          {"a token without the right", [](Asked& a) { a.token = "reader"; }, 403},
          {"a token of another organisation", [](Asked& a) { a.token = "umbrella"; }, 403},
          {"a member's token", [](Asked& a) { a.token = "acme"; }, 404},
          {"a connection",
           [&](Asked& a) { a.target = fixture.base + "/versions/nope/actions/Nope?x"; }, 404},
          {"a version", [&](Asked& a) { a.target = fixture.base + "/versions/1/actions/Nope?x"; },
           404},
          {"a resource", [&](Asked& a) { a.target = actions + "A?x"; }, 405},
          {"a method", [](Asked& a) { a.method = "PUT"; }, 415},
          {"a media type", [](Asked& a) { a.content_type = "application/json"; }, 413},
          {"a size", [](Asked& a) { a.is_body_too_large = false; }, 400},
          {"a query", [&](Asked& a) { a.target = actions + "A"; }, 400},
          {"a condition",
           [](Asked& a) {
               a.headers = {{"If-Match", "\"99\""}};
           },
           400},
          {"JSON", [](Asked& a) { a.body = "{}"; }, 400},
          {"a shape", [](Asked& a) { a.body = action("A", "Nope"); }, 400},
          {"references", [](Asked& a) { a.body = action("B"); }, 412},
          {"no condition", [](Asked& a) { a.headers.clear(); }, 409}});
}

TEST_CASE("precedence: a draft's write is told what it lacks before what it conflicts with",
          "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    REQUIRE(fixture.post("/versions/1/actions", action("A")).status == 201);
    walk(fixture,
         {.method = "POST",
          .target = fixture.base + "/versions/1/actions",
          .body = "[]",
          .headers = {{"If-Match", "\"99\""}}},
         400,
         {{"an object", [](Asked& a) { a.body = action("B", "Nope"); }, 400},
          {"references", [](Asked& a) { a.body = action("A"); }, 412},
          {"the revision",
           [](Asked& a) {
               a.headers = {{"If-Match", "\"2\""}};
           },
           409},
          {"a name", [](Asked& a) { a.body = action("B"); }, 201}});
}

TEST_CASE("precedence: a version's update is told its faults in order", "[http]") {
    const Published fixture;
    walk(fixture,
         {.method = "PUT",
          .target = fixture.base + "/versions/1",
          .body = R"({"name":"latest"})",
          .headers = {{"If-Match", "\"99\""}}},
         400,
         {{"a name", [](Asked& a) { a.body = R"({"name":"2","id":"x"})"; }, 400},
          {"its id", [](Asked& a) { a.body = R"({"name":"2"})"; }, 412},
          {"no condition", [](Asked& a) { a.headers.clear(); }, 409},
          {"its name", [](Asked& a) { a.body = R"({"name":"1"})"; }, 200}});
}

TEST_CASE("precedence: a deletion is told of referrers before of its version's state", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    REQUIRE(fixture.post("/versions/1/definitions", definitions({definition("Pet")})).status ==
            201);
    REQUIRE(fixture.post("/versions/1/actions", action("A", "Pet")).status == 201);
    fixture.publish("1");
    walk(fixture, {.method = "DELETE", .target = fixture.base + "/versions/1/definitions/Nope?x"},
         404,
         {{"a name", [&](Asked& a) { a.target = fixture.base + "/versions/1/definitions/Pet?x"; },
           400},
          {"a query", [&](Asked& a) { a.target = fixture.base + "/versions/1/definitions/Pet"; },
           412},
          {"force", [](Asked& a) { a.target += "?force"; }, 409}});
}

TEST_CASE("precedence: the faults of a read are told in their order", "[http]") {
    const Published fixture;
    const std::string old_tag = "\"99\"";
    walk(fixture,
         {.target = fixture.base + "/versions/nope/actions/Nope?x",
          .headers = {{"If-Match", "x"}},
          .token = "writer"},
         403,
         {{"a right", [](Asked& a) { a.token = "reader"; }, 404},
          {"a version", [&](Asked& a) { a.target = fixture.base + "/versions/1/actions/Nope?x"; },
           404},
          {"a resource", [&](Asked& a) { a.target = fixture.base + "/versions/1/actions/A?x"; },
           400},
          {"a query", [&](Asked& a) { a.target = fixture.base + "/versions/1/actions/A"; }, 400},
          {"a condition",
           [&](Asked& a) {
               a.headers = {{"If-Match", old_tag}};
           },
           412},
          {"no condition", [](Asked& a) { a.headers.clear(); }, 200}});
}

TEST_CASE("precedence: an organisation that is none is 404, and one that is another's 403",
          "[http]") {
    const Fixture fixture;
    const auto status = [&](const std::string& target, const std::string& token) {
        return fixture.ask({.target = target, .token = token}).status;
    };
    const std::string unknown = "/o/" + std::string(nobodys_id) + "/connections";
    CHECK(status(unknown, "acme") == 403);
    CHECK(status(unknown + "/x/y/z", "acme") == 403);
    CHECK(status(unknown, "root") == 200);
    CHECK(status("/o/acme/connections", "acme") == 404);
    CHECK(status("/o/acme/connections", "nobody") == 401);
    CHECK(status("/nothing", "nobody") == 401);
    CHECK(status("/nothing", "acme") == 404);
    CHECK(status("/nothing", "writer") == 403);
}

TEST_CASE("precedence: a path that cannot be read is 400 in the place of 404", "[http]") {
    const Fixture fixture;
    const auto status = [&](const std::string& tail, const std::string& token,
                            std::string_view organisation = acme) {
        return fixture
            .ask({.method = "PATCH",
                  .target = "/o/" + std::string(organisation) + "/connections" + tail,
                  .token = token})
            .status;
    };
    CHECK(status("/%zz", "nobody") == 401);
    CHECK(status("/%zz", "reader") == 403);
    CHECK(status("/%zz", "acme", umbrella) == 403);
    CHECK(status("/%zz", "acme") == 400);
    CHECK(status("/%zz/unknown/route", "acme") == 400);
    CHECK(status("", "acme", "%zz") == 400);
}

}  // namespace verso::http
