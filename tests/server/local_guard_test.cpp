#include "server/local_guard.hpp"

#include <catch2/catch.hpp>

using namespace verso::server;
namespace http = verso::http;

TEST_CASE("local guard: requests that name another machine are forbidden", "[server]") {
    const Handler handler =
        only_from_this_machine([](const http::Request&) { return http::Response{}; });
    const auto status = [&](std::vector<http::Header> headers) {
        return handler({.method = "POST", .target = "/", .headers = std::move(headers)}).status;
    };
    CHECK(status({{"Host", "localhost:8080"}}) == 200);
    CHECK(status({{"Host", "127.0.0.1"}, {"Origin", "http://localhost:3000"}}) == 200);
    CHECK(status({}) == 200);  // HTTP 1.0
    CHECK(status({{"host", "evil.example:8080"}}) == 403);
    CHECK(status({{"Host", "localhost"}, {"ORIGIN", "https://evil.example"}}) == 403);
    CHECK(status({{"Host", "localhost"}, {"Origin", "null"}}) == 403);
    CHECK(status({{"Host", "localhost"}, {"Origin", "http://localhost.evil.example"}}) == 403);
}
