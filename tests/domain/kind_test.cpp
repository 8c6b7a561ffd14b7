#include <verso/domain/kind.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace verso;

TEST_CASE("kind: every kind has a name of its own that parses back", "[domain][kind]") {
    std::set<std::string_view> names;
    for (const Kind kind : all_kinds) {
        names.insert(to_string(kind));
        CHECK(parse_kind(to_string(kind)) == kind);
    }
    CHECK(names.size() == all_kinds.size());
    CHECK(to_string(Kind::action) == "action");
    CHECK(to_string(Kind::request_body) == "request_body");
}

TEST_CASE("kind: other names are no kind", "[domain][kind]") {
    CHECK(!parse_kind(""));
    CHECK(!parse_kind("Action"));
    CHECK(!parse_kind("actions"));
    CHECK(!parse_kind("unknown"));
    CHECK(to_string(static_cast<Kind>(0)) == "unknown");
}

TEST_CASE("kind: the stored numbers are fixed", "[domain][kind]") {
    int number = 0;
    for (const Kind kind : all_kinds) CHECK(static_cast<int>(kind) == ++number);
    CHECK(static_cast<int>(Kind::document) == 13);
}
