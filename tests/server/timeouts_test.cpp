// Goal: a client that is slow, or gone without a word, does not keep its connection. Method: short
// times, and clients that let them pass; what is waited for is only that the end comes.
#include "server/running_server.hpp"

#include <catch2/catch.hpp>

using namespace verso::server;
using std::chrono::milliseconds;

namespace {

/// Ample time for all but what a test is about.
ServerOptions patient() {
    ServerOptions options = any_port();
    options.header_timeout = options.body_idle_timeout = milliseconds(600'000);
    options.request_timeout = options.idle_timeout = milliseconds(600'000);
    return options;
}

void rest() { std::this_thread::sleep_for(milliseconds(10)); }

}  // namespace

TEST_CASE("timeouts: a connection on which nothing ever comes is closed", "[server]") {
    ServerOptions options = patient();
    options.header_timeout = milliseconds(50);
    const RunningServer server(options);
    CHECK(server.connect().receive_all().empty());
}

TEST_CASE("timeouts: a header that comes too slowly is 408", "[server]") {
    ServerOptions options = patient();
    options.header_timeout = milliseconds(100);
    const RunningServer server(options);
    Client silent = server.connect();
    silent.send("GET / HTTP/1.1\r\nHo");
    CHECK_THAT(silent.receive_all(), Catch::StartsWith("HTTP/1.1 408 "));
    Client slow = server.connect();
    for (const char byte : get("/" + std::string(2'000, 'x'))) {
        if (!slow.send({&byte, 1})) break;
        rest();
        if (server.connect().ask(get("/")).status != 200) break;  // others are answered meanwhile
    }
    const std::string answer = slow.receive_all();
    CHECK((answer.empty() || answer.starts_with("HTTP/1.1 408 ")));
}

TEST_CASE("timeouts: a body that stops is 408", "[server]") {
    ServerOptions options = patient();
    options.body_idle_timeout = milliseconds(100);
    const RunningServer server(options);
    Client client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello");
    CHECK_THAT(client.receive_all(), Catch::StartsWith("HTTP/1.1 408 "));
}

TEST_CASE("timeouts: a body that never stops and never ends is cut off", "[server]") {
    ServerOptions options = patient();
    options.request_timeout = milliseconds(200);
    const RunningServer server(options);
    Client client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
    for (int times = 0; times < 6'000 && client.send("x"); ++times) rest();
    const std::string answer = client.receive_all();
    CHECK((answer.empty() || answer.starts_with("HTTP/1.1 408 ")));
}

TEST_CASE("timeouts: a connection that waits too long for its next request is closed", "[server]") {
    ServerOptions options = patient();
    options.idle_timeout = milliseconds(50);
    const RunningServer server(options);
    Client client = server.connect();
    CHECK(client.ask(get("/")).status == 200);
    CHECK(client.is_closed());
}

TEST_CASE("timeouts: a client that does not take its answer is cut off", "[server]") {
    ServerOptions options = patient();
    options.body_idle_timeout = milliseconds(100);
    RunningServer server(
        [](const verso::http::Request&) {
            return verso::http::Response{.body = std::string(50'000'000, 'x')};
        },
        options);
    Client client = server.connect();
    client.send(get("/"));
    CHECK(becomes_true([&] { return server->metrics().open_connections() == 0; }));
}

TEST_CASE("timeouts: a client that is gone leaves nothing behind", "[server]") {
    RunningServer server(patient());
    for (int times = 0; times < 50; ++times) {
        server.connect().send(get("/"));
        server.connect().send("GET / HT");
        server.connect().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello");
    }
    CHECK(becomes_true([&] { return server->metrics().open_connections() == 0; }));
}
