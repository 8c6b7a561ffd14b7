// Outlines: walking JSON text by its members and elements, and JSON Pointers.
#include "domain/json_parser.hpp"
#include "domain/json_value.hpp"
#include "domain/random_json.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

using namespace verso;
using test::RandomJson;

namespace {

ParsedJson parsed(std::string_view text) { return parse_json(text).value(); }

/// Writes a view anew from its parts alone.
void rebuild(std::string& out, JsonView view) {
    if (!view.is_object() && !view.is_array()) {
        out += view.text();
        return;
    }
    std::string_view separator;
    out += view.is_object() ? '{' : '[';
    for (const auto [key, value] : view.members()) {
        out += separator;
        out += key.text();
        out += ':';
        rebuild(out, value);
        separator = ",";
    }
    for (const JsonView element : view.elements()) {
        out += separator;
        rebuild(out, element);
        separator = ",";
    }
    out += view.is_object() ? '}' : ']';
}

}  // namespace

TEST_CASE("outline: the parts of a text make up the text", "[domain][outline]") {
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        INFO("seed " << seed);
        const ParsedJson json = parsed(RandomJson::joined(RandomJson(seed).object(6)));
        std::string again;
        rebuild(again, json.root());
        REQUIRE(again == json.text());
        REQUIRE(json.root().text() == json.text());
    }
}

TEST_CASE("outline: strings are unescaped as Boost.JSON does", "[domain][outline]") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        INFO("seed " << seed);
        const ParsedJson json = parsed(RandomJson::joined(RandomJson(seed).object(0)));
        const boost::json::object expected = boost::json::parse(json.text()).as_object();
        auto member = expected.begin();
        for (const auto [key, value] : json.root().members()) {
            REQUIRE(key.string() == member->key());
            REQUIRE(key.is_string(member->key()));
            if (value.is_string()) REQUIRE(value.string() == member->value().as_string());
            REQUIRE(json.root().find(member->key())->text() == value.text());
            ++member;
        }
        REQUIRE(member == expected.end());
    }
}

TEST_CASE("outline: every escape is understood", "[domain][outline]") {
    const ParsedJson json =
        parsed(R"(["\"\\\/\b\f\n\r\t","\u0041\u00E9\u20ac","a\uD83D\uDE80z","plain"])");
    std::vector<std::string> strings;
    for (const JsonView element : json.root().elements()) strings.push_back(element.string());
    CHECK(strings == std::vector<std::string>{"\"\\/\b\f\n\r\t", "A\xc3\xa9\xe2\x82\xac",
                                              "a\xf0\x9f\x9a\x80z", "plain"});
}

TEST_CASE("outline: a string without escapes is viewed where it stands", "[domain][outline]") {
    const ParsedJson json = parsed(R"(["plain","\n"])");
    std::string scratch;
    const auto elements = json.root().elements();
    const std::string_view plain = (*elements.begin()).string(scratch);
    CHECK(plain.data() == json.text().data() + 2);
    CHECK((*++elements.begin()).string(scratch) == "\n");
    CHECK(!(*++elements.begin()).is_string("n"));
    CHECK(!(*++elements.begin()).is_string("longer"));
}

TEST_CASE("outline: types and literals of every kind of value", "[domain][outline]") {
    const ParsedJson json = parsed(R"([null,true,false,-1.5,"s",[],{}])");
    std::string types;
    for (const JsonView element : json.root().elements())
        types += std::string(to_string(element.type())) + ", ";
    CHECK(types == "null, true or false, true or false, a number, a string, an array, an object, ");
    CHECK(json.root().elements().size() == 7);
    CHECK(json.root().members().empty());
    CHECK(find_pointer(json.root(), "/1")->is_true());
    CHECK(!find_pointer(json.root(), "/2")->is_true());
    CHECK(find_pointer(json.root(), "/4")->elements().empty());
    CHECK(!find_pointer(json.root(), "/4")->find("s"));
}

TEST_CASE("outline: the outermost value may be of any kind", "[domain][outline]") {
    for (const char* const text : {"0", "\"\"", "null", "[]", "{}", "-1.5e3"}) {
        CHECK(parsed(text).root().text() == text);
        CHECK(parsed(text).root().offset() == 0);
    }
}

TEST_CASE("outline: moving a parsed text leaves it whole", "[domain][outline]") {
    ParsedJson json = parsed("[1]");
    const ParsedJson moved = std::move(json);
    CHECK(moved.root().elements().size() == 1);
    CHECK(moved.root().text() == "[1]");
}

TEST_CASE("outline: integers are those written as integers that fit", "[domain][outline]") {
    const auto integer = [](const char* text) { return parsed(text).root().integer(); };
    CHECK(integer("200") == 200);
    CHECK(integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
    CHECK(!integer("9223372036854775808"));
    CHECK(!integer("200.0"));
    CHECK(!integer("2e2"));
}

TEST_CASE("outline: pointers find what RFC 6901 says they do", "[domain][outline]") {
    const ParsedJson json =
        parsed(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6,)"
               R"(" ":7,"m~n":8,"~1":9})");
    const auto at = [&](const char* pointer) {
        const auto found = find_pointer(json.root(), pointer);
        return found ? std::string(found->text()) : "nothing";
    };
    CHECK(at("") == json.text());
    CHECK(at("/foo") == "[\"bar\",\"baz\"]");
    CHECK(at("/foo/0") == "\"bar\"");
    CHECK(at("/foo/1") == "\"baz\"");
    CHECK(at("/") == "0");
    CHECK(at("/a~1b") == "1");
    CHECK(at("/c%d") == "2");
    CHECK(at("/i\\j") == "5");
    CHECK(at("/k\"l") == "6");
    CHECK(at("/ ") == "7");
    CHECK(at("/m~0n") == "8");
    CHECK(at("/~01") == "9");
    for (const char* const pointer :
         {"foo", "/foo/2", "/foo/00", "/foo/01", "/foo/-", "/foo/-1", "/foo/", "/foo/0/x", "/x",
          "/m~n", "/m~", "/m~2n", "/foo/18446744073709551616", "//"})
        CHECK(at(pointer) == "nothing");
}

TEST_CASE("outline: pointers that are appended lead where they should", "[domain][outline]") {
    const ParsedJson json = parsed(R"({"a/b~c~1":{"":[5]}})");
    std::string pointer;
    append_pointer(pointer, "a/b~c~1");
    append_pointer(pointer, "");
    append_pointer(pointer, "0");
    CHECK(pointer == "/a~1b~0c~01//0");
    CHECK(find_pointer(json.root(), pointer)->text() == "5");
}
