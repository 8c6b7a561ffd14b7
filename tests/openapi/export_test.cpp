// Goal: the description of a version is its source while nothing is edited, and says what resources
// say once something is. Method: real stores; descriptions are compared token for token.

#include "reconstruction.hpp"
#include "samples.hpp"

#include <verso/verso.hpp>

using namespace verso;
using namespace verso::openapi::test;

namespace {

using Texts = std::vector<std::string>;

struct ExportFixture {
    Store store = Store::temporary({.durability = Durability::none}).value();
    ConnectionId connection =
        store
            .create_connection(
                {}, {.name = "Harbour",
                     .properties = Document::parse(R"({"baseUrl":"https://h"})").value()})
            .value()
            .id;

    void import(std::string name, std::string_view text, std::optional<std::string> from = {}) {
        REQUIRE(import_openapi(store, connection,
                               {.name = std::move(name), .from_version = std::move(from)}, text)
                    .has_value());
    }
    void create(std::string name, std::optional<std::string> from = {}) {
        REQUIRE(store
                    .create_version(connection,
                                    {.name = std::move(name), .from_version = std::move(from)})
                    .has_value());
    }
    std::string exported(std::string_view version) {
        return export_openapi(store.snapshot().value(), {connection, version}).value();
    }
    Texts changes(std::string_view from, std::string_view to) {
        Texts changes;
        for (const Change& change :
             store.snapshot().value().compare({connection, from}, {connection, to}).value()) {
            std::string text(to_string(change.type));
            changes.push_back(
                text.append(" ").append(to_string(change.kind)).append(" ").append(change.name));
        }
        return changes;
    }
    template <class Change>
    void edit(std::string_view version, Change change) {
        store
            .edit({connection, version},
                  [&](Draft& draft) -> Result<void> {
                      change(draft);
                      return {};
                  })
            .value();
    }
    void put(std::string_view version, Kind kind, std::string_view text) {
        edit(version, [&](Draft& draft) {
            static_cast<void>(draft.put(kind, Document::parse(text).value()).value());
        });
    }
    template <class Shape, class Change>
    void change(std::string_view version, Kind kind, std::string_view name, Change change) {
        edit(version, [&](Draft& draft) {
            const Resource found = draft.get(kind, name).value();
            Shape shape = Shape::from_document(found.document).value();
            shape.id = found.id;
            change(shape);
            static_cast<void>(draft.put(shape).value());
        });
    }
};

/// The member that a JSON Pointer names, as text; empty where it is not there.
std::string part(std::string_view description, std::string_view pointer) {
    const ParsedJson parsed = parse_json(description).value();
    const auto found = find_pointer(parsed.root(), pointer);
    return found ? std::string(found->text()) : std::string();
}

/// The places where two descriptions differ, without what is there.
Texts places(std::string_view a, std::string_view b) {
    Texts places;
    for (const std::string& difference : differences(a, b))
        places.push_back(difference.substr(0, difference.find(": ")));
    return places;
}

std::string small_api() {
    return description(R"("paths": {
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true,
                            "schema": {"type": "integer", "x-min": 1.10}}],
            "get": {"operationId": "getPet", "tags": ["a"], "summary": "One",
                "parameters": [{"name": "limit", "in": "query", "description": "d",
                                "schema": {"type": "integer", "format": "int32", "default": 20}},
                               {"$ref": "#/components/parameters/trace.id"}],
                "responses": {"200": {"description": "ok", "headers": {"X": {}},
                                      "content": {"application/json; v=1": {
                                          "example": 1.10,
                                          "schema": {"$ref": "#/components/schemas/geo.Pet"}}}},
                              "4XX": {"description": "kept"},
                              "default": {"$ref": "#/components/responses/Problem"}}},
            "put": {"operationId": "put.pet",
                "requestBody": {"required": true, "content": {"application/json": {
                    "schema": {"type": "object", "properties": {
                        "pet": {"$ref": "#/components/schemas/geo.Pet"}}}}}},
                "responses": {"204": {"description": "done"}}}}},
        "components": {
            "schemas": {"geo.Pet": {"type": "object", "maximum": 12345678901234567890},
                        "Error": {"type": "object"}},
            "parameters": {"trace.id": {"name": "X-Trace", "in": "header",
                                        "schema": {"type": "string"}}},
            "responses": {"Problem": {"description": "p", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Error"}}}}}})");
}

}  // namespace

TEST_CASE("export: the comparison detects a difference", "[openapi]") {
    CHECK(differences(R"({"a":[1,{"b":2}],"c":"\u0041"})", R"({"c":"A","a":[1,{"b":2}]})").empty());
    CHECK(differences(R"({"a":1.10})", R"({"a":1.1})") == Texts{"/a: 1.10 | 1.1"});
    CHECK(differences(R"({"a":[1,2]})", R"({"a":[1]})") == Texts{"/a: [1,2] | [1]"});
    CHECK(differences(R"({"a":{}})", R"({"a":[]})") == Texts{"/a: {} | []"});
    CHECK(differences(R"({"a":1})", R"({"b":1})") == Texts{"/a: 1 | nothing", "/b: nothing | 1"});
    CHECK_FALSE(differences(harbour("1.0.0"), harbour("1.1.0")).empty());
}

TEST_CASE("export: an import and its clone give the source, numbers as they were", "[openapi]") {
    ExportFixture at;
    std::string from;
    for (const std::string release : {"1.0.0", "1.1.0"}) {
        at.import(release, harbour(release), from.empty() ? std::nullopt : std::optional(from));
        at.create(release + "-clone", release);
        CHECK(differences(at.exported(release), harbour(release)) == Texts{});
        CHECK(differences(at.exported(release + "-clone"), harbour(release)) == Texts{});
        from = release;
    }
    at.import("small", small_api());
    CHECK(differences(at.exported("small"), small_api()) == Texts{});
    CHECK(part(at.exported("small"), "/components/schemas/geo.Pet/maximum") ==
          "12345678901234567890");
}

TEST_CASE("export: members stand as they stood where resources tell it", "[openapi]") {
    ExportFixture at;
    const std::string text =
        R"({"openapi":"3.1.0","info":{"title":"t","version":"1"},"tags":[],"paths":{)"
        R"("/b":{"get":{"tags":["x"],"operationId":"b","parameters":[{"name":"q","in":"query",)"
        R"("description":"d","required":true,"schema":{"type":"string"}}],"responses":{"200":{)"
        R"("description":"ok","content":{"application/json":{"schema":{"$ref":)"
        R"("#/components/schemas/Z"}}}}},"deprecated":true},"put":{"operationId":"a",)"
        R"("responses":{"204":{"description":""}}}},"/a":{"get":{"operationId":"c","responses":{)"
        R"("204":{"description":""}}}}},"components":{"schemas":{"Z":{"b":1,"a":2},"A":{}}},)"
        R"("x-last":1})";
    at.import("1", text);
    CHECK(at.exported("1") == text);
}

TEST_CASE("export: importing an export changes nothing", "[openapi]") {
    ExportFixture at;
    at.import("1.0.0", harbour("1.0.0"));
    at.import("1.1.0", harbour("1.1.0"), "1.0.0");
    at.import("small", small_api());
    for (const std::string version : {"1.0.0", "1.1.0", "small"}) {
        at.import(version + "-again", at.exported(version), version);
        CHECK(at.changes(version, version + "-again") == Texts{});
    }
}

TEST_CASE("export: an edited Action shows what its members say, all else is the source",
          "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    at.change<Action>("1", Kind::action, "getPet", [](Action& action) {
        action.method = "POST";
        action.summary = "Other";
        auto& limit = std::get<InlineParameter>(action.parameters.at(1));
        limit.default_value = 30;
        limit.required = true;
        action.responses.at(0).status = 201;
    });
    const std::string text = at.exported("1");
    CHECK(places(text, small_api()) ==
          Texts{"/paths/~1pets~1{id}/post", "/paths/~1pets~1{id}/get"});
    const std::string post = part(text, "/paths/~1pets~1{id}/post");
    CHECK(places(post, part(small_api(), "/paths/~1pets~1{id}/get")) ==
          Texts{"/summary", "/parameters/0/required", "/parameters/0/schema/default",
                "/responses/201", "/responses/200"});
    CHECK(part(post, "/responses/201") ==
          R"({"description":"","content":{"application/json":{"schema":)"
          R"({"$ref":"#/components/schemas/geo.Pet"}}}})");
    CHECK(part(post, "/parameters/0/schema") ==
          R"({"type":"integer","format":"int32","default":30})");
}

TEST_CASE("export: a path or a name that was edited is the new one", "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    at.change<Action>("1", Kind::action, "put_pet", [](Action& action) {
        action.path = "/animals/{{ param.id }}";
        action.name = "putAnimal";
    });
    const std::string text = at.exported("1");
    CHECK(part(text, "/paths/~1pets~1{id}/put").empty());
    const std::string moved = part(text, "/paths/~1animals~1{id}/put");
    CHECK(part(moved, "/operationId") == R"("putAnimal")");
    CHECK(part(moved, "/parameters/0") == part(small_api(), "/paths/~1pets~1{id}/parameters/0"));
    CHECK(places(moved, part(small_api(), "/paths/~1pets~1{id}/put")) ==
          Texts{"/operationId", "/parameters"});
    CHECK(places(text, small_api()) == Texts{"/paths/~1pets~1{id}/put", "/paths/~1animals~1{id}"});
}

