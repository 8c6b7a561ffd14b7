// Goal: what is put into a draft is seen at once through it, becomes one commit, and is refused by
// rules that name what is wrong.
#include <verso/domain/names.hpp>

#include "engine/fixture.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

/// A fixture with the draft "1" and two committed Parameters, "x" and "y".
struct Drafted : Fixture {
    Drafted() {
        create("1");
        x = put("1", parameter("x", "of x"));
        y = put("1", parameter("y", "of y"));
        before = version("1");
    }
    /// Changes the draft in one edit that succeeds.
    void edit(const std::function<void(Draft&)>& change) {
        store
            .edit(key("1"),
                  [&](Draft& draft) -> Result<void> {
                      change(draft);
                      return {};
                  })
            .value();
    }
    [[nodiscard]] Document stored(std::string_view name) const {
        return snapshot().resource(key("1"), Kind::parameter, name).value().document;
    }
    Resource x;
    Resource y;
    ConnectionVersion before;
};

Names names_of(const std::vector<Resource>& resources) {
    Names names;
    for (const Resource& each : resources) names.push_back(each.name);
    return names;
}

}  // namespace

TEST_CASE("draft: a put is answered with its id and read back as it was put", "[engine]") {
    Drafted fixture;
    fixture.edit([](Draft& draft) {
        const Resource put = draft.put(Kind::definition, definition("D", "text")).value();
        CHECK(put.kind == Kind::definition);
        CHECK(put.name == "D");
        CHECK_FALSE(put.id.is_nil());
        CHECK(put.document == definition("D", "text"));
        CHECK(draft.get(Kind::definition, "D").value() == put);
        CHECK(draft.find(put.id).value() == put);
        CHECK(draft.find(Kind::definition, "D").value() == put);
    });
    CHECK(fixture.names("1", Kind::definition) == Names{"D"});
}

TEST_CASE("draft: the typed forms are put as their documents", "[engine]") {
    Drafted fixture;
    const Action act{.name = "Get", .method = "GET", .path = "/"};
    const Definition def{.name = "D", .accept = {"text/plain"}, .schema = {"text/plain", "a"}};
    const Trigger trigger{.name = "Called", .method = "POST"};
    const Parameter par{.name = "page", .type = ParameterType::integer};
    fixture.edit([&](Draft& draft) {
        CHECK(draft.put(act).value().document == act.to_document().value());
        CHECK(draft.put(def).value().document == def.to_document().value());
        CHECK(draft.put(trigger).value().document == trigger.to_document().value());
        CHECK(draft.put(par).value().document == par.to_document().value());
    });
    CHECK(fixture.names("1", Kind::action) == Names{"Get"});
    CHECK(fixture.names("1", Kind::definition) == Names{"D"});
    CHECK(fixture.names("1", Kind::trigger) == Names{"Called"});
    CHECK(fixture.names("1") == Names{"page", "x", "y"});
}

TEST_CASE("draft: a kind without a shape is given its name apart", "[engine]") {
    Drafted fixture;
    const Document any = document(R"({"id":"mine","name":7})");
    fixture.edit([&](Draft& draft) {
        const Resource put = draft.put(Kind::example, "an.example", any).value();
        CHECK(put.document == any);
        CHECK(draft.put(Kind::example, "an.example", document("{}")).value().id == put.id);
        CHECK(error_of(draft.put(Kind::example, any)) == Errc::name_invalid);
        CHECK(error_of(draft.put(Kind::example, "a/b", any)) == Errc::name_invalid);
        CHECK(error_of(draft.put(Kind::parameter, "z", parameter("z"))) == Errc::option_invalid);
    });
    CHECK(fixture.names("1", Kind::example) == Names{"an.example"});
    CHECK(fixture.names("1") == Names{"x", "y"});
}

TEST_CASE("draft: its reads see what was put and erased and renamed", "[engine]") {
    Drafted fixture;
    fixture.edit([&](Draft& draft) {
        draft.put(Kind::parameter, parameter("a")).value();
        draft.put(Kind::parameter, parameter(fixture.x.id, "z", "of x")).value();
        CHECK(names_of(draft.list(Kind::parameter).value()) == Names{"a", "y", "z"});
        draft.erase(Kind::parameter, "y").value();
        CHECK(names_of(draft.list(Kind::parameter).value()) == Names{"a", "z"});
        CHECK(names_of(draft.list(Kind::action).value()).empty());
        CHECK_FALSE(draft.find(Kind::parameter, "x").value());
        CHECK_FALSE(draft.find(fixture.y.id).value());
        CHECK(draft.find(fixture.x.id).value().value().name == "z");
        CHECK(error_of(draft.get(Kind::parameter, "y"), {"\"1\"", "parameter", "\"y\""}) ==
              Errc::resource_not_found);
        CHECK(error_of(draft.erase(Kind::parameter, "y")) == Errc::resource_not_found);
    });
    CHECK(fixture.names("1") == Names{"a", "z"});
    CHECK(fixture.version("1").revision == fixture.before.revision + 1);
}

