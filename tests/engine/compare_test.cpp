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

namespace {

/// Two versions with every type of change in three kinds, two of them under one name.
struct MuchChanged : Compared {
    MuchChanged() {
        put("1", Kind::action, action("q"));
        put("2", Kind::definition, definition("z"));
        store
            .edit(key("2"),
                  [&](Draft& draft) -> Result<void> {
                      draft.erase(Kind::parameter, "a").value();
                      draft.put(Kind::parameter, parameter(made[1].id, "a")).value();
                      draft.put(Kind::parameter, parameter("c", "changed")).value();
                      draft.put(Kind::parameter, parameter("d")).value();
                      return {};
                  })
            .value();
    }
    [[nodiscard]] std::vector<Change> walk(const CompareOptions& options,
                                           std::size_t most = 100) const {
        std::vector<Change> changes;
        const auto done =
            snapshot().each_change(key("1"), key("2"), options, [&](const Change& change) {
                changes.push_back(change);
                return changes.size() < most;
            });
        CHECK(done.has_value());
        return changes;
    }
};

}  // namespace

TEST_CASE("compare: a walk may end anywhere and goes on behind any change", "[engine]") {
    const MuchChanged fixture;
    const auto all = fixture.compare("1", "2");
    CHECK(told(all) == Names{"removed action q", "added definition z", "removed parameter a",
                             "renamed parameter b to a", "changed parameter c",
                             "added parameter d"});
    for (std::size_t from = 0; from <= all.size(); ++from) {
        const auto cursor = from == 0 ? std::nullopt : std::optional(cursor_behind(all[from - 1]));
        const std::vector<Change> rest(all.begin() + static_cast<std::ptrdiff_t>(from), all.end());
        CHECK(fixture.walk({.after = cursor}) == rest);
        if (!rest.empty()) CHECK(fixture.walk({.after = cursor}, 1) == std::vector{rest.front()});
    }
}

TEST_CASE("compare: a walk may be of one kind, and without documents", "[engine]") {
    const MuchChanged fixture;
    CHECK(told(fixture.walk({.kind = Kind::definition})) == Names{"added definition z"});
    CHECK(fixture.walk({.kind = Kind::trigger}).empty());
    const auto behind_actions = cursor_behind(fixture.compare("1", "2").front());
    CHECK(told(fixture.walk({.kind = Kind::definition, .after = behind_actions})) ==
          Names{"added definition z"});
    CHECK(fixture.walk({.kind = Kind::action, .after = behind_actions}).empty());
    for (const Change& each : fixture.walk({.documents = false})) {
        CHECK_FALSE(each.before);
        CHECK_FALSE(each.after);
    }
}

TEST_CASE("compare: pages join up, and a summary counts what they hold", "[engine]") {
    const MuchChanged fixture;
    const Snapshot snapshot = fixture.snapshot();
    const auto from = fixture.key("1");
    const auto to = fixture.key("2");
    const auto summary = snapshot.summarize_changes(from, to).value();
    std::vector<Change> joined;
    PageRequest request{.first = 2};
    do {
        auto page = snapshot.page_changes(from, to, request).value();
        CHECK(page.summary == summary);
        CHECK(page.total_count == 6);
        CHECK(page.items.size() == 2);
        joined.insert(joined.end(), page.items.begin(), page.items.end());
        request.after = page.next;
    } while (request.after);
    CHECK(joined == fixture.compare("1", "2"));
    for (const std::size_t max_bytes : {0u, 1u, 100u, 200u}) {
        joined.clear();
        PageRequest small{.max_bytes = max_bytes};
        do {
            auto page = snapshot.page_changes(from, to, small).value();
            CHECK(page.total_count == 6);
            REQUIRE_FALSE(page.items.empty());
            std::size_t bytes = 0;  // of all but the last
            for (const Change& each : page.items) {
                CHECK((bytes < max_bytes || bytes == 0));
                bytes += each.before ? each.before->text().size() : 0;
                bytes += each.after ? each.after->text().size() : 0;
            }
            CHECK((bytes >= max_bytes || !page.next));
            joined.insert(joined.end(), page.items.begin(), page.items.end());
            small.after = page.next;
        } while (small.after);
        CHECK(joined == fixture.compare("1", "2"));
    }
    CHECK(summary ==
          std::vector<KindSummary>{
              {.kind = Kind::action, .removed = 1},
              {.kind = Kind::definition, .added = 1},
              {.kind = Kind::parameter, .added = 1, .removed = 1, .changed = 1, .renamed = 1}});
    CHECK(snapshot.summarize_changes(from, from).value().empty());
}

TEST_CASE("compare: cursors of other lists and pages that are none are refused", "[engine]") {
    const MuchChanged fixture;
    const Snapshot snapshot = fixture.snapshot();
    const auto page = [&](const PageRequest& request) {
        return error_of(snapshot.page_changes(fixture.key("1"), fixture.key("2"), request));
    };
    CHECK(page({.after = "none"}) == Errc::cursor_invalid);
    CHECK(page({.after = "03"}) == Errc::cursor_invalid);
    CHECK(page({.after = "1001"}) == Errc::cursor_invalid);
    CHECK(page({.first = 0}) == Errc::option_invalid);
    CHECK(page({.before = cursor_behind(fixture.compare("1", "2").front())}) ==
          Errc::option_invalid);
    CHECK(page({.name = "a"}) == Errc::option_invalid);
}
