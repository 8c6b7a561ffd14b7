// Goal: two edits of one document become one, and where they clash somebody is asked. The laws,
// with documents compared as JSON values and numbers as written:
//   merge(a, a, b) = merge(a, b, a) = merge(a, b, b) = b, without conflicts;
//   ours and theirs may change places: conflicts mirror, and what is merged is equal;
//   no value is invented: every scalar comes from one of the three.
// Method: small documents of every kind of clash, and random edits of random documents.
#include "domain/document_merge.hpp"
#include "domain/failure.hpp"
#include "domain/json_parser.hpp"
#include "domain/random_edits.hpp"
#include "domain/random_json.hpp"
#include "domain/reading.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace verso;
using test::RandomEdits;
using test::RandomJson;
using test::same;

namespace {

MergedDocument merged(std::string_view base, std::string_view ours, std::string_view theirs,
                      const MergePolicy& policy = {}) {
    Budget budget;
    return merge_documents({base, ours, theirs}, policy, budget);
}

/// The merged text; every conflict as ` /a: base, ours, theirs`.
std::string told(std::string_view base, std::string_view ours, std::string_view theirs,
                 const MergePolicy& policy = {}) {
    const MergedDocument document = merged(base, ours, theirs, policy);
    std::string text = document.text;
    for (const Conflict& conflict : document.conflicts)
        text += ' ' + conflict.pointer + ": " + conflict.base.value_or("none") + ", " +
                conflict.ours.value_or("none") + ", " + conflict.theirs.value_or("none");
    return text;
}

void collect_scalars(JsonView value, std::set<std::string>& scalars) {
    for (const auto [key, member] : value.members()) {
        scalars.insert(key.string());
        collect_scalars(member, scalars);
    }
    for (const JsonView element : value.elements()) collect_scalars(element, scalars);
    if (!value.is_object() && !value.is_array()) scalars.emplace(value.text());
}

std::set<std::string> scalars_of(std::initializer_list<std::string_view> texts) {
    std::set<std::string> scalars;
    for (const std::string_view text : texts)
        collect_scalars(parse_json(text).value().root(), scalars);
    return scalars;
}

/// The conflict as the other side sees it.
Conflict mirrored(Conflict conflict) {
    std::swap(conflict.ours, conflict.theirs);
    return conflict;
}

/// Without its pointer, which leads into ours: there elements may have other indices.
std::string content_of(const Conflict& conflict) {
    return conflict.base.value_or("none") + '\n' + conflict.ours.value_or("none") + '\n' +
           conflict.theirs.value_or("none");
}

void check_laws(const std::string& base, const std::string& ours, const std::string& theirs) {
    INFO(base << '\n' << ours << '\n' << theirs);
    const MergedDocument one = merged(base, ours, theirs);
    const MergedDocument other = merged(base, theirs, ours);
    INFO(one.text << '\n' << other.text);
    REQUIRE(parse_json(one.text).has_value());
    REQUIRE(one.is_resolved() == one.conflicts.empty());
    const auto known = scalars_of({base, ours, theirs});
    for (const std::string& scalar : scalars_of({one.text})) REQUIRE(known.contains(scalar));

    std::multiset<std::string> conflicts;
    for (const Conflict& conflict : one.conflicts) conflicts.insert(content_of(conflict));
    std::multiset<std::string> mirrors;
    for (const Conflict& conflict : other.conflicts) mirrors.insert(content_of(mirrored(conflict)));
    REQUIRE(conflicts == mirrors);
    if (one.conflicts.empty()) REQUIRE(same(one.text, other.text));

    const MergedDocument by_ours = merged(base, ours, theirs, MergePolicy::ours());
    const MergedDocument by_theirs = merged(base, theirs, ours, MergePolicy::theirs());
    REQUIRE(by_ours.is_resolved());
    REQUIRE(by_ours.text == one.text);
    REQUIRE(same(by_ours.text, by_theirs.text));
}

}  // namespace

TEST_CASE("merge: what one side or both sides changed alike is what comes of it",
          "[domain][merge]") {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        INFO("seed " << seed);
        RandomEdits random(seed);
        const std::string a = random.document();
        const std::string b = random.edited(random.edited(a));
        INFO(a << '\n' << b);
        for (const MergedDocument& document : {merged(a, a, b), merged(a, b, a), merged(a, b, b)}) {
            REQUIRE(document.conflicts.empty());
            REQUIRE(document.text == b);
        }
        REQUIRE(merged(b, a, a).text == a);
    }
}

