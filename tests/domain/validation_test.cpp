// Goal: every rule that a resource may break finds just what it is about, at its place.
#include "domain/validation.hpp"

#include "domain/resource_references.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace verso;

namespace {

using Names = std::vector<std::string>;

/// A few resources by name.
class Others final : public Surroundings {
public:
    Others() {
        add(Kind::definition, "Json", R"({"name":"Json","accept":["application/json"]})");
        add(Kind::definition, "Json2",
            R"({"name":"Json2","accept":["x/y","Application/JSON ; v=1"]})");
        add(Kind::definition, "Upper", R"({"name":"Upper","accept":["A/Z"]})");
        add(Kind::definition, "Lower", R"({"name":"Lower","accept":["a/z"]})");
        add(Kind::definition, "Text", R"({"name":"Text","accept":["text/plain"]})");
        add(Kind::parameter, "id", R"({"name":"id","in":"path"})");
        add(Kind::parameter, "stored",
            R"({"name":"stored","in":"path","openapi":{"members":{"name":"wire.name"}}})");
    }
    [[nodiscard]] std::optional<ResourceId> resolve(Kind kind,
                                                    const Reference& reference) override {
        for (const auto& [id, each] : resources_)
            if (each.kind == kind &&
                (reference.id ? *reference.id == id : reference.name == each.name))
                return id;
        return std::nullopt;
    }
    [[nodiscard]] std::string document_of(Kind, ResourceId id) override {
        ++reads;
        return resources_.at(id).text;
    }
    void add(Kind kind, std::string name, std::string text) {
        ResourceId id;
        id.value.data[15] = static_cast<std::uint8_t>(resources_.size() + 1);
        resources_.emplace(id, Resource{kind, std::move(name), std::move(text)});
    }

    int reads = 0;  ///< Of documents.

private:
    struct Resource {
        Kind kind;
        std::string name;
        std::string text;
    };
    std::map<ResourceId, Resource> resources_;
};

std::string action(const std::string& members, const std::string& path = "/") {
    return R"({"name":"a","method":"GET","path":")" + path + R"(",)" + members + "}";
}

/// The fields of what is found in an Action with these further members.
Names found(const std::string& members, const std::string& path = "/") {
    Others others;
    Names fields;
    for (const Finding& each : validate(Kind::action, action(members, path), others)) {
        CHECK(each.severity == Severity::error);
        fields.push_back(each.field);
    }
    return fields;
}

std::string body(const Names& definitions) {
    std::string text;
    for (const std::string& name : definitions)
        text += (text.empty() ? "" : ",") + (R"({"definition":{"name":")" + name + "\"}}");
    return R"("definitions":[)" + text + "]";
}

const std::string fine = R"("responses":[{"status":200},{}])";

}  // namespace

TEST_CASE("validation: an operation has responses, each status once", "[domain]") {
    CHECK(found(fine).empty());
    CHECK(found(R"("responses":[])") == Names{"/responses"});
    CHECK(found(R"("summary":"no responses")") == Names{"/responses"});
    CHECK(found(R"("responses":[{"status":200},{"status":200}])") == Names{"/responses/1/status"});
    CHECK(found(R"("responses":[{},{"status":1},{}])") == Names{"/responses/2"});
}

TEST_CASE("validation: a body has one definition for a media type", "[domain]") {
    CHECK(found(fine + R"(,"requestBody":{)" + body({"Json", "Text"}) + "}").empty());
    CHECK(found(fine + R"(,"requestBody":{)" + body({"Json", "Text", "Json2"}) + "}") ==
          Names{"/requestBody/definitions/2"});
    CHECK(found(fine + R"(,"requestBody":{)" + body({"Upper", "Lower"}) + "}") ==
          Names{"/requestBody/definitions/1"});
    CHECK(found(R"("responses":[{)" + body({"Text"}) + "},{\"status\":1," + body({"Text", "Text"}) +
                "}]") == Names{"/responses/1/definitions/1"});
}

