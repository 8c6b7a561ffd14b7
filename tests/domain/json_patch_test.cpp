// Goal: a patch says how one document becomes another, and every tool that knows RFC 6902 reads it
// so. The laws: apply(between(a, b), a) = b, numbers as written; between(a, b) is empty exactly
// where a = b. Method: the examples of the RFC, random documents and patches, and nlohmann/json as
// an oracle.
#include <verso/domain/json_patch.hpp>

#include "domain/json_parser.hpp"
#include "domain/random_edits.hpp"
#include "domain/random_json.hpp"
#include "domain/reading.hpp"
#include "domain/real_documents.hpp"
#include "less_if_sanitized.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

/// The oracle asserts where it is given what RFC 6902 forbids: here that is a refusal like others.
inline void oracle_expects(bool holds) {
    if (!holds) throw std::logic_error("the oracle does not expect this");
}
#define JSON_ASSERT(condition) oracle_expects(static_cast<bool>(condition))
#include <nlohmann/json.hpp>

using namespace verso;
using test::document;
using test::less_if_sanitized;
using test::RandomEdits;
using test::RandomJson;
using test::same;

namespace {

using Oracle = nlohmann::json;

std::string between(std::string_view before, std::string_view after) {
    return JsonPatch::between(document(before), document(after)).text();
}

std::string applied(std::string_view text, std::string_view patch) {
    return JsonPatch::parse(patch).value().apply(document(text)).value().text();
}

Error failed(std::string_view text, std::string_view patch) {
    return JsonPatch::parse(patch).value().apply(document(text)).error();
}

void check_law(std::string_view before, std::string_view after) {
    const JsonPatch patch = JsonPatch::between(document(before), document(after));
    INFO(before << '\n' << after << '\n' << patch.text());
    REQUIRE(JsonPatch::parse(patch.text()).value() == patch);
    REQUIRE(same(patch.apply(document(before)).value().text(), after));
    REQUIRE(patch.empty() == same(before, after));
    REQUIRE(patch.text().size() <= after.size() + 40);
    REQUIRE(Oracle::parse(before).patch(Oracle::parse(patch.text())) == Oracle::parse(after));
}

/// Lets the oracle perform one operation that names one place. Below a scalar it adds and removes
/// without taking offence.
void oracle_perform(Oracle& value, const Oracle& operation) {
    const Oracle::json_pointer place(operation.at("path").get<std::string>());
    oracle_expects(value.at(place.parent_pointer()).is_structured());
    value = value.patch(Oracle::array({operation}));
}

/// What the oracle makes of a patch, if it takes it and leaves an object.
std::optional<Oracle> oracle_applied(const std::string& text, const std::string& patch) {
    try {
        Oracle value = Oracle::parse(text);
        for (Oracle operation : Oracle::parse(patch)) {
            if (operation.contains("from")) {
                const std::string from = operation.at("from");
                operation["value"] = value.at(Oracle::json_pointer(from));
                if (operation.at("op") == "move")
                    oracle_perform(value, {{"op", "remove"}, {"path", from}});
                operation["op"] = "add";
            }
            oracle_perform(value, operation);
        }
        if (value.is_object()) return value;
    } catch (const std::exception&) {  // a refusal
    }
    return std::nullopt;
}

/// Random operations, most of them on places that are there.
class RandomPatch {
public:
    explicit RandomPatch(std::uint64_t seed) : random_(seed) {}

    std::string text(const std::string& document) {
        const ParsedJson json = parse_json(document).value();
        places_.assign(1, "");
        collect(json.root(), "");
        JsonWriter patch;
        patch.begin_array();
        for (std::size_t count = 1 + random_.below(4); count > 0; --count)
            add_operation(patch, json);
        return std::move(patch.end_array()).take();
    }

private:
    void collect(JsonView value, const std::string& pointer) {
        std::size_t index = 0;
        for (const auto [key, member] : value.members())
            collect_child(key.string(), member, pointer);
        for (const JsonView element : value.elements())
            collect_child(std::to_string(index++), element, pointer);
    }
    void collect_child(const std::string& name, JsonView value, std::string pointer) {
        append_pointer(pointer, name);
        places_.push_back(pointer);
        collect(value, pointer);
    }