TEST_CASE("merge: the sides may change places and no value is invented", "[domain][merge]") {
    int clean = 0;
    for (std::uint64_t seed = 0; seed < 6000; ++seed) {
        INFO("seed " << seed);
        RandomEdits random(seed);
        const std::string base = random.document();
        const std::string ours = random.edited(base);
        const std::string theirs = random.edited(base);
        check_laws(base, ours, theirs);
        if (merged(base, ours, theirs).conflicts.empty()) ++clean;
    }
    CHECK(clean > 1000);
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        INFO("seed " << seed);
        const auto text = [seed](std::uint64_t which) {
            return RandomJson::joined(RandomJson(3 * seed + which).object());
        };
        check_laws(text(0), text(1), text(2));
    }
}

TEST_CASE("merge: members are merged one by one", "[domain][merge]") {
    CHECK(told(R"({"a":1,"b":2,"c":{"d":3,"e":4}})", R"({"a":1.0,"b":2,"c":{"d":3,"e":5}})",
               R"({"a":1,"b":2.0,"c":{"d":6,"e":4},"f":7})") ==
          R"({"a":1.0,"b":2.0,"c":{"d":6,"e":5},"f":7})");
    CHECK(told(R"({"a":1,"b":2,"c":3})", R"({"b":2,"c":3})", R"({"a":1,"b":2})") == R"({"b":2})");
    CHECK(told(R"({"a":1,"b":2})", R"({"b":2})", R"({"b":2})") == R"({"b":2})");
    CHECK(told("{}", R"({"x":{"a":1,"b":2}})", R"({"x":{"b":2,"c":3}})") ==
          R"({"x":{"a":1,"b":2,"c":3}})");
}

TEST_CASE("merge: what is equal but written differently is no change", "[domain][merge]") {
    CHECK(told(R"({"a":"A","b":1})", R"({"\u0061":"\u0041","b":1})", R"({"a":"A","b":2})") ==
          R"({"\u0061":"\u0041","b":2})");
    CHECK(told(R"({"a":["A",1]})", R"({"a":["\u0041",1]})", R"({"a":["A",2]})") ==
          R"({"a":["A",2]})");
    CHECK(told(R"({"a":{"x":1,"y":2},"b":1})", R"({"b":1,"a":{"y":2,"x":1}})",
               R"({"a":{"x":1,"y":3},"b":1})") == R"({"b":1,"a":{"y":3,"x":1}})");
    CHECK(told(R"({"n":1})", R"({"n":1.0})", R"({"n":1.00})") == R"({"n":1.0} /n: 1, 1.0, 1.00)");
}

TEST_CASE("merge: new members come after what they come after", "[domain][merge]") {
    CHECK(told(R"({"a":1,"b":2})", R"({"b":2,"o":0,"a":1})",
               R"({"f":0,"a":1,"t":0,"b":2,"u":0})") == R"({"f":0,"b":2,"o":0,"u":0,"a":1,"t":0})");
}

TEST_CASE("merge: a place that both changed is a conflict", "[domain][merge]") {
    CHECK(told(R"({"a":1})", R"({"a":2})", R"({"a":3})") == R"({"a":2} /a: 1, 2, 3)");
    CHECK(told(R"({"a":{"b":1}})", "{}", R"({"a":{"b":2}})") == R"({} /a: {"b":1}, none, {"b":2})");
    CHECK(told(R"({"a":{"b":1}})", R"({"a":{"b":2}})", "{}") ==
          R"({"a":{"b":2}} /a: {"b":1}, {"b":2}, none)");
    CHECK(told("{}", R"({"a/b":{"c~":1}})", R"({"a/b":{"c~":2}})") ==
          R"({"a/b":{"c~":1}} /a~1b/c~0: none, 1, 2)");
    CHECK(told(R"({"a":1})", R"({"a":{"b":1}})", R"({"a":{"c":1}})") ==
          R"({"a":{"b":1}} /a: 1, {"b":1}, {"c":1})");
    CHECK(told(R"({"a":{}})", R"({"a":[1]})", R"({"a":{"b":1}})") ==
          R"({"a":[1]} /a: {}, [1], {"b":1})");
}