TEST_CASE("validation: the path and its parameters belong together", "[domain]") {
    const std::string own =
        R"("parameters":[{"name":"id","in":"path","required":true,"type":"string"}],)" + fine;
    CHECK(found(own, "/pets/{{ param.id }}").empty());
    CHECK(found(own, "/pets/{{param.id}}/{{ other.x }}").empty());
    CHECK(found(own, "/pets") == Names{"/parameters/0"});
    CHECK(found(fine, "/pets/{{ param.id }}") == Names{"/path"});
    CHECK(
        found(R"("parameters":[{"parameter":{"name":"id"}}],)" + fine, "/{{ param.id }}").empty());
    const std::string stored = R"("parameters":[{"parameter":{"name":"stored"}}],)" + fine;
    CHECK(found(stored, "/{{ param.wire.name }}").empty());
    CHECK(found(stored, "/{{ param.stored }}") == Names{"/path", "/parameters/0"});
}

TEST_CASE("validation: one parameter for a name in a place", "[domain]") {
    const auto parameter = [](const std::string& in) {
        return R"({"name":"q","type":"string","in":")" + in + "\"}";
    };
    CHECK(found(R"("parameters":[)" + parameter("query") + "," + parameter("header") + "]," + fine)
              .empty());
    CHECK(found(R"("parameters":[)" + parameter("query") + "," + parameter("query") + "]," +
                fine) == Names{"/parameters/1"});
}

TEST_CASE("validation: references lead somewhere", "[domain]") {
    CHECK(found(R"("responses":[{)" + body({"Json", "None"}) + "}]") ==
          Names{"/responses/0/definitions/1/definition"});
    CHECK(found(R"("parameters":[{"parameter":{"name":"none"}}],)" + fine) ==
          Names{"/parameters/0/parameter"});
}

TEST_CASE("validation: a trigger has no path", "[domain]") {
    Others others;
    const auto findings = validate(
        Kind::trigger,
        R"({"name":"t","method":"POST","parameters":[{"parameter":{"name":"id"}}],)" + fine + "}",
        others);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].field == "/parameters/0");
}

TEST_CASE("validation: a schema that is no JSON is worth a warning", "[domain]") {
    Others others;
    const auto findings = [&](const std::string& type, const std::string& content) {
        return validate(Kind::definition,
                        R"({"name":"D","accept":[],"schema":{"contentType":")" + type +
                            R"(","content":")" + content + "\"}}",
                        others);
    };
    CHECK(findings("application/schema+json", "{}").empty());
    CHECK(findings("application/xml", "<a/>").empty());
    const auto warned = findings("application/schema+json", "{");
    REQUIRE(warned.size() == 1);
    CHECK(warned[0].severity == Severity::warning);
    CHECK_FALSE(has_errors(warned));

    const auto deep = findings("application/json", std::string(129, '[') + std::string(129, ']'));
    REQUIRE(deep.size() == 1);
    CHECK(deep[0].message.starts_with("nests deeper than 128 levels"));
    CHECK(findings("application/json", std::string(128, '[') + std::string(128, ']')).empty());
}

TEST_CASE("validation: what is referred to is read once", "[domain]") {
    Others others;
    std::string responses;
    for (int i = 0; i < 30; ++i)
        responses += (i == 0 ? "{" : ",{") + ("\"status\":" + std::to_string(i) + ",") +
                     body({"Json", "Text"}) + "}";
    const std::string text =
        action(R"("parameters":[{"parameter":{"name":"id"}}],"responses":[)" + responses + "]",
               "/{{ param.id }}");
    for (int i = 0; i < 3; ++i) CHECK(validate(Kind::action, text, others).empty());
    CHECK(others.reads == 3);
}