    /// A place, below one, beside one, or nowhere. Not the whole document, of which the RFC leaves
    /// open what it means to remove or move it.
    std::string place() {
        std::string pointer = places_[random_.below(places_.size())];
        if (pointer.empty() || random_.below(3) == 0)
            pointer += random_.one_of({"/a", "/0", "/1", "/-", "/x", "/01", "/d~0~1", "/7"});
        return pointer;
    }

    void add_operation(JsonWriter& patch, const ParsedJson& json) {
        const std::string verb =
            random_.one_of({"add", "remove", "replace", "move", "copy", "test"});
        const std::string path = place();
        patch.begin_object().key("op").string(verb).key("path").string(path);
        if (verb == "move" || verb == "copy") {
            patch.key("from").string(place());
        } else if (verb == "test") {
            const auto there = find_pointer(json.root(), path);
            patch.key("value").raw(there ? std::string(there->text()) : random_.value(1));
        } else if (verb != "remove") {
            patch.key("value").raw(random_.value(2));
        }
        patch.end_object();
    }

    RandomEdits random_;
    std::vector<std::string> places_;
};

}  // namespace

TEST_CASE("json patch: applied to one document it gives the other", "[domain][patch]") {
    for (std::uint64_t seed = 0; seed < less_if_sanitized(4000, 1000); ++seed) {
        INFO("seed " << seed);
        RandomEdits random(seed);
        const std::string before = random.document();
        const std::string after = random.edited(random.edited(before));
        check_law(before, after);
        check_law(after, before);
        check_law(before, before);
        check_law(before, random.document());
    }
}

TEST_CASE("json patch: every form of token is carried over as it is", "[domain][patch]") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        INFO("seed " << seed);
        const std::string before = RandomJson::joined(RandomJson(seed).object());
        const std::string after = RandomJson::joined(RandomJson(seed + 1000).object());
        check_law(before, after);
        REQUIRE(JsonPatch().apply(document(after)).value().text() == after);
    }
}

TEST_CASE("json patch: an oracle agrees on what random patches do", "[domain][patch]") {
    const std::uint64_t seeds = less_if_sanitized(20'000, 5'000);
    std::uint64_t taken = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        INFO("seed " << seed);
        const std::string before = RandomEdits(seed).document(3);
        const std::string text = RandomPatch(seed).text(before);
        INFO(before << '\n' << text);
        const auto expected = oracle_applied(before, text);
        const auto patch = JsonPatch::parse(text);
        if (!patch) {  // a move into itself, which the oracle may take after all
            REQUIRE(patch.error().code == Errc::patch_invalid);
            REQUIRE(patch.error().fields.front().field.ends_with("/from"));
            continue;
        }
        const auto after = patch->apply(document(before));
        REQUIRE(after.has_value() == expected.has_value());
        if (after) {
            ++taken;
            REQUIRE(Oracle::parse(after->text()) == *expected);
            REQUIRE(document(after->text()) == *after);
        } else {
            REQUIRE(after.error().code == Errc::patch_failed);
            REQUIRE(after.error().fields.size() <= 1);
        }
    }
    CHECK(taken > seeds / 10);
}

TEST_CASE("json patch: texts that are broken anywhere never break it", "[domain][patch]") {
    for (std::uint64_t seed = 0; seed < less_if_sanitized(20'000, 5'000); ++seed) {
        INFO("seed " << seed);
        RandomEdits random(seed);
        const std::string before = random.document(3);
        std::string text = RandomPatch(seed).text(before);
        for (std::size_t count = 1 + random.below(3); count > 0; --count) {
            const std::size_t at = random.below(text.size());
            const std::string part = random.one_of(
                {"", "\"", "[", "}", ",", "/", "~", "0", "-", "null", "\"op\"", "\"from\":"});
            text.replace(at, 1 + random.below(4), part);
        }
        const auto patch = JsonPatch::parse(text);
        if (!patch) continue;
        const auto after = patch->apply(document(before));
        if (after) REQUIRE(document(after->text()) == *after);
    }
}

