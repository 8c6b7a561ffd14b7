// Goal: quantities read well, texts are harmless, tables line up. Method: examples at the edges.
#include "cli/text.hpp"
#include "cli/pretty_json.hpp"
#include "cli/table.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;
using namespace std::chrono_literals;

TEST_CASE("text: bytes in humane units", "[cli]") {
    CHECK(format_bytes(0) == "0 bytes");
    CHECK(format_bytes(1) == "1 byte");
    CHECK(format_bytes(1023) == "1,023 bytes");
    CHECK(format_bytes(1024) == "1.0 KiB");
    CHECK(format_bytes(94'554) == "92 KiB");
    CHECK(format_bytes(1'048'575) == "1.0 MiB");
    CHECK(format_bytes(std::uint64_t{1} << 40) == "1.0 TiB");
}

TEST_CASE("text: durations with the digits that matter", "[cli]") {
    CHECK(format_duration(4us) == "0.00 ms");
    CHECK(format_duration(412us) == "0.41 ms");
    CHECK(format_duration(4120us) == "4.1 ms");
    CHECK(format_duration(412ms) == "412 ms");
    CHECK(format_duration(999'700us) == "1.0 s");
    CHECK(format_duration(90s) == "90 s");
}

TEST_CASE("text: counts in groups of three", "[cli]") {
    CHECK(format_count(999) == "999");
    CHECK(format_count(1000) == "1,000");
    CHECK(counted(1, "version") == "1 version");
    CHECK(counted(1'234'567, "version") == "1,234,567 versions");
}

TEST_CASE("text: what steers a terminal is escaped, all else is kept", "[cli]") {
    CHECK(shown("Häfen 港 \U0001f6a2") == "Häfen 港 \U0001f6a2");
    CHECK(shown("a\x1b[31m\n\x7f") == "a\\u001b[31m\\u000a\\u007f");
    CHECK(shown("abc\u202Edef") == "abc\\u202edef");
    CHECK(shown("a\xff") == "a\uFFFD");
    CHECK(terminal_safe("a\tb\nc\r") == "a\tb\nc\\u000d");
}

TEST_CASE("text: width counts columns and abbreviation keeps to them", "[cli]") {
    CHECK(width("Häfen") == 5);
    CHECK(width("港口") == 4);
    CHECK(width("a\u0308") == 1);
    CHECK(abbreviated("Harbour", 7) == "Harbour");
    CHECK(abbreviated("Harbours", 7) == "Harbou…");
    CHECK(width(abbreviated("港口港口港口", 6)) <= 6);
}

TEST_CASE("table: columns line up, wide characters too, without spaces at the ends", "[cli]") {
    Table table({"NAME", "N"});
    table.align(1, Table::Align::right);
    table.add({"港", "10"});
    table.add({"Harbour", "1"});
    CHECK(table.text() ==
          "NAME      N\n"
          "港       10\n"
          "Harbour   1\n");
}

TEST_CASE("pretty JSON: only white space is added", "[cli]") {
    CHECK(pretty_json(R"({})") == "{}");
    CHECK(pretty_json(R"({"a":[],"b":[1.10,{"c,{":"\"}"}],"d":-1e5})") ==
          "{\n  \"a\": [],\n  \"b\": [\n    1.10,\n    {\n      \"c,{\": \"\\\"}\"\n    }\n  ],\n  "
          "\"d\": -1e5\n}");
}
