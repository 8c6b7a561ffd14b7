// Goal:   credentials, media types and conditions are found in headers as the standards write them.
// Method: tables of header fields, well and badly formed.

#include "http/headers.hpp"

#include "domain/failure.hpp"
#include "http/conditions.hpp"
#include "http/credential.hpp"
#include "http/media_type.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace verso::http {
namespace {

Request with(std::vector<Header> headers) {
    return {.method = "GET", .target = "/", .headers = std::move(headers)};
}

/// The credential's value, behind `cookie:` or `bearer:`; `none`.
std::string credential_of(const std::vector<Header>& headers,
                          std::string_view cookie_name = "cookie") {
    const Request request = with(headers);
    const auto found = find_credential(request, cookie_name);
    if (!found) return "none";
    return (found->source == CredentialSource::cookie ? "cookie:" : "bearer:") +
           std::string(found->value);
}

bool is_taken(const std::vector<Header>& headers) {
    const auto checked = guarded([&] { require_json(with(headers)); });
    if (checked) return true;
    CHECK(checked.error().code == Errc::media_type_unsupported);
    return false;
}

Result<Conditions> conditions_of(const std::vector<Header>& headers) {
    return guarded([&] { return read_conditions(with(headers)); });
}

bool allows(const std::string& if_match, std::optional<std::uint64_t> revision = 7) {
    return conditions_of({{"If-Match", if_match}}).value().allow_write(revision);
}

}  // namespace

TEST_CASE("credential: a cookie is found by its name, case-sensitive", "[http]") {
    CHECK(credential_of({{"Cookie", "cookie=abc"}}) == "cookie:abc");
    CHECK(credential_of({{"cookie", "a=1; cookie=abc ;b=2"}}) == "cookie:abc");
    CHECK(credential_of({{"Cookie", "cookie; ; cookie=abc"}}) == "cookie:abc");
    CHECK(credential_of({{"Cookie", "a=1"}, {"Cookie", "cookie=abc"}}) == "cookie:abc");
    CHECK(credential_of({{"Cookie", "cookie=a=b"}}) == "cookie:a=b");
    CHECK(credential_of({{"Cookie", "cookie=\"abc\""}}) == "cookie:abc");
    CHECK(credential_of({{"Cookie", "cookie="}}) == "cookie:");
    CHECK(credential_of({{"Cookie", "session=x"}}, "session") == "cookie:x");
    for (const char* value : {"", ";", "cookie", "Cookie=abc", "mycookie=abc", "a=cookie=abc"})
        CHECK(credential_of({{"Cookie", value}}) == "none");
}

TEST_CASE("credential: of two cookies of one name the first counts", "[http]") {
    CHECK(credential_of({{"Cookie", "cookie=a; cookie=b"}}) == "cookie:a");
    CHECK(credential_of({{"Cookie", "cookie=a"}, {"Cookie", "cookie=b"}}) == "cookie:a");
}

TEST_CASE("credential: a bearer token counts before a cookie", "[http]") {
    CHECK(credential_of({{"Authorization", "Bearer t"}}) == "bearer:t");
    CHECK(credential_of({{"AUTHORIZATION", "bEARER   t "}}) == "bearer:t");
    CHECK(credential_of({{"Cookie", "cookie=a"}, {"Authorization", "Bearer t"}}) == "bearer:t");
    CHECK(credential_of({{"Cookie", "cookie=a"}, {"Authorization", "Basic t"}}) == "cookie:a");
    CHECK(credential_of({{"Authorization", "Bearers t"}}) == "none");
    CHECK(credential_of({{"Authorization", ""}}) == "none");
}

TEST_CASE("media type: JSON and its relatives in UTF-8 are taken", "[http]") {
    for (const char* value :
         {"application/json", "Application/JSON", "application/json; charset=utf-8",
          "application/json;charset=\"UTF-8\"", "application/problem+json",
          "application/json ; x=y", "application/vnd.api+json; version=1"})
        CHECK(is_taken({{"content-type", value}}));
    for (const char* value : {"", "text/plain", "application/x-www-form-urlencoded", "json",
                              "application/json5", "application/+json", "application/", "/json",
                              "text/json", "application/json; charset=latin1",
                              "application/json, application/json", "multipart/form-data"})
        CHECK_FALSE(is_taken({{"content-type", value}}));
    CHECK_FALSE(is_taken({}));
    CHECK_FALSE(
        is_taken({{"Content-Type", "application/json"}, {"Content-Type", "application/json"}}));
}

TEST_CASE("conditions: If-Match names revisions, or any", "[http]") {
    CHECK(allows("\"7\""));
    CHECK(allows("*"));
    CHECK(allows(" \"6\" , \"7\""));
    CHECK(allows(",, \"7\","));
    CHECK_FALSE(allows("\"6\""));
    CHECK_FALSE(allows("\"07\""));
    CHECK_FALSE(allows("\"\""));
    CHECK_FALSE(allows("W/\"7\""));
    CHECK_FALSE(allows("\"7\"", std::nullopt));
    CHECK(allows("*", std::nullopt));
}

TEST_CASE("conditions: several fields are one list", "[http]") {
    const auto both = conditions_of({{"If-Match", "\"6\""}, {"if-match", "\"7\""}});
    CHECK(both.value().allow_write(7));
    CHECK(both.value().allow_write(6));
    CHECK_FALSE(both.value().allow_write(8));
}

TEST_CASE("conditions: If-None-Match refuses a write to what it names", "[http]") {
    CHECK_FALSE(conditions_of({{"If-None-Match", "*"}}).value().allow_write(7));
    CHECK_FALSE(conditions_of({{"If-None-Match", "W/\"7\""}}).value().allow_write(7));
    CHECK(conditions_of({{"If-None-Match", "\"8\""}}).value().allow_write(7));
    CHECK(conditions_of({}).value().allow_write(7));
}

TEST_CASE("conditions: what is no list of entity tags is refused", "[http]") {
    for (const char* value : {"", " ", "7", "\"7", "7\"", "\"7\" \"8\"", "w/\"7\"", "W/7",
                              "* ,\"7\"", "\"7\", *", "**", ",", "\"a b\"", "\"7\"x", "\"a\tb\""}) {
        CAPTURE(value);
        for (const char* name : {"If-Match", "If-None-Match"}) {
            const auto conditions = conditions_of({{name, value}});
            REQUIRE(conditions.has_error());
            CHECK(conditions.error().code == Errc::request_invalid);
            CHECK(conditions.error().fields.front().field == name);
        }
    }
    CHECK(conditions_of({{"If-Match", "*"}, {"If-Match", "\"7\""}}).has_error());
    CHECK(conditions_of({{"If-Match", "\"7\""}, {"If-Match", "*"}}).has_error());
}

}  // namespace verso::http
