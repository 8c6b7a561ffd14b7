// Goal: each thing in a description becomes the resource that the domain says. Method: small
// descriptions, and the whole documents that come of them.

#include "openapi/messages.hpp"
#include "samples.hpp"

using namespace verso;
using namespace verso::openapi;
using namespace verso::openapi::test;

using Texts = std::vector<std::string>;

TEST_CASE("convert: an operation becomes an Action with all that it has", "[openapi]") {
    const Conversion conversion = convert(description(R"("paths": {"/pets/{id}": {"get": {
        "operationId": "getPet", "summary": "s", "tags": ["t"], "x-a": 1.10,
        "parameters": [
            {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
        "responses": {
            "200": {"description": "d", "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/Pet"}, "example": {}}}},
            "default": {"description": "e"}}
    }}},
    "components": {"schemas": {"Pet": {"type": "object"}}})"),
                                          max_bytes);
    CHECK(document(conversion, Kind::action, "getPet") == json(R"({
        "name": "getPet", "type": "http", "method": "GET", "path": "/pets/{{ param.id }}",
        "parameters": [{"name": "id", "in": "path", "required": true, "type": "integer",
                        "schema": {"type": "integer"}}],
        "responses": [
            {"status": 200, "description": "d", "definitions": [
                {"definition": {"name": "Pet"}, "content": {"application/json": {"example": {}}}}]},
            {"definitions": [], "description": "e"}],
        "operationId": "getPet", "summary": "s", "tags": ["t"], "x-a": 1.10
    })"));
    CHECK(document(conversion, Kind::definition, "Pet") == json(R"({
        "name": "Pet", "accept": ["application/json"],
        "schema": {"contentType": "application/schema+json", "content": "{\"type\":\"object\"}"}
    })"));
    CHECK(conversion.messages.empty());
}

TEST_CASE("convert: parameters of a path hold unless the operation has its own", "[openapi]") {
    const Conversion conversion = convert(description(R"("paths": {"/a/{p}": {
        "parameters": [{"name": "p", "in": "path", "required": true, "schema": {"type": "string"}},
                       {"name": "q", "in": "query", "schema": {"type": "string"}},
                       {"$ref": "#/components/parameters/Limit"}],
        "get": {"operationId": "a", "parameters": [
            {"name": "q", "in": "query", "schema": {"type": "number", "default": 4.50}}]}
    }},
    "components": {"parameters": {
        "Limit": {"name": "limit", "in": "query", "schema": {"type": ["null", "integer"]}}}})",
                                                      "3.1.0"),
                                          max_bytes);
    CHECK(document(conversion, Kind::action, "a").at("parameters") == json(R"([
        {"name": "p", "in": "path", "required": true, "type": "string",
         "schema": {"type": "string"}, "openapi": {"origin": "pathItem"}},
        {"parameter": {"name": "Limit"}, "openapi": {"origin": "pathItem"}},
        {"name": "q", "in": "query", "required": false, "type": "number", "default": 4.50,
         "schema": {"type": "number", "default": 4.50}}
    ])"));
    CHECK(document(conversion, Kind::parameter, "Limit") == json(R"({
        "name": "Limit", "in": "query", "required": false, "type": "integer",
        "schema": {"type": ["null", "integer"]}, "openapi": {"members": {"name": "limit"}}
    })"));
    CHECK(conversion.messages.empty());
}