TEST_CASE("merge: a schema's content is one value", "[domain][merge]") {
    CHECK(told(R"({"schema":{"contentType":"x","content":"{\"a\":1,\"b\":1}"}})",
               R"({"schema":{"contentType":"x","content":"{\"a\":2,\"b\":1}"}})",
               R"({"schema":{"contentType":"y","content":"{\"a\":1,\"b\":2}"}})") ==
          R"({"schema":{"contentType":"y","content":"{\"a\":2,\"b\":1}"}} /schema/content: )"
          R"("{\"a\":1,\"b\":1}", "{\"a\":2,\"b\":1}", "{\"a\":1,\"b\":2}")");
}

TEST_CASE("merge: arrays without identities are one value", "[domain][merge]") {
    CHECK(told(R"({"a":[1,2]})", R"({"a":[1,2,3]})", R"({"a":[0,1,2]})") ==
          R"({"a":[1,2,3]} /a: [1,2], [1,2,3], [0,1,2])");
    CHECK(told(R"({"a":[{"id":1}]})", R"({"a":[{"id":1},{"id":1}]})",
               R"({"a":[{"id":1},{"id":2}]})") ==
          R"({"a":[{"id":1},{"id":1}]} /a: [{"id":1}], [{"id":1},{"id":1}], [{"id":1},{"id":2}])");
    CHECK(told(R"({"a":[{"name":"x"}]})", R"({"a":[{"name":"x","v":1}]})",
               R"({"a":[{"name":"x","w":1}]})") ==
          R"({"a":[{"name":"x","v":1}]} )"
          R"(/a: [{"name":"x"}], [{"name":"x","v":1}], [{"name":"x","w":1}])");
}

TEST_CASE("merge: elements that are told apart are merged one by one", "[domain][merge]") {
    CHECK(told(R"({"p":[{"name":"a","in":"query","t":1},{"name":"a","in":"path","t":1}]})",
               R"({"p":[{"name":"a","in":"query","t":2},{"name":"a","in":"path","t":1}]})",
               R"({"p":[{"name":"a","in":"query","t":1,"u":3},{"name":"b","in":"path"}]})") ==
          R"({"p":[{"name":"a","in":"query","t":2,"u":3},{"name":"b","in":"path"}]})");
    CHECK(told(R"({"r":[{"status":200,"x":1},{"x":1}]})",
               R"({"r":[{"status":200,"x":2},{"x":1},{"status":404}]})",
               R"({"r":[{"status":500},{"status":200,"x":1},{"x":2}]})") ==
          R"({"r":[{"status":500},{"status":200,"x":2},{"x":2},{"status":404}]})");
    CHECK(told(R"({"b":[{"definition":{"name":"A"}}]})",
               R"({"b":[{"definition":{"name":"A"}},{"definition":{"name":"B"}}]})",
               R"({"b":[{"definition":{"name":"C"}}]})") ==
          R"({"b":[{"definition":{"name":"B"}},{"definition":{"name":"C"}}]})");
    CHECK(told(R"({"a":[{"id":1,"v":1},{"id":2}]})", R"({"a":[{"id":2},{"id":1,"v":2}]})",
               R"({"a":[{"id":1,"v":3},{"id":2}]})") ==
          R"({"a":[{"id":2},{"id":1,"v":2}]} /a/1/v: 1, 2, 3)");
    CHECK(told(R"({"a":[{"id":0},{"id":1,"v":1}]})", R"({"a":[{"id":0}]})",
               R"({"a":[{"id":0},{"id":1,"v":2}]})") ==
          R"({"a":[{"id":0}]} /a/1: {"id":1,"v":1}, none, {"id":1,"v":2})");
}