TEST_CASE("json patch: what differs is said where it differs", "[domain][patch]") {
    CHECK(between(R"({"a":1,"b":2})", R"({"b":2,"a":1})") == "[]");
    CHECK(between(R"({"a":"\u0041"})", R"({"a":"A"})") == "[]");
    CHECK(between(R"({"n":1.0,"text":"a long text that nothing changes"})",
                  R"({"n":1.00,"text":"a long text that nothing changes"})") ==
          R"([{"op":"replace","path":"/n","value":1.00}])");
    CHECK(between(R"({"a/b":{"c~d":1,"text":"a long text that stays"}})",
                  R"({"a/b":{"text":"a long text that stays"}})") ==
          R"([{"op":"remove","path":"/a~1b/c~0d"}])");
    CHECK(between(R"({"text":"a long text that stays"})",
                  R"({"new":[1.10],"text":"a long text that stays"})") ==
          R"([{"op":"add","path":"/new","value":[1.10]}])");
    CHECK(between(R"({"a":1})", R"({"b":2})") == R"([{"op":"replace","path":"","value":{"b":2}}])");
}

TEST_CASE("json patch: an element that came or went is one operation", "[domain][patch]") {
    std::string numbers = "1000";
    for (int i = 1001; i < 1100; ++i) numbers += ',' + std::to_string(i);
    const std::string before = "{\"list\":[" + numbers + "]}";
    CHECK(between(before, "{\"list\":[0," + numbers + ",9]}") ==
          R"([{"op":"add","path":"/list/0","value":0},)"
          R"({"op":"add","path":"/list/101","value":9}])");
    CHECK(between("{\"list\":[7," + numbers + ",8]}", before) ==
          R"([{"op":"remove","path":"/list/0"},{"op":"remove","path":"/list/100"}])");
    CHECK(between("{\"list\":[1," + numbers + ",2]}", "{\"list\":[3," + numbers + "]}") ==
          R"([{"op":"replace","path":"/list/0","value":3},{"op":"remove","path":"/list/101"}])");
}

TEST_CASE("json patch: elements that something tells apart are changed in place",
          "[domain][patch]") {
    CHECK(between(R"({"p":[{"name":"limit","in":"query","type":"string","required":false},)"
                  R"({"name":"page","in":"query","type":"string","required":false}]})",
                  R"({"p":[{"name":"id","in":"path","type":"string","required":true},)"
                  R"({"name":"limit","in":"query","type":"integer","required":false},)"
                  R"({"name":"page","in":"query","type":"string","required":false}]})") ==
          R"([{"op":"add","path":"/p/0","value":)"
          R"({"name":"id","in":"path","type":"string","required":true}},)"
          R"({"op":"replace","path":"/p/1/type","value":"integer"}])");
    CHECK(between(R"({"r":[{"status":200,"d":"all the pets there are"},)"
                  R"({"status":404,"d":1,"note":"no such pet was ever there, or it is gone"}]})",
                  R"({"r":[{"status":404,"d":2,)"
                  R"("note":"no such pet was ever there, or it is gone"}]})") ==
          R"([{"op":"remove","path":"/r/0"},{"op":"replace","path":"/r/0/d","value":2}])");
}

TEST_CASE("json patch: large arrays without anything in common are no matter", "[domain][patch]") {
    std::string odd = "1";
    std::string even = "2";
    std::string mixed = "2";
    for (int i = 3; i < 100'000; i += 2) {
        odd += ',' + std::to_string(i);
        even += ',' + std::to_string(i + 1);
        mixed.insert(0, std::to_string(i) + ',');
    }
    check_law("{\"a\":[" + odd + "]}", "{\"a\":[" + even + "]}");
    check_law("{\"a\":[" + odd + "]}", "{\"a\":[" + mixed + "]}");
}

TEST_CASE("json patch: many changes below a long name are no matter", "[domain][patch]") {
    const std::string before = test::below_long_name(5000, 1);
    const std::string after = test::below_long_name(5000, 2);
    check_law(before, after);
    CHECK(between(before, after).size() < after.size() + 100);
}

