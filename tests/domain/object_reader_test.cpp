// Reading members with every fault reported under its JSON Pointer.
#include "domain/object_reader.hpp"
#include "domain/json_parser.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>

using namespace verso;

TEST_CASE("object reader: places are spelt as pointers", "[domain][reader]") {
    const Place whole;
    const Place parameters{&whole, "a/b"};
    const Place third{&parameters, {}, 3};
    const Place name{&third, "name"};
    CHECK(whole.pointer().empty());
    CHECK(name.pointer() == "/a~1b/3/name");
}

TEST_CASE("object reader: missing and mistyped members are told apart", "[domain][reader]") {
    const ParsedJson json =
        parse_json(R"({"text":5,"flag":"yes","status":200.0,"large":3000000000,"list":{}})")
            .value();
    Findings findings;
    const Place whole;
    ObjectReader object(json.root(), whole, findings);
    CHECK(object.string("text").empty());
    CHECK(object.string("name").empty());
    CHECK(!object.optional_string("none"));
    CHECK(!object.flag("flag"));
    CHECK(!object.optional_integer("status"));
    CHECK(!object.optional_integer("large"));
    CHECK(object.array("list", [](JsonView, const Place&) { return 0; }).empty());
    const std::vector<FieldError> expected{
        {"/text", "is a number; give a string"},
        {"/name", "is missing; give a string"},
        {"/flag", "is a string; give true or false"},
        {"/status", "is no integer of 32 bits; give one without fraction and exponent"},
        {"/large", "is no integer of 32 bits; give one without fraction and exponent"},
        {"/list", "is an object; give an array"},
    };
    CHECK(findings.fields() == expected);
    const Error error = std::move(findings).to_error("thing");
    CHECK(error.code == Errc::resource_invalid);
    CHECK(error.message ==
          "the thing is not valid: /text is a number; give a string (and 5 more, see the fields)");
}

TEST_CASE("object reader: an integer has 32 bits", "[domain][reader]") {
    const ParsedJson json = parse_json(R"({"least":-2147483648,"most":2147483647,"less":-2147483649,
                                           "more":2147483648})")
                                .value();
    Findings findings;
    const Place whole;
    ObjectReader object(json.root(), whole, findings);
    CHECK(object.optional_integer("least") == std::numeric_limits<std::int32_t>::min());
    CHECK(object.optional_integer("most") == std::numeric_limits<std::int32_t>::max());
    CHECK(findings.fields().empty());
    CHECK_FALSE(object.optional_integer("less"));
    CHECK_FALSE(object.optional_integer("more"));
    CHECK(findings.fields().size() == 2);
}

TEST_CASE("object reader: what is no object is reported once", "[domain][reader]") {
    const ParsedJson json = parse_json("[]").value();
    Findings findings;
    const Place whole;
    ObjectReader object(json.root(), whole, findings);
    CHECK(object.string("name").empty());
    CHECK(findings.fields() == std::vector<FieldError>{{"", "is an array; give an object"}});
    CHECK(std::move(findings).to_error("thing").message ==
          "the thing is not valid: it is an array; give an object");
}

TEST_CASE("object reader: a hundred faults are enough", "[domain][reader]") {
    Findings findings;
    const Place whole;
    for (int i = 0; i < 1000; ++i) findings.add(whole, "is bad");
    CHECK(findings.fields().size() == 100);
}
