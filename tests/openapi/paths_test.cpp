#include <catch2/catch.hpp>

#include "openapi/paths.hpp"

using namespace verso::openapi;

TEST_CASE("paths: parameters are written as an Action has them, and back", "[openapi]") {
    CHECK(to_action_path("/pets/{id}") == "/pets/{{ param.id }}");
    CHECK(to_action_path("/a/{b}.{c-d}/e") == "/a/{{ param.b }}.{{ param.c-d }}/e");
    CHECK(to_action_path("/plain") == "/plain");
    CHECK(from_action_path("/a/{{ param.b }}.{{ param.c-d }}/e") == "/a/{b}.{c-d}/e");
    CHECK(path_parameters("/a/{b}.{c-d}/{b}") == std::vector<std::string_view>{"b", "c-d", "b"});
}

TEST_CASE("paths: braces that do not close are text", "[openapi]") {
    CHECK(to_action_path("/a/{b") == "/a/{b");
    CHECK(to_action_path("/a}/{") == "/a}/{");
    CHECK(path_parameters("/a}/{b").empty());
    CHECK(from_action_path("/{{ param.a") == "/{{ param.a");
}

TEST_CASE("paths: braces are filled with the values that there are", "[openapi]") {
    CHECK(fill_braces("https://{port}.a/{v}/{port}", {{"port", "bergen"}}) ==
          "https://bergen.a/{v}/{port}");
    CHECK(fill_braces("{a}{b}", {{"a", "{b}"}, {"b", ""}}) == "{b}");
    CHECK(fill_braces("{a", {{"a", "x"}}) == "{a");
}
