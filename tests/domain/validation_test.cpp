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
        return resources_.at(id).text;
    }

private:
    struct Resource {
        Kind kind;
        std::string name;
        std::string text;
    };
    void add(Kind kind, std::string name, std::string text) {
        ResourceId id;
        id.value.data[15] = static_cast<std::uint8_t>(resources_.size() + 1);
        resources_.emplace(id, Resource{kind, std::move(name), std::move(text)});
    }
    std::map<ResourceId, Resource> resources_;
};

/// The fields of what is found in an Action with these further members.
Names found(const std::string& members, const std::string& path = "/") {
    Others others;
    Names fields;
    for (const Finding& each : validate(
             Kind::action,
             R"({"name":"a","method":"GET","path":")" + path + R"(",)" + members + "}", others)) {
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

TEST_CASE("validation: findings are kept to a hundred", "[domain]") {
    std::string responses;
    for (int i = 0; i < 200; ++i) responses += i == 0 ? "{}" : ",{}";
    CHECK(found(R"("responses":[)" + responses + "]").size() == 100);
}
