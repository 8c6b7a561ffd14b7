// Goal:   what holds for every route: methods, credentials, tenants, limits, faults of the host.
// Method: requests through the adapter, and an authenticator that fails.

#include "http/fixture.hpp"

#include <new>
#include <stdexcept>

namespace verso::http {
namespace {

/// An adapter whose authenticator throws this.
template <class Thrown>
Fixture failing(Thrown thrown) {
    return Fixture(
        {}, {.authenticator = [thrown](const auto&) -> std::optional<Principal> { throw thrown; }});
}

}  // namespace

TEST_CASE("adapter: each path allows its methods", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    REQUIRE(fixture.post("/versions/1/actions", action("A")).status == 201);
    REQUIRE(fixture.post("/versions/1/definitions", definitions({definition("D")})).status == 201);
    const std::string list = "GET, HEAD, POST, OPTIONS";
    const std::string thing = "GET, HEAD, PUT, DELETE, OPTIONS";
    const std::vector<std::pair<std::string, std::string>> allowed{
        {"", thing},
        {"/versions", list},
        {"/versions:import", "POST, OPTIONS"},
        {"/versions%3Aimport", "POST, OPTIONS"},
        {"/versions/1", thing},
        {"/versions/1/publish", "POST, OPTIONS"},
        {"/versions/1/unpublish", "POST, OPTIONS"},
        {"/versions/1/actions", list},
        {"/versions/1/actions/A", thing},
        {"/versions/1/triggers", list},
        {"/versions/1/parameters", list},
        {"/versions/1/definitions", "GET, HEAD, POST, DELETE, OPTIONS"},
        {"/versions/1/definitions/D", thing}};
    for (const auto& [path, methods] : allowed) {
        CAPTURE(path);
        const Answer options = fixture.ask("OPTIONS", path);
        CHECK(options.status == 204);
        CHECK(options.header("Allow") == methods);
        for (const char* method : {"PATCH", "get", "TRACE", "", "G\nT"}) {
            const Answer refused = fixture.ask(method, path);
            CHECK(refused.status == 405);
            CHECK(refused.code() == "method_not_allowed");
            CHECK(refused.header("Allow") == methods);
        }
    }
}

TEST_CASE("adapter: other paths lead nowhere", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    for (const char* tail :
         {"/", "/nope", "/versions/", "//versions", "/versions//actions", "/versions/1/",
          "/versions/1/responses", "/versions/1/actions/", "/versions/1/actions/A/x",
          "/versions/1/publish/x", "/versions:export", "/versions/1/actions/A/x/y/z",
          "/versions%2F1", "/../x", "/Versions"}) {
        CAPTURE(tail);
        for (const char* method : {"GET", "POST", "PATCH", "OPTIONS"}) {
            const Answer answer = fixture.ask(method, tail);
            CHECK(answer.status == 404);
            CHECK(answer.code() == "route_not_found");
        }
    }
    for (const char* target : {"", "*", "/", "/o", "/o/", "/healthz", "o/x", "//",
                               "/O/x/connections", "http://host/o/x/connections"}) {
        CAPTURE(target);
        CHECK(fixture.ask({.target = target}).code() == "route_not_found");
    }
}

TEST_CASE("adapter: an encoded slash is part of a name", "[http]") {
    const Fixture fixture;
    fixture.make_version("a/actions");
    CHECK(fixture.get("/versions/a%2Factions").at("/name") == "\"a/actions\"");
    CHECK(fixture.get("/versions/a%2factions/actions").status == 200);
    CHECK(fixture.get("/versions/a%252Factions").status == 404);
}

TEST_CASE("adapter: HEAD answers as GET, without the body", "[http]") {
    const Fixture fixture;
    fixture.make_version("1");
    for (const char* path : {"", "/versions", "/versions/1", "/versions/1/actions", "/versions/x",
                             "/versions?first=0", "/nope"}) {
        CAPTURE(path);
        const Answer get = fixture.get(path);
        const Answer head = fixture.ask("HEAD", path);
        CHECK(head.status == get.status);
        CHECK(head.body.empty());
        CHECK(head.header("Content-Length") == std::to_string(get.body.size()));
        CHECK(head.header("ETag") == get.header("ETag"));
    }
    const Answer same = fixture.ask("HEAD", "/versions/1", "", {{"If-None-Match", "\"1\""}});
    CHECK(same.status == 304);
    CHECK(same.header("Content-Length").empty());
}

TEST_CASE("adapter: answers are JSON, to be revalidated and taken for nothing else", "[http]") {
    const Fixture fixture;
    for (const char* path : {"", "/versions", "/nope"}) {
        const Answer answer = fixture.get(path);
        CHECK(answer.header("Content-Type") == "application/json");
        CHECK(answer.header("Cache-Control") == "no-cache");
        CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    }
    CHECK(fixture.ask("OPTIONS", "").header("Content-Type").empty());
}

TEST_CASE("adapter: a credential comes as a cookie or as a bearer token", "[http]") {
    const Fixture fixture{{}, {.authenticator = {}, .cookie_name = "session"}};
    const auto status = [&](const Headers& headers) {
        return fixture.ask({.target = fixture.base, .headers = headers, .token = {}}).status;
    };
    CHECK(status({{"Cookie", "a=b; session=acme"}}) == 200);
    CHECK(status({{"Cookie", "cookie=acme"}}) == 401);
    CHECK(status({{"Authorization", "bearer acme"}}) == 200);
    CHECK(status({{"Cookie", "session=acme"}, {"Authorization", "Bearer nobody"}}) == 401);
    CHECK(status({}) == 401);
}

TEST_CASE("adapter: a credential is never told again", "[http]") {
    const Fixture fixture;
    const Answer answer = fixture.ask({.target = fixture.base, .token = "s3cr3t"});
    CHECK(answer.code() == "unauthenticated");
    CHECK(answer.header("WWW-Authenticate") == "Bearer");
    CHECK_THAT(answer.body, !Catch::Contains("s3cr3t"));
}

TEST_CASE("adapter: without an authenticator nobody is let in", "[http]") {
    const Adapter adapter(Store::temporary().value(), Options{.authenticator = {}});
    CHECK(adapter.handle({.method = "GET", .target = "/"}).status == 401);
}

TEST_CASE("adapter: rights are those of reading and of writing", "[http]") {
    const Fixture fixture;
    const auto status = [&](const std::string& method, const std::string& token) {
        return fixture.ask({.method = method, .target = fixture.base + "/versions", .token = token})
            .status;
    };
    CHECK(status("GET", "reader") == 200);
    CHECK(status("HEAD", "reader") == 200);
    CHECK(status("OPTIONS", "reader") == 204);
    CHECK(status("POST", "reader") == 403);
    CHECK(status("PATCH", "reader") == 403);
    CHECK(status("GET", "writer") == 403);
    CHECK(status("OPTIONS", "writer") == 204);
    CHECK(status("POST", "writer") == 415);
}

TEST_CASE("adapter: a head that is in order waits for its body, whatever the method", "[http]") {
    const Fixture fixture;
    const auto early = [&](const std::string& method, const std::string& body) {
        const auto answer =
            fixture.ask_early({.method = method, .target = fixture.base, .body = body});
        return answer ? answer->status : 0;
    };
    CHECK(early("PUT", "{}") == 0);
    CHECK(early("PUT", "") == 415);
    CHECK(early("GET", "") == 0);
    CHECK(early("DELETE", "") == 0);
    CHECK(early("OPTIONS", "") == 204);
    CHECK(early("PATCH", "") == 405);
    CHECK(fixture.get("").status == 200);  // nothing was done
    const auto head = fixture.ask_early({.method = "HEAD", .target = "/o/x"});
    REQUIRE(head);
    CHECK(head->status == 404);
    CHECK(head->body.empty());
}

TEST_CASE("adapter: another organisation's connection is answered as an unknown one", "[http]") {
    Fixture fixture;
    const std::string foreign = fixture.make_connection(umbrella, "Secret");
    const std::string prefix = "/o/" + std::string(acme) + "/connections/";
    const std::string unknown(nobodys_id);
    const std::vector<std::string> tails{"",
                                         "?force",
                                         "/versions",
                                         "/versions/1",
                                         "/versions:import",
                                         "/versions/1/publish",
                                         "/versions/1/actions",
                                         "/versions/1/actions/A",
                                         "/versions/1/definitions/D?force"};
    for (const std::string& tail : tails) {
        for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
            CAPTURE(tail, method);
            Answer one = fixture.ask(method, prefix + foreign + tail, R"({"name":"1"})");
            const Answer other = fixture.ask(method, prefix + unknown + tail, R"({"name":"1"})");
            CHECK(one.status == 404);
            const std::size_t at = one.body.find(foreign);
            if (at != std::string::npos) one.body.replace(at, foreign.size(), unknown);
            CHECK(one.body == other.body);
            CHECK(one.headers.size() == other.headers.size());
            for (std::size_t i = 0; i < one.headers.size(); ++i)
                CHECK(one.headers[i].value == other.headers[i].value);
        }
    }
    CHECK(fixture.store.snapshot()
              .value()
              .find_connection(parse_id<OrganisationId>(umbrella).value(), "Secret")
              .value());
}

