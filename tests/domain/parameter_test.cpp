// Parameters as typed structs and as documents.
#include <verso/domain/parameter.hpp>

#include "domain/reading.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using test::document;
using test::faults;
using test::Fields;

TEST_CASE("parameter: made from nothing it is written and read again", "[domain][parameter]") {
    const Parameter parameter{
        .name = "per-page", .type = ParameterType::integer, .default_value = 30};
    const Document written = parameter.to_document().value();
    CHECK(written.text() ==
          R"({"name":"per-page","in":"query","required":false,"type":"integer","default":30})");
    Parameter again = Parameter::from_document(written).value();
    again.document = {};
    CHECK(again == parameter);
}

TEST_CASE("parameter: a default keeps its digits until it changes", "[domain][parameter]") {
    Parameter parameter =
        Parameter::from_document(
            document(
                R"({"name":"p","default":{"a":1.10,"b":[2.50]},"in":"header","type":"number"})"))
            .value();
    parameter.required = true;
    parameter.default_value->as_object()["c"] = nullptr;
    CHECK(parameter.to_document().value().text() ==
          R"({"name":"p","default":{"a":1.10,"b":[2.50],"c":null},"in":"header",)"
          R"("type":"number","required":true})");
    parameter.default_value = nullptr;
    CHECK(parameter.to_document().value().member("default") == "null");
    parameter.default_value.reset();
    CHECK(!parameter.to_document().value().member("default"));
}

TEST_CASE("parameter: every location and type has its name", "[domain][parameter]") {
    for (const char* const in : {"path", "query", "header"})
        for (const char* const type : {"string", "number", "integer", "boolean"}) {
            const auto text =
                std::string(R"({"name":"p","in":")") + in + R"(","type":")" + type + "\"}";
            const Parameter parameter = Parameter::from_document(document(text)).value();
            CHECK(to_string(parameter.in) == in);
            CHECK(to_string(parameter.type) == type);
        }
    CHECK(to_string(ParameterLocation::cookie) == "cookie");
}

TEST_CASE("parameter: every fault is reported under its pointer", "[domain][parameter]") {
    CHECK(faults<Parameter>("{}") == Fields{"/name", "/in", "/type"});
    CHECK(faults<Parameter>(R"({"name":"a.b","in":"cookie","type":"String","required":null})") ==
          Fields{"/name", "/in", "/required", "/type"});
    const auto error =
        Parameter::from_document(document(R"({"name":"p","in":"body","type":"string"})")).error();
    CHECK(error.fields[0].message == "is 'body'; give one of path, query, header");
}