TEST_CASE("export: a shared parameter that one operation gave up is declared by the others",
          "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    at.change<Action>("1", Kind::action, "put_pet",
                      [](Action& action) { action.parameters.clear(); });
    const std::string text = at.exported("1");
    CHECK(part(text, "/paths/~1pets~1{id}/parameters").empty());
    CHECK(part(text, "/paths/~1pets~1{id}/put/parameters").empty());
    CHECK(part(text, "/paths/~1pets~1{id}/get/parameters/0") ==
          part(small_api(), "/paths/~1pets~1{id}/parameters/0"));
}

TEST_CASE("export: a document put as a whole needs no notes", "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    at.put("1", Kind::action,
           R"({"name":"getPet","method":"get","path":"/pets/{{ param.id }}","parameters":[
                {"name":"id","in":"path","required":true,"type":"integer"},
                {"parameter":{"name":"trace_id"}}],
               "responses":[{"status":200,"definitions":[{"definition":{"name":"geo_Pet"}}]}]})");
    const std::string text = at.exported("1");
    CHECK(places(text, small_api()).size() > 1);
    const std::string get = part(text, "/paths/~1pets~1{id}/get");
    CHECK(part(get, "/operationId") == R"("getPet")");
    CHECK(part(get, "/parameters") ==
          R"([{"name":"id","in":"path","required":true,"schema":{"type":"integer"}},)"
          R"({"$ref":"#/components/parameters/trace.id"}])");
    CHECK(part(get, "/responses") ==
          R"({"200":{"description":"","content":{"application/json":{"schema":)"
          R"({"$ref":"#/components/schemas/geo.Pet"}}}}})");
    at.import("2", text, "1");
}

TEST_CASE("export: the content, the media types and the name of a Definition are followed",
          "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    at.change<Definition>("1", Kind::definition, "geo_Pet", [](Definition& definition) {
        definition.schema.content = R"({"type":"object","required":["id"],"minimum":1.0})";
        definition.accept = {"application/xml"};
    });
    std::string text = at.exported("1");
    CHECK(part(text, "/components/schemas/geo.Pet") ==
          R"({"type":"object","required":["id"],"minimum":1.0})");
    CHECK(part(text, "/paths/~1pets~1{id}/get/responses/200/content") ==
          R"({"application/xml":{"schema":{"$ref":"#/components/schemas/geo.Pet"}}})");

    at.import("2", small_api());
    at.change<Definition>("2", Kind::definition, "Error", [](Definition& definition) {
        definition.accept.push_back("application/problem+json");
    });
    CHECK(places(at.exported("2"), small_api()) ==
          Texts{"/components/responses/Problem/content/application~1problem+json"});
}

