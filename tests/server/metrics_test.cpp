// Goal: what a server has done can be counted from outside. Method: known requests, and the page
// that Prometheus reads.
#include "server/running_server.hpp"

#include <catch2/catch.hpp>

#include <regex>
#include <sstream>

using namespace verso::server;
using Catch::Contains;
using std::chrono::microseconds;

TEST_CASE("metrics: requests are counted by method and class of status", "[server]") {
    Metrics metrics;
    metrics.count_request("GET", 200, microseconds(80));
    metrics.count_request("GET", 204, microseconds(80));
    metrics.count_request("POST", 409, microseconds(80));
    metrics.count_request("BREW\"\n", 999, microseconds(80));
    const std::string text = metrics.text();
    CHECK_THAT(text, Contains("verso_http_requests_total{method=\"GET\",status=\"2xx\"} 2\n"));
    CHECK_THAT(text, Contains("verso_http_requests_total{method=\"POST\",status=\"4xx\"} 1\n"));
    CHECK_THAT(text, Contains("verso_http_requests_total{method=\"other\",status=\"5xx\"} 1\n"));
    CHECK_THAT(text, !Contains("BREW") && !Contains("\"HEAD\""));
}

TEST_CASE("metrics: durations are counted in buckets that add up", "[server]") {
    Metrics metrics;
    metrics.count_request("GET", 200, microseconds(50));
    metrics.count_request("GET", 200, microseconds(51));
    metrics.count_request("GET", 200, std::chrono::seconds(100));
    const std::string text = metrics.text();
    CHECK_THAT(text, Contains("duration_seconds_bucket{le=\"0.00005\"} 1\n"));
    CHECK_THAT(text, Contains("duration_seconds_bucket{le=\"0.0001\"} 2\n"));
    CHECK_THAT(text, Contains("duration_seconds_bucket{le=\"10\"} 2\n"));
    CHECK_THAT(text, Contains("duration_seconds_bucket{le=\"+Inf\"} 3\n"));
    CHECK_THAT(text, Contains("duration_seconds_sum 100.000101000\n"));
    CHECK_THAT(text, Contains("duration_seconds_count 3\n"));
}

TEST_CASE("metrics: the page is in the text format of Prometheus", "[server]") {
    const RunningServer server;
    CHECK(server.ask(get("/")).status == 200);
    const Answer page = server.ask(get("/metrics"));
    CHECK(page.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    const std::regex sample(R"([a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9]+(\.[0-9]+)?)");
    const std::regex comment("# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))");
    std::istringstream lines(page.body);
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK((std::regex_match(line, sample) || std::regex_match(line, comment)));
    }
    CHECK_THAT(page.body, Contains("verso_http_requests_total{method=\"GET\",status=\"2xx\"} 1\n"));
    CHECK_THAT(page.body, Contains("verso_http_connections_total 2\n"));
    CHECK_THAT(page.body, Contains("process_start_time_seconds "));
}

TEST_CASE("metrics: bytes and connections are counted", "[server]") {
    RunningServer server;
    Client client = server.connect();
    const std::string request = get("/");
    const std::string answer = [&] {
        client.send(get("/", "Connection: close\r\n"));
        client.end();
        return client.receive_all();
    }();
    const std::string text = server->metrics().text();
    CHECK_THAT(text, Contains("verso_http_received_bytes_total " +
                              std::to_string(request.size() + 19) + "\n"));
    CHECK_THAT(text,
               Contains("verso_http_sent_bytes_total " + std::to_string(answer.size()) + "\n"));
    CHECK(becomes_true([&] { return server->metrics().open_connections() == 0; }));
}
