// Goal: a clone starts as its source is, and from then on neither knows of the other.
#include "engine/fixture.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

/// All that a version holds: each resource of each kind.
std::vector<Resource> resources_in(const Fixture& fixture, std::string_view version) {
    std::vector<Resource> all;
    for (const Kind kind : all_kinds) {
        auto some = fixture.snapshot().resources(fixture.key(version), kind).value();
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

void fill(Fixture& fixture, std::string_view version) {
    fixture.store
        .edit(fixture.key(version),
              [](Draft& draft) -> Result<void> {
                  draft.put(Kind::action, action("GetRepository", "/repos")).value();
                  draft.put(Kind::definition, definition("Repository")).value();
                  draft.put(Kind::parameter, parameter("page")).value();
                  draft.put(Kind::example, "an.example", document(R"({"id":7})")).value();
                  return {};
              })
        .value();
}

}  // namespace

TEST_CASE("clone: it has every resource of its source under the same ids", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fill(fixture, "1");
    fixture.clone("2", "1");
    CHECK(resources_in(fixture, "1").size() == 4);
    CHECK(resources_in(fixture, "2") == resources_in(fixture, "1"));
    CHECK(fixture.snapshot().digest(fixture.key("2")).value() ==
          fixture.snapshot().digest(fixture.key("1")).value());
}

TEST_CASE("clone: it is a draft of its own", "[engine]") {
    Fixture fixture;
    fixture.store.create_version(fixture.connection, {.name = "1", .description = "of the source"})
        .value();
    fill(fixture, "1");
    fixture.publish("1");
    const ConnectionVersion source = fixture.version("1");
    fixture.clock.move(one_ms);
    const ConnectionVersion clone = fixture.clone("2", "1");
    CHECK(clone.id != source.id);
    CHECK(clone.description.empty());
    CHECK(clone.is_draft());
    CHECK_FALSE(clone.is_latest);
    CHECK(clone.revision == 1);
    CHECK(clone.created_at == fixture.clock.now());
    CHECK(clone.updated_at == clone.created_at);
    CHECK(fixture.version("1") == source);
}

TEST_CASE("clone: edits of one side never show on the other", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const Resource page = fixture.put("1", parameter("page", "of the source"));
    fixture.clone("2", "1");
    fixture.put("1", parameter("page", "edited in the source"));
    fixture.put("1", parameter("size"));
    fixture.put("2", parameter(page.id, "renamed", "in the clone"));
    CHECK(fixture.names("1") == Names{"page", "size"});
    CHECK(fixture.names("2") == Names{"renamed"});
    const auto get = [&](std::string_view version) {
        return fixture.snapshot().find_resource(fixture.key(version), page.id).value().value();
    };
    CHECK_THAT(get("1").document.text(), Catch::Contains("edited in the source"));
    CHECK_THAT(get("2").document.text(), Catch::Contains("in the clone"));
}

TEST_CASE("clone: a source may go while its clones stay", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fill(fixture, "1");
    const auto all = resources_in(fixture, "1");
    fixture.clone("2", "1");
    fixture.clone("3", "2");
    fixture.store.delete_version(fixture.key("1")).value();
    fixture.erase("2", Kind::action, "GetRepository");
    fixture.store.delete_version(fixture.key("2")).value();
    CHECK(resources_in(fixture, "3") == all);
    fixture.put("3", parameter("more"));
    CHECK(resources_in(fixture, "3").size() == 5);
}

TEST_CASE("clone: latest and default name its source", "[engine]") {
    Fixture fixture;
    for (const char* name : {"1", "2"}) {
        fixture.create(name);
        fixture.put(name, parameter("p" + std::string(name)));
    }
    for (const char* alias : {"latest", "default"}) {
        const NewVersion made{.name = "3", .from_version = alias};
        const auto refused = fixture.store.create_version(fixture.connection, made);
        CHECK(error_of(refused, {alias}) == Errc::from_version_not_found);
        CHECK(fields_of(refused) == Names{"fromVersion"});
    }
    fixture.publish("2");
    fixture.publish("1");
    fixture.store.update_version(fixture.key("2"), {.is_default = true}).value();
    fixture.clone("of latest", "latest");
    fixture.clone("of default", "default");
    CHECK(fixture.names("of latest") == Names{"p1"});
    CHECK(fixture.names("of default") == Names{"p2"});
}

TEST_CASE("clone: the source is one of the same connection", "[engine]") {
    Fixture fixture;
    const auto other = fixture.store.create_connection(acme(), {.name = "Jira"}).value().id;
    fixture.store.create_version(other, {.name = "1"}).value();
    CHECK(error_of(fixture.store.create_version(fixture.connection,
                                                {.name = "2", .from_version = "1"})) ==
          Errc::from_version_not_found);
}

TEST_CASE("clone: of a draft with edits in the same write it holds those edits", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            Draft draft = transaction.draft(fixture.key("1")).value();
            draft.put(Kind::parameter, parameter("before")).value();
            transaction.create_version(fixture.connection, {.name = "2", .from_version = "1"})
                .value();
            draft.put(Kind::parameter, parameter("after")).value();
            return {};
        })
        .value();
    CHECK(fixture.names("1") == Names{"after", "before"});
    CHECK(fixture.names("2") == Names{"before"});
}
