// Goal: references hold. Method: every rule of the domain on small versions, and a random walk of
// puts, renames and erasures beside a model that resolves every reference from scratch.
#include <verso/maintenance.hpp>

#include "engine/referring.hpp"

#include <map>
#include <random>
#include <set>

using namespace verso;
using namespace verso::engine;

namespace {

struct Draft1 : Fixture {
    explicit Draft1(Options options = {}) : Fixture(std::move(options)) { create("1"); }

    Result<ConnectionVersion> edit(const std::function<Result<void>(Draft&)>& change) {
        return store.edit(key("1"), change);
    }
    Resource put(Kind kind, const Document& put) { return Fixture::put("1", kind, put); }
    Result<ConnectionVersion> try_put(Kind kind, const Document& document) {
        return edit([&](Draft& draft) -> Result<void> {
            auto done = draft.put(kind, document);
            if (!done) return done.error();
            return {};
        });
    }
    Result<ConnectionVersion> erase(Kind kind, std::string_view name, bool force = false) {
        return edit([&](Draft& draft) { return draft.erase(kind, name, force); });
    }
    [[nodiscard]] DescribedResource describe(Kind kind, std::string_view name) const {
        return snapshot().describe_resource(key("1"), kind, name).value();
    }
    [[nodiscard]] Names referrers(std::string_view name, Kind kind = Kind::definition) const {
        Names names;
        for (const Referrer& each : snapshot().referrers(key("1"), kind, name).value())
            names.push_back(std::string(to_string(each.kind)) + "/" + each.name);
        return names;
    }
    [[nodiscard]] std::string text(Kind kind, std::string_view name) const {
        return snapshot().resource(key("1"), kind, name).value().document.text();
    }
    /// The fields of a resource's errors.
    [[nodiscard]] Names errors(Kind kind, std::string_view name) const {
        Names fields;
        const auto described = describe(kind, name);
        REQUIRE(described.errors);
        for (const Finding& each : *described.errors) fields.push_back(each.field);
        return fields;
    }
    [[nodiscard]] std::string path(std::string_view action) const {
        return Action::from_document(snapshot().resource(key("1"), Kind::action, action)->document)
            .value()
            .path;
    }
    Result<ConnectionVersion> replace(Kind kind, std::string_view name, const Document& by) {
        return edit([&](Draft& draft) -> Result<void> {
            auto done = draft.replace(kind, name, by);
            if (!done) return done.error();
            return {};
        });
    }
};

}  // namespace

TEST_CASE("references: a definition knows who refers to it, by name and by id", "[engine]") {
    Draft1 draft;
    const ResourceId pet = draft.put(Kind::definition, schema("Pet", "{}")).id;
    draft.put(Kind::definition, schema("Pets", R"({"items":)" + sibling("Pet") + "}"));
    draft.put(Kind::action, using_definitions("List", {by_name("Pets")}));
    draft.put(Kind::action, using_definitions("Get", {by_id(pet)}));
    CHECK(draft.referrers("Pet") == Names{"action/Get", "definition/Pets"});
    CHECK(draft.referrers("Pets") == Names{"action/List"});
    CHECK(draft.describe(Kind::definition, "Pet").referenced_by.size() == 2);
    draft.put(Kind::action, using_definitions("Get", {by_name("Pets")}));
    CHECK(draft.referrers("Pet") == Names{"definition/Pets"});
    CHECK(draft.referrers("Pets") == Names{"action/Get", "action/List"});
    check_is_sound(draft.store);
}

TEST_CASE("references: one to itself is no referrer", "[engine]") {
    Draft1 draft;
    draft
        .edit([](Draft& each) -> Result<void> {
            const std::vector one{schema("Tree", R"({"items":)" + sibling("Tree") + "}")};
            return each.put(Kind::definition, one).has_value() ? Result<void>() : Error{};
        })
        .value();
    CHECK(draft.referrers("Tree").empty());
    CHECK(draft.erase(Kind::definition, "Tree").has_value());
    check_is_sound(draft.store);
}