TEST_CASE("export: what refers to a renamed Definition refers to its new name", "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    at.change<Definition>("1", Kind::definition, "geo_Pet",
                          [](Definition& definition) { definition.name = "Animal"; });
    std::string expected = small_api();
    for (std::size_t found = 0; (found = expected.find("geo.Pet")) != expected.npos;)
        expected.replace(found, 7, "Animal");
    CHECK(differences(at.exported("1"), expected) == Texts{});
    at.change<Action>("1", Kind::action, "getPet", [&](Action& action) {
        const Resource animal = at.store.snapshot()
                                    .value()
                                    .resource({at.connection, "1"}, Kind::definition, "Animal")
                                    .value();
        action.responses.at(0).definitions.at(0).definition = {.id = animal.id};
    });
    CHECK(part(at.exported("1"), "/paths/~1pets~1{id}/get/responses/200/content") ==
          R"({"application/json":{"schema":{"$ref":"#/components/schemas/Animal"}}})");
}

TEST_CASE("export: references in the words of the source follow a renamed Definition",
          "[openapi]") {
    const auto text = [](const std::string& name) {
        return description(R"("paths": {"/a": {"get": {"operationId": "a", "responses": {"4XX":
            {"description": "d", "content": {"a/b": {"schema":
                {"$ref": "#/components/schemas/)" +
                           name + R"("}}}}}}}},
            "components": {"schemas": {")" +
                           name + R"(": {"type": "object"}}})");
    };
    ExportFixture at;
    at.import("1", text("geo.Pet"));
    at.change<Definition>("1", Kind::definition, "geo_Pet",
                          [](Definition& definition) { definition.name = "Animal"; });
    CHECK(differences(at.exported("1"), text("Animal")) == Texts{});
}

