// OpenAPI descriptions: what comes of one are resources of names that differ, or an error; and what
// is exported of these is the description.
#include "domain/failure.hpp"
#include "domain/json_equality.hpp"
#include "fuzz/fuzz.hpp"
#include "openapi/convert.hpp"
#include "openapi/export.hpp"

#include <set>
#include <utility>

using namespace verso;

namespace {

/// What a version is exported as that holds just these.
std::string described(const std::vector<openapi::ConvertedResource>& resources) {
    openapi::VersionContent content({.title = "connection", .version = "1", .base_url = {}});
    std::uint64_t number = 0;
    for (const openapi::ConvertedResource& resource : resources) {
        ResourceId id;
        for (std::size_t byte = 0; byte < sizeof number; ++byte)
            id.value.data[byte] = static_cast<std::uint8_t>(number >> (56 - 8 * byte));
        ++number;  // ids rise as resources come
        content.add({resource.kind, id, resource.name, resource.text});
    }
    return openapi::describe(content);
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    return {
        R"({"openapi":"3.0.3","info":{"title":"T","version":"1"},"servers":[{"url":"https://a.b/{c}",)"
        R"("variables":{"c":{"default":"d"}}}],"paths":{"/pets/{id}":{"parameters":[{"name":"id",)"
        R"("in":"path","required":true,"schema":{"type":"string"}}],"get":{"operationId":"getPet",)"
        R"("responses":{"200":{"description":"ok","content":{"application/json":{"schema":)"
        R"({"$ref":"#/components/schemas/Pet"}}}},"default":{"$ref":"#/components/responses/E"}}}}},)"
        R"("components":{"schemas":{"Pet":{"type":"object","nullable":true,"properties":{"next":)"
        R"({"$ref":"#/components/schemas/Pet"}}}},"responses":{"E":{"description":"no"}}}})",
        R"({"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/a":{"post":)"
        R"({"requestBody":{"content":{"text/plain":{"schema":{"type":["string","null"]}}}},)"
        R"("responses":{"2XX":{"description":"x"}},"security":[{"k":[]}]}}},"webhooks":{"w":{"post":{)"
        R"("responses":{}}}},"components":{"securitySchemes":{"k":{"type":"apiKey","in":"header",)"
        R"("name":"X"}},"pathItems":{"p":{"get":{"responses":{"200":{"description":""}}}}}}})",
        // Of everything that is seldom seen, some.
        R"({"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"id":1,)"
        R"("name":"n","type":2,"method":"m","path":"p","errors":[],"x-b":5,"referencedBy":0,)"
        R"("openapi":{"key":"k"},"parameters":[{"name":"q","in":"query","required":false,)"
        R"("type":"x","default":4,"openapi":5},{"name":"c","in":"cookie"},)"
        R"({"$ref":"#/components/parameters/a%20b"},{"$ref":"#/components/parameters/x~1y",)"
        R"("description":"d"},{"$ref":"#/paths/~1a/get/parameters/0"}],)"
        R"("requestBody":{"definitions":[],"openapi":{}},"responses":{"200":{"status":1,)"
        R"("definitions":2,"openapi":3,"required":4,)"
        R"("content":{"a/b":{"schema":{"$ref":"#/components/schemas/a%20b"}},)"
        R"("c/d":{"schema":{"$ref":"#/components/schemas/x~1y"}},)"
        R"("e/f":{"schema":{"$ref":"#/components/schemas/a b/properties/p"}},)"
        R"("i/j":{"schema":true}}},"404":{"$ref":"#/components/responses/B","description":"d"},)"
        R"("405":{"$ref":"#/paths/~1a/get/responses/200"},"2XX":{"description":"d"}}}},)"
        R"("/b/{c}":{"post":{"callbacks":{"done":{"{$url}":{"summary":"s",)"
        R"("parameters":[{"name":"p","in":"header"}],"post":{"responses":{}},"put":{}},)"
        R"("x-a":1},"shared":{"$ref":"#/components/callbacks/C"},"none":{}}}}},)"
        R"("webhooks":{"w":{"post":{"operationId":"w","parameters":[{"name":"p",)"
        R"("in":"path"}]}}},"components":{"schemas":{"a b":{"$defs":{"q":{}},)"
        R"("properties":{"p":{"$ref":"#/$defs/q"},"r":{"$ref":"#/components/schemas/x~1y"}}},)"
        R"("x/y":{"discriminator":{"mapping":{"s":"#/components/schemas/a b","t":"a b"}}}},)"
        R"("parameters":{"a b":{"name":"p","in":"query","required":false,"type":"x"},)"
        R"("x/y":{"$ref":"#/components/parameters/a b"}},)"
        R"("requestBodies":{"A":{"$ref":"#/components/requestBodies/B"},"B":{"required":true,)"
        R"("content":{"a/b":{"schema":{}}}}},)"
        R"("responses":{"A":{"$ref":"#/components/responses/B"},"B":{"openapi":1,)"
        R"("content":{"a/b":{"schema":{"type":"null"}}}}},)"
        R"("callbacks":{"C":{"{$url}":{"post":{"operationId":"c"},"servers":[]}}},)"
        R"("examples":{"E":{"openapi":1,"value":{"id":1}}},)"
        R"("pathItems":{"I":{"get":{"operationId":"kept"}}}}})",
        R"({"swagger":"2.0"})", R"({"openapi":"3.0.0","paths":{}})"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr DocumentLimits limits{.max_bytes = 1 << 20, .max_depth = 1000};
    const std::string_view text = fuzz::text_of(data, size);
    try {
        const openapi::Conversion made = openapi::convert(text, limits.max_bytes);
        std::set<std::pair<Kind, std::string>> names;
        for (const auto& resource : made.resources)
            fuzz::require(names.insert({resource.kind, resource.name}).second);
        const ParsedJson source = parse_json(text, limits).value();
        const ParsedJson back(described(made.resources));
        fuzz::require(JsonEquality().same(source.root(), back.root()));
    } catch (const Failure& failure) {
        fuzz::require(!failure.error.message.empty());
    }
    return 0;
}
