// Goal: the log has a line for each request, tells no secrets, and cannot be forged. Method: a file
// in a temporary folder.
#include "server/access_log.hpp"

#include "domain/failure.hpp"
#include "server/running_server.hpp"
#include "storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <thread>
#include <vector>

using namespace verso::server;
using Catch::Contains;
using std::chrono::microseconds;

namespace {

std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::vector<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("access log: a line says when, who, what, how it went, how much and how long",
          "[server]") {
    const verso::storage::TemporaryFolder folder;
    AccessLog log((folder / "log").string());
    log.add({"127.0.0.1:5", "GET", "/x?first=5", 200, 1432, microseconds(87)});
    log.add({"127.0.0.1:5", "", "", 400, 90, microseconds(1)});
    log.flush();
    const auto lines = lines_of(folder / "log");
    REQUIRE(lines.size() == 2);
    CHECK_THAT(lines[0], Catch::Matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z "
                                        "127.0.0.1:5 GET /x\\?first=5 200 1432 87"));
    CHECK_THAT(lines[1], Catch::EndsWith(" 127.0.0.1:5 - - 400 90 1"));
}

TEST_CASE("access log: control characters and what is not ASCII are escaped", "[server]") {
    CHECK(loggable_target("/a\r\nb\x1b[31m \x7f\\\xc3\xa9") ==
          "/a\\x0d\\x0ab\\x1b[31m\\x20\\x7f\\x5c\\xc3\\xa9");
}

TEST_CASE("access log: values of parameters that are not the API's are left out", "[server]") {
    CHECK(loggable_target("/x?first=5&token=secret&name=a%20b&flag&force=true&=z") ==
          "/x?first=5&token=...&name=a%20b&flag&force=true&=...");
    CHECK(loggable_target("/x?") == "/x?");
}

TEST_CASE("access log: a server logs every request and no credential", "[server]") {
    const verso::storage::TemporaryFolder folder;
    {
        AccessLog log((folder / "log").string());
        ServerOptions options = any_port();
        options.log = &log;
        RunningServer server(options);
        Client client = server.connect();
        for (int at = 0; at < 100; ++at)
            REQUIRE(client
                        .ask(get("/" + std::to_string(at),
                                 "Cookie: cookie=secret\r\nAuthorization: Bearer secret\r\n"))
                        .status == 200);
        CHECK(server.ask("bad\r\n\r\n").status == 400);
        server->stop();
        server.wait();
    }
    const auto lines = lines_of(folder / "log");
    CHECK(lines.size() == 101);
    for (const std::string& line : lines) CHECK_THAT(line, !Contains("secret"));
}

TEST_CASE("access log: lines of many threads come whole", "[server]") {
    const verso::storage::TemporaryFolder folder;
    {
        AccessLog log((folder / "log").string());
        std::vector<std::thread> threads;
        for (int at = 0; at < 4; ++at)
            threads.emplace_back([&log] {
                for (unsigned count = 0; count < 5'000; ++count)
                    log.add({"r", "GET", "/x", 200, count, microseconds(1)});
            });
        for (std::thread& thread : threads) thread.join();
    }
    const auto lines = lines_of(folder / "log");
    CHECK(lines.size() == 20'000);
    const std::regex whole("[^ ]+ r GET /x 200 [0-9]+ 1");
    for (const std::string& line : lines) REQUIRE(std::regex_match(line, whole));
}

TEST_CASE("access log: a renamed file is followed by a new one", "[server]") {
    const verso::storage::TemporaryFolder folder;
    AccessLog log((folder / "log").string());
    log.add({"r", "GET", "/before", 200, 1, microseconds(1)});
    std::filesystem::rename(folder / "log", folder / "old");
    log.reopen();
    log.add({"r", "GET", "/after", 200, 1, microseconds(1)});
    log.flush();
    CHECK_THAT(lines_of(folder / "old").at(0), Contains("/before"));
    CHECK_THAT(lines_of(folder / "log").at(0), Contains("/after"));
}

TEST_CASE("access log: it closes its file, but standard error not", "[server]") {
    const verso::storage::TemporaryFolder folder;
    const auto next_file = [] {
        const int file = ::dup(STDERR_FILENO);
        ::close(file);
        return file;
    };
    const int before = next_file();
    REQUIRE(before >= 0);
    for (const std::string& path : {(folder / "log").string(), std::string("-")}) {
        { const AccessLog log(path); }
        CHECK(next_file() == before);
    }
}

TEST_CASE("access log: a file that cannot be opened is named", "[server]") {
    try {
        const AccessLog log("/no/such/folder/log");
        FAIL("it was opened");
    } catch (const verso::Failure& failure) {
        CHECK(failure.error.code == verso::Errc::io_failed);
        CHECK_THAT(failure.error.message, Contains("/no/such/folder/log: No such file"));
    }
}
