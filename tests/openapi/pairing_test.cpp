// Goal: a release's resources find those that they were before, by the names that the description
// gives them.

#include <catch2/catch.hpp>

#include "openapi/pairing.hpp"

using namespace verso;
using namespace verso::openapi;

namespace {

ResourceId id(unsigned char number) {
    ResourceId id;
    id.value.data[15] = number;
    return id;
}

std::string action(std::string_view original) {
    return R"({"operationId":")" + std::string(original) + R"("})";
}

}  // namespace

TEST_CASE("pairing: the original name is found in the document", "[openapi]") {
    CHECK(original_name({Kind::action, {}, "a_b", R"({"operationId":"a:b"})"}) == "a:b");
    CHECK(original_name({Kind::action, {}, "get_a", R"({"openapi":{"key":"get_b"}})"}) == "get_b");
    CHECK(original_name({Kind::definition, {}, "A", R"({"operationId":"a:b"})"}) == "A");
    CHECK(original_name({Kind::document, {}, "document", R"({"openapi":{"key":""}})"}).empty());
}

TEST_CASE("pairing: what is equal stays and what is gone is told", "[openapi]") {
    const std::vector<ConvertedResource> converted{{Kind::action, "a", "a", "{}"},
                                                   {Kind::action, "b", "b", "{}"},
                                                   {Kind::action, "c", "c", "{}"}};
    Pairing pairing(converted);
    pairing.add({Kind::action, id(1), "a", "{}"});
    pairing.add({Kind::action, id(2), "b", R"({"x":1})"});
    pairing.add({Kind::action, id(3), "d", "{}"});
    pairing.add({Kind::trigger, id(4), "c", "{}"});
    const Plan plan = std::move(pairing).plan();
    CHECK(plan.unchanged == 1);
    REQUIRE(plan.puts.size() == 2);
    CHECK(plan.puts[0].index == 1);
    CHECK(plan.puts[0].id == id(2));
    CHECK_FALSE(plan.puts[1].id);
    REQUIRE(plan.gone.size() == 2);
    CHECK(plan.gone[0].id == id(3));
    CHECK(plan.gone[1].id == id(4));
    CHECK(plan.moved.empty());
}

TEST_CASE("pairing: a suffix that shifts keeps the ids", "[openapi]") {
    const std::vector<ConvertedResource> converted{{Kind::action, "a_b", "a.b", action("a.b")},
                                                   {Kind::action, "a_b_2", "a:b", action("a:b")}};
    Pairing pairing(converted);
    const std::string first = action("a:b");
    const std::string second = action("a.b");
    pairing.add({Kind::action, id(1), "a_b", first});
    pairing.add({Kind::action, id(2), "a_b_2", second});
    const Plan plan = std::move(pairing).plan();
    REQUIRE(plan.puts.size() == 2);
    CHECK(plan.puts[0].id == id(2));
    CHECK(plan.puts[1].id == id(1));
    CHECK(plan.moved.size() == 2);
    CHECK(plan.gone.empty());
}

TEST_CASE("pairing: of several with one original name the same names pair first", "[openapi]") {
    const std::vector<ConvertedResource> converted{{Kind::action, "a", "a", action("a")},
                                                   {Kind::action, "a_2", "a", action("a")},
                                                   {Kind::action, "a_3", "a", action("a")}};
    Pairing pairing(converted);
    const std::string text = action("a");
    pairing.add({Kind::action, id(2), "a_2", text});
    pairing.add({Kind::action, id(9), "renamed", text});
    const Plan plan = std::move(pairing).plan();
    CHECK(plan.unchanged == 1);
    REQUIRE(plan.puts.size() == 2);
    CHECK(plan.puts[0].id == id(9));
    CHECK_FALSE(plan.puts[1].id);
}
