#include "server/response_writer.hpp"

#include <catch2/catch.hpp>

using namespace verso::server;
using Catch::Contains;
using Catch::StartsWith;
namespace http = verso::http;

namespace {

std::string head_of(const http::Response& response, const Framing& framing = {}) {
    std::string out;
    append_head(out, response, framing);
    return out;
}

}  // namespace

TEST_CASE("response: the head names the status and the length", "[server]") {
    CHECK_THAT(head_of({.status = 404, .body = "gone"}),
               StartsWith("HTTP/1.1 404 Not Found\r\nDate: ") &&
                   Catch::EndsWith("\r\nContent-Length: 4\r\n\r\n"));
    CHECK_THAT(head_of({.status = 299}), StartsWith("HTTP/1.1 299 "));
}

TEST_CASE("response: how it is framed is for the server to say", "[server]") {
    const std::string head = head_of({.headers = {{"content-length", "99"},
                                                  {"Transfer-Encoding", "chunked"},
                                                  {"CONNECTION", "upgrade"},
                                                  {"Date", "yesterday"},
                                                  {"ETag", "\"1\""}},
                                      .body = "1234"});
    CHECK_THAT(head, !Contains("99") && !Contains("chunked") && !Contains("upgrade") &&
                         !Contains("yesterday") && Contains("ETag: \"1\"\r\n") &&
                         Contains("Content-Length: 4\r\n"));
}

TEST_CASE("response: a header that would break the head is left out", "[server]") {
    const std::string head = head_of({.headers = {{"Location", "/a\r\nSet-Cookie: b"},
                                                  {"X\n", "c"},
                                                  {"Y", std::string("d\0", 2)},
                                                  {"Z", "z"}}});
    CHECK_THAT(head, !Contains("Cookie") && !Contains("X") && !Contains("Y:") && Contains("Z: z"));
}

TEST_CASE("response: some have neither body nor length", "[server]") {
    for (const unsigned status : {204U, 304U}) {
        CHECK_THAT(head_of({.status = status, .body = "x"}), !Contains("Content-Length"));
        CHECK_FALSE(has_body({.status = status, .body = "x"}, {}));
    }
    CHECK_FALSE(has_body({.body = "x"}, {.is_head = true}));
    CHECK_THAT(head_of({}, {.is_head = true}), !Contains("Content-Length"));
    CHECK_THAT(head_of({}), Contains("Content-Length: 0\r\n"));
}

TEST_CASE("response: the end of a connection is told, and its going on to HTTP 1.0", "[server]") {
    CHECK_THAT(head_of({}, {.closes = true}), Contains("Connection: close\r\n"));
    CHECK_THAT(head_of({}, {.is_http_10 = true}), Contains("Connection: keep-alive\r\n"));
    CHECK_THAT(head_of({}), !Contains("Connection"));
}