TEST_CASE("export: what is deleted is gone, and what referred to it still stands", "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    at.edit("1", [](Draft& draft) {
        REQUIRE(draft.erase(Kind::action, "put_pet").has_value());
        REQUIRE(draft.erase(Kind::response, "Problem").has_value());
    });
    const std::string text = at.exported("1");
    CHECK(places(text, small_api()) ==
          Texts{"/paths/~1pets~1{id}/get/responses/default/description",
                "/paths/~1pets~1{id}/get/responses/default/$ref", "/paths/~1pets~1{id}/put",
                "/components/responses/Problem"});
    CHECK(part(text, "/paths/~1pets~1{id}/get/responses/default") == R"({"description":""})");
    at.import("2", text, "1");
}

TEST_CASE("export: references that dangle are left out", "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    at.edit("1", [](Draft& draft) {
        REQUIRE(draft.erase(Kind::definition, "geo_Pet", true).has_value());
        REQUIRE(draft.erase(Kind::parameter, "trace_id", true).has_value());
    });
    const std::string text = at.exported("1");
    CHECK(places(text, small_api()) ==
          Texts{"/paths/~1pets~1{id}/get/parameters",
                "/paths/~1pets~1{id}/get/responses/200/content/application~1json; v=1/schema",
                "/paths/~1pets~1{id}/put/requestBody/content/application~1json/schema/properties/"
                "pet/$ref",
                "/components/schemas/geo.Pet", "/components/parameters/trace.id"});
    at.import("2", text, "1");
}

TEST_CASE("export: what stands beside a reference that dangles stays", "[openapi]") {
    ExportFixture at;
    at.import("1", description(R"("paths": {"/pets": {"get": {
        "responses": {"200": {"description": "d"}},
        "callbacks": {"born": {"{$url}": {"post": {"parameters": [
            {"name": "a", "in": "query"}, {"$ref": "#/components/parameters/Trace"},
            {"name": "b", "in": "query"}], "responses": {"200": {"description": "d"}}}}}}}}},
        "components": {"schemas": {
            "Owner": {"properties": {"pet": {
                "title": "t", "$ref": "#/components/schemas/Pet", "nullable": true}},
                "allOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object"}]},
            "Pet": {"type": "object"}},
        "parameters": {"Trace": {"name": "trace", "in": "header"}}})"));
    at.edit("1", [](Draft& draft) {
        REQUIRE(draft.erase(Kind::definition, "Pet", true).has_value());
        REQUIRE(draft.erase(Kind::parameter, "Trace", true).has_value());
    });
    const std::string text = at.exported("1");
    CHECK(part(text, "/components/schemas") ==
          R"({"Owner":{"properties":{"pet":{"title":"t","nullable":true}},)"
          R"("allOf":[{},{"type":"object"}]}})");
    CHECK(part(text, "/paths/~1pets/get/callbacks/born/{$url}/post/parameters") ==
          R"([{"name":"a","in":"query"},{"name":"b","in":"query"}])");
}

