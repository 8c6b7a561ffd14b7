// Patching text: what changed is replaced, all else keeps its tokens. The laws:
//   patch(d, p, p) = d;   the known part of patch(d, p, n) is n;   the unknown part of it is that
//   of d.
#include "domain/document_patch.hpp"
#include "domain/json_parser.hpp"
#include "domain/random_json.hpp"
#include "domain/reading.hpp"

#include <boost/json/object.hpp>
#include <catch2/catch.hpp>

using namespace verso;
using test::RandomJson;
using test::read;
using test::written;

namespace {

std::string patched(std::string_view document, std::string_view previous, std::string_view next) {
    const ParsedJson d = parse_json(document).value();
    const ParsedJson p = parse_json(previous).value();
    const ParsedJson n = parse_json(next).value();
    return patch_json(d.root(), p.root(), n.root());
}

std::string numbered(char prefix, std::size_t number) {
    std::string name(1, prefix);
    name += std::to_string(number);
    return name;
}

/// Random objects of known members, whose names begin with k, and unknown ones, with u; arrays of
/// objects that `name` identifies.
class Model {
public:
    explicit Model(std::uint64_t seed) : random_(seed) {}

    boost::json::object known(int depth) {
        boost::json::object object;
        for (std::size_t i = 0; i < 4; ++i)
            if (random_() % 3 != 0) object[numbered('k', i)] = known_value(depth);
        return object;
    }

    /// The object with unknown members strewn in.
    boost::json::value with_unknown(const boost::json::value& value) {
        if (value.is_array()) {
            boost::json::array array;
            for (const auto& element : value.get_array()) array.push_back(with_unknown(element));
            return array;
        }
        if (!value.is_object()) return value;
        boost::json::object object;
        for (const auto& member : value.get_object()) {
            if (random_() % 2 == 0)
                object[numbered('u', object.size())] = static_cast<int>(random_() % 100);
            object[member.key()] = with_unknown(member.value());
        }
        object["u"] = 1.5;
        return object;
    }

private:
    boost::json::value known_value(int depth) {
        switch (random_() % (depth > 0 ? 5 : 3)) {
            case 0: return static_cast<int>(random_() % 3);
            case 1: return "text";
            case 2: return nullptr;
            case 3: return known(depth - 1);
            default: return known_array(depth - 1);
        }
    }

    boost::json::array known_array(int depth) {
        boost::json::array array;
        for (int name = 0; name < 4; ++name) {
            if (random_() % 2 == 0) continue;
            boost::json::object element = known(depth);
            element["name"] = name;
            array.push_back(std::move(element));
        }
        if (array.size() > 1 && random_() % 2 == 0) std::swap(array.front(), array.back());
        return array;
    }

    std::mt19937_64 random_;
};

bool is_known(std::string_view name) { return name.starts_with("k") || name == "name"; }

/// The value without its unknown members.
boost::json::value known_part(const boost::json::value& value) {
    if (value.is_array()) {
        boost::json::array array;
        for (const auto& element : value.get_array()) array.push_back(known_part(element));
        return array;
    }
    if (!value.is_object()) return value;
    boost::json::object object;
    for (const auto& member : value.get_object())
        if (is_known(member.key())) object[member.key()] = known_part(member.value());
    return object;
}

/// Checks that nothing unknown is lost where `before` and `after` still have the same object.
void check_unknown_kept(const boost::json::value& before, const boost::json::value& after) {
    if (before.is_array() && after.is_array()) {
        for (const auto& old_element : before.get_array())
            for (const auto& new_element : after.get_array())
                if (old_element.at("name") == new_element.at("name"))
                    check_unknown_kept(old_element, new_element);
        return;
    }
    if (!before.is_object() || !after.is_object()) return;
    for (const auto& member : before.get_object()) {
        const auto* const found = after.get_object().if_contains(member.key());
        if (!is_known(member.key())) {
            REQUIRE(found != nullptr);
            REQUIRE(*found == member.value());
        } else if (found != nullptr) {
            check_unknown_kept(member.value(), *found);
        }
    }
}

}  // namespace

TEST_CASE("patch: without a change the text stays the text", "[domain][patch]") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        INFO("seed " << seed);
        const std::string text = RandomJson::joined(RandomJson(seed).object());
        REQUIRE(patched(text, text, text) == text);
        REQUIRE(patched(text, "{}", "{}") == text);
        const std::string canonical = written(read(text));
        REQUIRE(patched(text, canonical, canonical) == text);
    }
}

TEST_CASE("patch: the known part becomes what it shall be and the unknown part stays",
          "[domain][patch]") {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        INFO("seed " << seed);
        Model model(seed);
        const boost::json::value previous = model.known(3);
        const boost::json::value next = model.known(3);
        const boost::json::value document = model.with_unknown(previous);
        const std::string text = patched(written(document), written(previous), written(next));
        INFO(written(document) << '\n'
                               << written(previous) << '\n'
                               << written(next) << '\n'
                               << text);
        REQUIRE(parse_json(text).has_value());
        REQUIRE(known_part(read(text)) == next);
        check_unknown_kept(document, read(text));
    }
}

