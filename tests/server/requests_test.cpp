// Goal: what a client sends reaches the handler as it is meant, and the answer reaches the client.
// Method: raw bytes over real sockets, to a handler that echoes.
#include "server/running_server.hpp"

#include "domain/failure.hpp"

#include <catch2/catch.hpp>

using namespace verso::server;
using Catch::Contains;
using verso::Errc;
using verso::Result;
namespace http = verso::http;

TEST_CASE("server: a request comes in with its method, target, headers and body", "[server]") {
    const RunningServer server;
    const Answer answer =
        server.ask(post("/a%20b?c=d&e", "some body", "X-Some: one\r\nx-some:two\t\r\n"));
    CHECK(answer.status == 200);
    CHECK(answer.header("content-type") == "text/plain");
    CHECK(answer.body ==
          "POST /a%20b?c=d&e\nContent-Length: 9\nX-Some: one\nx-some: two\nsome body");
    CHECK_THAT(answer.header("date"),
               Catch::Matches("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} "
                              "[0-9]{2}:[0-9]{2}:[0-9]{2} GMT"));
    CHECK(answer.header("connection").empty());
}

TEST_CASE("server: a chunked body is put together, and its trailers are dropped", "[server]") {
    const RunningServer server;
    Client client = server.connect();
    const std::string head = "PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    const Answer answer = client.ask(
        head + "5\r\nHello\r\n1;ext=\"a;b\"\r\n,\r\nA\r\n 123456789\r\n0\r\nX-Trailer: t\r\n\r\n");
    CHECK(answer.body == "PUT /x\nTransfer-Encoding: chunked\nHello, 123456789");
    CHECK(client.ask(head + "0\r\n\r\n").body == "PUT /x\nTransfer-Encoding: chunked\n");
}

TEST_CASE("server: a long body and a long answer pass whole", "[server]") {
    const RunningServer server;
    std::string body;
    while (body.size() < 5'000'000) body += std::to_string(body.size()) + ',';
    Client client = server.connect();
    for (int times = 0; times < 2; ++times) {
        const Answer answer = client.ask(post("/", body));
        CHECK(answer.status == 200);
        CHECK(answer.body.ends_with(body));
    }
}

TEST_CASE("server: a request that comes byte by byte is read like any other", "[server]") {
    const RunningServer server;
    Client client = server.connect();
    const std::string chunked =
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\nT: t\r\n\r\n";
    for (const std::string& request : {get("/slow"), post("/slow", "body"), chunked}) {
        for (const char byte : request) client.send({&byte, 1});
        CHECK(client.receive()->status == 200);
    }
}

TEST_CASE("server: an answer to HEAD has a length and no body", "[server]") {
    const RunningServer server([](const http::Request& request) -> http::Response {
        if (request.target == "/said") return {.headers = {{"Content-Length", "123"}}};
        return {.body = "twelve bytes"};
    });
    Client client = server.connect();
    const std::string rest = " HTTP/1.1\r\nHost: h\r\n\r\n";
    CHECK(client.ask("HEAD /said" + rest).header("content-length") == "123");
    CHECK(client.ask("HEAD /made" + rest).header("content-length") == "12");
    CHECK(client.ask("GET /made" + rest).body == "twelve bytes");
}

TEST_CASE("server: absolute targets become paths, whatever host they name", "[server]") {
    const RunningServer server;
    Client client = server.connect();
    for (const auto& [target, path] : std::map<std::string, std::string>{
             {"http://elsewhere/a/b?c", "/a/b?c"},
             {"HTTP://elsewhere:80", "/"},
             {"https://elsewhere?c=d", "/?c=d"},
         })
        CHECK_THAT(client.ask(get(target)).body, Catch::StartsWith("GET " + path + "\n"));
}