TEST_CASE("merge: the order of elements is the side's that changed it", "[domain][merge]") {
    const char* const base = R"({"a":[{"id":1},{"id":2},{"id":3}]})";
    const char* const turned = R"({"a":[{"id":3},{"id":2},{"id":1}]})";
    const char* const longer = R"({"a":[{"id":1},{"id":2},{"id":7},{"id":3}]})";
    CHECK(told(base, turned, longer) == R"({"a":[{"id":3},{"id":2},{"id":7},{"id":1}]})");
    CHECK(told(base, longer, turned) == R"({"a":[{"id":3},{"id":2},{"id":7},{"id":1}]})");
    CHECK(merged(base, turned, R"({"a":[{"id":2},{"id":1},{"id":3}]})").conflicts.size() == 1);
    CHECK(told(base, R"({"a":[{"id":1},{"id":2},{"id":3},{"id":9}]})",
               R"({"a":[{"id":1},{"id":2},{"id":3},{"id":8}]})") ==
          R"({"a":[{"id":1},{"id":2},{"id":3},{"id":8},{"id":9}]})");
}

TEST_CASE("merge: a policy resolves conflicts and is asked in order", "[domain][merge]") {
    const char* const base = R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":{"x":1}})";
    const char* const ours = R"({"a":2,"b":2,"c":2,"d":2,"e":2})";
    const char* const theirs = R"({"a":3,"b":3,"c":3,"d":3,"e":3,"f":{"x":2}})";
    std::string asked;
    const MergePolicy policy([&](const Conflict& conflict) -> Resolution {
        asked += conflict.pointer;
        CHECK(conflict.resolution == Resolution{});
        CHECK(conflict.kind == Kind::trigger);
        CHECK(conflict.name == "Hook");
        if (conflict.pointer == "/a") return {Take::base};
        if (conflict.pointer == "/b") return {Take::theirs};
        if (conflict.pointer == "/c") return {Take::value, R"( [ 4.0, {} ] )"};
        if (conflict.pointer == "/f") return {Take::ours};
        return {};
    });
    Budget budget;
    const MergedDocument document = merge_documents({base, ours, theirs}, policy, budget,
                                                    {.kind = Kind::trigger, .name = "Hook"});
    CHECK(document.text == R"({"a":1,"b":3,"c":[4.0,{}],"d":2,"e":2})");
    CHECK(asked == "/a/b/c/d/e/f");
    CHECK_FALSE(document.is_resolved());
    REQUIRE(document.conflicts.size() == 6);
    CHECK(document.conflicts[2].resolution.take == Take::value);
    CHECK(document.conflicts[3].resolution.take == Take::unresolved);

    CHECK(merged(base, ours, theirs, MergePolicy::theirs()).text ==
          R"({"a":3,"b":3,"c":3,"d":3,"e":3,"f":{"x":2}})");
    const MergePolicy broken([](const Conflict&) { return Resolution{Take::value, "{"}; });
    const auto result = guarded([&] { return merged(base, ours, theirs, broken).text; });
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::document_invalid);
    CHECK_THAT(result.error().message, Catch::Matchers::Contains("conflict at '/a'"));
}

TEST_CASE("merge: tens of thousands of members and elements are no matter", "[domain][merge]") {
    std::string members;
    std::string elements;
    for (int i = 0; i < 20'000; ++i) {
        members += "\"m" + std::to_string(i) + "\":1.10,";
        elements += "{\"id\":" + std::to_string(i) + ",\"v\":0},";
    }
    const std::string base = "{" + members + "\"l\":[" + elements + "{\"id\":\"last\"}]}";
    std::string ours = base;
    ours.replace(ours.find("\"v\":0"), 5, "\"v\":1");
    std::string theirs = base;
    theirs.replace(theirs.rfind("\"v\":0"), 5, "\"v\":2");
    theirs.replace(theirs.find("1.10"), 4, "1.00");
    std::string expected = theirs;
    expected.replace(expected.find("\"v\":0"), 5, "\"v\":1");
    CHECK(told(base, ours, theirs) == expected);
}

TEST_CASE("merge: conflicts whose pointers come to far more than the documents are refused",
          "[domain][merge]") {
    const auto all = [](int value) { return test::below_long_name(200, value); };
    try {
        static_cast<void>(merged(all(1), all(2), all(3)));
        FAIL("merged");
    } catch (const Failure& failure) {
        CHECK(failure.error.code == Errc::limit_exceeded);
        CHECK_THAT(failure.error.message, Catch::Contains("shorten the names in it"));
    }
    CHECK(merged(all(1), all(2), all(1)).text == all(2));
}
