// Goal:   whatever comes in, there is an answer, and a fault is always an error object.
// Method: known attacks, and random bytes in every part of a request. The seeds are fixed.

#include "http/fixture.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <span>

namespace verso::http {
namespace {

/// Every answer is one that the contract knows.
void check_answer(const Answer& answer, bool is_head = false) {
    CAPTURE(answer.status, answer.body);
    constexpr std::array statuses{200U, 201U, 204U, 304U, 400U, 401U, 403U,
                                  404U, 405U, 409U, 412U, 413U, 415U};
    CHECK(std::find(statuses.begin(), statuses.end(), answer.status) != statuses.end());
    if (answer.status < 400 || is_head) return;
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK_FALSE(answer.code().empty());
    CHECK(answer.at("/message").size() > 2);
}

class Bytes {
public:
    explicit Bytes(unsigned seed) : random_(seed) {}
    std::size_t below(std::size_t limit) { return random_() % limit; }
    std::string text(std::size_t max_size) {
        std::string text;
        for (std::size_t size = below(max_size + 1); size > 0; --size)
            text += static_cast<char>(below(256));
        return text;
    }
    template <class Item>
    const Item& of(std::span<const Item> items) {
        return items[below(items.size())];
    }
    /// The text with some bytes changed, removed or put in.
    std::string mangled(std::string text) {
        for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
            const std::size_t at = below(text.size() + 1);
            if (below(2) == 0) text.insert(at, this->text(3));
            if (at < text.size()) text[at] = static_cast<char>(below(256));
            if (at < text.size() && below(3) == 0) text.erase(at, 1 + below(4));
        }
        return text;
    }

private:
    std::mt19937 random_;
};

struct Filled : Fixture {
    Filled() {
        make_version("1");
        REQUIRE(post("/versions/1/definitions", definitions({definition("D")})).status == 201);
        REQUIRE(post("/versions/1/actions", action("A", "D")).status == 201);
        make_version("2");
        publish("2");
    }
};

}  // namespace

TEST_CASE("hostile: names of paths reach no file and no other thing", "[http]") {
    const Filled fixture;
    for (const char* name :
         {"..", "../..", "..%2F..%2Fetc%2Fpasswd", "%2e%2e", "%2E", ".", "~", "%5c",
          "%0d%0aSet-Cookie:x=y", "%7f", "%1b[2J", "%E2%80%AE", "%F0%9F%98%80"}) {
        CAPTURE(name);
        for (const std::string head : {"/versions/", "/versions/1/actions/"}) {
            const Answer answer = fixture.get(head + name);
            check_answer(answer);
            CHECK(answer.status == 404);
        }
    }
    for (const char* name : {"%00", "1%00", "%ff", "%C0%80", "%ED%A0%80", "%", "%2", "%u0031"}) {
        CAPTURE(name);
        CHECK(fixture.get("/versions/" + std::string(name)).code() == "request_invalid");
        CHECK(fixture.get("/versions/1/actions?name=" + std::string(name)).code() ==
              "request_invalid");
    }
}

TEST_CASE("hostile: no header can be put into an answer", "[http]") {
    const Fixture fixture;
    const Answer created = fixture.post("/versions", R"({"name":"1\u2028é\"<>"})");
    CHECK(created.status == 201);
    CHECK(created.header("Location") == fixture.base + "/versions/1%E2%80%A8%C3%A9%22%3C%3E");
    CHECK(fixture.post("/versions", R"({"name":"1\r\nX: y"})").code() == "name_invalid");
}

