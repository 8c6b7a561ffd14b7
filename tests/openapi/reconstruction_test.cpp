// Goal: nothing of a description is lost. Method: what it was converted to is exported again,
// without a store between, which must give an equal description, token for token.

#include "reconstruction.hpp"
#include "samples.hpp"

#include <verso/domain/names.hpp>

#include "domain/resource_reader.hpp"

using namespace verso;
using namespace verso::openapi;
using namespace verso::openapi::test;

namespace {

void check_round_trip(std::string_view text) {
    const Conversion conversion = convert(text, max_bytes);
    CHECK(differences(description_of(conversion.resources), text) == std::vector<std::string>{});
}

/// Each document has the shape of its kind, and each name is one.
void check_shapes(const Conversion& conversion) {
    for (const ConvertedResource& resource : conversion.resources) {
        INFO(to_string(resource.kind) << " " << resource.name << " " << resource.text);
        const ParsedJson parsed(resource.text);
        CHECK(check_shape(resource.kind, parsed.root()).empty());
        CHECK(check_resource_name(resource.kind, resource.name).has_value());
        CHECK(compact_json(resource.text).value() == resource.text);
    }
}

}  // namespace

TEST_CASE("reconstruction: the sample releases come back member for member", "[openapi]") {
    for (const std::string_view release : {"1.0.0", "1.1.0"}) {
        const std::string text = harbour(release);
        check_round_trip(text);
        check_shapes(convert(text, max_bytes));
    }
}

TEST_CASE("reconstruction: empty and missing members are told apart", "[openapi]") {
    for (const std::string_view members :
         {R"("paths": {})", R"("paths": {}, "components": {})",
          R"("components": {"schemas": {}, "links": {}, "x-a": [1]}, "servers": [])",
          R"("paths": {"/a": {}, "/b": {"get": {}}})",
          R"("paths": {"/a": {"get": {"parameters": [], "responses": {}, "callbacks": {}}}})",
          R"("paths": {"/a": {"parameters": [], "get": {"responses": {"200": {"content": {}}}}}})",
          R"("paths": {"/a": {"put": {"requestBody": {"required": false}}}})",
          R"("paths": {"/a": {"put": {"requestBody": {"content": {"a/b": {}}}}}})",
          R"("webhooks": {}, "x-a": {"b": null})"})
        check_round_trip(description(members, "3.1.0"));
    check_round_trip(description(""));
}

TEST_CASE("reconstruction: members that a document needs for itself come back", "[openapi]") {
    check_round_trip(description(R"("paths": {"/a": {"get": {
        "id": 1, "name": "n", "type": 2, "method": "m", "path": "p", "errors": [],
        "referencedBy": 0, "openapi": {"key": "k"}, "x-b": 5,
        "parameters": [
            {"name": "q", "in": "query", "required": false, "type": "x", "default": 4,
             "openapi": 5},
            {"name": "c", "in": "cookie"},
            {"name": "h", "in": "header", "schema": {"type": "boolean", "default": true}}],
        "requestBody": {"definitions": [], "openapi": {}},
        "responses": {"200": {"status": 1, "definitions": 2, "openapi": 3, "required": 4},
                      "2XX": {"description": "d"}}
    }}})"));
}

