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

TEST_CASE("references: one has an id or a name, and its place", "[domain]") {
    const ParsedJson json(std::string(
        R"({"responses":[{"definitions":[{"definition":{}},{"definition":{"name":"A"}},)"
        R"({"definition":{"id":"0190a0b0-c0d0-7000-8000-000000000004"}}]}]})"));
    const auto sites = references_of(Kind::action, json.root());
    REQUIRE(sites.size() == 2);
    CHECK(sites[0].reference.name == "A");
    CHECK_FALSE(sites[0].reference.id);
    CHECK(sites[0].pointer == "/responses/0/definitions/1/definition");
    CHECK_FALSE(sites[1].reference.name);
    REQUIRE(sites[1].reference.id);
    CHECK(to_string(*sites[1].reference.id) == "0190a0b0-c0d0-7000-8000-000000000004");
    CHECK(sites[1].pointer == "/responses/0/definitions/2/definition");
}

TEST_CASE("references: a text without their keys is not read for them", "[domain]") {
    CHECK_FALSE(may_refer(Kind::action, R"({"responses":[{"definitions":[]}],"parameters":[]})"));
    CHECK_FALSE(may_refer(Kind::definition, definition(R"({\"type\":\"object\"})")));
    CHECK_FALSE(may_refer(Kind::parameter, R"({"name":"p","definition":{"name":"A"}})"));
}

TEST_CASE("references: renames are followed by kind, name and id", "[domain]") {
    const auto id = [](std::uint8_t number) {
        ResourceId made;
        made.value.data[15] = number;
        return made;
    };
    RenamedTargets targets;
    CHECK(targets.empty());
    targets.add({Kind::definition, id(1), "A", "B"});
    targets.add({Kind::definition, id(2), "A", "C"});  // the first counts
    targets.add({Kind::parameter, id(3), "A", "P"});
    const auto body = [](const std::string& reference) {
        return R"({"requestBody":{"definitions":[{"definition":)" + reference + "}]}}";
    };
    const auto follow = [&](const std::string& text) {
        return follow_renames(Kind::action, text, targets);
    };
    CHECK(follow(body(R"({"name":"A"})")) == body(R"({"name":"B"})"));
    CHECK(follow(body(R"({"id":")" + to_string(id(1)) + R"(","name":"A"})")) ==
          body(R"({"id":")" + to_string(id(1)) + R"(","name":"B"})"));
    CHECK_FALSE(follow(body(R"({"id":")" + to_string(id(2)) + R"(","name":"A"})")));
    CHECK_FALSE(follow(body(R"({"id":")" + to_string(id(1)) + R"("})")));
    CHECK_FALSE(follow(body(R"({"name":"B"})")));
    CHECK(follow(R"({"parameters":[{"parameter":{"name":"A"}}]})") ==
          R"({"parameters":[{"parameter":{"name":"P"}}]})");
    CHECK(follow_renames(Kind::definition, definition(R"({\"$ref\":\"#/$defs/A\"})"), targets) ==
          definition(R"({\"$ref\":\"#/$defs/B\"})"));
}

TEST_CASE("references: many renames are followed by many references", "[domain]") {
    constexpr std::size_t count = 200'000;  // each looked for among all they would take minutes
    RenamedTargets targets;
    std::string before;
    std::string after;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(i);
        targets.add({Kind::parameter, ResourceId{}, "a" + number, "b" + number});
        before += (i == 0 ? R"({"parameter":{"name":"a)" : R"(,{"parameter":{"name":"a)") + number +
                  "\"}}";
        after += (i == 0 ? R"({"parameter":{"name":"b)" : R"(,{"parameter":{"name":"b)") + number +
                 "\"}}";
    }
    CHECK(follow_renames(Kind::action, R"({"parameters":[)" + before + "]}", targets) ==
          R"({"parameters":[)" + after + "]}");
}