TEST_CASE("hostile: JSON that is made to hurt is refused", "[http]") {
    const Filled fixture;
    const std::string deep(200'000, '[');
    std::string many = "{";
    for (int i = 0; i < 1'000; ++i) many += "\"k" + std::to_string(i) + "\":1,";
    for (const std::string& body :
         {deep, "{\"a\":" + deep, std::string("{\"name\":1e400}"),
          std::string("{\"name\":") + std::string(100'000, '9') + "}",
          std::string(R"({"name":"a","name":"a"})"), many + "\"k0\":1}", many + "\"z\":1}",
          std::string("{\"name\":\"\xff\"}"), std::string(R"({"name":"\ud800"})"),
          std::string(1'000, '{'), std::string("\xEF\xBB\xBF{}"), std::string("{} {}"),
          std::string("{\"name\":\"a\0\"}", 12), std::string("NaN"), std::string("// x\n{}")}) {
        for (const char* path :
             {"/versions", "/versions:import", "/versions/1/actions", "/versions/1/definitions"}) {
            const Answer answer = fixture.post(path, body);
            check_answer(answer);
            CHECK(answer.status == 400);
            CHECK(answer.body.size() < 64 * 1024);
        }
    }
    CHECK(fixture.get("/versions").at("/totalCount") == "2");
}

TEST_CASE("hostile: documents are as deep as the store allows, wherever they stand", "[http]") {
    const auto [limit, deepest] =
        GENERATE(std::pair(8U, 8U), std::pair(std::numeric_limits<unsigned>::max(), 1'000U));
    const Fixture fixture{{.document = {.max_depth = limit}}};
    fixture.make_version("1");
    const auto nested = [](unsigned levels) {
        return std::string(levels, '[') + std::string(levels, ']');
    };
    const auto definition_of_depth = [&](unsigned depth) {
        const std::string plain = definition("D" + std::to_string(depth));
        return plain.substr(0, plain.size() - 1) + ",\"x\":" + nested(depth - 1) + "}";
    };
    const auto connection_of_depth = [&](unsigned depth) {
        return R"({"properties":{"x":)" + nested(depth - 1) + "}}";
    };
    const std::string taken = definition_of_depth(deepest);
    CHECK(fixture.post("/versions/1/definitions", definitions({taken})).status == 201);
    const Answer deep =
        fixture.post("/versions/1/definitions", definitions({definition_of_depth(deepest + 1)}));
    CHECK(deep.status == 400);
    CHECK(deep.code() == "limit_exceeded");
    const std::string one = "/versions/1/definitions/D" + std::to_string(deepest);
    CHECK(fixture.put(one, taken).status == 200);
    CHECK(fixture.put(one, definition_of_depth(deepest + 1)).code() == "limit_exceeded");
    CHECK(fixture.put("", connection_of_depth(deepest)).status == 200);
    CHECK(fixture.put("", connection_of_depth(deepest + 1)).code() == "limit_exceeded");
}

TEST_CASE("hostile: random bytes in every part of a request have an answer", "[http]") {
    const Filled fixture;
    Bytes bytes(7);
    for (int round = 0; round < 5'000; ++round) {
        const Asked asked{.method = bytes.text(6),
                          .target = bytes.text(60),
                          .body = bytes.text(80),
                          .headers = {{bytes.text(12), bytes.text(30)},
                                      {"Cookie", bytes.text(30)},
                                      {"If-Match", bytes.text(8)}},
                          .content_type = bytes.text(20),
                          .token = bytes.below(2) == 0 ? "acme" : bytes.text(8)};
        check_answer(fixture.ask(asked));
    }
}

TEST_CASE("hostile: requests that are nearly right have an answer", "[http]") {
    const Filled fixture;
    const std::array<std::string, 7> methods{"GET",    "HEAD",    "POST", "PUT",
                                             "DELETE", "OPTIONS", "PATCH"};
    const std::array<std::string, 12> tails{"",
                                            "?force",
                                            "/versions?first=5",
                                            "/versions:import",
                                            "/versions/1",
                                            "/versions/latest/publish",
                                            "/versions/2/unpublish?",
                                            "/versions/1/actions?name=a&first=1",
                                            "/versions/1/actions/A",
                                            "/versions/1/definitions?force=true",
                                            "/versions/1/definitions/D?force=false",
                                            "/versions/1/parameters"};
    const std::array<std::string, 6> bodies{
        R"({"name":"3","fromVersion":"1"})",
        R"({"names":["D"]})",
        action("A", "D"),
        definitions({definition("E", R"({"$ref":"#/$defs/D"})")}),
        parameter("P"),
        R"({"description":"x","isDefault":true})"};
    const std::array<std::string, 5> conditions{"*", "\"1\"", "W/\"2\", \"3\"", "\"9\"", "x"};
    Bytes bytes(11);
    for (int round = 0; round < 4'000; ++round) {
        Asked asked{.method = bytes.of(std::span<const std::string>(methods)),
                    .target = fixture.base + bytes.of(std::span<const std::string>(tails)),
                    .body = bytes.of(std::span<const std::string>(bodies))};
        if (bytes.below(4) == 0)
            asked.headers = {{bytes.below(2) == 0 ? "If-Match" : "If-None-Match",
                              bytes.of(std::span<const std::string>(conditions))}};
        const std::size_t what = bytes.below(5);
        if (what == 0) asked.target = bytes.mangled(asked.target);
        if (what == 1) asked.body = bytes.mangled(asked.body);
        if (what == 2) asked.content_type = bytes.mangled(*asked.content_type);
        const bool takes_all_away =
            asked.target.ends_with("?force") || asked.target.ends_with("/versions/1");
        if (asked.method == "DELETE" && takes_all_away) continue;
        CAPTURE(asked.method, asked.target, asked.body);
        check_answer(fixture.ask(asked), asked.method == "HEAD");
    }
    CHECK(fixture.told->empty());
}

}  // namespace verso::http
