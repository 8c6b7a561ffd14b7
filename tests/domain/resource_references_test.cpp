// A document's references to others. Goal: the quick look at a text never misses one, however its
// keys are spelt. Method: documents by hand, read both ways.
#include "domain/resource_references.hpp"

#include "domain/json_parser.hpp"

#include <catch2/catch.hpp>

using namespace verso;

namespace {

std::size_t count_references(Kind kind, const std::string& text) {
    const ParsedJson json(text);
    return references_of(kind, json.root()).size();
}

/// A Definition whose schema, a string, has this content.
std::string definition(const std::string& content) {
    return R"({"name":"D","accept":[],"schema":{"contentType":"a/json","content":")" + content +
           R"("}})";
}

}  // namespace

TEST_CASE("references: a look at the text finds all that may refer", "[domain]") {
    const auto refers = [](Kind kind, const std::string& text) {
        INFO(text);
        CHECK(count_references(kind, text) == 1);
        CHECK(may_refer(kind, text));
    };
    refers(Kind::action,
           R"({"requestBody":{"definitions":[{"definition":{"name":"A"}}]},"name":"a"})");
    refers(Kind::trigger, R"({"parameters":[{"parameter":{"name":"A"}}]})");
    refers(Kind::response, R"({"definitions":[{"definition":{"name":"A"}}]})");
    refers(Kind::action, R"({"parameters":[{"\u0070arameter":{"name":"A"}}]})");
    refers(Kind::definition, definition(R"({\"$ref\":\"#/$defs/A\"})"));
    refers(Kind::definition, definition(R"({\"$ref\":\"#/\u0024defs/A\"})"));
    refers(Kind::definition, definition(R"({\"$ref\":\"#/\\u0024defs/A\"})"));
}

TEST_CASE("references: a text without their keys is not read for them", "[domain]") {
    CHECK_FALSE(may_refer(Kind::action, R"({"responses":[{"definitions":[]}],"parameters":[]})"));
    CHECK_FALSE(may_refer(Kind::definition, definition(R"({\"type\":\"object\"})")));
    CHECK_FALSE(may_refer(Kind::parameter, R"({"name":"p","definition":{"name":"A"}})"));
}