TEST_CASE("export: paths with what a JSON Pointer escapes come back", "[openapi]") {
    const std::string source = description(R"("paths": {
        "/a~b/{c}": {"x-kept": 1, "get": {"operationId": "a", "responses": {}}},
        "/~0/~1": {"x-kept": 2, "get": {"operationId": "b", "responses": {}}}})");
    ExportFixture at;
    at.import("1", source);
    CHECK(places(at.exported("1"), source).empty());
}

TEST_CASE("export: a Definition's description is its schema's", "[openapi]") {
    ExportFixture at;
    at.create("1");
    at.put("1", Kind::definition,
           R"({"name":"Pet","description":"d","accept":["application/json"],"schema":{
               "contentType":"application/schema+json","content":"{\"type\":\"object\"}"}})");
    CHECK(part(at.exported("1"), "/components/schemas/Pet") ==
          R"({"type":"object","description":"d"})");
}

TEST_CASE("export: a version that was never imported is a description of OpenAPI 3.1",
          "[openapi]") {
    ExportFixture at;
    at.create("2.0");
    at.put("2.0", Kind::definition,
           R"({"name":"Tag","accept":["application/xml"],"schema":{"contentType":
               "application/xml","content":"<schema/>"}})");
    at.put("2.0", Kind::definition,
           R"({"name":"Pet","accept":["application/json","text/json"],"schema":{"contentType":
               "application/schema+json","content":"{\"$ref\":\"#/$defs/Tag\",\"a\":1.10}"}})");
    at.put("2.0", Kind::parameter,
           R"({"name":"limit","in":"query","required":false,"type":"integer","default":5})");
    at.put("2.0", Kind::action,
           R"({"name":"getPet","method":"GET","path":"/pets/{{ param.id }}","summary":"s",
               "parameters":[{"name":"id","in":"path","required":true,"type":"string"},
                             {"parameter":{"name":"limit"}}],
               "requestBody":{"required":true,"definitions":[{"definition":{"name":"Pet"}}]},
               "responses":[{"definitions":[]}]})");
    at.put("2.0", Kind::trigger,
           R"({"name":"onPet","method":"POST","responses":[{"status":204,"definitions":[]}]})");
    CHECK(differences(at.exported("2.0"), R"({"openapi":"3.1.0",
        "info":{"title":"Harbour","version":"2.0"},"servers":[{"url":"https://h"}],
        "paths":{"/pets/{id}":{"get":{"operationId":"getPet","summary":"s",
            "parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}},
                          {"$ref":"#/components/parameters/limit"}],
            "requestBody":{"required":true,"content":{
                "application/json":{"schema":{"$ref":"#/components/schemas/Pet"}},
                "text/json":{"schema":{"$ref":"#/components/schemas/Pet"}}}},
            "responses":{"default":{"description":""}}}}},
        "webhooks":{"onPet":{"post":{"operationId":"onPet",
            "responses":{"204":{"description":""}}}}},
        "components":{
            "schemas":{"Pet":{"$ref":"#/components/schemas/Tag","a":1.10},
                "Tag":{"type":"string","contentMediaType":"application/xml",
                       "x-schema":{"contentType":"application/xml","content":"<schema/>"}}},
            "parameters":{"limit":{"name":"limit","in":"query",
                                   "schema":{"type":"integer","default":5}}}}})") == Texts{});
    at.import("2.1", at.exported("2.0"));
    at.create("empty");
    CHECK(part(at.exported("empty"), "/paths") == "{}");
}

