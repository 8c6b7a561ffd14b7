// Composing JSON.
#include "domain/json_writer.hpp"
#include "domain/json_parser.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

using namespace verso;

TEST_CASE("json writer: sets commas and colons", "[domain][json]") {
    JsonWriter json;
    json.begin_object().key("a").number(-1).key("b").begin_array().end_array();
    json.key("c")
        .begin_array()
        .string(",")
        .string("[")
        .null()
        .begin_object()
        .end_object()
        .boolean(true)
        .end_array();
    json.raw_key("\"\\u0064\"")
        .raw("1.10")
        .key("e")
        .number(std::uint64_t{18446744073709551615U})
        .end_object();
    CHECK(json.text() ==
          R"({"a":-1,"b":[],"c":[",","[",null,{},true],"\u0064":1.10,"e":18446744073709551615})");
    CHECK(parse_json(json.text()).has_value());
}

TEST_CASE("json writer: strings that end in what opens a value still get their comma",
          "[domain][json]") {
    JsonWriter json;
    json.begin_array().string("{").string("[").string(":").raw("\"x:\"").end_array();
    CHECK(json.text() == R"(["{","[",":","x:"])");
}

TEST_CASE("json writer: every character reads back as it was", "[domain][json]") {
    std::string all;
    for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
    all += "\xc3\xa9\xf0\x9f\x9a\x80";
    std::string token;
    append_json_string(token, all);
    CHECK(std::string_view(boost::json::parse(token).as_string()) == all);
    CHECK(parse_json(token).value().root().string() == all);
    std::string escapes;
    append_json_string(escapes, std::string_view("\"\\\b\f\n\r\t\x1f\0/", 10));
    CHECK(escapes == R"("\"\\\b\f\n\r\t\u001f\u0000/")");
}

TEST_CASE("json writer: what is taken back leaves no comma behind", "[domain][json]") {
    JsonWriter json;
    json.begin_array();
    const std::size_t empty = json.text().size();
    json.number(1).number(2).truncate(empty).number(3);
    const std::size_t one = json.text().size();
    CHECK(json.number(4).truncate(one).number(5).end_array().text() == "[3,5]");
}
