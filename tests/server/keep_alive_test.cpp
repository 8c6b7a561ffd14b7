// Goal: a connection carries request after request, in order, and ends when it should. Method: raw
// bytes over real sockets.
#include "server/running_server.hpp"

#include <catch2/catch.hpp>

using namespace verso::server;
using Catch::StartsWith;

TEST_CASE("keep-alive: one connection carries many requests", "[server]") {
    RunningServer server;
    Client client = server.connect();
    for (int at = 0; at < 1'000; ++at)
        REQUIRE_THAT(client.ask(get("/" + std::to_string(at))).body,
                     StartsWith("GET /" + std::to_string(at) + "\n"));
    CHECK(server->metrics().open_connections() == 1);
}

TEST_CASE("keep-alive: pipelined requests are answered in order", "[server]") {
    const RunningServer server;
    Client client = server.connect();
    std::string requests;
    constexpr int count = 2'000;  // more than any buffer takes at once
    for (int at = 0; at < count; ++at)
        requests += at % 3 == 0 ? post("/" + std::to_string(at), std::string(50, 'x'))
                                : get("/" + std::to_string(at));
    client.send(requests);
    for (int at = 0; at < count; ++at) {
        const auto answer = client.receive();
        REQUIRE(answer);
        const std::string method = at % 3 == 0 ? "POST" : "GET";
        REQUIRE_THAT(answer->body, StartsWith(method + " /" + std::to_string(at) + "\n"));
    }
}

TEST_CASE("keep-alive: pipelined long answers do not mix", "[server]") {
    const RunningServer server([](const verso::http::Request& request) -> verso::http::Response {
        return {.body = std::string(300'000, request.target.back())};
    });
    Client client = server.connect();
    client.send(get("/a") + get("/b") + get("/c"));
    for (const char each : {'a', 'b', 'c'})
        CHECK(client.receive()->body == std::string(300'000, each));
}

TEST_CASE("keep-alive: a client may ask for the end, and what follows is not read", "[server]") {
    const RunningServer server;
    Client client = server.connect();
    client.send(get("/1") + get("/2", "Connection: foo, Close\r\n") + get("/3"));
    CHECK(client.receive()->header("connection").empty());
    CHECK(client.receive()->header("connection") == "close");
    CHECK(client.is_closed());
}

TEST_CASE("keep-alive: HTTP 1.0 ends after one answer unless it asks otherwise", "[server]") {
    const RunningServer server;
    Client once = server.connect();
    CHECK(once.ask("GET / HTTP/1.0\r\n\r\n").header("connection") == "close");
    CHECK(once.is_closed());
    Client kept = server.connect();
    for (int times = 0; times < 2; ++times)
        CHECK(kept.ask("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").header("connection") ==
              "keep-alive");
}

TEST_CASE("keep-alive: empty lines before a request are passed over", "[server]") {
    const RunningServer server;
    Client client = server.connect();
    CHECK(client.ask("\r\n\r\n" + get("/1")).status == 200);
    client.send("\r");
    CHECK(client.ask("\n" + get("/2")).status == 200);
}

TEST_CASE("keep-alive: a client that sends nothing more still gets its answers", "[server]") {
    const RunningServer server;
    Client client = server.connect();
    client.send(get("/1") + get("/2"));
    client.end();
    CHECK_THAT(client.receive()->body, StartsWith("GET /1"));
    CHECK_THAT(client.receive()->body, StartsWith("GET /2"));
    CHECK(client.is_closed());
}

TEST_CASE("keep-alive: many clients at once get their own answers", "[server]") {
    RunningServer server;
    std::vector<Client> clients;
    for (int at = 0; at < 200; ++at) clients.push_back(server.connect());
    for (int round = 0; round < 5; ++round) {
        for (std::size_t at = 0; at < clients.size(); ++at)
            clients[at].send(get("/" + std::to_string(at)));
        for (std::size_t at = 0; at < clients.size(); ++at)
            REQUIRE_THAT(clients[at].receive()->body,
                         StartsWith("GET /" + std::to_string(at) + "\n"));
    }
    clients.clear();
    CHECK(becomes_true([&] { return server->metrics().open_connections() == 0; }));
}
