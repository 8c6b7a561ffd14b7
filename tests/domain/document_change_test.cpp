// Goal: what differs between two documents is told place by place. Method: pairs of small
// documents, and as laws on random ones: nothing is told exactly where the texts are equal, and
// what is told stands at its place.
#include <verso/domain/document_change.hpp>

#include "domain/json_parser.hpp"
#include "domain/random_edits.hpp"
#include "domain/reading.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using test::RandomEdits;

namespace {

std::vector<DocumentChange> changes(std::string_view before, std::string_view after) {
    return document_changes(Document::parse(before).value(), Document::parse(after).value());
}

/// As `/a: 1 -> 2`, one line a place.
std::string told_changes(std::string_view before, std::string_view after) {
    std::string text;
    for (const DocumentChange& change : changes(before, after))
        text += change.pointer + ": " + change.before.value_or("none") + " -> " +
                change.after.value_or("none") + '\n';
    return text;
}

/// The same of two arrays that are the member `l`.
std::string told_of_arrays(const std::string& before, const std::string& after) {
    return told_changes("{\"l\":" + before + '}', "{\"l\":" + after + '}');
}

}  // namespace

TEST_CASE("document changes: equal documents differ nowhere", "[domain]") {
    CHECK(told_changes(R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":2}]})").empty());
}

TEST_CASE("document changes: members are changed, removed and added", "[domain]") {
    CHECK(told_changes(R"({"a":1.0,"b":2,"c/d":{"e":3}})", R"({"a":1.00,"c/d":{"e":4},"f":5})") ==
          "/a: 1.0 -> 1.00\n/b: 2 -> none\n/c~1d/e: 3 -> 4\n/f: none -> 5\n");
}

TEST_CASE("document changes: an element that came or went is one change", "[domain]") {
    CHECK(told_of_arrays("[1,2,3]", "[1,9,2,3]") == "/l/1: none -> 9\n");
    CHECK(told_of_arrays("[1,2,3]", "[1,3]") == "/l/1: 2 -> none\n");
    CHECK(told_of_arrays("[1,2,3]", "[1,2,3,4]") == "/l/3: none -> 4\n");
    CHECK(told_of_arrays("[1,2,3,4]", "[0,1,3,5]") ==
          "/l/0: none -> 0\n/l/1: 2 -> none\n/l/3: 4 -> 5\n");
    CHECK(told_of_arrays(R"([1,{"a":1},3])", R"([1,{"a":2},3])") == "/l/1/a: 1 -> 2\n");
}

TEST_CASE("document changes: elements pair by what tells them apart", "[domain]") {
    CHECK(told_of_arrays(R"([{"status":200,"a":1},{"status":404,"a":1}])",
                         R"([{"status":404,"a":2},{"status":500}])") ==
          "/l/0: {\"status\":200,\"a\":1} -> none\n/l/0/a: 1 -> 2\n"
          "/l/1: none -> {\"status\":500}\n");
}

TEST_CASE("document changes: a string that holds JSON is entered", "[domain]") {
    CHECK(told_changes(R"({"content":"{\"a\": 1}"})", R"({"content":"{\"a\": 2}"})") ==
          "/content#/a: 1 -> 2\n");
    CHECK(told_changes(R"({"content":"{\"a\": [1, 2]}","l":[1,2]})",
                       R"({"content":"{\"a\": [2]}","l":[2]})") ==
          "/content#/a/0: 1 -> none\n/l/0: 1 -> none\n");
    CHECK(told_changes(R"({"content":"{\"a\": 1}"})", R"({"content":"{\"a\":1}"})") ==
          R"(/content: "{\"a\": 1}" -> "{\"a\":1}")"
          "\n");
    CHECK(told_changes(R"({"content":"a"})", R"({"content":"b"})") == "/content: \"a\" -> \"b\"\n");
}

TEST_CASE("document changes: another order of members is told as such", "[domain]") {
    CHECK(told_changes(R"({"x":{"a":1,"b":2}})", R"({"x":{"b":2,"a":1}})") == "/x: none -> none\n");
}

TEST_CASE("document changes: what is told stands at its place", "[domain]") {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        INFO("seed " << seed);
        RandomEdits random(seed);
        const std::string before = random.document();
        const std::string after = random.edited(before);
        INFO(before << '\n' << after);
        const auto all = changes(before, after);
        REQUIRE(all.empty() == (before == after));
        const ParsedJson old_json = parse_json(before).value();
        const ParsedJson new_json = parse_json(after).value();
        for (const DocumentChange& change : all) {
            if (change.pointer.find('#') != change.pointer.npos) continue;
            const auto there = find_pointer(
                change.after || !change.before ? new_json.root() : old_json.root(), change.pointer);
            REQUIRE(there.has_value());
            if (change.after) REQUIRE(there->text() == *change.after);
            if (change.before && !change.after) REQUIRE(there->text() == *change.before);
        }
    }
}

TEST_CASE("document changes: whose pointers come to far more than the documents are one",
          "[domain]") {
    const std::string before = test::below_long_name(200, 1);
    const std::string after = test::below_long_name(200, 2);
    CHECK((changes(before, after) == std::vector<DocumentChange>{{"", before, after}}));
    CHECK(changes(test::below_long_name(20, 1), test::below_long_name(20, 2)).size() == 20);
}
