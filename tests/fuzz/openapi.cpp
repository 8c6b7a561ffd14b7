// OpenAPI descriptions: what comes of one are resources of names that differ, or an error.
#include "domain/failure.hpp"
#include "fuzz/fuzz.hpp"
#include "openapi/convert.hpp"

#include <set>
#include <utility>

using namespace verso;

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
        R"({"swagger":"2.0"})", R"({"openapi":"3.0.0","paths":{}})"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t max_bytes = 1 << 20;
    try {
        const openapi::Conversion made = openapi::convert(fuzz::text_of(data, size), max_bytes);
        std::set<std::pair<Kind, std::string>> names;
        for (const auto& resource : made.resources)
            fuzz::require(names.insert({resource.kind, resource.name}).second);
    } catch (const Failure& failure) {
        fuzz::require(!failure.error.message.empty());
    }
    return 0;
}
