// Goal: references within a document are followed, however they are written.

#include <catch2/catch.hpp>

#include "domain/json_parser.hpp"
#include "openapi/pointers.hpp"

#include <algorithm>
#include <string>

using namespace verso;
using namespace verso::openapi;

namespace {

std::string_view found(Pointers& pointers, std::string_view reference) {
    const auto value = pointers.find(reference);
    return value ? value->text() : std::string_view("nothing");
}

}  // namespace

TEST_CASE("pointers: tokens are decoded", "[openapi]") {
    const ParsedJson json =
        parse_json(R"({"a/b":{"c~d":[10,{"e f":11}]},"":12,"k\u00e4":13})").value();
    Pointers pointers(json.root());
    CHECK(found(pointers, "#/a~1b/c~0d/0") == "10");
    CHECK(found(pointers, "#/a~1b/c~0d/1/e%20f") == "11");
    CHECK(found(pointers, "#/a~1b/c~0d/1/e f") == "11");
    CHECK(found(pointers, "#/") == "12");
    CHECK(found(pointers, "#/k%C3%A4") == "13");
    CHECK(found(pointers, "#") == json.text());
    CHECK(found(pointers, "#/a~1b/c~0d/2") == "nothing");
    CHECK(found(pointers, "#/a~1b/c~0d/00") == "nothing");
    CHECK(found(pointers, "#/a/b") == "nothing");
    CHECK(found(pointers, "#anchor") == "nothing");
    CHECK(found(pointers, "other.json#/a") == "nothing");
}

TEST_CASE("pointers: a chain of references is followed to its end, and a circle given up",
          "[openapi]") {
    const ParsedJson json =
        parse_json(
            R"({"a":{"$ref":"#/b"},"b":{"$ref":"#/c"},"c":{"d":1},"x":{"$ref":"#/y"},
            "y":{"$ref":"#/x"}})")
            .value();
    Pointers pointers(json.root());
    CHECK(pointers.resolve(*json.root().find("a"))->text() == R"({"d":1})");
    CHECK_FALSE(pointers.resolve(*json.root().find("x")));
}

TEST_CASE("pointers: members of large objects are found as those of small ones", "[openapi]") {
    for (const int count : {1, 31, 32, 33, 200}) {
        std::string text = "{";
        for (int i = 0; i < count; ++i)
            text.append(i == 0 ? "" : ",")
                .append("\"\\u006d")
                .append(std::to_string(i))
                .append("\":" + std::to_string(i));
        const ParsedJson json(text + '}');
        Pointers pointers(json.root());
        for (int twice = 0; twice < 2; ++twice) {
            for (int i = 0; i < count; ++i)
                CHECK(pointers.member(json.root(), 'm' + std::to_string(i))->integer() == i);
            CHECK_FALSE(pointers.member(json.root(), "m" + std::to_string(count)));
            CHECK_FALSE(pointers.member(*json.root().find("m0"), "m0"));
        }
        // What stands at the same place in another text is something else.
        std::string other_text = text + '}';
        std::replace(other_text.begin(), other_text.end(), 'd', 'e');
        const ParsedJson other(other_text);
        CHECK_FALSE(pointers.holds(other.root()));
        CHECK_FALSE(pointers.member(other.root(), "m" + std::to_string(count - 1)));
        CHECK(pointers.member(other.root(), "n" + std::to_string(count - 1))->integer() ==
              count - 1);
    }
}

TEST_CASE("pointers: a reference to a component is taken apart", "[openapi]") {
    const auto plain =
        parse_component_reference("#/components/schemas/geo.Point/properties/lat", "schemas");
    REQUIRE(plain);
    CHECK(plain->key == "geo.Point");
    CHECK(plain->rest == "/properties/lat");
    CHECK(plain->canonical);
    const auto escaped = parse_component_reference("#/components/schemas/a~1b%20c", "schemas");
    REQUIRE(escaped);
    CHECK(escaped->key == "a/b c");
    CHECK_FALSE(escaped->canonical);
    CHECK(format_component_reference("schemas", "a/b~c") == "#/components/schemas/a~1b~0c");
    CHECK_FALSE(parse_component_reference("#/components/schemas/A", "parameters"));
    CHECK_FALSE(parse_component_reference("#/components/schemas", "schemas"));
}
