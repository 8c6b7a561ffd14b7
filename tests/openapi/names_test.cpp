// Goal: every operation and component gets a name, the same one each time, and no two the same.

#include <catch2/catch.hpp>

#include <verso/domain/names.hpp>

#include "openapi/names.hpp"

using namespace verso;
using namespace verso::openapi;

TEST_CASE("names: characters that a name may not have become underscores", "[openapi]") {
    CHECK(to_name(Kind::action, "calls:list") == "calls_list");
    CHECK(to_name(Kind::action, "a$b.c") == "a$b_c");
    CHECK(to_name(Kind::definition, "a$b.c") == "a_b_c");
    CHECK(to_name(Kind::example, "a$b.c") == "a_b.c");
    CHECK(to_name(Kind::action, "\xc3\x84 \xf0\x9f\x9a\xa2") == "___");
    CHECK(to_name(Kind::action, "") == "_");
}

TEST_CASE("names: a long one is cut and stays apart from one that begins alike", "[openapi]") {
    const std::string longest(max_name_bytes, 'a');
    CHECK(to_name(Kind::action, longest) == longest);
    const std::string one = to_name(Kind::action, longest + "b");
    const std::string other = to_name(Kind::action, longest + "c");
    CHECK(one != other);
    CHECK(check_resource_name(Kind::action, one).has_value());
    CHECK(to_name(Kind::action, longest + "b") == one);
}

TEST_CASE("names: an operation without one is called after its method and path", "[openapi]") {
    CHECK(operation_name("get", "/calls/{callId}/events") == "get_calls_callId_events");
    CHECK(operation_name("get", "/") == "get");
    CHECK(operation_name("get", "/a/document.{format}") == "get_a_document_format");
    CHECK(operation_name("post", "invoice.overdue") == "post_invoice_overdue");
}

TEST_CASE("names: a clash gets numbers in the order of the document", "[openapi]") {
    Names names(Kind::action);
    for (const char* const original : {"a:b", "a.b", "a/b"}) names.reserve(original);
    CHECK(names.take("a:b") == "a_b");
    CHECK(names.take("a.b") == "a_b_2");
    CHECK(names.take("a/b") == "a_b_3");
}

TEST_CASE("names: a name that is good as it is goes to nobody else", "[openapi]") {
    Names names(Kind::action);
    for (const char* const original : {"a:b", "a.b", "a_b", "a_b_2"}) names.reserve(original);
    CHECK(names.take("a:b") == "a_b_3");
    CHECK(names.take("a.b") == "a_b_4");
    CHECK(names.take("a_b") == "a_b");
    CHECK(names.take("a_b_2") == "a_b_2");
    CHECK(names.take("a_b") == "a_b_5");
    CHECK(names.take_made_up("a_b_2") == "a_b_2_2");
}

TEST_CASE("names: many of one long name are all good names", "[openapi]") {
    Names names(Kind::definition);
    const std::string longest(max_name_bytes, 'a');
    names.reserve(longest);
    CHECK(names.take(longest) == longest);
    for (int i = 0; i < 1000; ++i) {
        const std::string name = names.take(longest);
        REQUIRE(check_resource_name(Kind::definition, name).has_value());
    }
}
