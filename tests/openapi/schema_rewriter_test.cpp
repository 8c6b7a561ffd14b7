// Goal: references among components become references among Definitions, and nothing else changes.

#include <catch2/catch.hpp>

#include "domain/json_parser.hpp"
#include "openapi/schema_rewriter.hpp"

using namespace verso;
using namespace verso::openapi;

namespace {

struct Rewritten {
    std::string content;
    std::string kept;
};

Rewritten rewrite(std::string_view text) {
    const ParsedJson json = parse_json(text).value();
    const ReferencePositions positions(json.text());
    const auto name_of = [](std::string_view key) -> std::optional<std::string_view> {
        if (key == "geo.Point") return "geo_Point";
        if (key == "Pet") return "Pet";
        return std::nullopt;
    };
    Allowance allowance(text.size());
    SchemaRewriter rewriter(positions, name_of, allowance);
    RewrittenSchema schema = rewriter.rewrite("Subject", json.root());
    return {std::move(schema.content), schema.kept.text()};
}

}  // namespace

TEST_CASE("schema rewriter: references to components name Definitions", "[openapi]") {
    CHECK(rewrite(R"([1.10,{"$ref":"#/components/schemas/Pet"}])").content ==
          R"([1.10,{"$ref":"#/$defs/Pet"}])");
    CHECK(rewrite(R"({"a":{"$ref":"#/components/schemas/geo.Point/properties/lat"}})").content ==
          R"({"a":{"$ref":"#/$defs/geo_Point/properties/lat"}})");
    CHECK(rewrite(R"({"$ref":"#\/components\/schemas\/Pet"})").content ==
          R"({"$ref":"#/$defs/Pet"})");
}

TEST_CASE("schema rewriter: what only looks like a reference is left alone", "[openapi]") {
    for (const char* const text :
         {R"({"type":"string"})", "true", R"({"$ref":"#/components/schemas/Unknown"})",
          R"({"$ref":"other.json#/components/schemas/Pet"})",
          R"({"example":{"$ref":"#/components/schemas/Pet"}})",
          R"({"enum":[{"$ref":"#/components/schemas/Pet"}]})",
          R"({"x-a":{"$ref":"#/components/schemas/Pet"}})",
          R"({"description":"\"$ref\":\"#/components/schemas/Pet\""})"})
        CHECK(rewrite(text).content == text);
}

TEST_CASE("schema rewriter: a property may have any name", "[openapi]") {
    for (const std::string_view name : {"$ref", "example", "mapping", "x-a"}) {
        const std::string before = R"({"properties":{")" + std::string(name) + R"(":{"$ref":")";
        CHECK(rewrite(before + R"(#/components/schemas/Pet"}}})").content ==
              before + R"(#/$defs/Pet"}}})");
    }
}

TEST_CASE("schema rewriter: the mapping of a discriminator is rewritten where it refers",
          "[openapi]") {
    CHECK(rewrite(R"({"discriminator":{"mapping":{"p":"#/components/schemas/Pet","q":"Pet"}}})")
              .content == R"({"discriminator":{"mapping":{"p":"#/$defs/Pet","q":"Pet"}}})");
}

TEST_CASE("schema rewriter: what would not be the same on the way back is kept beside",
          "[openapi]") {
    CHECK(rewrite(R"({"a":{"$ref":"#/components/schemas/Pet"}})").kept.empty());
    CHECK(rewrite(R"({"a":[{"$ref":"#/components/schemas/P%65t"}]})").kept ==
          R"("/a/0/$ref":"#/components/schemas/P%65t")");
    CHECK(rewrite(R"({"a":{"$ref":"#/$defs/x"}})").kept == R"("/a/$ref":"#/$defs/x")");
}
