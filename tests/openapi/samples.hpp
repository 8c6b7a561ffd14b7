// The API descriptions that tests import, and how tests look into what became of them.
#pragma once

#include <catch2/catch.hpp>

#include "domain/failure.hpp"
#include "domain/json_parser.hpp"
#include "domain/json_value.hpp"
#include "openapi/convert.hpp"
#include "read_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace verso::openapi::test {

constexpr std::size_t max_bytes = std::size_t{64} * 1024 * 1024;

using verso::test::read_file;

/// The sample API, as `1.0.0`.
inline std::string harbour(std::string_view release) {
    std::string text = read_file(std::filesystem::path(VERSO_EXAMPLES_DIR) /
                                 ("harbour-" + std::string(release) + ".json"));
    REQUIRE_FALSE(text.empty());
    return text;
}

/// Real documents, where a folder with them is told or found; none is no failure.
inline std::vector<std::filesystem::path> real_documents() {
    std::vector<std::filesystem::path> paths;
    std::error_code ignored;
    const char* const told = std::getenv("VERSO_DATA_DIR");
    const std::filesystem::path folder = told != nullptr ? told : VERSO_DATA_DIR;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".json") paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// A small description: what is given, and what every one must have.
inline std::string description(std::string_view members, std::string_view version = "3.0.3") {
    std::string text = R"({"openapi":")";
    text.append(version).append(R"(","info":{"title":"T","version":"1"})");
    if (!members.empty()) text.append(",").append(members);
    return text += "}";
}

inline boost::json::value json(std::string_view text) {
    return to_value(parse_json(text).value().root());
}

inline const ConvertedResource* find(const Conversion& conversion, Kind kind,
                                     std::string_view name) {
    for (const ConvertedResource& resource : conversion.resources)
        if (resource.kind == kind && resource.name == name) return &resource;
    return nullptr;
}

/// A resource's document; the test fails where it is missing.
inline boost::json::value document(const Conversion& conversion, Kind kind, std::string_view name) {
    const ConvertedResource* const found = find(conversion, kind, name);
    INFO("the " << to_string(kind) << " " << name);
    REQUIRE(found != nullptr);
    return json(found->text);
}

inline std::vector<std::string> names(const Conversion& conversion, Kind kind) {
    std::vector<std::string> names;
    for (const ConvertedResource& resource : conversion.resources)
        if (resource.kind == kind) names.push_back(resource.name);
    return names;
}

/// The messages as `severity pointer`, to be compared.
inline std::vector<std::string> places(const std::vector<ImportMessage>& messages) {
    std::vector<std::string> places;
    for (const ImportMessage& message : messages) {
        std::string place(to_string(message.severity));
        places.push_back(place.append(" ").append(message.pointer));
    }
    return places;
}

/// The error that converting answers.
inline Error refusal(std::string_view text) {
    const auto result = guarded([&] { static_cast<void>(convert(text, max_bytes)); });
    REQUIRE_FALSE(result.has_value());
    return result.error();
}

}  // namespace verso::openapi::test
