// Documents: what is taken and what is refused, and that what is taken keeps its exact tokens.
#include <verso/domain/document.hpp>

#include "domain/json_parser.hpp"
#include "domain/random_json.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <limits>

using namespace verso;
using test::RandomJson;

namespace {

std::string nested(std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
}

/// An object of so many levels in all.
std::string nested_object(std::size_t levels) { return "{\"a\":" + nested(levels - 1) + "}"; }

std::string refusal(std::string_view text, const DocumentLimits& limits = {}) {
    const auto parsed = Document::parse(text, limits);
    REQUIRE(!parsed);
    return parsed.error().message;
}

bool boost_takes(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = DocumentLimits{}.max_depth;
    boost::system::error_code error;
    static_cast<void>(boost::json::parse(text, error, {}, options));
    return !error;
}

bool says(const std::string& message, std::string_view part) {
    return message.find(part) != message.npos;
}

}  // namespace

TEST_CASE("document: begins as the empty object", "[domain][document]") {
    CHECK(Document().text() == "{}");
    CHECK(Document::parse(" {\n} ").value() == Document());
}

TEST_CASE("document: tokens stay as they were written while white space goes",
          "[domain][document]") {
    const auto document =
        Document::parse("\r\n{ \"b\" :\t1.10 , \"a\\u0041 \\\" x\" : [ 1E+2,\n-0 , 1e-400 ] } ");
    CHECK(document.value().text() == "{\"b\":1.10,\"a\\u0041 \\\" x\":[1E+2,-0,1e-400]}");
}

TEST_CASE("document: any JSON with white space added is the compact text again",
          "[domain][document]") {
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        INFO("seed " << seed);
        RandomJson json(seed);
        const auto tokens = json.object();
        const auto document = Document::parse(json.spaced(tokens));
        REQUIRE(document.has_value());
        REQUIRE(document->text() == RandomJson::joined(tokens));
        REQUIRE(Document::parse(document->text()).value() == *document);
    }
}

TEST_CASE("document: takes and refuses what Boost.JSON does but for its own stricter rules",
          "[domain][document]") {
    const std::string alphabet = "{}[]\",:0123456789eE+-.\\untrfalse \n\t\x01\x7f\xc3\xa9\xff";
    std::size_t taken = 0;
    for (std::uint64_t seed = 0; seed < 20000; ++seed) {
        INFO("seed " << seed);
        RandomJson json(seed);
        std::string text = json.spaced(json.object(2));
        for (std::size_t edits = json.below(3); edits > 0; --edits) {
            const std::size_t at = json.below(text.size());
            switch (json.below(3)) {
                case 0: text[at] = alphabet[json.below(alphabet.size())]; break;
                case 1: text.erase(at, 1 + json.below(3)); break;
                default: text.insert(at, 1, alphabet[json.below(alphabet.size())]);
            }
            if (text.empty()) text.push_back(' ');
        }
        INFO(text);
        const auto parsed = parse_json(text);
        if (parsed) {
            ++taken;
            REQUIRE(boost_takes(text));
            REQUIRE(boost_takes(parsed->text()));
        } else if (boost_takes(text)) {
            const std::string& message = parsed.error().message;
            REQUIRE((says(message, "twice") || says(message, "beyond the range")));
        }
    }
    CHECK(taken > 5000);
}

TEST_CASE("document: only an object is one", "[domain][document]") {
    for (const char* const text : {"[]", "1", "\"x\"", "null", "true"}) {
        CHECK(Document::parse(text).error().code == Errc::document_invalid);
        CHECK(parse_json(text).has_value());
    }
}

TEST_CASE("document: what is not JSON is refused with its line and column", "[domain][document]") {
    CHECK(says(refusal("{\n  \"a\": nul\n}"), "line 2, column"));
    CHECK(says(refusal("{\n\n  \"a\": 1,}"), "line 3, column 10"));
    CHECK(says(refusal(""), "line 1, column 1"));
    CHECK(says(refusal("{\"a\":"), "ends in the middle"));
    CHECK(says(refusal("{} x"), "line 1, column 4"));
    CHECK(says(refusal("{}{}"), "remove it"));
    for (const char* const text :
         {"{'a':1}", "{a:1}", "{\"a\":01}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":+1}", "{\"a\":1e}",
          "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":0x10}", "{/**/}", "{\"a\":1 // x\n}",
          "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{,}",
          "{\"a\":[1,]}", "{\"a\":\"\\u12\"}"}) {
        INFO(text);
        CHECK(Document::parse(text).error().code == Errc::document_invalid);
    }
}

