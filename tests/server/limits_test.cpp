// Goal: no client takes more than it is granted. Method: small limits, and clients that overdo it.
#include "server/running_server.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace verso::server;
using Catch::Contains;

TEST_CASE("limits: a header section up to the limit is read, and a longer one is 431", "[server]") {
    ServerOptions options = any_port();
    options.max_header_bytes = 1'000;
    const RunningServer server(options);
    const std::size_t plain = get("/", "A: \r\n").size();
    CHECK(server.ask(get("/", "A: " + std::string(1'000 - plain, 'x') + "\r\n")).status == 200);
    const Answer longer = server.ask(get("/", "A: " + std::string(1'001 - plain, 'x') + "\r\n"));
    CHECK(longer.status == 431);
    CHECK_THAT(longer.body, Contains("limit_exceeded") && Contains("1000 bytes"));
    CHECK(server.ask(get("/" + std::string(1'000, 'x'))).status == 431);
}

TEST_CASE("limits: headers without end are cut off", "[server]") {
    const RunningServer server;
    for (const std::string& piece : {std::string(1'000, 'x'), std::string("A: b\r\n")}) {
        Client client = server.connect();
        client.send("GET / HTTP/1.1\r\nHost: h\r\nX: y");
        for (int times = 0; times < 100'000; ++times)
            if (!client.send(piece)) break;
        const std::string answer = client.receive_all();
        CHECK((answer.empty() || answer.starts_with("HTTP/1.1 431 ")));
    }
}

TEST_CASE("limits: a body beyond the limit is not read, and the handler says so", "[server]") {
    ServerOptions options = any_port();
    options.max_body_bytes = 1'000;
    const RunningServer server(options);
    CHECK(server.ask(post("/", std::string(1'000, 'x'))).status == 200);
    Client client = server.connect();
    client.send(post("/", std::string(1'001, 'x')) + get("/behind"));
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->status == 413);
    CHECK(answer->header("connection") == "close");
    CHECK(client.receive_all().empty());
    // A client that asks before it sends is told at once.
    CHECK(server
              .ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\nExpect: "
                   "100-continue\r\n\r\n")
              .status == 413);
    CHECK(server.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\n")
              .status == 413);
}

TEST_CASE("limits: chunks without end reach the limit of a body", "[server]") {
    ServerOptions options = any_port();
    options.max_body_bytes = 100'000;
    const RunningServer server(options);
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string& chunk :
         {std::string("1\r\nx\r\n"), "1000\r\n" + std::string(0x1000, 'x') + "\r\n",
          std::string("ffffffff\r\n")}) {
        Client client = server.connect();
        client.send(head);
        for (int times = 0; times < 100'001; ++times)
            if (!client.send(chunk)) break;
        const auto answer = client.receive();
        CHECK((!answer || answer->status == 413));
    }
    Client exact = server.connect();
    exact.send(head + "186a0\r\n" + std::string(100'000, 'x') + "\r\n0\r\n\r\n");
    CHECK(exact.receive()->status == 200);
}

TEST_CASE("limits: a chunk header and trailers without end are cut off", "[server]") {
    const RunningServer server;
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string& body :
         {"1;" + std::string(100'000, 'x'), "0\r\nA: " + std::string(100'000, 'x')}) {
        const Answer answer = server.ask(head + body);
        CHECK(answer.status == 431);
        CHECK(answer.header("connection") == "close");
    }
}

TEST_CASE("limits: all bodies together have one limit", "[server]") {
    ServerOptions options = any_port();
    options.max_bodies_bytes = 100'000;
    RunningServer server(options);
    const std::string begun =
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\n\r\n" + std::string(60'000, 'x');
    {
        Client first = server.connect();
        first.send(begun);
        Client second = server.connect();
        second.send(begun);
        // Whichever comes second is refused, and the other one is not.
        REQUIRE(becomes_true([&] {
            return server->metrics().text().find("status=\"5xx\"} 1\n") != std::string::npos;
        }));
        first.send(std::string(10'000, 'x'));
        second.send(std::string(10'000, 'x'));
        const int one = first.receive()->status;
        const int other = second.receive()->status;
        CHECK(std::min(one, other) == 200);
        CHECK(std::max(one, other) == 503);
    }
    // What was held is given back.
    CHECK(becomes_true(
        [&] { return server.ask(post("/", std::string(90'000, 'x'))).status == 200; }));
}

TEST_CASE("limits: a connection too many is told so and closed", "[server]") {
    ServerOptions options = any_port();
    options.max_connections = 3;
    const RunningServer server(options);
    std::vector<Client> clients;
    for (int at = 0; at < 3; ++at) {
        clients.push_back(server.connect());
        CHECK(clients.back().ask(get("/")).status == 200);
    }
    {
        Client further = server.connect();
        const auto answer = further.receive();
        REQUIRE(answer);
        CHECK(answer->status == 503);
        CHECK(answer->header("retry-after") == "1");
        further.end();
        CHECK(further.is_closed());
    }
    CHECK(clients.front().ask(get("/")).status == 200);
    clients.clear();
    CHECK(becomes_true([&] {
        Client again = server.connect();
        again.send(get("/"));
        return again.receive()->status == 200;
    }));
}
