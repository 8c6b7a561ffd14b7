// Goal:   the routes of Definitions: many at once, and who refers to them.
// Method: requests through the adapter on a real store, each success and each error.

#include "http/fixture.hpp"

namespace verso::http {
namespace {

const std::string all_definitions = "/versions/1/definitions";

struct Definitions : Fixture {
    Definitions() { make_version("1"); }

    [[nodiscard]] std::string total() const { return get(all_definitions).at("/totalCount"); }
    void make(std::initializer_list<std::string> names) const {
        for (const std::string& name : names)
            REQUIRE(post(all_definitions, definitions({definition(name)})).status == 201);
    }
    [[nodiscard]] std::string id_of(const std::string& name) const {
        return get(all_definitions + "/" + name).at("/id");
    }
};

const std::string to_pet = R"({"$ref":"#/$defs/Pet"})";

}  // namespace

TEST_CASE("definitions: many are created at once, referring to one another", "[http]") {
    const Definitions draft;
    const Answer created =
        draft.post(all_definitions, definitions({definition("Pet", R"({"$ref":"#/$defs/Owner"})"),
                                                 definition("Owner", to_pet)}));
    CHECK(created.status == 201);
    CHECK(created.header("Location") == draft.base + all_definitions);
    CHECK(created.header("ETag") == "\"2\"");
    CHECK(created.at("/definitions/0/name") == "\"Pet\"");
    CHECK(created.at("/definitions/0/errors") == "[]");
    CHECK(created.at("/definitions/0/referencedBy/0/name") == "\"Owner\"");
    CHECK(created.at("/definitions/1/referencedBy/0/type") == "\"definition\"");
    CHECK(draft.get(all_definitions + "/Pet").at("/schema/contentType") ==
          "\"application/schema+json\"");
}

TEST_CASE("definitions: all of a batch are created or none", "[http]") {
    const Definitions draft;
    draft.make({"Pet"});
    const Answer taken =
        draft.post(all_definitions, definitions({definition("New"), definition("Pet")}));
    CHECK(taken.status == 409);
    CHECK(taken.code() == "name_taken");
    const Answer unknown =
        draft.post(all_definitions, definitions({definition("New", R"({"$ref":"#/$defs/Nope"})")}));
    CHECK(unknown.status == 400);
    CHECK(unknown.code() == "reference_not_found");
    CHECK(draft.post(all_definitions, definitions({definition("New"), "{}"})).code() ==
          "resource_invalid");
    CHECK(draft.post(all_definitions, definitions({definition("New"), definition("New")})).status ==
          409);
    CHECK(draft.total() == "1");
}

TEST_CASE("definitions: the body of a batch is read strictly", "[http]") {
    const Definitions draft;
    const auto refused = [&](const std::string& body) {
        const Answer answer = draft.post(all_definitions, body);
        CAPTURE(body, answer.body);
        CHECK(answer.status == 400);
        return answer.fields();
    };
    CHECK(refused("{}") == Fields{"definitions"});
    CHECK(refused(R"({"definitions":{}})") == Fields{"definitions"});
    CHECK(refused(R"({"definitions":[1,[]]})") == Fields{"/definitions/0", "/definitions/1"});
    CHECK(refused(R"({"definitions":[],"x":1})") == Fields{"x"});
    CHECK(refused(definition("Pet")) == Fields{"name", "accept", "schema", "definitions"});
}

TEST_CASE("definitions: an error about one of a batch names it by its place", "[http]") {
    const Fixture fixture{{.document = {.max_bytes = 300}}};
    fixture.make_version("1");
    REQUIRE(fixture.post(all_definitions, definitions({definition("Taken")})).status == 201);
    const auto refused = [&](std::initializer_list<std::string> documents) {
        const Answer answer = fixture.post(all_definitions, definitions(documents));
        CAPTURE(answer.body);
        CHECK(answer.status / 100 == 4);
        return answer.fields();
    };
    const std::string good = definition("Good");
    const std::string large = definition("Large", std::string(300, ' '));
    CHECK(refused({"{}"}) ==
          Fields{"/definitions/0/name", "/definitions/0/accept", "/definitions/0/schema"});
    CHECK(refused({good, definition("bad name")}) == Fields{"/definitions/1/name"});
    CHECK(refused({good, large}) == Fields{"/definitions/1"});
    CHECK(refused({good, good}) == Fields{"/definitions/1/name"});
    CHECK(refused({good, definition("Taken")}) == Fields{"/definitions/1/name"});
    CHECK(refused({good, definition("A", R"({"$ref":"#/$defs/Nope"})")}) ==
          Fields{"/definitions/1/schema/content"});
    CHECK(fixture.post("/versions/1/definitions?x", definitions({good})).fields() == Fields{"x"});
}

TEST_CASE("definitions: an error about one of a deletion names it by its place", "[http]") {
    const Definitions draft;
    draft.make({"A", "B"});
    REQUIRE(draft.post("/versions/1/actions", action("GetB", "B")).status == 201);
    const auto fields = [&](const std::string& body) {
        const Answer answer = draft.erase(all_definitions, body);
        CAPTURE(answer.body);
        CHECK(answer.status / 100 == 4);
        return answer.fields();
    };
    CHECK(fields(R"({"names":["A","Nope"]})") == Fields{"/names/1"});
    CHECK(fields(R"({"ids":[)" + draft.id_of("A") + R"(,")" + std::string(nobodys_id) +
                 R"("],"names":["B"]})") == Fields{"/ids/1"});
    CHECK(fields(R"({"names":["A","B"]})") == Fields{"/names/1", "action/GetB"});
    CHECK(fields(R"({"names":["A"],"ids":[)" + draft.id_of("B") + "]}") ==
          Fields{"/ids/0", "action/GetB"});
    CHECK(fields(R"({"all":true})") == Fields{"all", "action/GetB"});
    CHECK(draft.erase(all_definitions + "/B").fields() == Fields{"action/GetB"});
}

TEST_CASE("definitions: no more are created at once than the store takes", "[http]") {
    const Fixture fixture{{.max_batch = 2}};
    fixture.make_version("1");
    const std::string three = definitions({definition("A"), definition("B"), definition("C")});
    CHECK(fixture.post(all_definitions, three).code() == "limit_exceeded");
    CHECK(fixture.post(all_definitions, definitions({definition("A"), definition("B")})).status ==
          201);
}

TEST_CASE("definitions: a rename is written into those that refer to it", "[http]") {
    const Definitions draft;
    draft.make({"Pet"});
    REQUIRE(draft.post("/versions/1/actions", action("GetPet", "Pet")).status == 201);
    CHECK(draft.put(all_definitions + "/Pet", definition("Animal")).status == 200);
    const Answer referrer = draft.get("/versions/1/actions/GetPet");
    CHECK(referrer.at("/responses/0/definitions/0/definition/name") == "\"Animal\"");
    CHECK(draft.get(all_definitions + "/Animal").at("/referencedBy/0/name") == "\"GetPet\"");
}

TEST_CASE("definitions: one that is referred to goes by force only", "[http]") {
    const Definitions draft;
    draft.make({"Pet"});
    REQUIRE(draft.post("/versions/1/actions", action("GetPet", "Pet")).status == 201);
    const Answer refused = draft.erase(all_definitions + "/Pet");
    CHECK(refused.status == 412);
    CHECK(refused.code() == "definition_referenced");
    CHECK_FALSE(refused.fields().empty());
    CHECK(draft.erase(all_definitions + "/Pet?force=yes").fields() == Fields{"force"});
    CHECK(draft.erase(all_definitions + "/Pet?force").status == 204);
    CHECK(draft.get("/versions/1/actions/GetPet").at("/errors/0/severity") == "\"error\"");
    CHECK(draft.post("/versions/1/publish").code() == "version_invalid");
}

TEST_CASE("definitions: an action that names an unknown one is refused", "[http]") {
    const Definitions draft;
    const Answer refused = draft.post("/versions/1/actions", action("GetPet", "Pet"));
    CHECK(refused.status == 400);
    CHECK(refused.code() == "reference_not_found");
}

TEST_CASE("definitions: many are deleted by id, by name, or all", "[http]") {
    const Definitions draft;
    draft.make({"A", "B", "C", "D"});
    const std::string by_both = R"({"ids":[)" + draft.id_of("A") + R"(],"names":["B","A"]})";
    CHECK(draft.erase(all_definitions, by_both).status == 204);
    CHECK(draft.total() == "2");
    CHECK(draft.erase(all_definitions, R"({"names":[]})").status == 204);
    CHECK(draft.total() == "2");
    CHECK(draft.erase(all_definitions, R"({"all":true})").status == 204);
    CHECK(draft.total() == "0");
}

TEST_CASE("definitions: an unknown one among many stops the deletion", "[http]") {
    const Definitions draft;
    draft.make({"A"});
    REQUIRE(draft.post("/versions/1/triggers", trigger("T")).status == 201);
    const auto code = [&](const std::string& body) {
        return draft.erase(all_definitions, body).code();
    };
    CHECK(code(R"({"names":["A","Nope"]})") == "resource_not_found");
    CHECK(code(R"({"ids":[")" + std::string(nobodys_id) + R"("]})") == "resource_not_found");
    CHECK(code(R"({"ids":[)" + draft.get("/versions/1/triggers/T").at("/id") + "]}") ==
          "resource_not_found");
    CHECK(draft.total() == "1");
}

TEST_CASE("definitions: the body of a deletion says one thing", "[http]") {
    const Definitions draft;
    const auto refused = [&](const std::string& body) {
        const Answer answer = draft.erase(all_definitions, body);
        CAPTURE(body, answer.body);
        CHECK(answer.status == 400);
        return answer.fields();
    };
    CHECK(refused("{}") == Fields{"all"});
    CHECK(refused(R"({"all":false})") == Fields{"all"});
    CHECK(refused(R"({"all":1})") == Fields{"all"});
    CHECK(refused(R"({"all":true,"names":["A"]})") == Fields{"all"});
    CHECK(refused(R"({"ids":[")" + std::string(nobodys_id) + R"(","x",1]})") ==
          Fields{"/ids/1", "/ids/2"});
    CHECK(refused(R"({"names":[1]})") == Fields{"/names/0"});
    CHECK(refused(R"({"names":"A"})") == Fields{"names"});
    CHECK(refused(R"({"names":[],"x":1})") == Fields{"x"});
    CHECK(draft.ask("DELETE", all_definitions).status == 415);
}

TEST_CASE("definitions: those that refer to one another only may go together", "[http]") {
    const Definitions draft;
    REQUIRE(
        draft.post(all_definitions, definitions({definition("Pet"), definition("Owner", to_pet)}))
            .status == 201);
    CHECK(draft.erase(all_definitions, R"({"names":["Pet"]})").code() == "definition_referenced");
    CHECK(draft.erase(all_definitions, R"({"names":["Pet","Owner"]})").status == 204);
    draft.make({"Pet"});
    REQUIRE(draft.post("/versions/1/actions", action("GetPet", "Pet")).status == 201);
    CHECK(draft.erase(all_definitions, R"({"all":true})").code() == "definition_referenced");
    CHECK(draft.erase(all_definitions + "?force", R"({"all":true})").status == 204);
}

}  // namespace verso::http