TEST_CASE("json patch: the examples of RFC 6902 do what it says", "[domain][patch]") {
    struct Example {
        const char* number;
        const char* before;
        const char* patch;
        const char* after;
    };
    const Example examples[]{
        {"A.1", R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux"}])",
         R"({"foo":"bar","baz":"qux"})"},
        {"A.2", R"({"foo":["bar","baz"]})", R"([{"op":"add","path":"/foo/1","value":"qux"}])",
         R"({"foo":["bar","qux","baz"]})"},
        {"A.3", R"({"baz":"qux","foo":"bar"})", R"([{"op":"remove","path":"/baz"}])",
         R"({"foo":"bar"})"},
        {"A.4", R"({"foo":["bar","qux","baz"]})", R"([{"op":"remove","path":"/foo/1"}])",
         R"({"foo":["bar","baz"]})"},
        {"A.5", R"({"baz":"qux","foo":"bar"})", R"([{"op":"replace","path":"/baz","value":"boo"}])",
         R"({"baz":"boo","foo":"bar"})"},
        {"A.6", R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
         R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])",
         R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})"},
        {"A.7", R"({"foo":["all","grass","cows","eat"]})",
         R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])",
         R"({"foo":["all","cows","eat","grass"]})"},
        {"A.8", R"({"baz":"qux","foo":["a",2,"c"]})",
         R"([{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}])",
         R"({"baz":"qux","foo":["a",2,"c"]})"},
        {"A.10", R"({"foo":"bar"})", R"([{"op":"add","path":"/child","value":{"grandchild":{}}}])",
         R"({"foo":"bar","child":{"grandchild":{}}})"},
        {"A.11", R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux","xyz":123}])",
         R"({"foo":"bar","baz":"qux"})"},
        {"A.14", R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":10}])",
         R"({"/":9,"~1":10})"},
        {"A.16", R"({"foo":["bar"]})", R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])",
         R"({"foo":["bar",["abc","def"]]})"}};
    for (const Example& example : examples) {
        INFO(example.number);
        CHECK(applied(example.before, example.patch) == example.after);
    }
    CHECK(failed(R"({"baz":"qux"})", R"([{"op":"test","path":"/baz","value":"bar"}])").code ==
          Errc::patch_failed);  // A.9
    CHECK(failed(R"({"foo":"bar"})", R"([{"op":"add","path":"/baz/bat","value":"qux"}])").code ==
          Errc::patch_failed);  // A.12
    CHECK(JsonPatch::parse(R"([{"op":"add","path":"/baz","value":"qux","op":"remove"}])")
              .error()
              .code == Errc::document_invalid);  // A.13
    CHECK(failed(R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":"10"}])").code ==
          Errc::patch_failed);  // A.15
}

TEST_CASE("json patch: what nothing touches keeps its tokens and its place", "[domain][patch]") {
    CHECK(applied(R"({"z":1.10,"\u0061":{"b":"\u0041","c":1E2},"l":[1.0,2.0]})",
                  R"([{"op":"replace","path":"/a/c","value":3.00},)"
                  R"({"op":"add","path":"/a/d","value":4.0},)"
                  R"({"op":"copy","from":"/z","path":"/l/1"},)"
                  R"({"op":"add","path":"/z","value":1.100}])") ==
          R"({"z":1.100,"\u0061":{"b":"\u0041","c":3.00,"d":4.0},"l":[1.0,1.10,2.0]})");
}

TEST_CASE("json patch: a copy and what it was copied from are changed apart", "[domain][patch]") {
    CHECK(applied(R"({"a":{"x":[1,{"y":2}]}})",
                  R"([{"op":"copy","from":"/a","path":"/b"},)"
                  R"({"op":"replace","path":"/b/x/1/y","value":3},)"
                  R"({"op":"copy","from":"/b","path":"/b/x/0"},)"
                  R"({"op":"remove","path":"/b/x/2"},{"op":"add","path":"/a/x/-","value":4}])") ==
          R"({"a":{"x":[1,{"y":2},4]},"b":{"x":[{"x":[1,{"y":3}]},1]}})");
    CHECK(applied(R"({"a":1})", R"([{"op":"copy","from":"","path":"/b"}])") ==
          R"({"a":1,"b":{"a":1}})");
    CHECK(applied(R"({"a":1})", R"([{"op":"move","from":"","path":""}])") == R"({"a":1})");
}

TEST_CASE("json patch: a test compares numbers by their value, exactly", "[domain][patch]") {
    const auto holds = [](const std::string& number, const std::string& tested) {
        return JsonPatch::parse(R"([{"op":"test","path":"/n","value":)" + tested + "}]")
            .value()
            .apply(document("{\"n\":" + number + "}"))
            .has_value();
    };
    CHECK(holds("1", "1.00"));
    CHECK(holds("100", "1e2"));
    CHECK(holds("-0.50", "-5E-1"));
    CHECK(holds("0", "-0.0e7"));
    CHECK(holds("[1.0,{\"a\":2}]", "[1,{\"a\":2e0}]"));
    CHECK_FALSE(holds("1", "-1"));
    CHECK_FALSE(holds("12345678901234567890", "12345678901234567891"));
    CHECK_FALSE(holds("1e-400", "0"));
    CHECK_FALSE(holds("10", "1"));
    CHECK_FALSE(holds("1", "\"1\""));
}