TEST_CASE("reconstruction: shared things come back, aliases and odd ones too", "[openapi]") {
    check_round_trip(description(R"("components": {
        "parameters": {"P": {"name": "p", "in": "query", "required": false, "type": "x"},
                       "Q": {"$ref": "#/components/parameters/P"},
                       "R": {"$ref": "#/components/parameters/P", "name": "r", "openapi": {"a": 1}},
                       "C": {"name": "c", "in": "cookie"}},
        "requestBodies": {"A": {"$ref": "#/components/requestBodies/B"},
                          "B": {"required": true, "content": {"a/b": {"schema": {}}}}},
        "responses": {"A": {"$ref": "#/components/responses/B"},
                      "B": {"openapi": 1, "content": {"a/b": {"schema": {"type": "null"}}}}},
        "examples": {"E": {"openapi": 1, "value": {"id": 1}}},
        "pathItems": {"I": {"get": {"operationId": "kept"}}}
    })"));
    check_round_trip(description(R"("components": {
        "schemas": {"S": {"type": "object"}},
        "requestBodies": {"A": {"$ref": "#/components/responses/B"}},
        "responses": {"B": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/S"}}}}}},
        "paths": {"/a": {"get": {"responses": {"404": {"$ref": "#/components/responses/B"}}}}}
    )"));
}

TEST_CASE("reconstruction: references come back as they were written", "[openapi]") {
    check_round_trip(description(R"("paths": {"/a": {"get": {
        "parameters": [{"$ref": "#/components/parameters/a%20b"},
                       {"$ref": "#/components/parameters/x~1y", "description": "d"},
                       {"$ref": "#/paths/~1a/get/parameters/3"},
                       {"name": "n", "in": "query"}],
        "responses": {
            "200": {"content": {
                "a/b": {"schema": {"$ref": "#/components/schemas/a%20b"}},
                "c/d": {"schema": {"$ref": "#/components/schemas/x~1y"}},
                "e/f": {"schema": {"$ref": "#/components/schemas/a b/properties/p"}},
                "g/h": {"schema": {"$ref": "other.json#/A"}},
                "i/j": {"schema": true}}},
            "404": {"$ref": "#/components/responses/N", "description": "d"},
            "405": {"$ref": "#/paths/~1a/get/responses/200"}}
    }}},
    "components": {
        "schemas": {
            "a b": {"$defs": {"q": {}},
                    "properties": {"p": {"$ref": "#/$defs/q"},
                                   "r": {"$ref": "#/components/schemas/x%7e1y"},
                                   "$ref": {"type": "string"}}},
            "x/y": {"discriminator": {"mapping": {"s": "#/components/schemas/a b", "t": "a b"}},
                    "example": {"$ref": "#/components/schemas/a b"}}},
        "parameters": {"a b": {"name": "p", "in": "query"}, "x/y": {"name": "q", "in": "header"}},
        "responses": {"N": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/a b"}}}}}
    })",
                                 "3.1.0"));
}

TEST_CASE("reconstruction: callbacks and webhooks come back from Triggers", "[openapi]") {
    check_round_trip(description(R"("paths": {"/a": {"post": {"callbacks": {
        "done": {"{$url}": {"summary": "s", "parameters": [{"name": "p", "in": "header"}],
                            "post": {"responses": {}}, "put": {}},
                 "x-a": 1},
        "shared": {"$ref": "#/components/callbacks/C"},
        "none": {},
        "x-b": [2], "x-d": {"e": {"post": 1}}
    }}}},
    "webhooks": {
        "w": {"description": "d",
              "post": {"operationId": "w", "parameters": [{"name": "p", "in": "path"}],
                       "callbacks": {"c": {"{$e}": {"post": {}}}}}},
        "empty": {},
        "x-c": {}},
    "components": {"callbacks": {"C": {"{$url}": {"post": {"operationId": "c"}, "servers": []}}}})",
                                 "3.1.0"));
}

TEST_CASE("reconstruction: large extensions come back from their parts", "[openapi]") {
    std::string members = R"("x-large":{)";
    for (int i = 0; i < 20; ++i)
        members += "\"part/" + std::to_string(i) + "\":\"" + std::string(2000, 'x') + "\",";
    const std::string text = description(members + R"("last":{}})");
    check_round_trip(text);
    CHECK(names(convert(text, max_bytes), Kind::document).size() == 22);
}

TEST_CASE("reconstruction: names that are cut, replaced or clash come back", "[openapi]") {
    const std::string name(300, 'n');
    const std::string operation = R"({"operationId": ")" + name + "\"}";
    const std::string schema = "\"" + name + R"(": {"$ref": "#/components/schemas/)" + name + "\"}";
    check_round_trip(description(R"("components": {"schemas": {)" + schema + R"(}},
        "paths": {"/{{ param.a }}/{b}": {"get": )" +
                                 operation + R"(, "put": )" + operation + R"(,
                                         "post": {"operationId": "\u00e4 \ud83d\udea2"}},
                  "{": {"get": {}}})"));
}
