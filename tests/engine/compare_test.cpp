// Goal: a comparison says of every resource that differs, and of no other, what became of it.
#include "engine/fixture.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

/// The draft "1" with Parameters "a", "b", "c", and its clone "2".
struct Compared : Fixture {
    Compared() {
        create("1");
        for (const char* name : {"a", "b", "c"}) made.push_back(put("1", parameter(name)));
        clone("2", "1");
    }
    [[nodiscard]] std::vector<Change> compare(std::string_view from, std::string_view to) const {
        return snapshot().compare(key(from), key(to)).value();
    }
    std::vector<Resource> made;
};

/// As "renamed parameter a to b".
std::string told(const Change& change) {
    std::string text(to_string(change.type));
    text.append(" ").append(to_string(change.kind)).append(" ");
    if (change.old_name) text.append(*change.old_name).append(" to ");
    return text + change.name;
}

Names told(const std::vector<Change>& changes) {
    Names all;
    for (const Change& each : changes) all.push_back(told(each));
    return all;
}

}  // namespace

TEST_CASE("compare: equal versions have no changes", "[engine]") {
    Compared fixture;
    fixture.create("empty");
    CHECK(fixture.compare("1", "2").empty());
    CHECK(fixture.compare("1", "1").empty());
    CHECK(fixture.compare("empty", "empty").empty());
}

TEST_CASE("compare: it says what was added and changed and removed", "[engine]") {
    Compared fixture;
    const Resource added = fixture.put("2", parameter("d", "new"));
    fixture.put("2", parameter("b", "changed"));
    fixture.erase("2", Kind::parameter, "a");
    const auto changes = fixture.compare("1", "2");
    REQUIRE(changes.size() == 3);
    CHECK(changes[0] == Change{.type = ChangeType::removed,
                               .kind = Kind::parameter,
                               .id = fixture.made[0].id,
                               .name = "a",
                               .before = parameter("a")});
    CHECK(changes[1] == Change{.type = ChangeType::changed,
                               .kind = Kind::parameter,
                               .id = fixture.made[1].id,
                               .name = "b",
                               .before = parameter("b"),
                               .after = parameter("b", "changed")});
    CHECK(changes[2] == Change{.type = ChangeType::added,
                               .kind = Kind::parameter,
                               .id = added.id,
                               .name = "d",
                               .after = parameter("d", "new")});
    CHECK(told(fixture.compare("2", "1")) ==
          Names{"added parameter a", "changed parameter b", "removed parameter d"});
}

TEST_CASE("compare: a rename is one change also when the content changed with it", "[engine]") {
    Compared fixture;
    fixture.put("2", parameter(fixture.made[0].id, "z", "and changed"));
    const auto changes = fixture.compare("1", "2");
    REQUIRE(changes.size() == 1);
    CHECK(changes[0] == Change{.type = ChangeType::renamed,
                               .kind = Kind::parameter,
                               .id = fixture.made[0].id,
                               .name = "z",
                               .old_name = "a",
                               .before = parameter("a"),
                               .after = parameter("z", "and changed")});
}

TEST_CASE("compare: renames into names that others left are told apart", "[engine]") {
    Compared fixture;
    fixture.store
        .edit(fixture.key("2"),
              [&](Draft& draft) -> Result<void> {
                  draft.put(Kind::parameter, parameter(fixture.made[0].id, "t")).value();
                  draft.put(Kind::parameter, parameter(fixture.made[1].id, "a")).value();
                  draft.put(Kind::parameter, parameter(fixture.made[0].id, "b")).value();
                  draft.erase(Kind::parameter, "c").value();
                  draft.put(Kind::parameter, parameter("c")).value();
                  return {};
              })
        .value();
    CHECK(told(fixture.compare("1", "2")) == Names{"renamed parameter b to a",
                                                   "renamed parameter a to b",
                                                   "removed parameter c", "added parameter c"});
}

TEST_CASE("compare: an id that went over to another kind is another resource", "[engine]") {
    Compared fixture;
    const std::string id = to_string(fixture.made[0].id);
    fixture.store
        .edit(fixture.key("2"),
              [&](Draft& draft) -> Result<void> {
                  draft.erase(Kind::parameter, "a").value();
                  draft
                      .put(Kind::definition,
                           document(R"({"id":")" + id + R"(",)" + definition("a").text().substr(1)))
                      .value();
                  return {};
              })
        .value();
    CHECK(told(fixture.compare("1", "2")) == Names{"added definition a", "removed parameter a"});
    CHECK(told(fixture.compare("2", "1")) == Names{"removed definition a", "added parameter a"});
}

TEST_CASE("compare: changes come by kind and then by name", "[engine]") {
    Compared fixture;
    fixture.put("2", parameter("d"));
    fixture.put("2", Kind::definition, definition("z"));
    fixture.put("2", Kind::definition, definition("Z"));
    fixture.put("2", Kind::action, action("q"));
    CHECK(told(fixture.compare("1", "2")) ==
          Names{"added action q", "added definition Z", "added definition z", "added parameter d"});
}

TEST_CASE("compare: versions of other connections and aliases may be compared", "[engine]") {
    Compared fixture;
    const auto other = fixture.store.create_connection(umbrella(), {.name = "other"}).value().id;
    fixture.store.create_version(other, {.name = "1"}).value();
    fixture.publish("1");
    fixture.put("2", parameter("d"));
    CHECK(told(fixture.compare("latest", "2")) == Names{"added parameter d"});
    CHECK(fixture.snapshot().compare({other, "1"}, fixture.key("default")).value().size() == 3);
    CHECK(error_of(fixture.snapshot().compare(fixture.key("1"), fixture.key("none"))) ==
          Errc::version_not_found);
}