TEST_CASE("draft: a put of a known name replaces the document and keeps the id", "[engine]") {
    Drafted fixture;
    const Resource put = fixture.put("1", parameter("x", "new"));
    CHECK(put.id == fixture.x.id);
    CHECK(fixture.stored("x") == parameter("x", "new"));
    CHECK(fixture.put("1", parameter(fixture.x.id, "x", "newer")).id == fixture.x.id);
    CHECK(fixture.stored("x") == parameter("x", "newer"));
}

TEST_CASE("draft: a put by id with another name renames", "[engine]") {
    Drafted fixture;
    const Resource put = fixture.put("1", parameter(fixture.x.id, "w", "of x"));
    CHECK(put.id == fixture.x.id);
    CHECK(fixture.names("1") == Names{"w", "y"});
    CHECK(fixture.snapshot().find_resource(fixture.key("1"), fixture.x.id).value() == put);
    CHECK_FALSE(fixture.snapshot().find_resource(fixture.key("1"), Kind::parameter, "x").value());
    CHECK(fixture.put("1", parameter("x")).id != fixture.x.id);
}

TEST_CASE("draft: a put with an unknown id creates the resource under that id", "[engine]") {
    Drafted fixture;
    const auto id = numbered<ResourceId>(77);
    CHECK(fixture.put("1", parameter(id, "new")).id == id);
    CHECK(fixture.snapshot().find_resource(fixture.key("1"), id).value().value().name == "new");
}

TEST_CASE("draft: two names are swapped in one edit", "[engine]") {
    Drafted fixture;
    fixture.edit([&](Draft& draft) {
        draft.put(Kind::parameter, parameter(fixture.x.id, "tmp", "of x")).value();
        draft.put(Kind::parameter, parameter(fixture.y.id, "x", "of y")).value();
        draft.put(Kind::parameter, parameter(fixture.x.id, "y", "of x")).value();
    });
    CHECK(fixture.names("1") == Names{"x", "y"});
    CHECK(fixture.stored("x") == parameter("x", "of y"));
    CHECK(fixture.stored("y") == parameter("y", "of x"));
    CHECK(fixture.snapshot().find_resource(fixture.key("1"), fixture.x.id).value().value().name ==
          "y");
    CHECK(fixture.snapshot().find_resource(fixture.key("1"), fixture.y.id).value().value().name ==
          "x");
}

TEST_CASE("draft: names that are taken by another resource are refused with the field",
          "[engine]") {
    Drafted fixture;
    fixture.edit([&](Draft& draft) {
        const auto taken = draft.put(Kind::parameter, parameter(fixture.x.id, "y"));
        CHECK(error_of(taken, {"parameter \"y\""}) == Errc::name_taken);
        CHECK(fields_of(taken) == Names{"name"});
        const auto other = draft.put(Kind::parameter, parameter(numbered<ResourceId>(77), "y"));
        CHECK(error_of(other, {to_string(fixture.y.id)}) == Errc::id_invalid);
        CHECK(fields_of(other) == Names{"id"});
        CHECK(draft.put(Kind::definition, definition("y")).has_value());
    });
    CHECK(fixture.names("1") == Names{"x", "y"});
}

TEST_CASE("draft: an id is unique in its version across kinds", "[engine]") {
    Drafted fixture;
    const auto with_id = [](ResourceId id, std::string_view name) {
        return document(R"({"id":")" + to_string(id) + R"(",)" + definition(name).text().substr(1));
    };
    fixture.edit([&](Draft& draft) {
        const auto taken = draft.put(Kind::definition, with_id(fixture.x.id, "D"));
        CHECK(error_of(taken, {"parameter \"x\""}) == Errc::id_taken);
        CHECK(fields_of(taken) == Names{"id"});
        draft.erase(Kind::parameter, "x").value();
        CHECK(draft.put(Kind::definition, with_id(fixture.x.id, "D")).has_value());
        CHECK(error_of(draft.put(Kind::parameter, parameter(fixture.x.id, "x"))) == Errc::id_taken);
    });
    CHECK(fixture.names("1") == Names{"y"});
    CHECK(fixture.snapshot().find_resource(fixture.key("1"), fixture.x.id).value().value().kind ==
          Kind::definition);
}

TEST_CASE("draft: what was erased is put again as another resource or by id as the same",
          "[engine]") {
    Drafted fixture;
    fixture.edit([&](Draft& draft) {
        draft.erase(Kind::parameter, "x").value();
        draft.erase(Kind::parameter, "y").value();
        CHECK(draft.put(Kind::parameter, parameter("x", "of x")).value().id != fixture.x.id);
        CHECK(draft.put(Kind::parameter, parameter(fixture.y.id, "y", "of y")).value() ==
              fixture.y);
    });
    CHECK(fixture.names("1") == Names{"x", "y"});
    CHECK_FALSE(fixture.snapshot().find_resource(fixture.key("1"), fixture.x.id).value());
}

