// Goal: values are equal where JSON says so. Method: pairs of small values, and random objects with
// their members in another order.
#include "domain/json_equality.hpp"
#include "domain/json_number.hpp"
#include "domain/json_parser.hpp"
#include "domain/json_writer.hpp"
#include "domain/random_json.hpp"
#include "domain/reading.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace verso;
using test::RandomJson;
using test::same;

namespace {

/// The value with the members of all objects in the reverse order.
std::string reversed(JsonView value) {
    JsonWriter json;
    if (value.is_array()) {
        json.begin_array();
        for (const JsonView element : value.elements()) json.raw(reversed(element));
        return std::move(json.end_array()).take();
    }
    if (!value.is_object()) return std::string(value.text());
    std::vector<JsonMember> members;
    for (const JsonMember member : value.members()) members.push_back(member);
    std::reverse(members.begin(), members.end());
    json.begin_object();
    for (const auto [key, member] : members) json.raw_key(key.text()).raw(reversed(member));
    return std::move(json.end_object()).take();
}

}  // namespace

TEST_CASE("equality: the order of members and the way to escape do not count", "[domain][json]") {
    CHECK(same(R"({"a":1,"b":[{"c":2,"d":3}]})", R"({"b":[{"d":3,"c":2}],"\u0061":1})"));
    CHECK(same(R"("\u0041\/")", R"("A/")"));
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        INFO("seed " << seed);
        const std::string text = RandomJson::joined(RandomJson(seed).object());
        REQUIRE(same(text, reversed(parse_json(text).value().root())));
    }
}

TEST_CASE("equality: all else counts", "[domain][json]") {
    CHECK_FALSE(same("1.0", "1.00"));
    CHECK_FALSE(same("[1,2]", "[2,1]"));
    CHECK_FALSE(same("[]", "{}"));
    CHECK_FALSE(same("[[]]", "[[[]]]"));
    CHECK_FALSE(same("\"1\"", "1"));
    CHECK_FALSE(same("\"null\"", "null"));
    CHECK_FALSE(same("true", "false"));
    CHECK_FALSE(same(R"({"a":1})", R"({"a":1,"b":1})"));
    CHECK_FALSE(same(R"({"a":1,"b":2})", R"({"a":2,"b":1})"));
}

TEST_CASE("equality: numbers by value are equal however they are written", "[domain][json]") {
    CHECK(same(R"({"a":[1.0,2e1]})", R"({"a":[1,20]})", NumberEquality::by_value));
    CHECK_FALSE(same("1", "2", NumberEquality::by_value));
    CHECK_FALSE(same("1", "\"1e0\"", NumberEquality::by_value));
}

TEST_CASE("equality: a number's value is exact", "[domain][json]") {
    CHECK(canonical_number("0") == "0");
    CHECK(canonical_number("-0.000E+5") == "0");
    CHECK(canonical_number("1") == "1e0");
    CHECK(canonical_number("1200") == "12e2");
    CHECK(canonical_number("0.00120") == "12e-4");
    CHECK(canonical_number("-1.20e+3") == "-12e2");
    CHECK(canonical_number("12e-4") == canonical_number("0.0012"));
    CHECK(canonical_number("0.1") != canonical_number("0.1000000000000000055511151231257827"));
    CHECK(canonical_number("1e-400") == "1e-400");
}