TEST_CASE("references: an unknown target is refused and nothing changes", "[engine]") {
    Draft1 draft;
    const auto before = draft.version("1");
    const auto refused = draft.try_put(Kind::action, using_definitions("Get", {by_name("Pet")}));
    CHECK(error_of(refused, {"Get", "Pet"}) == Errc::reference_not_found);
    CHECK(fields_of(refused) == Names{"/responses/0/definitions/0/definition"});
    CHECK(error_of(draft.try_put(Kind::definition, schema("A", sibling("B")))) ==
          Errc::reference_not_found);
    const auto parameter = document(R"({"name":"Get","method":"GET","path":"/","responses":[{}],)"
                                    R"("parameters":[{"parameter":{"name":"q"}}]})");
    CHECK(fields_of(draft.try_put(Kind::action, parameter)) == Names{"/parameters/0/parameter"});
    CHECK(draft.version("1") == before);
}

TEST_CASE("references: what is put in one call may refer to one another in a circle", "[engine]") {
    Draft1 draft;
    const std::vector both{schema("A", sibling("B")), schema("B", sibling("A"))};
    draft
        .edit([&](Draft& each) -> Result<void> {
            CHECK(each.create(Kind::definition, both).has_value());
            return {};
        })
        .value();
    CHECK(draft.referrers("A") == Names{"definition/B"});
    CHECK(draft.referrers("B") == Names{"definition/A"});
    CHECK(error_of(draft.erase(Kind::definition, "A"), {"1 other"}) == Errc::definition_referenced);
    const Names names{"A", "B"};
    draft.edit([&](Draft& each) { return each.erase(Kind::definition, names); }).value();
    CHECK(draft.names("1", Kind::definition).empty());
    check_is_sound(draft.store);
}

TEST_CASE("references: what others refer to goes only by force", "[engine]") {
    Draft1 draft;
    draft.put(Kind::definition, schema("Pet", "{}"));
    draft.put(Kind::action, using_definitions("Get", {by_name("Pet")}));
    const auto before = draft.version("1");
    const auto refused = draft.erase(Kind::definition, "Pet");
    CHECK(error_of(refused, {"Pet", "force"}) == Errc::definition_referenced);
    CHECK(fields_of(refused) == Names{"action/Get"});
    CHECK(draft.version("1") == before);

    draft.erase(Kind::definition, "Pet", true).value();
    CHECK(draft.errors(Kind::action, "Get") == Names{"/responses/0/definitions/0/definition"});
    CHECK(error_of(draft.store.publish(draft.key("1")), {"action/Get"}) == Errc::version_invalid);
    check_is_sound(draft.store);

    SECTION("and is mended by a definition of the name") {
        draft.put(Kind::definition, schema("Pet", "{}"));
        CHECK(draft.errors(Kind::action, "Get").empty());
        CHECK(draft.referrers("Pet") == Names{"action/Get"});
    }
    SECTION("and is mended by a rename to the name") {
        draft.put(Kind::definition, schema("Dog", "{}"));
        draft
            .edit([](Draft& each) -> Result<void> {
                CHECK(each.replace(Kind::definition, "Dog", schema("Pet", "{}")).has_value());
                return {};
            })
            .value();
        CHECK(draft.errors(Kind::action, "Get").empty());
    }
    SECTION("and is mended by a change of who refers") {
        draft.put(Kind::action, using_definitions("Get", {}));
        CHECK(draft.errors(Kind::action, "Get").empty());
    }
    SECTION("and a clone has it too") {
        draft.clone("2", "1");
        draft.put(Kind::definition, schema("Pet", "{}"));
        const auto described =
            draft.snapshot().describe_resource(draft.key("2"), Kind::action, "Get").value();
        CHECK(described.errors->size() == 1);
    }
    check_is_sound(draft.store);
}

