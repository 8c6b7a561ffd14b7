// Goal: `verso serve` is a service: it says when it is ready, lets in who may come in, reads its
// tokens again, and ends in order. Method: real processes, sockets and signals.
#include "cli/serve_process.hpp"

#include <catch2/catch.hpp>

#include <signal.h>

using namespace verso::cli;
using Catch::Contains;
using Catch::StartsWith;
using verso::server::Client;

namespace {

const std::string acme = "01900000-0000-7000-8000-00000000ac3e";

/// A request to a server of this machine.
std::string local(const std::string& method, const std::string& target, const std::string& body,
                  const std::string& headers = "") {
    return method + ' ' + target +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nContent-Type: application/json\r\n" + headers + "\r\n" + body;
}

std::string ask_for_connections(const std::string& token) {
    return local("GET", "/o/" + acme + "/connections", "",
                 "Authorization: Bearer " + token + "\r\n");
}

struct MadeToken {
    std::string token;
    std::string entry;
};

MadeToken make_token(const Workspace& work, Words arguments = {}) {
    arguments.insert(arguments.begin(), {"token", "new", "--quiet", "--org", acme});
    const std::string printed = work.ok(arguments);
    const std::size_t line = printed.find('\n');
    return {printed.substr(0, line), printed.substr(line + 1)};
}

}  // namespace

TEST_CASE("serve: a new store is made, filled and read over HTTP, and SIGTERM ends with 0",
          "[cli]") {
    const Workspace work;
    ServeProcess serve(work);
    CHECK(serve.ask(local("GET", "/healthz", "")).body == R"({"status":"ok"})");
    const auto made =
        serve.ask(local("POST", "/o/" + acme + "/connections", R"({"name":"Harbour"})"));
    CHECK(made.status == 201);
    CHECK_THAT(serve.ask(local("GET", "/o/" + acme + "/connections", "")).body,
               Contains("\"Harbour\""));
    serve.signal(SIGTERM);
    CHECK(serve.wait() == 0);
    CHECK_THAT(serve.errors(), Contains("without --auth") && Contains(" POST /o/" + acme));
    CHECK_THAT(work.ok({"connection", "list", "--org", acme}), Contains("Harbour"));
}

TEST_CASE("serve: SIGINT ends with 0 too, after the request that has begun", "[cli]") {
    const Workspace work;
    ServeProcess serve(work, {"--access-log", "off"});
    Client client = serve.connect();
    const std::string request = local("POST", "/o/" + acme + "/connections", R"({"name":"Late"})");
    client.send(request.substr(0, request.size() - 5));
    CHECK(serve.ask(local("GET", "/healthz", "")).status == 200);  // it has been read by now
    serve.signal(SIGINT);
    client.send(request.substr(request.size() - 5));
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->status == 201);
    client.end();
    CHECK(serve.wait() == 0);
}

TEST_CASE("serve: a second signal does not wait for what is left", "[cli]") {
    const Workspace work;
    ServeProcess serve(work);
    Client client = serve.connect();
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello");
    CHECK(serve.ask(local("GET", "/healthz", "")).status == 200);
    serve.signal(SIGTERM);
    serve.signal(SIGTERM);
    serve.signal(SIGINT);
    CHECK(serve.wait() == 0);
}

TEST_CASE("serve: why it could not do what was asked is told its operator, not the client",
          "[cli]") {
    const Workspace work;
    const ServeProcess serve(work, {"--durability", "full"});
    std::filesystem::rename(work.path("verso.store"), work.path("moved.store"));
    const auto answer =
        serve.ask(local("POST", "/o/" + acme + "/connections", R"({"name":"Lost"})"));
    CHECK(answer.status == 500);
    CHECK_THAT(answer.body, Contains("its operator can tell why") && !Contains("moved"));
    CHECK(serve.says("verso: a request failed (store_invalid): the file "));
}

TEST_CASE("serve: tokens let in whom the file names, for what it says", "[cli]") {
    const Workspace work;
    const MadeToken writer = make_token(work);
    const MadeToken reader = make_token(work, {"--read-only"});
    work.write("tokens.json", "{\"tokens\":[" + writer.entry + "," + reader.entry + "]}");
    const ServeProcess serve(work, {"--auth", "tokens.json"});
    CHECK(serve.ask(ask_for_connections(writer.token)).status == 200);
    CHECK(serve.ask(ask_for_connections(reader.token)).status == 200);
    CHECK(serve.ask(ask_for_connections("another")).status == 401);
    CHECK(serve.ask(local("GET", "/o/" + acme + "/connections", "")).status == 401);
    const auto create = [&](const std::string& header) {
        return serve
            .ask(local("POST", "/o/" + acme + "/connections", R"({"name":"x"})", header + "\r\n"))
            .status;
    };
    CHECK(create("Cookie: cookie=" + reader.token) == 403);
    CHECK(create("Cookie: cookie=" + writer.token) == 201);
    for (const char* open : {"/healthz", "/metrics", "/openapi.json"})
        CHECK(serve.ask(local("GET", open, "")).status == 200);
    CHECK_THAT(serve.errors(), !Contains("without --auth"));
}

