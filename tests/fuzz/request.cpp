// Requests as they come off a connection: what is read of them is the same in whatever pieces they
// come. The first byte says how long the pieces are.
#include "fuzz/fuzz.hpp"
#include "server/read_outcome.hpp"

#include <algorithm>

using namespace verso;

namespace {

std::string read(std::string_view text, std::size_t piece_bytes) {
    std::vector<std::string_view> pieces;
    for (; !text.empty(); text.remove_prefix(pieces.back().size()))
        pieces.push_back(text.substr(0, piece_bytes));
    return server::read_outcome({.max_header_bytes = 1'000'000, .max_body_bytes = 100}, pieces);
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    const std::string chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    return {
        "\1GET /x?a=b HTTP/1.1\r\nHost: h\r\nCookie: c=d\r\n\r\nHEAD http://h/x HTTP/1.1\r\nHost: "
        "h\r\n\r\n",
        "\2POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n",
        "\3PUT / HTTP/1.0\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc",
        "\4POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
        "\2" + chunked + "5;a=b;c=\"d\"\r\nhello\r\n1\r\nx\r\n0\r\nT: t\r\n\r\n",
        "\1" + chunked + "0\r\n\r\n" + chunked + "0;a\r\nno trailer\r\n\r\n",
        "\7" + chunked + "ff\r\n",
    };
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t piece = data[0] % 16U;
    const std::string_view text = fuzz::text_of(data, size).substr(1);
    fuzz::require(read(text, text.size() + 1) == read(text, std::max(piece, std::size_t{1})));
    return 0;
}