TEST_CASE("convert: what a shape does not take is kept with a warning", "[openapi]") {
    const Conversion conversion = convert(description(R"("paths": {"/a/{p}": {"get": {
        "operationId": "a",
        "parameters": [{"name": "c", "in": "cookie", "schema": {"type": "string"}},
                       {"name": "o", "in": "query", "schema": {"type": "object"}}],
        "responses": {"4XX": {"description": "d"}, "x-a": 1}
    }}})"),
                                          max_bytes);
    const boost::json::value action = document(conversion, Kind::action, "a");
    CHECK(action.at("parameters") == json(R"([
        {"name": "o", "in": "query", "required": false, "type": "string",
         "schema": {"type": "object"}},
        {"name": "p", "in": "path", "required": true, "type": "string",
         "openapi": {"origin": "path"}}
    ])"));
    CHECK(action.at("responses") == json("[]"));
    CHECK(action.at("openapi") == json(R"({
        "parameters": [{"position": 0, "parameter": {"name": "c", "in": "cookie",
                                                     "schema": {"type": "string"}}}],
        "responses": {"4XX": {"description": "d"}, "x-a": 1}
    })"));
    CHECK(places(conversion.messages) == Texts{"warning /paths/~1a~1{p}/get/parameters/1",
                                               "warning /paths/~1a~1{p}/get/parameters/0",
                                               "warning /paths/~1a~1{p}/get",
                                               "warning /paths/~1a~1{p}/get/responses/4XX"});
}

TEST_CASE("convert: a parameter that many operations have is complained about once", "[openapi]") {
    const Conversion conversion = convert(description(R"("paths": {"/a": {
        "parameters": [{"name": "q", "in": "query"}, {"$ref": "#/components/parameters/P"}],
        "get": {"operationId": "a"}, "put": {"operationId": "b"}
    }},
    "components": {"parameters": {"P": {"name": "p", "in": "query"}}})"),
                                          max_bytes);
    CHECK(places(conversion.messages) ==
          Texts{"warning /components/parameters/P", "warning /paths/~1a/parameters/0"});
}

TEST_CASE("convert: schemas within bodies become Definitions of their own", "[openapi]") {
    const Conversion conversion = convert(description(R"("paths": {"/a": {"post": {
        "operationId": "a:b",
        "requestBody": {"required": true, "content": {
            "Application/JSON; charset=utf-8": {"schema": {"type": "object"}},
            "text/plain": {"schema": {"type": "string"}}}},
        "responses": {
            "200": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/A"}},
                                "c/d": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "404": {"$ref": "#/components/responses/Not.Found"}}
    }}},
    "components": {
        "schemas": {"A": {}, "a_b_request": {}},
        "responses": {"Not.Found": {"content": {"a/b": {"schema": {"type": "string"}}}}}})"),
                                          max_bytes);
    CHECK(names(conversion, Kind::definition) ==
          Texts{"A", "a_b_request", "Not_Found_response", "a_b_request_2", "a_b_request_3"});
    const boost::json::value request = document(conversion, Kind::definition, "a_b_request_2");
    CHECK(request.at("accept") == json(R"(["application/json"])"));
    CHECK(request.at("openapi") ==
          json(R"({"inline": true, "key": "a:b request Application/JSON; charset=utf-8"})"));
    CHECK(document(conversion, Kind::definition, "A").at("accept") == json(R"(["a/b", "c/d"])"));
    CHECK(document(conversion, Kind::action, "a_b").at("responses") == json(R"([
        {"status": 200, "definitions": [
            {"definition": {"name": "A"}, "content": {"a/b": {}, "c/d": {}}}]},
        {"status": 404, "definitions": [{"definition": {"name": "Not_Found_response"}}],
         "$ref": "#/components/responses/Not.Found"}
    ])"));
}

