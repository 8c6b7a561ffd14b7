// Goal: the names in an Action's path are found, and replaced without touching anything else.
// Method: paths as they are written by hand, oddities included.
#include "domain/path_placeholders.hpp"

#include "domain/json_parser.hpp"

#include <catch2/catch.hpp>

using namespace verso;

namespace {

using Placeholders = std::vector<std::string_view>;

}  // namespace

TEST_CASE("placeholders: names are found in their order, white space apart", "[domain]") {
    CHECK(placeholders("/").empty());
    CHECK(placeholders("/a/{{ param.x }}/{{param.y}}") == Placeholders{"x", "y"});
    CHECK(placeholders("/{{\tparam.x  }}{{ param.x }}") == Placeholders{"x", "x"});
    CHECK(placeholders("/{{ other.x }}/{ param.y }/{{ param.z") == Placeholders{});
    CHECK(placeholders("{{ param. }}") == Placeholders{""});
}

TEST_CASE("placeholders: a rename replaces names and keeps all around them", "[domain]") {
    CHECK(rename_placeholders("/a/{{  param.x\t}}/{{param.y}}/x/{{ other.x }}", {{"x", "id"}}) ==
          "/a/{{  param.id\t}}/{{param.y}}/x/{{ other.x }}");
    CHECK(rename_placeholders("/{{ param.x }}-{{ param.x }}", {{"x", ""}}) ==
          "/{{ param. }}-{{ param. }}");
    CHECK(rename_placeholders("/{{ param.x }}/{{ param.y }}/{{ param.xy }}",
                              {{"x", "y"}, {"y", "x"}}) ==
          "/{{ param.y }}/{{ param.x }}/{{ param.xy }}");
    CHECK(rename_placeholders("/{{ param.x }}", {}) == "/{{ param.x }}");
    CHECK(rename_placeholders("", {{"x", "y"}}).empty());
}

TEST_CASE("placeholders: a Parameter in the path is called as it is sent", "[domain]") {
    CHECK(placeholder_of(R"({"name":"id","in":"path"})") == "id");
    CHECK(placeholder_of(R"({"name":"id","in":"query"})") == std::nullopt);
    CHECK(placeholder_of(R"({"name":"Pet","in":"path","openapi":{"members":{"name":"id"}}})") ==
          "id");
    CHECK(placeholder_of(R"({"name":"Pet","in":"path","openapi":{"members":{"name":5}}})") ==
          "Pet");
    CHECK(placeholder_of(R"({"name":"Pet","in":"path","openapi":5})") == "Pet");
}

TEST_CASE("placeholders: many that do not close are passed over", "[domain]") {
    std::string path;
    for (int i = 0; i < 3'000'000; ++i) path += "{{";  // each searched anew they would take minutes
    CHECK(placeholders(path + " param.x }}") == Placeholders{"x"});
}