TEST_CASE("references: a rename is followed by all who refer", "[engine]") {
    Draft1 draft;
    const ResourceId id = draft.put(Kind::definition, schema("Pet", "{}")).id;
    draft.put(Kind::definition, schema("Pets", "{ \"items\" :\n " + sibling("Pet") + " }"));
    draft.put(Kind::action, using_definitions("Get", {by_name("Pet")}));
    draft.put(Kind::trigger,
              document(R"({"name":"Hook","method":"POST","responses":[{}],"requestBody":)"
                       R"({"x":1.10,"definitions":[{"definition":{"name":"Pet"},"y":"Pet"}]}})"));
    draft.put(Kind::action, using_definitions("ById", {by_id(id)}));
    const std::string unchanged = draft.text(Kind::action, "ById");
    const auto before = draft.version("1");

    draft
        .edit([](Draft& each) -> Result<void> {
            CHECK(each.replace(Kind::definition, "Pet", schema("Animal", "{}")).has_value());
            return {};
        })
        .value();
    CHECK(draft.version("1").revision == before.revision + 1);
    CHECK(draft.referrers("Animal") ==
          Names{"action/ById", "action/Get", "definition/Pets", "trigger/Hook"});
    CHECK_THAT(draft.text(Kind::action, "Get"), Catch::Contains(R"("name":"Animal")"));
    CHECK_THAT(draft.text(Kind::definition, "Pets"),
               Catch::Contains(R"({ \"items\" :\n {\"$ref\":\"#/$defs/Animal\"} })"));
    CHECK_THAT(draft.text(Kind::trigger, "Hook"),
               Catch::Contains(
                   R"({"x":1.10,"definitions":[{"definition":{"name":"Animal"},"y":"Pet"}]})"));
    CHECK(draft.text(Kind::action, "ById") == unchanged);
    check_is_sound(draft.store);
}

TEST_CASE("references: parameters are referred to, kept and renamed in the same way", "[engine]") {
    Draft1 draft;
    draft.put(Kind::parameter, parameter("limit"));
    draft.put(Kind::action, document(R"({"name":"List","method":"GET","path":"/","responses":[{}],)"
                                     R"("parameters":[{"parameter":{"name":"limit"}}]})"));
    CHECK(draft.referrers("limit", Kind::parameter) == Names{"action/List"});
    CHECK(error_of(draft.erase(Kind::parameter, "limit")) == Errc::definition_referenced);
    draft
        .edit([](Draft& each) -> Result<void> {
            CHECK(each.replace(Kind::parameter, "limit", parameter("first")).has_value());
            return {};
        })
        .value();
    CHECK_THAT(draft.text(Kind::action, "List"),
               Catch::Contains(R"({"parameter":{"name":"first"}})"));
    check_is_sound(draft.store);
}

TEST_CASE("references: a path parameter's new name is followed into paths", "[engine]") {
    Draft1 draft;
    const ResourceId id = draft.put(Kind::parameter, in_path("pet")).id;
    draft.put(Kind::action, at_path("ByName", "/pet/{{  param.pet}}/pet", {shared("pet")}));
    draft.put(Kind::action, at_path("ById", "/{{ param.pet }}/{{ param.pet }}/{{ param.own }}",
                                    {own_in_path("own"), R"({"parameter":)" + by_id(id) + "}"}));
    draft.put(Kind::action, at_path("Own", "/{{ param.pet }}", {own_in_path("pet")}));
    draft.put(Kind::trigger, document(R"({"name":"Hook","method":"POST","responses":[{}]})"));
    const std::string own = draft.text(Kind::action, "Own");
    const auto before = draft.version("1");

    CHECK(draft.replace(Kind::parameter, "pet", in_path("animal")).value().revision ==
          before.revision + 1);
    CHECK(draft.path("ByName") == "/pet/{{  param.animal}}/pet");
    CHECK(draft.path("ById") == "/{{ param.animal }}/{{ param.animal }}/{{ param.own }}");
    CHECK(draft.text(Kind::action, "Own") == own);
    for (const char* name : {"ByName", "ById", "Own"})
        CHECK(draft.errors(Kind::action, name).empty());
    CHECK(draft.store.publish(draft.key("1")).has_value());
    check_is_sound(draft.store);
}

TEST_CASE("references: a path follows the name that a parameter is sent under", "[engine]") {
    Draft1 draft;
    draft.put(Kind::parameter, in_path("PetId", "id"));
    draft.put(Kind::action, at_path("Get", "/{{ param.id }}", {shared("PetId")}));
    draft.replace(Kind::parameter, "PetId", in_path("Pet", "id")).value();
    CHECK(draft.path("Get") == "/{{ param.id }}");
    draft.replace(Kind::parameter, "Pet", in_path("Pet", "pet_id")).value();
    CHECK(draft.path("Get") == "/{{ param.pet_id }}");
    draft.replace(Kind::parameter, "Pet", in_path("Pet")).value();
    CHECK(draft.path("Get") == "/{{ param.Pet }}");
    CHECK(draft.errors(Kind::action, "Get").empty());
    check_is_sound(draft.store);
}