TEST_CASE("export: a schema as deep as one may be comes back as it was", "[openapi]") {
    ExportFixture at;
    at.create("1");
    const unsigned levels = GENERATE(100U, 127U, 128U);
    std::string schema;
    for (unsigned level = 1; level < levels; ++level) schema += R"({\"not\":)";
    schema += "{}" + std::string(levels - 1, '}');
    at.put("1", Kind::definition,
           R"({"name":"Deep","accept":["application/json"],"schema":{"contentType":)"
           R"("application/schema+json","content":")" +
               schema + "\"}}");
    at.put("1", Kind::action,
           R"({"name":"a","method":"GET","path":"/x","responses":[)"
           R"({"status":200,"definition":{"name":"Deep"}}]})");
    at.import("2", at.exported("1"));
    const Snapshot snapshot = at.store.snapshot().value();
    const auto content = [&](std::string_view version) {
        const auto found = snapshot.resource({at.connection, version}, Kind::definition, "Deep");
        return Definition::from_document(found.value().document).value().schema.content;
    };
    CHECK(content("2") == content("1"));
}

TEST_CASE("export: a Definition without a name of its own becomes a component for a second body",
          "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    at.change<Action>("1", Kind::action, "getPet", [](Action& action) {
        action.responses[0].definitions[0].definition = Reference{.name = "put_pet_request"};
    });
    const std::string text = at.exported("1");
    const std::string reference = R"({"$ref":"#/components/schemas/put_pet_request"})";
    CHECK(part(text, "/paths/~1pets~1{id}/put/requestBody/content/application~1json/schema") ==
          reference);
    CHECK(part(text, "/paths/~1pets~1{id}/get/responses/200/content/application~1json/schema") ==
          reference);
    CHECK(part(text, "/components/schemas/put_pet_request/type") == R"("object")");
    at.import("1-again", text, "1");
    CHECK(at.changes("1", "1-again") == Texts{"changed action getPet",
                                              "removed definition put_pet_request",
                                              "added definition put_pet_request"});
}

TEST_CASE("export: long names of what holds or is used by much are no matter", "[openapi]") {
    const std::string long_name(1'000'000, 'n');
    std::string operations;
    std::string properties;
    for (int i = 0; i < 2000; ++i) {
        const std::string number = std::to_string(i);
        const std::string comma = i == 0 ? "" : ",";
        operations += comma + "\"/" + number + R"(":{"get":{"operationId":"o)" + number +
                      R"(","responses":{},"parameters":[{"$ref":"#/components/parameters/P"}]}})";
        properties += comma + "\"p" + number + R"(":{"$ref":"#/components/schemas/)" +
                      (i == 7 ? "%53" : "S") + "\"}";
    }
    const std::string text = description(
        R"("paths":{)" + operations + R"(},"components":{"parameters":{"P":{"name":")" + long_name +
        R"(","in":"query","schema":{"type":"string"}}},"schemas":{"S":{},"L":)" +
        R"({"properties":{")" + long_name + R"(":{"properties":{)" + properties + "}}}}}}");
    ExportFixture at;
    at.import("1", text);
    CHECK(differences(at.exported("1"), text) == Texts{});
}

TEST_CASE("export: what comes to far more than the documents by references is refused",
          "[openapi]") {
    constexpr int times = 200;
    const std::string large = '"' + std::string(1'000'000, 'l') + '"';
    const auto repeated = [](std::string_view text) {
        std::string all;
        for (int i = 0; i < times; ++i) all.append(i == 0 ? "" : ",").append(text);
        return all;
    };
    const auto refused = [&](std::string_view components, std::string_view members) {
        ExportFixture at;
        at.import("1", description(R"("components":{"schemas":{"P":{}},)" +
                                   std::string(components) + "}"));
        at.put("1", Kind::action,
               R"({"name":"a","type":"http","method":"GET","path":"/a",)" + std::string(members) +
                   "}");
        return export_openapi(at.store.snapshot().value(), {at.connection, "1"}).error();
    };
    const auto check = [](const Error& error) {
        CHECK(error.code == Errc::limit_exceeded);
        CHECK_THAT(error.message, Catch::Matchers::Contains(R"(comes to too much at action "a")"));
    };
    SECTION("responses") {
        check(refused(R"("responses":{"R":{"description":)" + large + "}}",
                      R"("responses":[)" +
                          repeated(R"({"$ref":"#/components/responses/R",)"
                                   R"("definitions":[{"definition":)"
                                   R"({"name":"P"}}]})") +
                          "]"));
    }
    SECTION("parameters") {
        check(
            refused(R"("parameters":{"C":{"name":"c","in":"cookie","description":)" + large + "}}",
                    R"("parameters":[)" +
                        repeated(R"({"name":"n","in":"query","required":false,)"
                                 R"("type":"string",)"
                                 R"("$ref":"#/components/parameters/C"})") +
                        "]"));
    }
}

TEST_CASE("export: two Actions with one path and method are refused by name", "[openapi]") {
    ExportFixture at;
    at.create("1");
    at.put("1", Kind::action, R"({"name":"a","method":"GET","path":"/x","responses":[]})");
    at.put("1", Kind::action, R"({"name":"b","method":"get","path":"/x","responses":[]})");
    const auto result = export_openapi(at.store.snapshot().value(), {at.connection, "1"});
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::version_invalid);
    CHECK_THAT(result.error().message,
               Catch::Contains("\"a\"") && Catch::Contains("\"b\"") && Catch::Contains("GET /x"));
    at.create("2");
    at.put("2", Kind::action, R"({"name":"a","method":"PURGE","path":"/x","responses":[]})");
    CHECK_THAT(export_openapi(at.store.snapshot().value(), {at.connection, "2"}).error().message,
               Catch::Contains("\"a\" has the method PURGE"));
}

