// Goal: what two readers could read in two ways is refused, and the connection ends with it, so
// that nothing smuggled behind it is taken for a request. Method: a table of requests, each of
// which is wrong in one way and has a second request behind it.
#include "server/running_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <string>
#include <vector>

using namespace verso::server;
using Catch::Contains;

namespace {

struct Case {
    const char* what;
    std::string request;
    int status = 400;
};

std::string with_headers(const std::string& headers, const std::string& body = "") {
    return "POST /x HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body;
}

std::string chunked(const std::string& body) {
    return with_headers("Transfer-Encoding: chunked\r\n", body);
}

const std::vector<Case> framing_cases{
    {"a length and chunks",
     with_headers("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"chunks and a length",
     with_headers("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
    {"two lengths", with_headers("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")},
    {"two equal lengths", with_headers("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
    {"a list of lengths", with_headers("Content-Length: 5, 5\r\n", "hello")},
    {"a signed length", with_headers("Content-Length: +5\r\n", "hello")},
    {"a negative length", with_headers("Content-Length: -5\r\n", "hello")},
    {"a hexadecimal length", with_headers("Content-Length: 0x5\r\n", "hello")},
    {"an empty length", with_headers("Content-Length:\r\n")},
    {"a length with a space", with_headers("Content-Length: 1 0\r\n", "hello")},
    {"a length beyond 64 bits", with_headers("Content-Length: 18446744073709551621\r\n", "hello")},
    {"another coding", with_headers("Transfer-Encoding: gzip\r\n"), 501},
    {"another coding before chunked", with_headers("Transfer-Encoding: gzip, chunked\r\n"), 501},
    {"chunked before another coding", with_headers("Transfer-Encoding: chunked, identity\r\n"),
     501},
    {"a coding like chunked", with_headers("Transfer-Encoding: xchunked\r\n"), 501},
    {"chunked with a control character", with_headers("Transfer-Encoding: \vchunked\r\n")},
    {"chunked twice",
     with_headers("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"chunked in HTTP 1.0",
     "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"a chunk of no size", chunked("\r\nhello\r\n0\r\n\r\n")},
    {"a chunk size that is no number", chunked("five\r\nhello\r\n0\r\n\r\n")},
    {"a chunk size with a prefix", chunked("0x5\r\nhello\r\n0\r\n\r\n")},
    {"a negative chunk size", chunked("-5\r\nhello\r\n0\r\n\r\n")},
    {"a chunk size beyond 64 bits", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n")},
    {"a chunk longer than its size", chunked("3\r\nhello\r\n0\r\n\r\n")},
    {"a chunk size ended by LF alone", chunked("5\nhello\r\n0\r\n\r\n")},
    {"a chunk size ended by CR alone", chunked("5\rXhello\r\n0\r\n\r\n")},
    {"a chunk extension that is none", chunked("5 hello\r\nhello\r\n0\r\n\r\n")},
    {"trailers that are none", chunked("0\r\nno trailer\r\n\r\n")},
};

const std::vector<Case> header_cases{
    {"lines ended by LF alone", "GET /x HTTP/1.1\nHost: h\n\n"},
    {"one header ended by LF alone", with_headers("A: b\nC: d\r\n")},
    {"a header section ended by LF alone", "GET /x HTTP/1.1\r\nHost: h\r\n\n"},
    {"a CR within a header", with_headers("A: b\rC: d\r\n")},
    {"a folded header", with_headers("A: b\r\n c\r\n")},
    {"a header folded by a tab", with_headers("A: b\r\n\tc\r\n")},
    {"a folded first header", "GET /x HTTP/1.1\r\n Host: h\r\n\r\n"},
    {"a space before the colon", with_headers("Content-Length : 5\r\n", "hello")},
    {"a tab before the colon", with_headers("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n")},
    {"a header without a name", with_headers(": b\r\n")},
    {"a header without a colon", with_headers("Content-Length 5\r\n")},
    {"a name with a control character", with_headers(std::string("A\x01: b\r\n"))},
    {"a NUL in a value", with_headers(std::string("A: b\0c\r\n", 8))},
    {"a value with a control character", with_headers("A: b\x7f\r\n")},
    {"no host", "GET /x HTTP/1.1\r\nA: b\r\n\r\n"},
    {"no headers", "GET /x HTTP/1.1\r\n\r\n"},
    {"two hosts", with_headers("Host: h\r\n")},
    {"a host with a path", "GET /x HTTP/1.1\r\nHost: h/x\r\n\r\n"},
    {"two hosts in one", "GET /x HTTP/1.1\r\nHost: h, i\r\n\r\n"},
    {"a host with a user", "GET /x HTTP/1.1\r\nHost: u@h\r\n\r\n"},
    {"an expectation of another kind", with_headers("Expect: 200-ok\r\n"), 417},
};

const std::vector<Case> line_cases{
    {"no method", " /x HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a method with a bracket", "G(T /x HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"two spaces", "GET  /x HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"no target", "GET HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"no version", "GET /x\r\nHost: h\r\n\r\n"},
    {"a space in the target", "GET /x y HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a tab in the target", "GET /x\ty HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a control character in the target", "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a fragment", "GET /x#y HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a target without a slash", "GET x HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a target of another scheme", "GET ftp://h/x HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"an absolute target without a host", "GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"an asterisk to GET", "GET * HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a version in lower case", "GET /x http/1.1\r\nHost: h\r\n\r\n"},
    {"a version of two digits", "GET /x HTTP/1.10\r\nHost: h\r\n\r\n"},
    {"a version behind two spaces", "GET /x  HTTP/1.1\r\nHost: h\r\n\r\n"},
    {"a space behind the version", "GET /x HTTP/1.1 \r\nHost: h\r\n\r\n"},
    {"HTTP 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"a later version", "GET /x HTTP/3.0\r\nHost: h\r\n\r\n", 505},
    {"a tunnel", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 405},
    {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
    {"HTTP 0.9", "GET /x\r\n"},
};

void check(const RunningServer& server, const Case& each) {
    INFO(each.what);
    Client client = server.connect();
    client.send(each.request + get("/smuggled"));
    client.end();
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->status == each.status);
    CHECK(answer->header("connection") == "close");
    CHECK(answer->header("content-type") == "application/json");
    CHECK_THAT(answer->body, Contains("{\"code\":\"") && Contains("\"message\":\""));
    CHECK(client.receive_all().empty());
}

}  // namespace

TEST_CASE("malformed: a body whose end is in doubt is refused with all behind it", "[server]") {
    const RunningServer server;
    for (const Case& each : framing_cases) check(server, each);
}

TEST_CASE("malformed: a header section that is not plain is refused", "[server]") {
    const RunningServer server;
    for (const Case& each : header_cases) check(server, each);
}

TEST_CASE("malformed: a request line that is not plain is refused", "[server]") {
    const RunningServer server;
    for (const Case& each : line_cases) check(server, each);
}

TEST_CASE("malformed: the same is refused when it comes byte by byte", "[server]") {
    const RunningServer server;
    for (const auto* cases : {&framing_cases, &header_cases, &line_cases}) {
        for (const Case& each : *cases) {
            INFO(each.what);
            Client client = server.connect();
            for (const char byte : each.request)
                if (!client.send({&byte, 1})) break;
            client.end();
            const auto answer = client.receive();
            REQUIRE(answer);
            CHECK(answer->status == each.status);
            CHECK(client.receive_all().empty());
        }
    }
}

TEST_CASE("malformed: a request that ends early is refused, and never reaches the handler",
          "[server]") {
    std::atomic<int> handled{0};
    const RunningServer server([&](const verso::http::Request& request) {
        ++handled;
        return echo(request);
    });
    for (const std::string& whole :
         {get("/x"), post("/x", "hello"), chunked("5\r\nhello\r\n0\r\n\r\n")}) {
        for (std::size_t size = 1; size < whole.size(); ++size) {
            Client client = server.connect();
            client.send(whole.substr(0, size));
            client.end();
            const auto answer = client.receive();
            REQUIRE(answer);
            CHECK(answer->status == 400);
            CHECK(client.is_closed());
        }
    }
    CHECK(handled == 0);
}
