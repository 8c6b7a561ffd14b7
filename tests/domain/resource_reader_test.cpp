// Documents that are put: checked and taken apart.
#include "domain/resource_reader.hpp"
#include "domain/json_parser.hpp"
#include "domain/reading.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using test::document;

namespace {

const char* const id_text = "0190a0b0-c0d0-7000-8000-00000000000a";

}  // namespace

TEST_CASE("resource reader: what is the library's is no part of the stored document",
          "[domain][resource]") {
    const std::string text =
        std::string(R"({"errors":[{}],"name":"p","x":1.10,"\u0069d":")") + id_text +
        R"(","in":"query","referencedBy":7,"type":"string","y":{"id":1,"errors":2}})";
    const auto stored = to_stored_document(Kind::parameter, document(text)).value();
    CHECK(stored.id == parse_id<ResourceId>(id_text).value());
    CHECK(stored.name == "p");
    CHECK(stored.document.text() ==
          R"({"name":"p","x":1.10,"in":"query","type":"string","y":{"id":1,"errors":2}})");
    CHECK(to_stored_document(Kind::parameter, stored.document).value().document == stored.document);
    CHECK(!to_stored_document(Kind::parameter, stored.document).value().id);
}

TEST_CASE("resource reader: each kind with a shape is held to it", "[domain][resource]") {
    for (const Kind kind : {Kind::action, Kind::definition, Kind::trigger, Kind::parameter}) {
        CHECK(has_shape(kind));
        const auto stored = to_stored_document(kind, document(R"({"id":5})"));
        REQUIRE(!stored);
        CHECK(stored.error().code == Errc::resource_invalid);
        CHECK(stored.error().fields.front().field == "/id");
        CHECK(stored.error().message.find(to_string(kind)) != std::string::npos);
        const ParsedJson json = parse_json(R"({"id":5})").value();
        CHECK(check_shape(kind, json.root()) == stored.error().fields);
    }
    CHECK(to_stored_document(Kind::action, document(R"({"name":"a$","method":"GET","path":"/"})"))
              .value()
              .name == "a$");
    CHECK(
        to_stored_document(Kind::trigger, document(R"({"name":"a","method":"GET"})")).has_value());
    CHECK(to_stored_document(
              Kind::definition,
              document(R"({"name":"a","accept":[],"schema":{"contentType":"","content":""}})"))
              .has_value());
}

TEST_CASE("resource reader: other kinds keep any document as it is", "[domain][resource]") {
    const Document any = document(R"({"id":5,"errors":1,"name":[]})");
    for (const Kind kind : all_kinds) {
        if (has_shape(kind)) continue;
        const auto stored = to_stored_document(kind, any).value();
        CHECK(stored.document == any);
        CHECK(!stored.id);
        CHECK(stored.name.empty());
    }
}