TEST_CASE("document: invalid UTF-8 is refused where it stands", "[domain][document]") {
    CHECK(says(refusal("{\"a\":\"xy\xff\"}"), "line 1, column 9"));
    CHECK(says(refusal("{\"a\":\"xy\xff\"}"), "UTF-8"));
    for (const char* const bad : {"\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                                  "\xf4\x90\x80\x80", "\xc3", "\xf0\x9f\x9a"}) {
        CHECK(says(refusal(std::string("{\"a\":\"") + bad + "\"}"), "UTF-8"));
        CHECK(says(refusal(std::string("{\"") + bad + "\":1}"), "UTF-8"));
    }
}

TEST_CASE("document: half a surrogate pair is refused", "[domain][document]") {
    for (const char* const bad :
         {"\\ud800", "\\udc00", "\\ud800x", "\\ud800\\n", "\\ud800\\ud800", "\\udc00\\ud800"})
        CHECK(Document::parse(std::string("{\"a\":\"") + bad + "\"}").error().code ==
              Errc::document_invalid);
    CHECK(Document::parse("{\"a\":\"\\ud83d\\ude80\"}").has_value());
}

TEST_CASE("document: a byte order mark is refused by name", "[domain][document]") {
    CHECK(says(refusal("\xef\xbb\xbf{}"), "byte order mark"));
}

TEST_CASE("document: numbers within a double's range are taken and others refused",
          "[domain][document]") {
    const std::string zeros(400, '0');
    for (const std::string& number :
         {std::string("1.7976931348623157e308"), std::string("-1.7976931348623157E+308"),
          std::string("1e-400"), std::string("0e400"), std::string("-0.0e999"),
          "1" + zeros + "e-400", "0." + zeros + "1e400",
          std::string("1.79769313486231570000000000000000000001e308"), std::string("5e-324")}) {
        INFO(number);
        CHECK(Document::parse("{\"a\":" + number + "}").value().member("a") == number);
    }
    for (const std::string& number :
         {std::string("1e400"), std::string("-1e400"), std::string("1.8e308"), "1" + zeros,
          "-1" + zeros + ".5", "1" + zeros + zeros + "e-10", std::string("1e99999999999")}) {
        INFO(number);
        CHECK(says(refusal("{\"a\":" + number + "}"), "range of a double"));
    }
    CHECK(says(refusal("1e400"), "line 1, column 1 "));
}

TEST_CASE("document: a member twice in one object is refused", "[domain][document]") {
    CHECK(says(refusal("{\"a\":1,\n \"a\":2}"), "line 2, column 3"));
    CHECK(says(refusal("{\"a\":1,\"a\":2}"), "'a'"));
    CHECK(says(refusal("{\"a\":1,\"\\u0061\":2}"), "twice"));
    CHECK(says(refusal("{\"\\u0061\":1,\"a\":2}"), "twice"));
    CHECK(says(refusal("{\"\\u0061\":1,\"\\u0061\":2}"), "twice"));
    CHECK(says(refusal("{\"x\\n\":1,\"x\\u000a\":2}"), "twice"));
    CHECK(says(refusal("{\"\":1,\"\":2}"), "twice"));
    CHECK(says(refusal("{\"o\":[{\"k\":{\"b\":0,\"b\":0}}]}"), "'b'"));
    CHECK(Document::parse("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}").has_value());
    CHECK(Document::parse("{\"a\":1,\"A\":2,\"a \":3,\"\":4}").has_value());
}

TEST_CASE("document: a member twice is found among few and many", "[domain][document]") {
    for (const std::size_t size : {2U, 7U, 8U, 9U, 10U, 100U, 1000U}) {
        std::string text = "{";
        for (std::size_t i = 0; i + 1 < size; ++i) text += "\"m" + std::to_string(i) + "\":0,";
        CHECK(Document::parse(text + "\"last\":0}").has_value());
        CHECK(says(refusal(text + "\"m0\":0}"), "'m0'"));
        CHECK(says(refusal(text + "\"\\u006d0\":0}"), "twice"));
    }
}

TEST_CASE("document: one hundred thousand members with a common beginning are read",
          "[domain][document]") {
    std::string text = "{";
    for (int i = 0; i < 100'000; ++i) text += "\"a_common_beginning_" + std::to_string(i) + "\":0,";
    CHECK(Document::parse(text + "\"last\":0}").has_value());
    CHECK(says(refusal(text + "\"a_common_beginning_500\":0}"), "a_common_beginning_500"));
}

TEST_CASE("document: a long key with escapes is compared whole", "[domain][document]") {
    const std::string key = std::string(5000, 'x') + "\\n" + std::string(5000, 'y');
    CHECK(Document::parse("{\"" + key + "a\":1,\"" + key + "b\":2}").has_value());
    CHECK(refusal("{\"" + key + "\":1,\"" + key + "\":2}").size() < 300);
}

TEST_CASE("document: depth at and below the limit is taken and above it refused",
          "[domain][document]") {
    CHECK(Document::parse(nested_object(127)).has_value());
    CHECK(Document::parse(nested_object(128)).has_value());
    CHECK(Document::parse(nested_object(129)).error().code == Errc::limit_exceeded);
    CHECK(Document::parse("{}", {.max_depth = 1}).has_value());
    CHECK(Document::parse("{\"a\":[]}", {.max_depth = 1}).error().code == Errc::limit_exceeded);
}

TEST_CASE("document: a million levels do not overflow the stack", "[domain][document]") {
    CHECK(Document::parse(nested_object(1'000'000)).error().code == Errc::limit_exceeded);
    const DocumentLimits unbounded{.max_depth = std::numeric_limits<unsigned>::max()};
    CHECK(Document::parse(nested_object(1'000'000), unbounded).error().code ==
          Errc::limit_exceeded);
    CHECK(Document::parse(nested_object(1'001), unbounded).error().code == Errc::limit_exceeded);
    const auto deepest = Document::parse(nested_object(1'000), unbounded).value();
    CHECK(deepest.to_object().size() == 1);
}

TEST_CASE("document: its size is counted without white space", "[domain][document]") {
    const std::string text = "{ \"a\" : \"" + std::string(100, 'x') + "\" }";
    const std::size_t size = 100 + 8;
    CHECK(Document::parse(text, {.max_bytes = size + 1}).has_value());
    CHECK(Document::parse(text, {.max_bytes = size}).value().text().size() == size);
    CHECK(Document::parse(text, {.max_bytes = size - 1}).error().code == Errc::limit_exceeded);
    CHECK(says(refusal(text, {.max_bytes = size - 1}), "max_bytes"));
}

TEST_CASE("document: members are found by name with their exact text", "[domain][document]") {
    const auto document = Document::parse(R"({"a":1.10,"b\n":{"c":[]},"A":"x"})").value();
    CHECK(document.member("a") == "1.10");
    CHECK(document.member("b\n") == "{\"c\":[]}");
    CHECK(document.member("A") == "\"x\"");
    CHECK(!document.member("c"));
    CHECK(!document.member("b"));
}

TEST_CASE("document: equality is that of the texts", "[domain][document]") {
    CHECK(Document::parse("{\"a\":1.0}").value() != Document::parse("{\"a\":1.00}").value());
    CHECK(Document::parse("{\"a\": 1.0}").value() == Document::parse("{\"a\":1.0}").value());
}

TEST_CASE("document: an object made with Boost.JSON becomes text and back", "[domain][document]") {
    const boost::json::object object{{"i", -3},
                                     {"u", std::uint64_t{18446744073709551615U}},
                                     {"d", 1.1},
                                     {"e", 1.0},
                                     {"s", "\"\n\xc3\xa9"},
                                     {"l", {1, nullptr, true}}};
    const auto document = Document::from_object(object).value();
    CHECK(document.text() ==
          "{\"i\":-3,\"u\":18446744073709551615,\"d\":1.1,\"e\":1.0,\"s\":\"\\\"\\n\xc3\xa9\","
          "\"l\":[1,null,true]}");
    CHECK(document.to_object() == object);
}

TEST_CASE("document: an object that JSON cannot say is refused", "[domain][document]") {
    const auto error_of = [](boost::json::value value) {
        return Document::from_object({{"a", {std::move(value)}}}).error().code;
    };
    CHECK(error_of(std::numeric_limits<double>::infinity()) == Errc::document_invalid);
    CHECK(error_of(std::numeric_limits<double>::quiet_NaN()) == Errc::document_invalid);
    CHECK(error_of("\xff") == Errc::document_invalid);
    CHECK(Document::from_object({{"\xff", 1}}).error().code == Errc::document_invalid);
    boost::json::value deep = nullptr;
    for (int i = 0; i < 200; ++i) deep = boost::json::array{std::move(deep)};
    CHECK(error_of(std::move(deep)) == Errc::limit_exceeded);
}