TEST_CASE("serve: what a head is refused for is told before the body is sent", "[cli]") {
    const Workspace work;
    const MadeToken reader = make_token(work, {"--read-only"});
    work.write("tokens.json", "{\"tokens\":[" + reader.entry + "]}");
    const auto head = [](const std::string& headers) {
        return "POST /o/" + acme + "/connections HTTP/1.1\r\nHost: localhost\r\n" +
               "Content-Length: 1000000\r\n" + headers + "\r\n";
    };
    {
        const ServeProcess serve(work, {"--auth", "tokens.json"});
        CHECK(serve.ask(head("")).status == 401);
        CHECK(serve.ask(head("Cookie: cookie=" + reader.token + "\r\n")).status == 403);
    }
    const ServeProcess serve(work);
    CHECK(serve.ask(head("")).status == 415);
    CHECK(serve.ask(head("Origin: https://evil.example\r\n")).status == 403);
}

TEST_CASE("serve: SIGHUP reads the tokens again, and a bad file leaves the old ones", "[cli]") {
    const Workspace work;
    const MadeToken first = make_token(work);
    const MadeToken second = make_token(work);
    work.write("tokens.json", "{\"tokens\":[" + first.entry + "]}");
    ServeProcess serve(work, {"--auth", "tokens.json", "--access-log", "requests.log"});
    work.write("tokens.json", "{\"tokens\":[" + second.entry + "]}");
    serve.signal(SIGHUP);
    REQUIRE(serve.says("tokens.json again: 1 token"));
    CHECK(serve.ask(ask_for_connections(first.token)).status == 401);
    CHECK(serve.ask(ask_for_connections(second.token)).status == 200);
    work.write("tokens.json", R"({"tokens":[{"sha256":"abc"}]})");
    serve.signal(SIGHUP);
    REQUIRE(serve.says("the tokens stay as they were: tokens.json is no file of tokens"));
    CHECK(serve.says("/tokens/0/sha256: must be a string of 64 hexadecimal digits"));
    CHECK(serve.ask(ask_for_connections(second.token)).status == 200);
    serve.signal(SIGTERM);
    CHECK(serve.wait() == 0);
    const std::string log = read_file(work.path("requests.log"));
    CHECK_THAT(log, Contains(" 401 ") && Contains(" 200 ") && !Contains(second.token));
}

TEST_CASE("serve: without tokens it answers no other site's pages", "[cli]") {
    const Workspace work;
    const ServeProcess serve(work);
    CHECK(serve.ask(local("GET", "/o/" + acme + "/connections", "")).status == 200);
    CHECK(serve
              .ask(local("GET", "/o/" + acme + "/connections", "",
                         "Origin: https://evil.example\r\n"))
              .status == 403);
}

TEST_CASE("serve: the limits of the command line are the server's", "[cli]") {
    const Workspace work;
    const ServeProcess serve(work, {"--max-header-bytes", "500", "--max-body-bytes", "100",
                                    "--header-timeout-ms", "100", "--threads", "1"});
    CHECK(serve.ask(local("GET", "/healthz", "", "A: " + std::string(500, 'x') + "\r\n")).status ==
          431);
    CHECK(serve.ask(local("POST", "/o/" + acme + "/connections", std::string(101, ' '))).status ==
          413);
    Client slow = serve.connect();
    slow.send("GET");
    CHECK_THAT(slow.receive_all(), StartsWith("HTTP/1.1 408 "));
}

TEST_CASE("serve: what makes no sense ends with 2 and says why", "[cli]") {
    const Workspace work;
    const auto refusal = [&](Words arguments) {
        arguments.insert(arguments.begin(), "serve");
        const Outcome outcome = work.verso(arguments);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        return outcome.err;
    };
    CHECK_THAT(refusal({"--listen", "0.0.0.0:0"}), Contains("give --auth FILE"));
    CHECK_THAT(refusal({"--listen", "here"}), Contains("no address to listen on"));
    CHECK_THAT(refusal({"--grace-ms", "0"}), Contains("makes no sense"));
    CHECK_THAT(refusal({"--threads", "100000"}), Contains("at most 1024"));
    CHECK_FALSE(std::filesystem::exists(work.path("verso.store")));
}

TEST_CASE("serve: what cannot be done ends with 1 and says why", "[cli]") {
    const Workspace work;
    const auto refusal = [&](Words arguments) {
        arguments.insert(arguments.begin(), "serve");
        const Outcome outcome = work.verso(arguments);
        CHECK(outcome.code == 1);
        CHECK(outcome.out.empty());
        return outcome.err;
    };
    CHECK_THAT(refusal({"--auth", "missing.json"}), Contains("cannot read missing.json"));
    work.write("bad.json", R"({"tokens":[{"sha256":"abc","rights":["all"]}]})");
    CHECK_THAT(refusal({"--auth", "bad.json"}),
               Contains("bad.json") && Contains("/tokens/0/organisations: is missing"));
    CHECK_THAT(
        refusal({"--listen", "192.0.2.1:0", "--auth", work.write("none.json", R"({"tokens":[]})")}),
        Contains("cannot listen on 192.0.2.1"));
    CHECK_FALSE(std::filesystem::exists(work.path("verso.store")));
    CHECK_THAT(refusal({"--access-log", "no/such/log"}), Contains("cannot open the access log"));
}
