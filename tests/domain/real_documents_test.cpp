// Real API documents, where they are at hand: exact round trips of large texts.
#include <verso/domain/document.hpp>

#include "domain/json_parser.hpp"
#include "domain/real_documents.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using test::real_documents;

namespace {

/// The text of a view with white space between all tokens.
void spread(std::string& out, JsonView view) {
    if (!view.is_object() && !view.is_array()) {
        out += view.text();
        return;
    }
    const char* separator = "\n ";
    out += view.is_object() ? '{' : '[';
    for (const auto [key, value] : view.members()) {
        out += separator;
        out += key.text();
        out += "\t: ";
        spread(out, value);
        separator = " ,\r\n";
    }
    for (const JsonView element : view.elements()) {
        out += separator;
        spread(out, element);
        separator = " , ";
    }
    out += view.is_object() ? " }" : " ]";
}

}  // namespace

TEST_CASE("real documents: white space added is removed again and nothing else", "[domain][real]") {
    for (const std::string& text : real_documents()) {
        const auto document = Document::parse(text);
        REQUIRE(document.has_value());
        const ParsedJson json = parse_json(text).value();
        REQUIRE(json.text() == document->text());
        std::string spaced;
        spread(spaced, json.root());
        REQUIRE(Document::parse(spaced).value() == *document);
    }
}

TEST_CASE("real documents: every operation and component is a document of its own",
          "[domain][real]") {
    for (const std::string& text : real_documents()) {
        const ParsedJson json = parse_json(text).value();
        std::size_t count = 0;
        for (const char* const pointer :
             {"/paths", "/components/schemas", "/components/responses"}) {
            const auto group = find_pointer(json.root(), pointer);
            REQUIRE(group.has_value());
            for (const auto [key, value] : group->members()) {
                const auto document = Document::parse(value.text());
                REQUIRE(document.has_value());
                REQUIRE(document->text() == value.text());
                std::string own(pointer);
                append_pointer(own, key.string());
                REQUIRE(find_pointer(json.root(), own)->offset() == value.offset());
                ++count;
            }
        }
        CHECK(count > 1000);
    }
}
