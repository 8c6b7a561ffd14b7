// Goal: a schema's references are found where the grammar of JSON Schema has them, and renamed
// without touching anything else.
#include "domain/schema_references.hpp"

#include <catch2/catch.hpp>

using namespace verso;

namespace {
using Names = std::vector<std::string>;
}

TEST_CASE("schema references: found in every place of a schema, each once", "[domain]") {
    CHECK(schema_references(R"({"$ref":"#/$defs/A"})") == Names{"A"});
    CHECK(schema_references(R"({"items":{"$ref":"#/$defs/A"},"allOf":[{"$ref":"#/$defs/B"},
                               {"not":{"$ref":"#/$defs/A"}}]})") == Names{"A", "B"});
    CHECK(schema_references(R"({"properties":{"x":{"$ref":"#/$defs/A/properties/y"}}})") ==
          Names{"A"});
    CHECK(schema_references(R"({"discriminator":{"mapping":{"a":"#/$defs/A"}}})") == Names{"A"});
    CHECK(schema_references(R"({"$ref":"#\/$defs\/A"})") == Names{"A"});
    CHECK(schema_references(R"({"\u0024ref":"#/\u0024defs/A"})") == Names{"A"});
}

TEST_CASE("schema references: data, further places and names of properties are none", "[domain]") {
    for (const char* schema :
         {R"({"example":{"$ref":"#/$defs/A"}})", R"({"default":{"$ref":"#/$defs/A"}})",
          R"({"enum":[{"$ref":"#/$defs/A"}]})", R"({"x-note":{"$ref":"#/$defs/A"}})",
          R"({"$ref":"#/components/schemas/A"})", R"({"$ref":"other.json#/$defs/A"})",
          R"({"properties":{"$ref":{"type":"string"}}})", R"({"$ref":7})", "<xs:schema $defs/>", "",
          "{"})
        CHECK(schema_references(schema).empty());
}

TEST_CASE("schema references: what a schema defines itself is its own", "[domain]") {
    const std::string schema =
        R"({"$defs":{"A":{}},"items":[{"$ref":"#/$defs/A"},{"$ref":"#/$defs/B"}]})";
    CHECK(schema_references(schema) == Names{"B"});
    CHECK_FALSE(rename_schema_references(schema, {{"A", "X"}}));
}

TEST_CASE("schema references: a rename replaces the tokens and nothing else", "[domain]") {
    const std::string schema =
        "{ \"a\" : \"#/$defs/A\",\n\t\"items\": {\"$ref\" : \"#/$defs/A/items\" , \"n\":1.10},"
        "\"anyOf\":[ {\"$ref\":\"#/$defs/B\"} ] }";
    CHECK(rename_schema_references(schema, {{"A", "B"}, {"B", "A"}}) ==
          "{ \"a\" : \"#/$defs/A\",\n\t\"items\": {\"$ref\" : \"#/$defs/B/items\" , \"n\":1.10},"
          "\"anyOf\":[ {\"$ref\":\"#/$defs/A\"} ] }");
    CHECK_FALSE(rename_schema_references(schema, {{"C", "D"}}));
}

TEST_CASE("schema references: a schema deeper than is read refers to nothing", "[domain]") {
    const auto nested = [](unsigned levels) {
        return std::string(levels, '[') + R"({"$ref":"#/$defs/A"})" + std::string(levels, ']');
    };
    const unsigned most = schema_limits.max_depth - 1;
    CHECK(schema_references(nested(most)) == Names{"A"});
    CHECK(rename_schema_references(nested(most), {{"A", "B"}}).has_value());
    CHECK(schema_references(nested(most + 1)).empty());
    CHECK_FALSE(rename_schema_references(nested(most + 1), {{"A", "B"}}));
}

TEST_CASE("schema references: a schema may have many, and many of its own", "[domain]") {
    constexpr std::size_t count = 150'000;  // compared one with another they would take minutes
    std::string own;
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(i);
        own += (own.empty() ? "\"own" : ",\"own") + number + "\":{}";
        for (const char* const name : {"own", "other"})
            all += (all.empty() ? R"({"$ref":"#/$defs/)" : R"(,{"$ref":"#/$defs/)") +
                   (name + number) + "\"}";
    }
    const Names found = schema_references(R"({"$defs":{)" + own + R"(},"allOf":[)" + all + "]}");
    REQUIRE(found.size() == count);
    CHECK(found.back() == "other" + std::to_string(count - 1));
}
