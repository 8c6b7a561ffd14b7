// Goal: what differs between two documents is told place by place. Method: pairs of small
// documents.
#include "cli/document_changes.hpp"

#include <catch2/catch.hpp>

using namespace verso::cli;

namespace {

/// As `/a: 1 -> 2`, one line a place.
std::string told(std::string_view before, std::string_view after) {
    std::string text;
    for (const DocumentChange& change : document_changes(before, after))
        text += change.pointer + ": " + change.before.value_or("none") + " -> " +
                change.after.value_or("none") + '\n';
    return text;
}

}  // namespace

TEST_CASE("document changes: equal documents differ nowhere", "[cli]") {
    CHECK(told(R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":2}]})").empty());
}

TEST_CASE("document changes: members are changed, removed and added", "[cli]") {
    CHECK(told(R"({"a":1.0,"b":2,"c/d":{"e":3}})", R"({"a":1.00,"c/d":{"e":4},"f":5})") ==
          "/a: 1.0 -> 1.00\n/b: 2 -> none\n/c~1d/e: 3 -> 4\n/f: none -> 5\n");
}

TEST_CASE("document changes: an element that came or went is one change", "[cli]") {
    CHECK(told("[1,2,3]", "[1,9,2,3]") == "/1: none -> 9\n");
    CHECK(told("[1,2,3]", "[1,3]") == "/1: 2 -> none\n");
    CHECK(told("[1,2,3]", "[1,2,3,4]") == "/3: none -> 4\n");
    CHECK(told(R"([1,{"a":1},3])", R"([1,{"a":2},3])") == "/1/a: 1 -> 2\n");
    CHECK(told("[1,2,3]", "[4,5]") == ": [1,2,3] -> [4,5]\n");
}

TEST_CASE("document changes: a string that holds JSON is entered", "[cli]") {
    CHECK(told(R"({"content":"{\"a\": 1}"})", R"({"content":"{\"a\": 2}"})") ==
          "/content#/a: 1 -> 2\n");
    CHECK(told(R"({"content":"{\"a\": 1}"})", R"({"content":"{\"a\":1}"})") ==
          R"(/content: "{\"a\": 1}" -> "{\"a\":1}")"
          "\n");
    CHECK(told(R"({"content":"a"})", R"({"content":"b"})") == "/content: \"a\" -> \"b\"\n");
}

TEST_CASE("document changes: another order of members is told as such", "[cli]") {
    CHECK(told(R"({"x":{"a":1,"b":2}})", R"({"x":{"b":2,"a":1}})") == "/x: none -> none\n");
}
