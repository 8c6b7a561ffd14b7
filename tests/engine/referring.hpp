// Documents that refer to others of their version, for tests.
#pragma once

#include "engine/fixture.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace verso::engine {

/// A Definition of JSON Schema, `content` being its text.
inline Document schema(std::string_view name, std::string_view content,
                       std::string_view accept = "application/json") {
    boost::json::object schema{{"contentType", "application/schema+json"}, {"content", content}};
    return Document::from_object({{"name", name},
                                  {"accept", boost::json::array{accept}},
                                  {"schema", std::move(schema)}},
                                 {.max_bytes = std::size_t{1} << 30})
        .value();
}

/// A schema that refers to a sibling.
inline std::string sibling(std::string_view name) {
    return R"({"$ref":"#/$defs/)" + std::string(name) + "\"}";
}

/// An Action whose one response has these bodies, each as `{"name":...}` or `{"id":...}`.
inline Document using_definitions(std::string_view name,
                                  const std::vector<std::string>& references) {
    std::string bodies;
    for (const std::string& reference : references)
        bodies += (bodies.empty() ? "" : ",") + (R"({"definition":)" + reference + "}");
    return document(R"({"name":")" + std::string(name) +
                    R"(","method":"GET","path":"/","responses":[{"status":200,"definitions":[)" +
                    bodies + "]}]}");
}

inline std::string by_name(std::string_view name) {
    return R"({"name":")" + std::string(name) + "\"}";
}
inline std::string by_id(ResourceId id) { return R"({"id":")" + to_string(id) + "\"}"; }

/// A Parameter in the path; one that was imported is sent under a name of its own.
inline Document in_path(std::string_view name, std::string_view sent_as = "") {
    boost::json::object made{
        {"name", name}, {"in", "path"}, {"required", true}, {"type", "string"}};
    if (!sent_as.empty()) made["openapi"] = {{"members", {{"name", sent_as}}}};
    return Document::from_object(std::move(made)).value();
}

/// An Action with these parameters, each as it stands in `parameters`.
inline Document at_path(std::string_view name, std::string_view path,
                        const std::vector<std::string>& parameters) {
    std::string uses;
    for (const std::string& use : parameters) uses += (uses.empty() ? "" : ",") + use;
    return document(R"({"name":")" + std::string(name) + R"(","method":"GET","path":")" +
                    std::string(path) + R"(","responses":[{}],"parameters":[)" + uses + "]}");
}

inline std::string shared(std::string_view name) {
    return R"({"parameter":)" + by_name(name) + "}";
}
inline std::string own_in_path(std::string_view name) {
    return R"({"name":")" + std::string(name) + R"(","in":"path","required":true,"type":"string"})";
}

}  // namespace verso::engine
