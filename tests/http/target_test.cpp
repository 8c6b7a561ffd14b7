// Goal:   names travel in paths whatever they hold, and nothing is decoded twice or leniently.
// Method: fixed texts, and random bytes through both directions.

#include "http/target.hpp"

#include "domain/failure.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace verso::http {
namespace {

Result<std::string> decode(std::string_view text) {
    return guarded([&] { return percent_decode(text, "path"); });
}

std::vector<std::string> segments_of(std::string_view text) {
    const Target target(text);
    return {target.segments().begin(), target.segments().end()};
}

using Segments = std::vector<std::string>;

}  // namespace

TEST_CASE("target: a path is split before it is decoded", "[http]") {
    CHECK(segments_of("/o/a%2Fb/c") == Segments{"o", "a%2Fb", "c"});
    CHECK(segments_of("/o/x?a/b") == Segments{"o", "x"});
    CHECK(segments_of("/o//x/") == Segments{"o", "", "x", ""});
    CHECK(segments_of("/") == Segments{""});
    CHECK(segments_of("").empty());
    CHECK(segments_of("*").empty());
    CHECK(segments_of("http://host/o").empty());
}

TEST_CASE("target: a path that is too deep keeps one segment more than a route has", "[http]") {
    CHECK(segments_of("/1/2/3/4/5/6/7/8").size() == 8);
    CHECK(segments_of("/1/2/3/4/5/6/7/8/9/10/11").size() == Target::max_segments);
}

TEST_CASE("target: the query is what follows the first question mark", "[http]") {
    CHECK(Target("/o?a=1?b").query() == "a=1?b");
    CHECK(Target("/o?").query().empty());
    CHECK(Target("/o").query().empty());
}

TEST_CASE("target: escapes are decoded once", "[http]") {
    CHECK(decode("a%2Fb").value() == "a/b");
    CHECK(decode("%252F").value() == "%2F");
    CHECK(decode("%C3%a9").value() == "\xC3\xA9");
    CHECK(decode("a+b").value() == "a+b");
    CHECK(decode("").value().empty());
}

TEST_CASE("target: what is no escape, NUL and invalid UTF-8 are refused", "[http]") {
    for (const std::string_view text : {"%", "%2", "a%", "%zz", "%2g", "%g2", "% 2", "%00", "%ff",
                                        "%C3", "%ED%A0%80", "%c0%af"}) {
        CAPTURE(text);
        REQUIRE(decode(text).has_error());
        CHECK(decode(text).error().code == Errc::request_invalid);
    }
    CHECK(decode(std::string_view("a\0b", 3)).has_error());
}

TEST_CASE("target: what is encoded decodes to itself", "[http]") {
    CHECK(percent_encode("1.0/a b?#%") == "1.0%2Fa%20b%3F%23%25");
    std::mt19937 random(1);
    for (int round = 0; round < 2'000; ++round) {
        std::string text;
        for (auto size = random() % 20; size > 0; --size)
            text += static_cast<char>(1 + random() % 127);
        CHECK(decode(percent_encode(text)).value() == text);
    }
}

}  // namespace verso::http
