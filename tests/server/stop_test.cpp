// Goal: a server that is stopped answers what it has taken and then ends. Method: clients in every
// state that a connection can be in.
#include "server/running_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace verso::server;
using std::chrono::milliseconds;
namespace http = verso::http;

namespace {

/// A handler that waits until it is let go.
class Gate {
public:
    [[nodiscard]] Handler handler() {
        return [this](const http::Request& request) {
            if (request.target == "/wait") {
                ++waiting_;
                opened_.wait();
            }
            return echo(request);
        };
    }
    [[nodiscard]] bool has_waiting() {
        return becomes_true([this] { return waiting_.load() > 0; });
    }
    void open() { opening_.set_value(); }

private:
    std::atomic<int> waiting_{0};
    std::promise<void> opening_;
    std::shared_future<void> opened_ = opening_.get_future().share();
};

}  // namespace

TEST_CASE("stop: an idle server ends at once, and its port is free", "[server]") {
    RunningServer server;
    Client fresh = server.connect();
    Client idle = server.connect();
    CHECK(idle.ask(get("/")).status == 200);
    CHECK(becomes_true([&] { return server->metrics().open_connections() == 2; }));
    server->stop();
    server.wait();
    CHECK(fresh.is_closed());
    CHECK(idle.is_closed());
    CHECK_THROWS_AS(server.connect(), std::runtime_error);
}

TEST_CASE("stop: a request that is being answered gets its answer, which is the last", "[server]") {
    Gate gate;
    RunningServer server(gate.handler());
    Client client = server.connect();
    client.send(get("/wait"));
    REQUIRE(gate.has_waiting());
    server->stop();
    gate.open();
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->header("connection") == "close");
    CHECK(client.is_closed());
    server.wait();
}

TEST_CASE("stop: pipelined requests that have been read are answered", "[server]") {
    Gate gate;
    RunningServer server(gate.handler());
    Client client = server.connect();
    client.send(get("/wait") + get("/2") + get("/3"));
    REQUIRE(gate.has_waiting());
    server->stop();
    gate.open();
    CHECK(client.receive()->header("connection").empty());
    CHECK(client.receive()->header("connection").empty());
    const auto last = client.receive();
    REQUIRE(last);
    CHECK(last->header("connection") == "close");
    CHECK(client.is_closed());
    server.wait();
}

TEST_CASE("stop: a request that has partly come in may come in wholly", "[server]") {
    RunningServer server;
    Client header = server.connect();
    Client body = server.connect();
    const std::string whole = post("/x", "hello");
    CHECK(header.ask(get("/")).status == 200);
    CHECK(body.ask(get("/")).status == 200);
    const auto received = [&] {
        const std::string text = server->metrics().text();
        return text.find("verso_http_received_bytes_total " +
                         std::to_string(2 * get("/").size() + 10 + whole.size() - 2) + "\n") !=
               text.npos;
    };
    header.send(whole.substr(0, 10));
    body.send(whole.substr(0, whole.size() - 2));
    REQUIRE(becomes_true(received));
    std::this_thread::sleep_for(milliseconds(20));  // from the count to the wait for more
    server->stop();
    header.send(whole.substr(10));
    body.send(whole.substr(whole.size() - 2));
    CHECK(header.receive()->status == 200);
    CHECK(body.receive()->status == 200);
    CHECK(header.is_closed());
    CHECK(body.is_closed());
    server.wait();
}

TEST_CASE("stop: what does not end in the time of grace is cut off", "[server]") {
    ServerOptions options = any_port();
    options.grace = milliseconds(50);
    RunningServer server(options);
    Client client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello");
    CHECK(becomes_true([&] { return server->metrics().open_connections() == 1; }));
    server->stop();
    server.wait();
    static_cast<void>(client.receive_all());
}

TEST_CASE("stop: a server that never ran can be stopped and destroyed", "[server]") {
    Server server(echo, any_port());
    server.stop();
    server.run();
    const Server unused(echo, any_port());
}

TEST_CASE("stop: under load every request is answered or its connection closed", "[server]") {
    for (int round = 0; round < 10; ++round) {
        RunningServer server;
        std::atomic<bool> has_half_answer{false};
        std::atomic<int> answers{0};
        std::vector<std::thread> threads;
        for (int at = 0; at < 4; ++at) {
            threads.emplace_back([&] {
                try {
                    Client client = server.connect();
                    while (client.send(get("/"))) {
                        if (!client.receive()) return;
                        ++answers;
                    }
                } catch (const std::exception&) {
                    has_half_answer = true;
                }
            });
        }
        CHECK(becomes_true([&] { return answers.load() > 100; }));
        server->stop();
        server.wait();
        for (std::thread& thread : threads) thread.join();
        CHECK_FALSE(has_half_answer.load());
    }
}
