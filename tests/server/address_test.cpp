#include "server/address.hpp"

#include <catch2/catch.hpp>

using namespace verso::server;

TEST_CASE("address: an address and a port are read", "[server]") {
    const auto local = parse_listen_address("127.0.0.1:8080");
    REQUIRE(local);
    CHECK(local->address == "127.0.0.1");
    CHECK(local->port == 8080);
    CHECK(local->is_loopback);
    CHECK(parse_listen_address("localhost:0")->address == "127.0.0.1");
    CHECK(parse_listen_address("[::1]:80")->is_loopback);
    CHECK_FALSE(parse_listen_address("0.0.0.0:80")->is_loopback);
    CHECK_FALSE(parse_listen_address("[::]:80")->is_loopback);
    CHECK_FALSE(parse_listen_address("192.0.2.1:80")->is_loopback);
}

TEST_CASE("address: anything else is none", "[server]") {
    for (const char* text : {"", ":", ":80", "80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
                             "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80 ", "example.com:80",
                             "::1:80x", "[::1]", "[::1]80", "[::1:80", "1.2.3:80"}) {
        INFO(text);
        CHECK_FALSE(parse_listen_address(text));
    }
}

TEST_CASE("address: a host is this machine's own or it is not", "[server]") {
    for (const char* host :
         {"localhost", "LOCALHOST:80", "127.0.0.1:8080", "127.9.9.9", "[::1]:80"})
        CHECK(is_loopback_host(host));
    for (const char* host : {"", "example.com", "localhost.example.com:80", "192.0.2.1", "[::2]",
                             "127.0.0.1.example.com", "0.0.0.0:80"})
        CHECK_FALSE(is_loopback_host(host));
}
