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
    CHECK(status({{"Host", "localhost"}, {"Accept", "https://evil.example"}}) == 200);
    CHECK(status({}) == 200);  // HTTP 1.0
    CHECK(status({{"host", "evil.example:8080"}}) == 403);
    CHECK(status({{"Host", "localhost"}, {"ORIGIN", "https://evil.example"}}) == 403);
    CHECK(status({{"Host", "localhost"}, {"Origin", "null"}}) == 403);
    CHECK(status({{"Host", "localhost"}, {"Origin", "http://localhost.evil.example"}}) == 403);
}

TEST_CASE("local guard: they are before their body has come", "[server]") {
    const HeadCheck check = only_heads_from_this_machine(
        [](const http::Request& head) -> std::optional<http::Response> {
            if (head.target == "/known") return std::nullopt;
            return http::Response{.status = 404};
        });
    const auto status = [&](std::string_view target, const std::string& host) {
        const auto answer =
            check({.method = "POST", .target = target, .headers = {{"Host", host}}});
        return answer ? answer->status : 0;
    };
    CHECK(status("/known", "localhost") == 0);
    CHECK(status("/unknown", "localhost") == 404);
    CHECK(status("/known", "evil.example") == 403);
}
