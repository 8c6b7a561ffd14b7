// Goal: a document that cannot be imported is refused with every place that is at fault.

#include "samples.hpp"

using namespace verso;
using namespace verso::openapi;
using namespace verso::openapi::test;

namespace {

std::vector<std::string> fields(std::string_view text) {
    const Error error = refusal(text);
    CHECK(error.code == Errc::import_invalid);
    CHECK_FALSE(error.message.empty());
    std::vector<std::string> fields;
    for (const FieldError& field : error.fields) fields.push_back(field.field);
    return fields;
}

using Fields = std::vector<std::string>;

}  // namespace

TEST_CASE("errors: a text that is no JSON is refused with its line and column", "[openapi]") {
    const Error error = refusal("{\n  \"openapi\": x\n}");
    CHECK(error.code == Errc::import_invalid);
    CHECK_THAT(error.message, Catch::Matchers::Contains("line 2"));
    CHECK(error.fields.size() == 1);
}

TEST_CASE("errors: a document over the limits is refused as such", "[openapi]") {
    CHECK(guarded([] { static_cast<void>(convert(description(""), 10)); }).error().code ==
          Errc::limit_exceeded);
    CHECK(refusal(description("\"x-a\":" + std::string(200, '[') + std::string(200, ']'))).code ==
          Errc::limit_exceeded);
}

TEST_CASE("errors: a document that is no OpenAPI 3 is refused", "[openapi]") {
    CHECK(fields("[]") == Fields{""});
    CHECK(fields("{}") == Fields{""});
    CHECK(fields(R"({"openapi":3.0})") == Fields{"/openapi"});
    CHECK(fields(R"({"openapi":"4.0.0"})") == Fields{"/openapi"});
    CHECK(fields(R"({"openapi":"3.01"})") == Fields{"/openapi"});
    CHECK_THAT(refusal(R"({"swagger":"2.0"})").message, Catch::Matchers::Contains("Swagger"));
}

TEST_CASE("errors: a missing target is told wherever it is referred to", "[openapi]") {
    CHECK(fields(description(R"("paths": {"/a": {"get": {
        "parameters": [{"name": "q", "in": "query", "schema": {"$ref": "#/components/schemas/P"}}],
        "responses": {
            "200": {"content": {"a/b": {
                "schema": {"$ref": "#/components/schemas/Q"},
                "examples": {"default": {"$ref": "#/components/examples/E"}}}}},
            "default": {"headers": {"H": {"$ref": "#/x"}}}}
    }}},
    "components": {"schemas": {
        "default": {"properties": {"example": {"$ref": "#/components/schemas/R"}}}}})")) ==
          Fields{"/paths/~1a/get/parameters/0/schema/$ref",
                 "/paths/~1a/get/responses/200/content/a~1b/schema/$ref",
                 "/paths/~1a/get/responses/200/content/a~1b/examples/default/$ref",
                 "/paths/~1a/get/responses/default/headers/H/$ref",
                 "/components/schemas/default/properties/example/$ref"});
}

TEST_CASE("errors: what must be read may not lie elsewhere or lead in circles", "[openapi]") {
    CHECK(fields(description(R"("paths": {"/a": {"get": {
        "parameters": [{"$ref": "p.json"}],
        "requestBody": {"$ref": "b.json"},
        "responses": {"200": {"$ref": "r.json"}, "201": {"$ref": "#/components/responses/A"}}
    }}},
    "components": {"responses": {"A": {"$ref": "#/components/responses/A"}}})")) ==
          Fields{"/components/responses/A", "/paths/~1a/get/parameters/0",
                 "/paths/~1a/get/requestBody", "/paths/~1a/get/responses/200",
                 "/paths/~1a/get/responses/201"});
}

TEST_CASE("errors: wrong types are all told", "[openapi]") {
    CHECK(fields(description(R"("paths": [])")) == Fields{"/paths"});
    CHECK(fields(description(R"("components": {
        "schemas": [], "parameters": 1, "examples": {"E": 2}})")) ==
          Fields{"/components/schemas", "/components/parameters", "/components/examples/E"});
    CHECK(fields(description(R"("paths": {"/a": 1, "/b": {
        "get": 2,
        "put": {"summary": 3, "parameters": {}, "requestBody": [], "responses": {"200": 4}},
        "post": {"parameters": [5, {"in": "query"}, {"name": "n", "in": "body"}],
                 "requestBody": {"content": {"a/b": 6, "c/d": {"schema": 7}}}}
    }})")) == Fields{"/paths/~1a", "/paths/~1b/get", "/paths/~1b/put/summary",
                     "/paths/~1b/put/parameters", "/paths/~1b/put/requestBody",
                     "/paths/~1b/put/responses/200", "/paths/~1b/post/parameters/0",
                     "/paths/~1b/post/parameters/1", "/paths/~1b/post/parameters/2",
                     "/paths/~1b/post/requestBody/content/a~1b",
                     "/paths/~1b/post/requestBody/content/c~1d/schema"});
}

TEST_CASE("errors: the message has the first, and how many more there are", "[openapi]") {
    CHECK(refusal(description(R"("paths": [])")).message ==
          "the document cannot be imported: /paths is an array; give an object");
    CHECK(refusal(description(R"("components": {"schemas": [], "parameters": 1})")).message ==
          "the document cannot be imported: /components/schemas is an array; give an object "
          "(and 1 more, see the fields)");
}

TEST_CASE("errors: a hostile document gets a short answer", "[openapi]") {
    std::string schemas = R"("components":{"schemas":{)";
    for (int i = 0; i < 5000; ++i)
        schemas += (i == 0 ? "\"s" : ",\"s") + std::to_string(i) + R"(":{"$ref":"#/nowhere/)" +
                   std::to_string(i) + "\"}";
    CHECK(fields(description(schemas + "}}")).size() == 100);
}