TEST_CASE("export: callbacks follow an operation that was edited", "[openapi]") {
    const std::string text = description(R"("paths": {"/a": {"post": {"operationId": "a",
        "callbacks": {"done": {"{$url}": {"summary": "s", "post": {"operationId": "cb",
            "responses": {"200": {"description": "ok"}}}}}}, "responses": {}}}})");
    ExportFixture at;
    at.import("1", text);
    const std::string callback =
        R"({"summary":"s","post":{"operationId":"cb","responses":{"200":{"description":"ok"}}}})";
    at.change<Action>("1", Kind::action, "a", [](Action& action) { action.description = "d"; });
    CHECK(part(at.exported("1"), "/paths/~1a/post/callbacks/done/{$url}") == callback);
    at.change<Action>("1", Kind::action, "a", [](Action& action) { action.method = "PUT"; });
    CHECK(part(at.exported("1"), "/paths/~1a/put/callbacks/done/{$url}") == callback);
    at.edit("1", [](Draft& draft) { REQUIRE(draft.erase(Kind::action, "a").has_value()); });
    CHECK_FALSE(part(at.exported("1"), "/webhooks/done/post").empty());
}

TEST_CASE("export: of callbacks alike each finds its own operation, or a name of its own",
          "[openapi]") {
    const auto operation = [](const std::string& name) {
        return R"({"post": {"operationId": ")" + name +
               R"(", "callbacks": {"done": {"{$url}": {"post": {"operationId": "of_)" + name +
               R"(", "responses": {"200": {"description": "ok"}}}}}}, "responses": {}}})";
    };
    ExportFixture at;
    at.import("1",
              description(R"("paths": {"/d": )" + operation("d") + R"(, "/c": )" + operation("c") +
                          R"(, "/b": )" + operation("b") + R"(, "/a": )" + operation("a") + "}"));
    const auto change = [&](const char* name, const char* method, const char* path) {
        at.change<Action>("1", Kind::action, name, [&](Action& action) {
            action.method = method;
            action.path = path;
        });
    };
    change("a", "PUT", "/x");
    change("b", "POST", "/y");
    change("c", "PUT", "/c");
    const auto called_back = [&](const std::string& path, const std::string& method) {
        return part(at.exported("1"),
                    "/paths/~1" + path + '/' + method + "/callbacks/done/{$url}/post/operationId");
    };
    CHECK(called_back("d", "post") == R"("of_d")");
    CHECK(called_back("c", "put") == R"("of_c")");   // by its path
    CHECK(called_back("y", "post") == R"("of_b")");  // by its method
    CHECK(called_back("x", "put") == R"("of_a")");   // there is no other
    at.edit("1", [](Draft& draft) {
        for (const char* name : {"a", "b", "c", "d"})
            REQUIRE(draft.erase(Kind::action, name).has_value());
    });
    const std::string text = at.exported("1");
    for (const auto& [webhook, trigger] : std::vector<std::pair<std::string, std::string>>{
             {"done", "d"}, {"done_2", "c"}, {"done_3", "b"}, {"done_4", "a"}}) {
        CAPTURE(webhook);
        CHECK(part(text, "/webhooks/" + webhook + "/post/operationId") == "\"of_" + trigger + '"');
    }
}

