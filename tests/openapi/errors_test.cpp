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

TEST_CASE("errors: what comes to far more than its size is refused", "[openapi]") {
    const auto repeated = [](int times, const std::string& text) {
        std::string all;
        for (int i = 0; i < times; ++i) {
            all += i == 0 ? "" : ",";
            for (const char c : text) all += c == '@' ? std::to_string(i) : std::string(1, c);
        }
        return all;
    };
    const auto check_refused = [](const std::string& document, const std::string& place) {
        const Error error = refusal(description(document));
        CHECK(error.code == Errc::limit_exceeded);
        CHECK_THAT(error.message, Catch::Matchers::Contains("comes to too much at " + place) &&
                                      Catch::Matchers::Contains("refer to less"));
    };
    SECTION("bodies") {
        const std::string operations = repeated(
            2000, R"("/@":{"get":{"responses":{"200":{"$ref":"#/components/responses/R"}}}})");
        const std::string content = repeated(2000, R"("a/@":{"schema":{"title":"@"}})");
        const std::string document =
            R"("paths":{)" + operations +
            R"(},"components":{"responses":{"R":{"description":"","content":{)" + content + "}}}}";
        check_refused(document, "/paths/~1");
    }
    SECTION("defaults of parameters") {
        const std::string document =
            R"("paths":{"/a":{"get":{"responses":{},"parameters":[)" +
            repeated(200, R"({"name":"q@","in":"query",)"
                          R"("schema":{"$ref":"#/components/schemas/S"}})") +
            R"(]}}},"components":{"schemas":{"S":{"type":"string","default":")" +
            std::string(1'000'000, 'd') + "\"}}}";
        check_refused(document, "/paths/~1a/get");
    }
    SECTION("paths of callbacks") {
        check_refused(R"("paths":{"/)" + std::string(1'000'000, 'p') +
                          R"(":{"get":{"responses":{},"callbacks":{)" +
                          repeated(200, R"("c@":{"{$url}":{"post":{"responses":{}}}})") + "}}}}",
                      "/paths/~1pp");
    }
    const std::string long_name(1'000'000, 'n');
    SECTION("schemas that an operation's name is put before") {
        check_refused(R"("paths":{"/a":{"get":{"operationId":")" + long_name +
                          R"(","responses":{"200":{"content":{)" +
                          repeated(200, R"("a/@":{"schema":{}})") + "}}}}}}",
                      "/paths/~1a/get/responses/200/content/a~1");
    }
    SECTION("references that are noted with their places") {
        check_refused(R"("components":{"schemas":{"S":{"properties":{")" + long_name +
                          R"(":{"properties":{)" + repeated(200, R"("p@":{"$ref":"#/$defs/X"})") +
                          "}}}}}}",
                      R"(definition "S")");
    }
    SECTION("parameters that are no components") {
        const std::string operations =
            repeated(200, R"("/@":{"get":{"responses":{},"parameters":[{"$ref":"#/x-all/0"}]}})");
        check_refused(R"("x-all":[{"in":"query","name":")" + long_name + R"("}],"paths":{)" +
                          operations + "}",
                      "/paths/~1");
    }
}

TEST_CASE("errors: what much refers to is no more for having a long name", "[openapi]") {
    std::string operations;
    for (int i = 0; i < 200; ++i)
        operations += std::string(i == 0 ? "" : ",") + "\"/" + std::to_string(i) +
                      R"(":{"get":{"responses":{},"parameters":[)"
                      R"({"$ref":"#/components/parameters/P"}]}})";
    const Conversion converted =
        convert(description(R"("paths":{)" + operations +
                            R"(},"components":{"parameters":{"P":{"in":"query","name":")" +
                            std::string(1'000'000, 'n') + R"("}}})"),
                max_bytes);
    CHECK(converted.resources.size() == 202);  // and the parameter, and the rest
}

TEST_CASE("errors: an extension with a long name stays in one piece", "[openapi]") {
    const auto names_of = [](const std::string& name) {
        std::string members;
        for (int i = 0; i < 1000; ++i)
            members += std::string(i == 0 ? "" : ",") + "\"member " + std::to_string(i) +
                       R"(":"0123456789")";
        return convert(description("\"" + name + "\":{" + members + "}"), max_bytes)
            .resources.size();
    };
    CHECK(names_of("x-" + std::string(253, 'n')) == 1001);
    CHECK(names_of("x-" + std::string(254, 'n')) == 1);
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
