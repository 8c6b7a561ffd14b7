// Triggers as typed structs and as documents.
#include <verso/domain/trigger.hpp>

#include "domain/reading.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using test::faults;
using test::Fields;

TEST_CASE("trigger: made from nothing it is written and read again", "[domain][trigger]") {
    const Trigger trigger{
        .name = "on$Push",
        .method = "POST",
        .parameters = {InlineParameter{.name = "session", .in = ParameterLocation::cookie}},
        .request_body = RequestBody{.required = true, .definitions = {{{.name = "Push"}}}},
        .responses = {{.status = 204}},
        .description = "A push"};
    const Document written = trigger.to_document().value();
    CHECK(written.text() ==
          R"({"name":"on$Push","type":"http","method":"POST",)"
          R"("parameters":[{"name":"session","in":"cookie","required":false,"type":"string"}],)"
          R"("requestBody":{"required":true,"definitions":[{"definition":{"name":"Push"}}]},)"
          R"("responses":[{"status":204,"definitions":[]}],"description":"A push"})");
    Trigger again = Trigger::from_document(written).value();
    again.document = {};
    CHECK(again == trigger);
}

TEST_CASE("trigger: a path is an unknown member and is kept", "[domain][trigger]") {
    const char* const text = R"({"path":7,"name":"a","method":"POST"})";
    Trigger trigger = Trigger::from_document(Document::parse(text).value()).value();
    trigger.name = std::string("b");
    CHECK(trigger.to_document().value().text() == R"({"path":7,"name":"b","method":"POST"})");
}

TEST_CASE("trigger: parameters are in cookie or header or query", "[domain][trigger]") {
    const auto with = [](const std::string& in) {
        std::string text = R"({"name":"a","method":"POST","parameters":[{"name":"p",)"
                           R"("type":"string",)";
        text.append(R"("in":")").append(in).append(R"("}]})");
        return faults<Trigger>(text);
    };
    CHECK(with("cookie").empty());
    CHECK(with("header").empty());
    CHECK(with("query").empty());
    CHECK(with("path") == Fields{"/parameters/0/in"});
    CHECK(faults<Trigger>("{}") == Fields{"/name", "/method"});
}