TEST_CASE("server: a client that waits to be told sends its body when it is told", "[server]") {
    const RunningServer server;
    Client client = server.connect();
    for (int times = 0; times < 2; ++times) {
        client.send(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-Continue\r\n\r\n");
        CHECK(client.receive()->status == 100);
        CHECK_THAT(client.ask("body").body, Catch::EndsWith("\nbody"));
    }
    // It is told once, though it sends in many pieces.
    const std::string large(500'000, 'x');
    client.send(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.receive()->status == 100);
    CHECK(client.ask(large).status == 200);
    // One that has sent it already need not be told.
    CHECK(client.ask(post("/", "body", "Expect: 100-continue\r\n")).status == 200);
}

TEST_CASE("server: a request is refused by its head, before its body", "[server]") {
    ServerOptions options = any_port();
    options.check_head = [](const http::Request& head) -> std::optional<http::Response> {
        if (head.target == "/open") return std::nullopt;
        return http::Response{.status = head.body.empty() ? 401U : 500U,
                              .body = std::string(head.method) + " no\n"};
    };
    const RunningServer server(options);
    const auto head = [](const std::string& target, const std::string& headers) {
        return "POST " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
    };
    SECTION("what is short is dropped, and the connection goes on") {
        Client client = server.connect();
        for (int times = 0; times < 3; ++times) {
            const Answer answer = client.ask(head("/", "Content-Length: 7\r\n"));
            CHECK(answer.status == 401);
            CHECK(answer.body == "POST no\n");
            CHECK(answer.header("connection").empty());
            client.send("bod");
            CHECK(client.ask("y\r\n\r" + get("/next")).body == "GET /next\n");
        }
        client.send(head("/", "Content-Length: 7\r\n"));
        CHECK(client.receive()->status == 401);
        client.send("bod");
        client.end();
        CHECK(client.receive_all().empty());
    }
    SECTION("else it ends, and what still comes is no request") {
        for (const std::string headers :
             {"Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n",
              "Content-Length: 7\r\nExpect: 100-continue\r\n",
              "Content-Length: 7\r\nConnection: close\r\n"}) {
            CAPTURE(headers);
            Client client = server.connect();
            const Answer answer = client.ask(head("/", headers));
            CHECK(answer.status == 401);
            CHECK(answer.header("connection") == "close");
            client.send(get("/next"));
            CHECK(client.receive_all().empty());
        }
    }
    SECTION("one that is not refused has its body read") {
        Client client = server.connect();
        client.send(head("/open", "Content-Length: 4\r\nExpect: 100-continue\r\n"));
        CHECK(client.receive()->status == 100);
        CHECK_THAT(client.ask("body").body, Catch::EndsWith("\nbody"));
        client.send(head("/open", "Transfer-Encoding: chunked\r\n"));
        client.send("4\r\nbo");
        CHECK_THAT(client.ask("dy\r\n0\r\n\r\n").body, Catch::EndsWith("\nbody"));
    }
    SECTION("its own pages do not wait for one either") {
        CHECK(server.ask(head("/metrics", "Content-Length: 7\r\n")).status == 405);
    }
}

TEST_CASE("server: a body that is dropped has no more time than any", "[server]") {
    ServerOptions options = any_port();
    options.body_idle_timeout = std::chrono::milliseconds(50);
    options.check_head = [](const http::Request&) { return http::Response{.status = 404}; };
    const RunningServer server(options);
    Client client = server.connect();
    CHECK(client.ask("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nbod").status == 404);
    CHECK(client.receive_all().empty());
}

TEST_CASE("server: what a handler throws is an answer", "[server]") {
    const RunningServer server([](const http::Request& request) -> http::Response {
        if (request.target == "/memory") throw std::bad_alloc();
        throw std::runtime_error("the secret of the handler");
    });
    Client client = server.connect();
    CHECK(client.ask(get("/memory")).status == 503);
    const Answer answer = client.ask(get("/else"));
    CHECK(answer.status == 500);
    CHECK_THAT(answer.body, Contains("\"internal_error\"") && !Contains("secret"));
}

TEST_CASE("server: healthz says whether requests can be answered", "[server]") {
    ServerOptions options = any_port();
    bool is_well = true;
    options.check_health = [&is_well]() -> Result<void> {
        if (is_well) return {};
        return verso::Error{Errc::corrupt, "page 7 of /secret/path", {}};
    };
    const RunningServer server(options);
    const Answer well = server.ask(get("/healthz"));
    CHECK(well.status == 200);
    CHECK(well.body == R"({"status":"ok"})");
    is_well = false;
    const Answer ill = server.ask(get("/healthz?full"));
    CHECK(ill.status == 503);
    CHECK_THAT(ill.body,
               Contains("service_unavailable") && Contains("corrupt") && !Contains("path"));
}

TEST_CASE("server: its own pages are only to be read", "[server]") {
    const RunningServer server;
    for (const std::string path : {"/healthz", "/metrics", "/openapi.json"}) {
        INFO(path);
        CHECK(server.ask(get(path)).status == 200);
        CHECK(server.ask("HEAD " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
        const Answer refused = server.ask(post(path, "{}"));
        CHECK(refused.status == 405);
        CHECK(refused.header("allow") == "GET, HEAD");
    }
    CHECK_THAT(server.ask(get("/openapi.json")).body, Contains("\"openapi\"") && Contains("3."));
    CHECK_THAT(server.ask(get("/healthz/more")).body, Contains("GET /healthz/more"));
}

TEST_CASE("server: asked about itself as a whole it tells the methods", "[server]") {
    const RunningServer server;
    const Answer answer = server.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(answer.status == 204);
    CHECK_THAT(answer.header("allow"), Contains("DELETE"));
    CHECK(answer.header("content-length").empty());
}

TEST_CASE("server: listening where it cannot be says why", "[server]") {
    const RunningServer first;
    const auto refusal = [](const std::string& address, std::uint16_t port) -> verso::Error {
        ServerOptions options;
        options.address = address;
        options.port = port;
        try {
            const Server server(echo, options);
        } catch (const verso::Failure& failure) {
            return failure.error;
        }
        return {};
    };
    const std::uint16_t taken = const_cast<RunningServer&>(first)->port();
    CHECK_THAT(refusal("127.0.0.1", taken).message, Contains("in use") && Contains("another port"));
    CHECK(refusal("not an address", 0).code == Errc::option_invalid);
    CHECK_THAT(refusal("192.0.2.1", 0).message, Contains("cannot listen on 192.0.2.1"));
}