TEST_CASE("validation: what is kept of others has an end", "[domain]") {
    constexpr std::size_t mebibyte = std::size_t{1024} * 1024;
    constexpr int count = 70;
    const Kind kind = GENERATE(Kind::definition, Kind::parameter);
    Others others;
    for (int i = 0; i < count; ++i) {
        const std::string name = std::to_string(i);
        const std::string large = std::string(mebibyte, 'x') + name;
        others.add(kind, name,
                   kind == Kind::parameter ? R"({"in":"path","name":")" + large + "\"}"
                                           : R"({"accept":["a/)" + large + R"("]})");
    }
    const auto read_all = [&] {
        for (int i = 0; i < count; ++i) {
            const std::string name = std::to_string(i);
            const ResourceId id = others.resolve(kind, Reference{std::nullopt, name}).value();
            const std::string kept = kind == Kind::parameter ? others.slot_of(id).name
                                                             : *others.media_types_of(id).begin();
            CHECK(kept.ends_with('x' + name));
        }
    };
    read_all();
    CHECK(others.reads == count);
    for (int last = 0; last < 2; ++last) {
        const int reads = others.reads;
        read_all();
        CHECK(others.reads > reads);
    }
}

TEST_CASE("validation: what is long is not compared without end", "[domain]") {
    Others others;
    const std::string subtype(std::size_t{300} * 1024, 'x');
    for (const char* name : {"A", "B"})
        others.add(
            Kind::definition, name,
            R"({"name":")" + std::string(name) + R"(","accept":["a/)" + subtype + name + R"("]})");
    const auto of_bodies = [&](int count) {
        std::string responses;
        for (int i = 0; i < count; ++i)
            responses += (i == 0 ? "{" : ",{") + ("\"status\":" + std::to_string(i) + ",") +
                         body({"A", "B"}) + "}";
        return validate(Kind::action, action("\"responses\":[" + responses + "]", "/{{ param.x }}"),
                        others);
    };
    // The budget is 1 MiB and a little: three of 300 KiB.
    const auto compared = of_bodies(1);
    REQUIRE(compared.size() == 1);
    CHECK(compared[0].field == "/path");
    const auto too_much = of_bodies(2);
    REQUIRE(too_much.size() == 1);
    CHECK(too_much[0].field == "/responses/1/definitions/1");
    CHECK(too_much[0].message.starts_with("is as far as this document was compared"));
    CHECK(too_much[0].severity == Severity::error);

    const std::string name(std::size_t{300} * 1024, 'x');
    std::string uses;
    for (int i = 0; i < 4; ++i) {
        others.add(Kind::parameter, "p" + std::to_string(i),
                   R"({"in":"header","name":")" + name + std::to_string(i) + R"("})");
        uses += (i == 0 ? "" : ",") + (R"({"parameter":{"name":"p)" + std::to_string(i) + "\"}}");
    }
    const auto of_parameters =
        validate(Kind::action, action("\"parameters\":[" + uses + "]," + fine), others);
    REQUIRE(of_parameters.size() == 1);
    CHECK(of_parameters[0].field == "/parameters/3");
}

TEST_CASE("validation: what is quoted is shortened", "[domain]") {
    const std::string name(100'000, 'x');
    Others others;
    others.add(Kind::definition, "Long", R"({"name":"Long","accept":["a/)" + name + R"("]})");
    others.add(Kind::parameter, "long", R"({"in":"path","name":")" + name + R"("})");
    const auto check = [&](const std::string& text, std::size_t count) {
        const auto findings = validate(Kind::action, text, others);
        REQUIRE(findings.size() == count);
        for (const Finding& each : findings) {
            CHECK(each.message.find("xxx...") != std::string::npos);
            CHECK(each.message.size() < 1'000);
        }
    };
    check(action("\"responses\":[{" + body({"Long", "Long"}) + "}]"), 1);
    check(action("\"responses\":[{" + body({name}) + "}]"), 1);
    check(action(fine, "/{{ param." + name + " }}"), 1);
    check(action(R"("parameters":[{"parameter":{"name":"long"}}],)" + fine), 1);
    const std::string own = R"({"name":")" + name + R"(","in":"query","type":"string"})";
    check(action("\"parameters\":[" + own + "," + own + "]," + fine), 1);
}

TEST_CASE("validation: findings are kept to a hundred", "[domain]") {
    std::string responses;
    for (int i = 0; i < 200; ++i) responses += i == 0 ? "{}" : ",{}";
    CHECK(found(R"("responses":[)" + responses + "]").size() == 100);
}