TEST_CASE("export: what stands beside the operations of a callback stays", "[openapi]") {
    const std::string text = description(R"("paths": {"/a": {"post": {"operationId": "a",
        "callbacks": {"done": {"{$idle}": {"summary": "nothing yet"}, "x-a": {"post": 1},
            "{$url}": {"post": {"operationId": "cb", "responses": {}}}}}, "responses": {}}}})");
    ExportFixture at;
    at.import("1", text);
    at.change<Action>("1", Kind::action, "a", [](Action& action) { action.description = "d"; });
    CHECK(part(at.exported("1"), "/paths/~1a/post/callbacks/done") ==
          R"({"{$idle}":{"summary":"nothing yet"},"x-a":{"post":1},)"
          R"("{$url}":{"post":{"operationId":"cb","responses":{}}}})");
}

TEST_CASE("export: what Definitions say of a body goes before what it says itself", "[openapi]") {
    ExportFixture at;
    at.create("1");
    at.put("1", Kind::definition,
           R"({"name":"D","accept":["a/b"],"schema":{"contentType":"application/json",)"
           R"("content":"{}"}})");
    at.put("1", Kind::action,
           R"({"name":"a","method":"GET","path":"/a","responses":[{"status":200,"content":{},)"
           R"("definitions":[{"definition":{"name":"D"}}],"description":"d"}]})");
    CHECK(part(at.exported("1"), "/paths/~1a/get/responses/200") ==
          R"({"description":"d","content":{"a/b":{"schema":{"$ref":"#/components/schemas/D"}}}})");
}

TEST_CASE("export: a parameter that was a reference to one that is gone is written out",
          "[openapi]") {
    const std::string text = description(R"("paths": {"/a": {"get": {"operationId": "a",
        "parameters": [{"$ref": "#/components/parameters/Q"}], "responses": {}}}},
        "components": {"parameters": {
            "P": {"name": "p", "in": "query", "schema": {"type": "integer"}},
            "Q": {"$ref": "#/components/parameters/P"}}})");
    ExportFixture at;
    at.import("1", text);
    at.edit("1", [](Draft& draft) { REQUIRE(draft.erase(Kind::parameter, "P").has_value()); });
    CHECK(part(at.exported("1"), "/components/parameters") ==
          R"({"Q":{"name":"Q","in":"query","schema":{"type":"integer"}}})");
    at.import("2", at.exported("1"));
    CHECK(at.exported("2") == at.exported("1"));
}

TEST_CASE("export: what a lease keeps is the source still, whatever became of the version",
          "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    const std::string before = at.exported("1");
    at.create("2");
    const VersionKey first{at.connection, "1"};
    const Lease lease = at.store.take_lease(first, std::chrono::hours(1), "").value();
    const Lease empty =
        at.store.take_lease({at.connection, "2"}, std::chrono::hours(1), "").value();
    at.store.delete_version(first).value();
    const Snapshot snapshot = at.store.snapshot().value();
    CHECK(export_openapi(snapshot, lease.key()).value() == before);
    CHECK_THAT(export_openapi(snapshot, empty.key()).value(),
               Catch::Contains(R"("version":"commit )" + std::to_string(empty.commit) + '"'));
}

TEST_CASE("export: a version that is not there is an error, and the host is told how far it is",
          "[openapi]") {
    ExportFixture at;
    at.import("1", small_api());
    const Snapshot snapshot = at.store.snapshot().value();
    CHECK(export_openapi(snapshot, {at.connection, "2"}).error().code == Errc::version_not_found);
    CHECK(export_openapi(snapshot, {at.connection, "latest"}).error().code ==
          Errc::version_not_found);
    std::vector<double> told;
    const ExportOptions options{.progress = [&](double part) { told.push_back(part); }};
    REQUIRE(export_openapi(snapshot, {at.connection, "1"}, options).has_value());
    CHECK(told.front() == 0);
    CHECK(told.back() == 1);
    CHECK(std::is_sorted(told.begin(), told.end()));
}