TEST_CASE("json patch: what it cannot do is told with the operation and the place",
          "[domain][patch]") {
    const auto told = [](const char* operation) {
        const std::string patch =
            std::string(R"([{"op":"test","path":"/a","value":[1]},)") + operation + ']';
        const Error error = failed(R"({"a":[1],"b":"text"})", patch);
        CHECK(error.code == Errc::patch_failed);
        REQUIRE(error.fields.size() == 1);
        CHECK(error.fields.front().field == "/1");
        CHECK(error.message.starts_with("operation 1 ("));
        CHECK(error.message.ends_with(error.fields.front().message));
        return error.fields.front().message;
    };
    using Catch::Matchers::StartsWith;
    CHECK_THAT(told(R"({"op":"remove","path":"/c"})"), StartsWith("'/c' leads to nothing"));
    CHECK_THAT(told(R"({"op":"remove","path":"/a/1"})"), StartsWith("'/a/1' leads to nothing"));
    CHECK_THAT(told(R"({"op":"remove","path":"/a/-"})"), StartsWith("'/a/-' leads to nothing"));
    CHECK_THAT(told(R"({"op":"remove","path":""})"), StartsWith("'' is the whole document"));
    CHECK_THAT(told(R"({"op":"replace","path":"/a/00","value":1})"),
               StartsWith("'/a/00' leads to nothing"));
    CHECK_THAT(told(R"({"op":"replace","path":"/a/x/y","value":1})"),
               StartsWith("'/a/x' leads to nothing"));
    CHECK_THAT(told(R"({"op":"add","path":"/a/2","value":1})"),
               StartsWith("'/a/2' is no place in an array of 1 elements"));
    CHECK_THAT(told(R"({"op":"add","path":"/b/c","value":1})"), StartsWith("'/b' is a string"));
    CHECK_THAT(told(R"({"op":"copy","from":"/c","path":"/d"})"),
               StartsWith("'/c' leads to nothing"));
    CHECK_THAT(told(R"({"op":"move","from":"/a/0/x","path":"/d"})"),
               StartsWith("'/a/0/x' leads to nothing"));
    CHECK_THAT(told(R"({"op":"test","path":"/b","value":"other"})"),
               StartsWith("'/b' is not what the test says"));
    CHECK(failed("{}", R"([{"op":"replace","path":"","value":[]}])").code == Errc::patch_failed);
}

TEST_CASE("json patch: what is no patch is told in full", "[domain][patch]") {
    const auto fields = [](const char* text) {
        const auto patch = JsonPatch::parse(text);
        REQUIRE_FALSE(patch.has_value());
        CHECK(patch.error().code == Errc::patch_invalid);
        std::string all;
        for (const FieldError& field : patch.error().fields) all += field.field + ' ';
        return all;
    };
    CHECK(fields("{}") == " ");
    CHECK(fields("[1]") == "/0 ");
    CHECK(fields(R"([{"op":"jump","path":"a"},{"path":"/a/~2"},{"op":"move","path":"/a"}])") ==
          "/0/op /0/path /1/op /1/path /2/from ");
    CHECK(fields(R"([{"op":"add","path":1}])") == "/0/path /0/value ");
    CHECK(fields(R"([{"op":"move","from":"/a","path":"/a/b"}])") == "/0/from ");
    CHECK(fields(R"([{"op":"move","from":"","path":"/a"}])") == "/0/from ");
    CHECK(JsonPatch::parse("[").error().code == Errc::document_invalid);
}

