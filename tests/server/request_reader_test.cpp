// Goal: what is read of a request depends on its bytes alone, not on the pieces they come in.
// Method: each request is read whole, and again cut at every two places.
#include "server/read_outcome.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

using namespace verso::server;

TEST_CASE("request: it is read the same in whatever pieces it comes", "[server]") {
    constexpr ReadLimits limits{.max_header_bytes = 200, .max_body_bytes = 20};
    const std::string chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string& sent : {
             std::string("GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
             std::string("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"),
             chunked + "0\r\n\r\n",
             chunked + "0\r\nT: t\r\n\r\n",
             chunked + "0;a\r\n\r\n",
             chunked + "00\r\n\r\n",
             chunked + "1\r\na\r\n0\r\n\r\n",
             chunked + "3;a=\"b\"\r\nabc\r\n2\r\nde\r\n0\r\nT: t\r\n\r\n",
             chunked + "5\r\nhello\r\n10\r\n",
             chunked + "0\r\nno trailer\r\n\r\n",
             chunked + "0 \r\n\r\n",
             chunked + "z\r\n\r\n",
             chunked + "0\rX\r\n\r\n",
             chunked + "1\r\nab\r\n0\r\n\r\n",
             chunked + "0\r\n",
         }) {
        const std::string whole = read_outcome(limits, {sent});
        const std::string_view text = sent;
        for (std::size_t first = 0; first <= text.size(); ++first) {
            for (std::size_t second = first; second <= text.size(); ++second) {
                INFO(sent << "\ncut at " << first << " and " << second);
                REQUIRE(
                    read_outcome(limits, {text.substr(0, first), text.substr(first, second - first),
                                          text.substr(second)}) == whole);
            }
        }
    }
}

// Source: RFC 9110, 5.6.2 and 7.2
TEST_CASE("request: a host has the characters of a name, a port and an address", "[server]") {
    constexpr ReadLimits limits{.max_header_bytes = 200, .max_body_bytes = 20};
    const std::string allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~:[]";
    for (int code = 0; code < 256; ++code) {
        const std::string host = std::string("a") + static_cast<char>(code) + "b";
        CAPTURE(code);
        const std::string request = "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        const std::string outcome = read_outcome(limits, {request});
        CHECK(outcome.starts_with("GET /\n") == (allowed.find(host[1]) != allowed.npos));
    }
}