TEST_CASE("patch: to what replaces everything is what replaces it", "[domain][patch]") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        INFO("seed " << seed);
        const std::string a = written(read(RandomJson::joined(RandomJson(seed).object())));
        const std::string b = written(read(RandomJson::joined(RandomJson(seed + 1000).object())));
        REQUIRE(read(patched(a, a, b)) == read(b));
    }
}

TEST_CASE("patch: untouched tokens keep digits and escapes and order", "[domain][patch]") {
    const char* const document = R"({"z":1.10,"\u0061":"\u0041","x":{"y":1E2,"b":0}})";
    CHECK(patched(document, R"({"a":"A","z":1.1,"x":{"y":100.0}})",
                  R"({"a":"A","z":1.1,"x":{"y":5}})") ==
          R"({"z":1.10,"\u0061":"\u0041","x":{"y":5,"b":0}})");
    CHECK(patched(document, R"({"a":"A"})", R"({"a":"B"})") ==
          R"({"z":1.10,"\u0061":"B","x":{"y":1E2,"b":0}})");
}

TEST_CASE("patch: members that are gone take their comma with them", "[domain][patch]") {
    const char* const document = R"({"a":1,"b":2,"c":3})";
    CHECK(patched(document, document, R"({"b":2,"c":3})") == R"({"b":2,"c":3})");
    CHECK(patched(document, document, R"({"a":1,"c":3})") == R"({"a":1,"c":3})");
    CHECK(patched(document, document, R"({"a":1,"b":2})") == R"({"a":1,"b":2})");
    CHECK(patched(document, document, "{}") == "{}");
}

TEST_CASE("patch: new members follow in their order", "[domain][patch]") {
    CHECK(patched(R"({"x":1})", "{}", R"({"b":2,"a":3})") == R"({"x":1,"b":2,"a":3})");
    CHECK(patched("{}", "{}", R"({"b":2})") == R"({"b":2})");
}

TEST_CASE("patch: what the document leaves out stays out until it means something else",
          "[domain][patch]") {
    CHECK(patched(R"({"a":1})", R"({"a":1,"d":false})", R"({"a":2,"d":false})") == R"({"a":2})");
    CHECK(patched(R"({"a":1})", R"({"a":1,"d":false})", R"({"a":1,"d":true})") ==
          R"({"a":1,"d":true})");
}

TEST_CASE("patch: elements are paired by equality and then by what identifies them",
          "[domain][patch]") {
    const char* const document =
        R"([{"name":"a","in":"q","x":1.10},{"name":"b","in":"q","x":2},{"status":200,"x":3}])";
    const char* const previous =
        R"([{"name":"a","in":"q","t":0},{"name":"b","in":"q","t":0},{"status":200,"t":0}])";
    CHECK(
        patched(
            document, previous,
            R"([{"status":200,"t":1},{"name":"a","in":"q","t":0},{"name":"c","in":"q","t":0}])") ==
        R"([{"status":200,"x":3,"t":1},{"name":"a","in":"q","x":1.10},{"name":"c","in":"q",)"
        R"("t":0}])");
    CHECK(patched(document, previous, R"([{"name":"b","in":"h","t":0}])") ==
          R"([{"name":"b","in":"h","t":0}])");
    CHECK(patched("[1.10,2.20,1.10]", "[1.1,2.2,1.1]", "[2.2,1.1,3]") == "[2.20,1.10,3]");
    CHECK(patched(document, previous, "[]") == "[]");
}

TEST_CASE("patch: a member of another type than its reader saw is replaced", "[domain][patch]") {
    CHECK(patched(R"({"a":5})", R"({"a":[]})", R"({"a":[1]})") == R"({"a":[1]})");
    CHECK(patched(R"({"a":[1,2]})", R"({"a":[1]})", R"({"a":[2]})") == R"({"a":[2]})");
    CHECK(patched(R"({"a":5})", "{}", R"({"a":6})") == R"({"a":6})");
}

TEST_CASE("patch: tens of thousands of members and elements are no matter", "[domain][patch]") {
    std::string members;
    std::string elements;
    for (int i = 0; i < 20'000; ++i) {
        members += "\"member_" + std::to_string(i) + "\":1.10,";
        elements += "{\"name\":\"element_" + std::to_string(i) + "\",\"v\":0},";
    }
    const std::string rest = "\"list\":[" + elements + "0]}";
    const std::string document = "{" + members + rest;
    const std::string previous = document;
    std::string next = document;
    next.replace(next.find("1.10"), 4, "2.0");
    next.replace(next.find("\"v\":0"), 5, "\"v\":1");
    CHECK(patched(document, previous, next) == next);
}