TEST_CASE("json patch: a small patch that makes a vast document is refused", "[domain][patch]") {
    JsonWriter json;
    json.begin_array();
    for (int i = 0; i < 100'000; ++i)
        json.raw(i % 2 == 0 ? R"({"op":"copy","from":"","path":"/a"})"
                            : R"({"op":"copy","from":"","path":"/b"})");
    const JsonPatch patch = JsonPatch::parse(json.end_array().text()).value();
    CHECK(patch.apply(document(R"({"a":1,"b":2})")).error().code == Errc::limit_exceeded);

    const auto refused = [](const std::string& operation, int times) {
        std::string operations = "[" + operation;
        for (int i = 1; i < times; ++i) operations += ',' + operation;
        return JsonPatch::parse(operations + ']').value().apply(document(R"({"a":[0]})")).error();
    };
    // Long but not deep; and deep but not long.
    CHECK(refused(R"({"op":"copy","from":"/a","path":"/b"},)"
                  R"({"op":"copy","from":"/b","path":"/a/-"})",
                  40)
              .code == Errc::limit_exceeded);
    CHECK(refused(R"({"op":"copy","from":"","path":"/b"},{"op":"remove","path":"/a"},)"
                  R"({"op":"move","from":"/b","path":"/a"})",
                  100'000)
              .code == Errc::limit_exceeded);

    const JsonPatch nesting = JsonPatch::parse(R"([{"op":"copy","from":"","path":"/a"}])").value();
    CHECK(nesting.apply(document(R"({"a":1})"), {.max_depth = 2}).has_value());
    CHECK(nesting.apply(document(R"({"a":1})"), {.max_depth = 1}).error().code ==
          Errc::limit_exceeded);
    CHECK(nesting.apply(document(R"({"a":1})"), {.max_bytes = 12}).error().code ==
          Errc::limit_exceeded);
}

TEST_CASE("json patch: one between any two documents is read under the limits of these",
          "[domain][patch]") {
    const DocumentLimits limits = GENERATE(
        DocumentLimits{.max_bytes = 40, .max_depth = 3},
        DocumentLimits{.max_bytes = 2200, .max_depth = std::numeric_limits<unsigned>::max()},
        DocumentLimits{.max_bytes = std::numeric_limits<std::size_t>::max(), .max_depth = 128});
    const unsigned levels = std::min(limits.max_depth, 1000U) - 1;
    const std::string nested = std::string(levels, '[') + std::string(levels, ']');
    const std::size_t size = std::min(limits.max_bytes, std::size_t{2200});
    const std::string filling(size - nested.size() - std::string_view(R"({"a":,"c":""})").size(),
                              'x');
    const Document flat = Document::parse(R"({"b":1})").value();
    const Document full =
        Document::parse(R"({"a":)" + nested + R"(,"c":")" + filling + "\"}", limits).value();
    for (const auto& [before, after] : {std::pair{flat, full}, std::pair{Document(), full}}) {
        const JsonPatch patch = JsonPatch::between(before, after);
        const JsonPatch read = JsonPatch::parse(patch.text(), limits).value();
        CHECK(read.apply(before, limits).value() == after);
    }
    CHECK(JsonPatch::parse(R"([{"op":"add","path":"/a","value":[[)" + nested + "]]}]", limits)
              .error()
              .code == Errc::limit_exceeded);
}

TEST_CASE("json patch: many operations on large objects take no longer than they must",
          "[domain][patch]") {
    std::string members;
    std::string operations;
    for (int i = 0; i < 20'000; ++i) {
        const std::string number = std::to_string(i);
        members += "\"m" + number + "\":1.10,";
        operations += R"({"op":"test","path":"/in/m)" + number + R"(","value":1.1},)";
        operations += R"({"op":"remove","path":"/in/m)" + number + R"("},)";
        operations += R"({"op":"add","path":"/in/n)" + number + R"(","value":2.0},)";
    }
    const std::string patch = '[' + operations + R"({"op":"remove","path":"/in/last"}])";
    const std::string result = applied("{\"in\":{" + members + "\"last\":0}}", patch);
    CHECK(result.starts_with(R"({"in":{"n0":2.0,"n1":2.0,)"));
    CHECK(result.ends_with(R"("n19999":2.0}})"));
}

TEST_CASE("json patch: large values that are copied and changed take no longer than they must",
          "[domain][patch]") {
    std::string members;
    std::string elements;
    for (int i = 0; i < 100'000; ++i) {
        members += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":0";
        elements += i == 0 ? "0" : ",0";
    }
    const std::string text = R"({"in":{"o":{)" + members + R"(},"a":[)" + elements + "]}}";
    std::string operations;
    for (int i = 0; i < 5'000; ++i)
        operations += R"({"op":"copy","from":"/in","path":"/copied"},)"
                      R"({"op":"replace","path":"/copied/o/m0","value":1},)"
                      R"({"op":"add","path":"/copied/a/0","value":1},)"
                      R"({"op":"remove","path":"/in/a/0"},)"
                      R"({"op":"move","from":"/in/a/0","path":"/in/a/-"},)";
    const std::string result =
        applied(text, '[' + operations + R"({"op":"remove","path":"/in/o"}])");
    CHECK(result.starts_with(R"({"in":{"a":[0,0,0,)"));
    CHECK(result.find(R"("copied":{"o":{"m0":1,"m1":0,)") != std::string::npos);
    CHECK(result.ends_with("0]}}"));
}

TEST_CASE("json patch: values that share parts with those within them are taken down",
          "[domain][patch]") {
    std::string wide = R"({"op":"add","path":"/wide","value":{)";
    for (int i = 100; i < 200; ++i) wide += "\"m" + std::to_string(i) + "\":0,";
    std::string operations = "[" + wide + R"("n":0}})";
    for (std::uint64_t level = less_if_sanitized(50'000, 10'000); level > 0; --level)
        operations += R"(,{"op":"copy","from":"/wide","path":"/w"},)"
                      R"({"op":"move","from":"/v","path":"/w/z"},)"
                      R"({"op":"copy","from":"/w","path":"/w/a"},)"
                      R"({"op":"move","from":"/w","path":"/v"})";
    const JsonPatch patch =
        JsonPatch::parse(operations + R"(,{"op":"copy","from":"/v","path":""}])",
                         {.max_bytes = std::size_t{1} << 26})
            .value();
    CHECK(patch.apply(document(R"({"v":{}})")).error().code == Errc::limit_exceeded);
}

TEST_CASE("json patch: an oracle agrees on what is done to large values", "[domain][patch]") {
    for (std::uint64_t seed = 0; seed < less_if_sanitized(60, 15); ++seed) {
        RandomEdits random(seed);
        Oracle value = {{"a", Oracle::array()}, {"o", Oracle::object()}};
        for (int i = 0; i < 300; ++i) {
            value["a"].push_back(i);
            value["o"]["m" + std::to_string(i)] = i;
        }
        const std::string before = value.dump();
        Oracle patch = Oracle::array();
        const auto perform = [&](Oracle operation) {
            value = value.patch(Oracle::array({operation}));
            patch.push_back(std::move(operation));
        };
        const auto index = [&](const std::string& array) {
            return array + '/' +
                   std::to_string(random.below(value[Oracle::json_pointer(array)].size()));
        };
        const auto name = [&] { return "/m" + std::to_string(random.below(300)); };
        for (int step = 0; step < 200; ++step) {
            const std::string array = value.contains("b") && random.below(2) == 0 ? "/b" : "/a";
            const std::string object = value.contains("p") && random.below(2) == 0 ? "/p" : "/o";
            switch (random.below(8)) {
                case 0: perform({{"op", "copy"}, {"from", "/a"}, {"path", "/b"}}); break;
                case 1: perform({{"op", "copy"}, {"from", "/o"}, {"path", "/p"}}); break;
                case 2:
                    perform({{"op", "move"}, {"from", index(array)}, {"path", array + "/-"}});
                    break;
                case 3: perform({{"op", "remove"}, {"path", index(array)}}); break;
                case 4:
                    perform({{"op", "replace"}, {"path", index(array)}, {"value", step}});
                    break;
                case 5: perform({{"op", "add"}, {"path", index(array)}, {"value", step}}); break;
                case 6: perform({{"op", "add"}, {"path", object + name()}, {"value", step}}); break;
                default:
                    if (const std::string member = object + name();
                        value.contains(Oracle::json_pointer(member)))
                        perform({{"op", "remove"}, {"path", member}});
            }
        }
        REQUIRE(Oracle::parse(applied(before, patch.dump())) == value);
    }
}

TEST_CASE("json patch: one release of a real document becomes the next", "[domain][real]") {
    const std::vector<std::string> texts = test::real_documents();
    for (std::size_t at = 1; at < texts.size(); ++at) {
        const Document before = document(texts[at - 1]);
        const Document after = document(texts[at]);
        const JsonPatch patch = JsonPatch::between(before, after);
        CHECK(patch.text().size() < after.text().size());
        const Document patched = patch.apply(before).value();
        CHECK(same(patched.text(), after.text()));
        CHECK(Oracle::parse(before.text()).patch(Oracle::parse(patch.text())) ==
              Oracle::parse(after.text()));
    }
}