TEST_CASE("references: a placeholder that may be another parameter's stays", "[engine]") {
    Draft1 draft;
    draft.put(Kind::parameter, in_path("x"));
    draft.put(Kind::parameter, in_path("Other", "x"));
    draft.put(Kind::parameter, parameter("q"));
    draft.put(Kind::action, at_path("Twice", "/{{ param.x }}", {shared("x"), own_in_path("x")}));
    draft.put(Kind::action, at_path("Both", "/{{ param.x }}", {shared("x"), shared("Other")}));
    draft.put(Kind::action, at_path("Query", "/{{ param.q }}", {shared("q"), own_in_path("q")}));
    draft.replace(Kind::parameter, "x", in_path("y")).value();
    draft.replace(Kind::parameter, "q", parameter("r")).value();
    for (const char* name : {"Twice", "Both"}) {
        CHECK(draft.path(name) == "/{{ param.x }}");
        CHECK(draft.errors(Kind::action, name) == Names{"/parameters/0"});
    }
    CHECK(draft.path("Query") == "/{{ param.q }}");
    CHECK(draft.errors(Kind::action, "Query").empty());
    check_is_sound(draft.store);
}

TEST_CASE("references: a parameter that leaves the path takes no placeholder along", "[engine]") {
    Draft1 draft;
    draft.put(Kind::parameter, in_path("x"));
    draft.put(Kind::action, at_path("Get", "/{{ param.x }}", {shared("x")}));
    draft.replace(Kind::parameter, "x", parameter("y")).value();
    CHECK(draft.path("Get") == "/{{ param.x }}");
    CHECK(draft.errors(Kind::action, "Get") == Names{"/path"});
    check_is_sound(draft.store);
}

TEST_CASE("references: paths follow parameters that exchange their names", "[engine]") {
    Draft1 draft;
    const ResourceId x = draft.put(Kind::parameter, in_path("x")).id;
    const ResourceId y = draft.put(Kind::parameter, in_path("y")).id;
    draft.put(Kind::action,
              at_path("Get", "/{{ param.x }}/to/{{ param.y }}", {shared("x"), shared("y")}));
    const auto named = [](ResourceId id, std::string_view name) {
        return document(R"({"id":")" + to_string(id) + R"(",)" + in_path(name).text().substr(1));
    };
    draft
        .edit([&](Draft& each) -> Result<void> {
            const std::vector<Document> both{named(x, "y"), named(y, "x")};
            each.put(Kind::parameter, both).value();
            return {};
        })
        .value();
    CHECK(draft.path("Get") == "/{{ param.y }}/to/{{ param.x }}");
    CHECK(draft.errors(Kind::action, "Get").empty());
    check_is_sound(draft.store);
}

TEST_CASE("references: bodies that operations share refer too", "[engine]") {
    Draft1 draft;
    draft.put(Kind::definition, schema("Pet", "{}"));
    const Document body = document(R"({"definitions":[{"definition":{"name":"Pet"}}],"x":1})");
    draft
        .edit([&](Draft& each) -> Result<void> {
            CHECK(each.put(Kind::response, "Found", body).has_value());
            CHECK(each.put(Kind::request_body, "Odd", document(R"({"definitions":[1,{}]})"))
                      .has_value());
            return {};
        })
        .value();
    CHECK(draft.referrers("Pet") == Names{"response/Found"});
    draft
        .edit([](Draft& each) -> Result<void> {
            CHECK(each.replace(Kind::definition, "Pet", schema("Animal", "{}")).has_value());
            return {};
        })
        .value();
    CHECK(draft.text(Kind::response, "Found") ==
          R"({"definitions":[{"definition":{"name":"Animal"}}],"x":1})");
    check_is_sound(draft.store);
}