TEST_CASE("draft: edits that end where they began are no change", "[engine]") {
    Drafted fixture;
    const Digest digest = fixture.snapshot().digest(fixture.key("1")).value();
    fixture.clock.move(one_ms);
    fixture.edit([](Draft&) {});
    fixture.edit([](Draft& draft) { draft.annotate({"somebody", "nothing"}).value(); });
    fixture.edit([](Draft& draft) { draft.put(Kind::parameter, parameter("x", "of x")).value(); });
    fixture.edit([&](Draft& draft) {
        draft.put(Kind::parameter, parameter(fixture.x.id, "z", "else")).value();
        draft.put(Kind::parameter, parameter(fixture.x.id, "x", "of x")).value();
        draft.erase(Kind::parameter, "y").value();
        draft.put(Kind::parameter, parameter(fixture.y.id, "y", "of y")).value();
        draft.put(Kind::action, action("Get")).value();
        draft.erase(Kind::action, "Get").value();
    });
    CHECK(fixture.version("1") == fixture.before);
    CHECK(fixture.snapshot().digest(fixture.key("1")).value() == digest);
}

TEST_CASE("draft: a call that fails leaves the draft as it was and the edit may go on",
          "[engine]") {
    Drafted fixture;
    fixture.edit([](Draft& draft) {
        draft.put(Kind::parameter, parameter("a")).value();
        CHECK(error_of(draft.put(Kind::parameter, document("{}"))) == Errc::resource_invalid);
        CHECK(error_of(draft.put(Kind::parameter, parameter("a b"))) == Errc::resource_invalid);
        CHECK(error_of(draft.erase(Kind::parameter, "none")) == Errc::resource_not_found);
        CHECK(names_of(draft.list(Kind::parameter).value()) == Names{"a", "x", "y"});
        draft.put(Kind::parameter, parameter("b")).value();
    });
    CHECK(fixture.names("1") == Names{"a", "b", "x", "y"});
}

TEST_CASE("draft: what is wrong with a document is said field by field", "[engine]") {
    Drafted fixture;
    fixture.edit([](Draft& draft) {
        const auto refused = draft.put(Kind::definition, document(R"({"name":7,"accept":"all"})"));
        CHECK(error_of(refused) == Errc::resource_invalid);
        CHECK(fields_of(refused).size() == 3);
    });
}

TEST_CASE("draft: two of them in one write are two versions' changes", "[engine]") {
    Drafted fixture;
    fixture.create("2");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            Draft one = transaction.draft(fixture.key("1")).value();
            Draft two = transaction.draft(fixture.key("2")).value();
            one.put(Kind::parameter, parameter("a")).value();
            two.put(Kind::parameter, parameter("b")).value();
            one.erase(Kind::parameter, "x").value();
            Draft again = transaction.draft(fixture.key("1")).value();
            CHECK(names_of(again.list(Kind::parameter).value()) == Names{"a", "y"});
            CHECK(transaction.resources(fixture.key("1"), Kind::parameter).value().size() == 2);
            return {};
        })
        .value();
    CHECK(fixture.names("1") == Names{"a", "y"});
    CHECK(fixture.names("2") == Names{"b"});
}

TEST_CASE("draft: it goes on after a rename of its version", "[engine]") {
    Drafted fixture;
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            Draft draft = transaction.draft(fixture.key("1")).value();
            draft.put(Kind::parameter, parameter("a")).value();
            transaction.update_version(fixture.key("1"), {.name = "1b"}).value();
            draft.put(Kind::parameter, parameter("b")).value();
            return {};
        })
        .value();
    CHECK(fixture.names("1b") == Names{"a", "b", "x", "y"});
    CHECK(fixture.versions() == Names{"1b"});
}

TEST_CASE("draft: it is closed when its version or connection is deleted", "[engine]") {
    Drafted fixture;
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            Draft draft = transaction.draft(fixture.key("1")).value();
            draft.put(Kind::parameter, parameter("a")).value();
            transaction.delete_version(fixture.key("1")).value();
            CHECK(error_of(draft.put(Kind::parameter, parameter("b"))) == Errc::version_not_found);
            CHECK(error_of(draft.erase(Kind::parameter, "x")) == Errc::version_not_found);
            return {};
        })
        .value();
    CHECK(fixture.versions().empty());
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            Draft draft = transaction.draft(fixture.key("1")).value();
            draft.put(Kind::parameter, parameter("a")).value();
            transaction.delete_connection(fixture.connection, true).value();
            CHECK(error_of(draft.put(Kind::parameter, parameter("b"))) == Errc::version_not_found);
            return {};
        })
        .value();
    CHECK(error_of(fixture.snapshot().connection(fixture.connection)) ==
          Errc::connection_not_found);
}

TEST_CASE("draft: a note that is no UTF-8 is refused and the one before it stays", "[engine]") {
    Drafted fixture;
    fixture.edit([](Draft& draft) {
        draft.annotate({.author = "ada"}).value();
        CHECK(draft.annotate({.message = "\x80"}).error().code == Errc::text_invalid);
        CHECK(draft.annotate({.author = std::string(max_text_bytes + 1, 'a')}).has_error());
    });
}
