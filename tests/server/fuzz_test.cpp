// Goal: whatever bytes come in, the server lives, answers in HTTP, and forgets the connection.
// Method: thousands of connections with random bytes, and with requests that random edits have made
// wrong. The seed is fixed, so that what fails can be seen again.
#include "server/running_server.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

using namespace verso::server;

namespace {

class Mischief {
public:
    explicit Mischief(unsigned seed) : random_(seed) {}

    [[nodiscard]] std::string bytes(std::size_t most) {
        std::string made(below(most), '\0');
        for (char& byte : made) byte = static_cast<char>(below(256));
        return made;
    }

    /// Requests in which some bytes were removed, doubled, swapped for others, or moved.
    [[nodiscard]] std::string edited() {
        std::string made;
        for (std::size_t count = 1 + below(3); count > 0; --count)
            made += models_[below(models_.size())];
        for (std::size_t edits = below(6); edits > 0 && !made.empty(); --edits) edit(made);
        return made;
    }

    [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }

private:
    void edit(std::string& text) {
        const std::size_t at = below(text.size());
        const std::size_t size = 1 + below(std::min<std::size_t>(text.size() - at, 9));
        switch (below(5)) {
            case 0: text.erase(at, size); break;
            case 1: text.insert(at, text.substr(at, size)); break;
            case 2: text[at] = static_cast<char>(below(256)); break;
            case 3: text.insert(at, pieces_[below(pieces_.size())]); break;
            default: text.insert(below(text.size()), text.substr(at, size)); break;
        }
    }

    std::mt19937 random_;
    const std::vector<std::string> models_{
        get("/x", "A: b\r\nCookie: c=d\r\n"),
        post("/x", "hello"),
        "HEAD http://h/x HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;a=b\r\nhello\r\n1\r\nx\r\n0\r\nT: t\r\n\r\n",
        "PUT / HTTP/1.0\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
    };
    const std::vector<std::string> pieces_{"\r\n",
                                           "\n",
                                           "\r",
                                           "\r\n\r\n",
                                           std::string(1, '\0'),
                                           " ",
                                           "\t",
                                           ":",
                                           "0\r\n",
                                           "ffffffff",
                                           "\"a\\",
                                           "Content-Length: 9",
                                           "Transfer-Encoding: chunked\r\n"};
};

/// Whether all of it is answers, the last one perhaps to HEAD.
bool is_answers(std::string bytes) {
    while (!bytes.empty()) {
        if (!bytes.starts_with("HTTP/1.1 ")) return false;
        std::string rest = bytes;
        if (!take_answer(rest)) return true;
        // An answer to HEAD announces a body that does not come.
        if (!rest.empty() && !rest.starts_with("HTTP/1.1 "))
            static_cast<void>(take_answer(rest = bytes, true));
        bytes = rest;
    }
    return true;
}

}  // namespace

TEST_CASE("fuzz: thousands of connections with bytes of any kind do no harm", "[server]") {
    ServerOptions options = any_port();
    options.max_header_bytes = 2'000;
    options.max_body_bytes = 2'000;
    RunningServer server(options);
    Mischief mischief(20260131);
    for (int times = 0; times < 4'000; ++times) {
        const std::string sent = times % 4 == 0 ? mischief.bytes(3'000) : mischief.edited();
        Client client = server.connect();
        const std::size_t cut = mischief.below(sent.size() + 1);
        client.send(sent.substr(0, cut));
        client.send(sent.substr(cut));
        if (times % 5 == 0) continue;  // gone without a word
        client.end();
        INFO("connection " << times << ": " << sent);
        REQUIRE(is_answers(client.receive_all()));
    }
    CHECK(becomes_true([&] { return server->metrics().open_connections() == 0; }));
    CHECK(server.ask(get("/still")).status == 200);
}
