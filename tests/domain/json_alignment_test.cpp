// Goal: of two states of an array or an object it is seen what stayed, what came and what went.
// Method: small arrays, and as laws on random ones: each side is kept whole and in order, and equal
// arrays pair throughout.
#include "domain/json_alignment.hpp"
#include "domain/json_parser.hpp"
#include "domain/random_edits.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using test::RandomEdits;

namespace {

std::string text_of(const std::optional<JsonView>& value) {
    return value ? std::string(value->text()) : "none";
}

/// As `1=1 2=none`.
std::string aligned(std::string_view before, std::string_view after) {
    const ParsedJson old_one = parse_json(before).value();
    const ParsedJson new_one = parse_json(after).value();
    JsonEquality equality;
    std::string text;
    for (const ElementPair& pair : align_elements(old_one.root(), new_one.root(), equality))
        text += (text.empty() ? "" : " ") + text_of(pair.before) + '=' + text_of(pair.after);
    return text;
}

}  // namespace

TEST_CASE("alignment: what is equal stands side by side", "[domain][json]") {
    CHECK(aligned("[]", "[]").empty());
    CHECK(aligned("[1,2,3]", "[0,1,3]") == "none=0 1=1 2=none 3=3");
    CHECK(aligned("[1,2,3,4]", "[9,2,3]") == "1=9 2=2 3=3 4=none");
    CHECK(aligned("[1,1,1]", "[1,1]") == "1=1 1=1 1=none");
    CHECK(aligned("[1,2]", "[3,4,5]") == "1=3 2=4 none=5");
    CHECK(aligned(R"(["\u0061",1,2])", R"([0,"a",2])") == R"(none=0 "\u0061"="a" 1=none 2=2)");
}

TEST_CASE("alignment: what moved is gone in one place and come in another", "[domain][json]") {
    CHECK(aligned("[1,2,3,4]", "[4,1,2,3]") == "none=4 1=1 2=2 3=3 4=none");
    CHECK(aligned("[1,2,3,4]", "[2,3,4,1]") == "1=none 2=2 3=3 4=4 none=1");
}

TEST_CASE("alignment: elements pair by what tells them apart", "[domain][json]") {
    CHECK(aligned(R"([{"id":1,"v":0},{"id":2,"v":0}])", R"([{"id":2,"v":1},{"id":3}])") ==
          R"({"id":1,"v":0}=none {"id":2,"v":0}={"id":2,"v":1} none={"id":3})");
    CHECK(aligned(R"([{"name":"a","in":"query"},{"name":"a","in":"header"}])",
                  R"([{"name":"a","in":"header","v":1}])") ==
          R"({"name":"a","in":"query"}=none {"name":"a","in":"header"}=)"
          R"({"name":"a","in":"header","v":1})");
    CHECK(aligned(R"([{"definition":{"id":"A"}},{"status":404}])", R"([{"v":1,"status":404}])") ==
          R"({"definition":{"id":"A"}}=none {"status":404}={"v":1,"status":404})");
}

TEST_CASE("alignment: both arrays are there whole and in their order", "[domain][json]") {
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        INFO("seed " << seed);
        RandomEdits random(seed);
        const std::string document = "{\"a\":[" + random.value(3) + ',' + random.value(3) + ',' +
                                     random.value(3) + ',' + random.value(3) + "]}";
        const ParsedJson old_one = parse_json(document).value();
        const ParsedJson new_one = parse_json(random.edited(document)).value();
        const JsonView before = *old_one.root().find("a");
        const JsonView after = new_one.root().find("a").value_or(before);
        JsonEquality equality;
        std::string rebuilt_before;
        std::string rebuilt_after;
        for (const ElementPair& pair : align_elements(before, after, equality)) {
            REQUIRE((pair.before || pair.after));
            if (pair.before) rebuilt_before += text_of(pair.before) + '\n';
            if (pair.after) rebuilt_after += text_of(pair.after) + '\n';
        }
        std::string expected_before;
        for (const JsonView element : before.elements()) expected_before += text_of(element) + '\n';
        std::string expected_after;
        for (const JsonView element : after.elements()) expected_after += text_of(element) + '\n';
        REQUIRE(rebuilt_before == expected_before);
        REQUIRE(rebuilt_after == expected_after);
        for (const ElementPair& pair : align_elements(before, before, equality))
            REQUIRE(text_of(pair.before) == text_of(pair.after));
    }
}

TEST_CASE("alignment: members pair by name, new ones last", "[domain][json]") {
    const ParsedJson before = parse_json(R"({"a":1,"b":2})").value();
    const ParsedJson after = parse_json(R"({"c":3,"\u0062":4})").value();
    std::string text;
    for (const MemberPair& pair : align_members(before.root(), after.root()))
        text += pair.key.string() + ':' + text_of(pair.before) + '=' + text_of(pair.after) + ' ';
    CHECK(text == "a:1=none b:2=4 c:none=3 ");
}