TEST_CASE("convert: webhooks and callbacks become Triggers", "[openapi]") {
    const Conversion conversion = convert(description(R"("paths": {"/a": {"post": {
        "operationId": "a",
        "callbacks": {"done": {"{$url}": {"post": {
            "parameters": [{"name": "s", "in": "cookie"}],
            "responses": {"204": {"description": "d"}}}}}}
    }}},
    "webhooks": {"invoice.overdue": {"post": {"x-a": 1}}})",
                                                      "3.1.0"),
                                          max_bytes);
    CHECK(document(conversion, Kind::trigger, "post_done") == json(R"({
        "name": "post_done", "type": "http", "method": "POST",
        "parameters": [{"name": "s", "in": "cookie", "required": false, "type": "string"}],
        "responses": [{"status": 204, "definitions": [], "description": "d"}],
        "openapi": {"callback": {"path": "/a", "method": "post", "name": "done",
                                 "expression": "{$url}"}}
    })"));
    CHECK(document(conversion, Kind::trigger, "post_invoice_overdue") == json(R"({
        "name": "post_invoice_overdue", "type": "http", "method": "POST", "x-a": 1,
        "openapi": {"webhook": "invoice.overdue"}
    })"));
    CHECK(document(conversion, Kind::action, "a").at("callbacks") ==
          json(R"({"done": {"{$url}": {}}})"));
}

TEST_CASE("convert: a Definition does not depend on what stands beside it", "[openapi]") {
    const auto alone =
        convert(description(R"("components":{"schemas":{"A":{"$ref":"#/components/schemas/A"}}})"),
                max_bytes);
    const auto among = convert(description(R"("paths":{"/x":{"get":{}}},"tags":[{"name":"t"}],
        "components":{"schemas":{"B":{},"A":{"$ref":"#/components/schemas/A"}}})"),
                               max_bytes);
    CHECK(find(alone, Kind::definition, "A")->text == find(among, Kind::definition, "A")->text);
}

TEST_CASE("convert: the base URL is the first server's with the defaults of its variables",
          "[openapi]") {
    CHECK_FALSE(convert(description(""), max_bytes).base_url);
    CHECK_FALSE(convert(description(R"("servers":[])"), max_bytes).base_url);
    CHECK(convert(description(
                      R"("servers":[{"url":"https://{port}.a/{v}",
            "variables":{"port":{"default":"bergen"}}},{"url":"b"}])"),
                  max_bytes)
              .base_url == "https://bergen.a/{v}");
}

TEST_CASE("convert: the sample release says what a reader should know", "[openapi]") {
    const Conversion conversion = convert(harbour("1.0.0"), max_bytes);
    const Texts found = places(conversion.messages);
    for (const char* const place :
         {"info /components/schemas/harbour.Money", "info /paths/~1vessels~1{imo}~1calls/get",
          "warning /paths/~1calls/get", "info /paths/~1calls~1{callId}~1events/get",
          "warning /paths/~1calls~1{callId}~1events/get/parameters/1",
          "warning /paths/~1containers~1{containerNo}~1moves~1{sequence}/get",
          "warning /paths/~1berths~1{berthId}~1occupancy/get/responses/4XX"})
        CHECK_THAT(found, Catch::Matchers::VectorContains(std::string(place)));
    CHECK(find(conversion, Kind::action, "calls_list_2") != nullptr);
    CHECK(find(conversion, Kind::action, "get_calls_callId_events") != nullptr);
    CHECK(find(conversion, Kind::trigger, "onStatusChanged") != nullptr);
}

TEST_CASE("convert: what there is to say does not grow with the length of each place",
          "[openapi]") {
    constexpr std::size_t count = 20'000;
    std::string path;
    for (std::size_t i = 0; i < count; ++i) path += "/{name" + std::to_string(i) + '}';
    const Conversion conversion = convert(
        description(R"("paths":{")" + path + R"(":{"get":{"operationId":"a","responses":{}}}})"),
        max_bytes);
    CHECK(document(conversion, Kind::action, "a").at("parameters").as_array().size() == count);
    std::size_t bytes = 0;
    for (const ImportMessage& each : conversion.messages)
        bytes += each.pointer.size() + each.message.size();
    CHECK(bytes < 2 * Messages::max_bytes);
    CHECK(conversion.messages.front().severity == Severity::warning);
    const std::size_t told = conversion.messages.size() - 1;
    const ImportMessage& last = conversion.messages.back();
    CHECK(last.severity == Severity::info);
    CHECK_THAT(last.message, Catch::Contains(std::to_string(count - told) + " more"));
}