TEST_CASE("references: a definition's new media type is held against its referrers", "[engine]") {
    Draft1 draft;
    draft.put(Kind::definition, schema("A", "{}", "application/json"));
    draft.put(Kind::definition, schema("B", "{}", "text/plain"));
    draft.put(Kind::action, using_definitions("Get", {by_name("A"), by_name("B")}));
    CHECK(draft.errors(Kind::action, "Get").empty());
    draft.put(Kind::definition, schema("B", "{}", "Application/JSON; charset=utf-8"));
    CHECK(draft.errors(Kind::action, "Get") == Names{"/responses/0/definitions/1"});
    draft.put(Kind::definition, schema("B", "{}", "text/plain"));
    CHECK(draft.errors(Kind::action, "Get").empty());
    check_is_sound(draft.store);
}

TEST_CASE("references: create is of new names only, replace of names that are there", "[engine]") {
    Draft1 draft;
    const ResourceId id = draft.put(Kind::parameter, parameter("a")).id;
    draft
        .edit([&](Draft& each) -> Result<void> {
            CHECK(error_of(each.create(Kind::parameter, parameter("a", "new"))) ==
                  Errc::name_taken);
            CHECK(error_of(each.create(Kind::parameter, parameter(id, "b"))) == Errc::id_taken);
            const std::vector twice{parameter("c"), parameter("c")};
            CHECK(error_of(each.create(Kind::parameter, twice), {"twice"}) == Errc::name_taken);
            CHECK(error_of(each.replace(Kind::parameter, "b", parameter("b"))) ==
                  Errc::resource_not_found);
            CHECK(error_of(each.replace(Kind::parameter, "a",
                                        parameter(numbered<ResourceId>(9), "a"))) ==
                  Errc::id_invalid);
            CHECK(each.create(Kind::parameter, parameter("b")).has_value());
            CHECK(error_of(each.replace(Kind::parameter, "a", parameter("b"))) == Errc::name_taken);
            CHECK(each.replace(Kind::parameter, "a", parameter("z")).value().id == id);
            return {};
        })
        .value();
    CHECK(draft.names("1") == Names{"b", "z"});
}

TEST_CASE("references: what is wrong with a document comes before conflicts", "[engine]") {
    Draft1 draft;
    draft.put(Kind::action, using_definitions("Get", {}));
    draft
        .edit([](Draft& each) -> Result<void> {
            CHECK(error_of(each.create(Kind::action, using_definitions("Get", {by_name("X")}))) ==
                  Errc::reference_not_found);
            CHECK(error_of(each.create(Kind::action, using_definitions("Get", {}))) ==
                  Errc::name_taken);
            return {};
        })
        .value();
}

TEST_CASE("references: an error about one of many names its place in the list", "[engine]") {
    Draft1 draft;
    const ResourceId other = draft.put(Kind::action, action("Other")).id;
    draft.put(Kind::definition, definition("Taken"));
    draft.put(Kind::definition, definition("Used"));
    draft.put(Kind::action, using_definitions("Get", {by_name("Used")}));
    const Document good = definition("Good");
    const auto with_id = [](ResourceId id, std::string_view name) {
        return document(R"({"id":")" + to_string(id) + R"(",)" + definition(name).text().substr(1));
    };
    draft
        .edit([&](Draft& each) -> Result<void> {
            const auto put = [&](const std::vector<Document>& documents) {
                return fields_of(each.put(Kind::definition, documents));
            };
            const auto create = [&](const std::vector<Document>& documents) {
                return fields_of(each.create(Kind::definition, documents));
            };
            const auto erase = [&](const Names& names) {
                return fields_of(each.erase(Kind::definition, names));
            };
            CHECK(put({good, document("{}")}) == Names{"/1/name", "/1/accept", "/1/schema"});
            CHECK(put({definition("no name")}) == Names{"/0/name"});
            CHECK(put({good, good}) == Names{"/1/name"});
            CHECK(put({good, with_id(other, "New")}) == Names{"/1/id"});
            CHECK(put({good, with_id(other, "Taken")}) == Names{"/1/id"});
            CHECK(put({good, schema("S", sibling("Nope"))}) == Names{"/1/schema/content"});
            CHECK(create({good, definition("Taken")}) == Names{"/1/name"});
            CHECK(erase({"Taken", "Nope"}) == Names{"/1"});
            CHECK(erase({"Taken", "Used", "Used"}) == Names{"/1", "action/Get"});
            CHECK(fields_of(each.create(Kind::definition, definition("Taken"))) == Names{"name"});
            CHECK(fields_of(each.erase(Kind::definition, "Used")) == Names{"action/Get"});
            return {};
        })
        .value();
    CHECK(draft.names("1", Kind::definition) == Names{"Taken", "Used"});
}