TEST_CASE("adapter: a connection's id is a UUID, in either case", "[http]") {
    const Fixture fixture;
    std::string upper = fixture.connection;
    for (char& c : upper)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    const std::string prefix = "/o/" + std::string(acme) + "/connections/";
    CHECK(fixture.get(prefix + upper).status == 200);
    for (const char* id : {"x", "..", "%20", "0", "{}", "%7Bx%7D"})
        CHECK(fixture.get(prefix + id).code() == "connection_not_found");
}

TEST_CASE("adapter: a body over the limit is refused, read or not", "[http]") {
    const Fixture fixture{{}, {.authenticator = {}, .max_body_bytes = 40}};
    const std::string fits = R"({"name":"1"                            })";
    REQUIRE(fits.size() == 40);
    CHECK(fixture.post("/versions", fits + " ").code() == "body_too_large");
    CHECK(fixture.post("/versions", fits + " ").status == 413);
    CHECK(fixture.post("/versions", fits).status == 201);
    CHECK(fixture
              .ask({.method = "POST",
                    .target = fixture.base + "/versions",
                    .body = "{}",
                    .is_body_too_large = true})
              .status == 413);
}

TEST_CASE("adapter: a read ignores its body", "[http]") {
    const Fixture fixture;
    CHECK(fixture.ask("GET", "/versions", "{").status == 200);
    fixture.make_version("1");
    CHECK(fixture.ask("POST", "/versions/1/publish", "{").status == 200);
    CHECK(fixture.ask("DELETE", "/versions/1?force", "{").status == 204);
}

TEST_CASE("adapter: what the host throws is answered in general and told to the host", "[http]") {
    const Fixture broken = failing(std::runtime_error("/etc/secret"));
    const Answer answer = broken.get("");
    CHECK(answer.status == 500);
    CHECK(answer.code() == "internal_error");
    CHECK_THAT(answer.body, !Catch::Contains("secret"));
    REQUIRE(broken.told->size() == 1);
    CHECK_THAT(broken.told->front().message, Catch::Contains("/etc/secret"));
    CHECK(failing(std::bad_alloc()).get("").code() == "service_unavailable");
    CHECK(failing(42).get("").code() == "internal_error");
    CHECK(failing(Error{}).ask("HEAD", "").body.empty());
}

TEST_CASE("adapter: faults of the request are not told to the host", "[http]") {
    const Fixture fixture;
    CHECK(fixture.get("/nope").status == 404);
    CHECK(fixture.told->empty());
}

}  // namespace verso::http
