// Definitions as typed structs and as documents.
#include <verso/domain/definition.hpp>

#include "domain/reading.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using test::document;
using test::faults;
using test::Fields;

TEST_CASE("definition: made from nothing it is written and read again", "[domain][definition]") {
    const Definition definition{.name = "Repository",
                                .accept = {"application/json"},
                                .schema = {"application/schema+json", R"({"type":"object"})"}};
    const Document written = definition.to_document().value();
    CHECK(
        written.text() ==
        R"({"name":"Repository","accept":["application/json"],)"
        R"("schema":{"contentType":"application/schema+json","content":"{\"type\":\"object\"}"}})");
    Definition again = Definition::from_document(written).value();
    again.document = {};
    CHECK(again == definition);
}

TEST_CASE("definition: a change keeps the tokens of all else", "[domain][definition]") {
    const char* const text =
        R"({"x":1.10,"schema":{"content":"\u0041","draft":7.0,"contentType":"a/b"},)"
        R"("accept":["t\/x","a\/b"],"name":"D"})";
    Definition definition = Definition::from_document(document(text)).value();
    CHECK(definition.to_document().value().text() == text);
    definition.schema.content_type = "c/d";
    definition.accept = {"a/b", "new/one"};
    definition.description = "text";
    CHECK(definition.to_document().value().text() ==
          R"({"x":1.10,"schema":{"content":"\u0041","draft":7.0,"contentType":"c/d"},)"
          R"("accept":["a\/b","new/one"],)"
          R"("name":"D","description":"text"})");
}

TEST_CASE("definition: every fault is reported under its pointer", "[domain][definition]") {
    CHECK(faults<Definition>("{}") == Fields{"/name", "/accept", "/schema"});
    CHECK(faults<Definition>(R"({"name":"a$","accept":[1,"x",null],"schema":{}})") ==
          Fields{"/name", "/accept/0", "/accept/2", "/schema/contentType", "/schema/content"});
    CHECK(faults<Definition>(R"({"name":"a","accept":"x","schema":5,"description":1})") ==
          Fields{"/accept", "/schema", "/description"});
    CHECK(faults<Definition>(
              R"({"name":"a","accept":[],"schema":{"contentType":"x","content":{}}})") ==
          Fields{"/schema/content"});
    CHECK(
        faults<Definition>(R"({"name":"a","accept":[],"schema":{"contentType":"x","content":""}})")
            .empty());
}