TEST_CASE("references: names can be exchanged in one call", "[engine]") {
    Draft1 draft;
    const ResourceId a = draft.put(Kind::parameter, parameter("a")).id;
    const ResourceId b = draft.put(Kind::parameter, parameter("b")).id;
    const std::vector exchanged{parameter(a, "b"), parameter(b, "a")};
    draft
        .edit([&](Draft& each) -> Result<void> {
            CHECK(each.put(Kind::parameter, exchanged).has_value());
            return {};
        })
        .value();
    CHECK(draft.snapshot().resource(draft.key("1"), Kind::parameter, "b").value().id == a);
    CHECK(draft.snapshot().resource(draft.key("1"), Kind::parameter, "a").value().id == b);
    check_is_sound(draft.store);
}

TEST_CASE("references: limits of one call are the store's", "[engine]") {
    Options options;
    options.max_batch = 2;
    options.max_name_bytes = 6;
    Draft1 draft(std::move(options));
    draft
        .edit([](Draft& each) -> Result<void> {
            const std::vector three{parameter("a"), parameter("b"), parameter("c")};
            CHECK(error_of(each.create(Kind::parameter, three), {"3", "2"}) ==
                  Errc::limit_exceeded);
            CHECK(error_of(each.put(Kind::parameter, parameter("seventh"))) == Errc::name_invalid);
            return {};
        })
        .value();
    CHECK(error_of(draft.store.create_version(draft.connection, {.name = "seventh"})) ==
          Errc::name_invalid);
}

// Any order of puts, renames and erasures leaves the index that a walk through all documents gives.
TEST_CASE("references: random changes keep the index true", "[engine]") {
    const auto seed = GENERATE(1u, 2u, 3u, 4u);
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
    const Names names{"A", "B", "C", "D", "E"};
    Draft1 draft;
    for (int step = 0; step < 150; ++step) {
        const std::string& name = names[pick(5)];
        const std::string& other = names[pick(5)];
        static_cast<void>(draft.edit([&](Draft& each) -> Result<void> {
            const auto target = each.find(Kind::definition, other).value();
            const std::string reference =
                target && pick(2) == 0 ? by_id(target->id) : by_name(other);
            Result<Resource> done = Error{};
            switch (pick(6)) {
                case 0: done = each.put(Kind::definition, schema(name, "{}")); break;
                case 1: done = each.put(Kind::definition, schema(name, sibling(other))); break;
                case 2: done = each.put(Kind::action, using_definitions(name, {reference})); break;
                case 3:
                    done = each.replace(Kind::definition, name, schema(other, sibling(name)));
                    break;
                case 4: return each.erase(Kind::definition, name, pick(2) == 0);
                default: return each.erase(Kind::action, name);
            }
            if (!done) return done.error();
            return {};
        }));
        // What a walk through all documents says: names and ids that lead somewhere.
        const Snapshot now = draft.snapshot();
        std::map<std::string, std::set<std::string>> expected;
        std::map<std::string, std::string> id_to_name;
        const auto definitions = now.resources(draft.key("1"), Kind::definition).value();
        for (const Resource& each : definitions) id_to_name[to_string(each.id)] = each.name;
        const auto add = [&](const Resource& from, const std::string& kind) {
            for (const auto& [id, target] : id_to_name) {
                const std::string& text = from.document.text();
                const bool refers =
                    text.find("#/$defs/" + target + "\\\"") != text.npos ||
                    text.find(R"({"definition":{"name":")" + target + "\"}") != text.npos ||
                    text.find(R"({"definition":{"id":")" + id) != text.npos;
                if (refers && to_string(from.id) != id)
                    expected[target].insert(kind + "/" + from.name);
            }
        };
        for (const Resource& each : definitions) add(each, "definition");
        for (const Resource& each : now.resources(draft.key("1"), Kind::action).value())
            add(each, "action");
        for (const Resource& each : definitions) {
            const Names found = draft.referrers(each.name);
            CHECK(std::set<std::string>(found.begin(), found.end()) == expected[each.name]);
        }
    }
    check_is_sound(draft.store);
}
