// Goal: two stores come to hold the same, and only what the other lacks moves. Method: random
// histories pushed round by round into a store of the same secret; edits on both sides.
#include "engine/bundle/bundles.hpp"
#include "engine/store_state.hpp"
#include "engine/writer.hpp"

#include <verso/sync.hpp>

using namespace verso;
using namespace verso::engine;

namespace {

/// A thousand of one text in version "1".
void put_many(Fixture& fixture, const std::string& text) {
    fixture.store
        .edit(fixture.key("1"),
              [&](Draft& draft) -> Result<void> {
                  for (int i = 0; i < 1000; ++i)
                      draft.put(Kind::parameter, parameter("p" + std::to_string(i), text)).value();
                  return {};
              })
        .value();
}

}  // namespace

TEST_CASE("sync: what is pushed is there, with its history, and moves once", "[engine]") {
    const auto seed = GENERATE(range(1U, 15U));
    CAPTURE(seed);
    Fixture fixture(with_fixed_secret(seed));
    RandomHistory history(fixture, seed, false);
    Store other = empty_store();
    for (int round = 0; round < 6; ++round) {
        history.change(15);
        const auto planned =
            push(fixture.store, other, fixture.connection, {.dry_run = true}).value();
        const auto report = push(fixture.store, other, fixture.connection).value();
        CHECK(report.versions == planned.versions);
        CHECK(report.commits == planned.commits);
        CHECK(report.documents == planned.documents);
        CHECK(report.document_bytes == planned.document_bytes);
        CHECK(report.connection_added == (round == 0));
        check_is_sound(other);
        CHECK(difference(bundle_of(other, fixture.connection),
                         bundle_of(fixture.store, fixture.connection)) == "");
        const auto again = push(fixture.store, other, fixture.connection).value();
        CHECK(again.count(MoveOutcome::unchanged) == history.names().size());
        CHECK(again.commits == 0);
    }
}

TEST_CASE("sync: only what changed since the last time moves", "[engine]") {
    Fixture fixture;
    Store other = empty_store();
    fixture.create("1");
    for (int i = 0; i < 50; ++i) fixture.put("1", parameter("p" + std::to_string(i)));
    push(fixture.store, other, fixture.connection).value();
    fixture.put("1", parameter("new"));
    fixture.put("1", parameter("p1"));  // as it is: no commit
    fixture.clone("2", "1");
    fixture.put("2", parameter("other"));
    const auto report = push(fixture.store, other, fixture.connection).value();
    CHECK(report.commits == 2);
    CHECK(report.documents == 2);
    CHECK(report.count(MoveOutcome::added) == 1);
    CHECK(report.count(MoveOutcome::updated) == 1);
    check_is_sound(other);
}

TEST_CASE("sync: documents that the other store has do not move", "[engine]") {
    Fixture fixture;
    Store other = empty_store();
    fixture.create("1");
    fixture.put("1", parameter("a", "first"));
    push(fixture.store, other, fixture.connection).value();
    fixture.put("1", parameter("a", "second"));
    fixture.put("1", parameter("a", "first"));
    const auto report = push(fixture.store, other, fixture.connection).value();
    CHECK(report.commits == 2);
    CHECK(report.documents == 1);
    CHECK(content_of(other, fixture.key("1")) == content_of(fixture.store, fixture.key("1")));
    check_is_sound(other);
}

TEST_CASE("sync: one version moves alone, its origin after it", "[engine]") {
    Fixture fixture;
    Store other = empty_store();
    fixture.create("1");
    fixture.put("1", parameter("a"));
    push(fixture.store, other, fixture.connection).value();
    fixture.put("1", parameter("b"));
    fixture.put("1", parameter("c"));
    fixture.clone("2", "1");
    fixture.put("2", parameter("d"));
    const auto alone = push(fixture.store, other, fixture.connection, {.version = "2"}).value();
    CHECK(alone.commits == 3);  // two of them are the origin's
    check_is_sound(other);
    const auto origin = push(fixture.store, other, fixture.connection).value();
    CHECK(origin.commits == 0);
    CHECK(origin.count(MoveOutcome::updated) == 1);
    check_is_sound(other);
    CHECK(difference(bundle_of(other, fixture.connection),
                     bundle_of(fixture.store, fixture.connection)) == "");
    other.delete_version(fixture.key("2")).value();
    check_is_sound(other);
    CHECK(content_of(other, fixture.key("1")) == content_of(fixture.store, fixture.key("1")));
}

TEST_CASE("sync: diverged versions are told and stop nothing", "[engine]") {
    Fixture fixture;
    Store other = empty_store();
    fixture.create("1");
    fixture.create("2");
    push(fixture.store, other, fixture.connection).value();
    put_parameter(fixture.store, fixture.key("1"), "here");
    put_parameter(other, fixture.key("1"), "there");
    put_parameter(fixture.store, fixture.key("2"), "here");
    const auto report = push(fixture.store, other, fixture.connection).value();
    CHECK(report.count(MoveOutcome::diverged) == 1);
    CHECK(report.count(MoveOutcome::updated) == 1);
    CHECK(pull(fixture.store, other, fixture.connection).value().count(MoveOutcome::diverged) == 1);
    check_is_sound(other);
}

TEST_CASE("sync: pull brings what the other side added", "[engine]") {
    Fixture fixture;
    Store other = empty_store();
    fixture.create("1");
    push(fixture.store, other, fixture.connection).value();
    put_parameter(other, fixture.key("1"), "there");
    CHECK(push(fixture.store, other, fixture.connection).value().count(MoveOutcome::newer) == 1);
    const auto report = pull(fixture.store, other, fixture.connection).value();
    CHECK(report.count(MoveOutcome::updated) == 1);
    CHECK(fixture.names("1") == Names{"there"});
    check_is_sound(fixture.store);
    CHECK(push(fixture.store, other, fixture.connection).value().count(MoveOutcome::unchanged) ==
          1);
}

TEST_CASE("sync: a commit that is half dropped is not what a push builds on", "[engine]") {
    Fixture fixture({.collect_with_writes = false});
    fixture.create("1");
    put_many(fixture, "first");
    fixture.clone("kept", "1");
    Store other = empty_store();
    push(fixture.store, other, fixture.connection, {.version = "1"}).value();
    put_many(fixture, "second");
    fixture.clone("2", "1");
    push(fixture.store, other, fixture.connection, {.version = "2"}).value();

    fixture.store.delete_version(fixture.key("2")).value();
    fixture.store.set_history_limits(fixture.connection, HistoryLimits{.max_commits = 1}).value();
    put_many(fixture, "third");
    bool is_more_left = false;
    StoreAccess::state(fixture.store).write([&](Writer& writer) {
        is_more_left = writer.collect(10);
    });
    REQUIRE(is_more_left);
    CHECK(push(fixture.store, other, fixture.connection, {.version = "1"})
              .value()
              .count(MoveOutcome::updated) == 1);
    CHECK(content_of(other, fixture.key("1")) == content_of(fixture.store, fixture.key("1")));
    check_is_sound(other);
}

TEST_CASE("sync: a commit that is half dropped goes on being dropped from there", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    Store other = empty_store();
    push(fixture.store, other, fixture.connection, {.version = "1"}).value();
    put_many(fixture, "first");
    put_many(fixture, "second");
    fixture.clone("2", "1");
    fixture.put("2", parameter("own"));
    push(fixture.store, other, fixture.connection, {.version = "2"}).value();
    other.set_history_limits(fixture.connection, HistoryLimits{.max_commits = 3}).value();
    put_parameter(other, fixture.key("2"), "q");  // the first texts go
    bool is_more_left = false;
    StoreAccess::state(other).write([&](Writer& writer) { is_more_left = writer.collect(10); });
    REQUIRE(is_more_left);

    fixture.put("1", parameter("r"));
    CHECK(push(fixture.store, other, fixture.connection, {.version = "1"})
              ->count(MoveOutcome::updated) == 1);
    check_is_sound(other);
    CHECK(collect_garbage(other).value().is_complete);
    check_is_sound(other);
}

TEST_CASE("sync: what is not known to be a version's last change is not undone", "[engine]") {
    Fixture fixture({.history = {.max_commits = 1}});
    fixture.create("1");
    fixture.clone("2", "1");
    for (int i = 0; i < 9; ++i) fixture.put("2", parameter("p" + std::to_string(i)));
    Store other = empty_store();
    push(fixture.store, other, fixture.connection).value();
    CHECK(other.undo(fixture.key("2")).error().code == Errc::commit_not_found);
    put_parameter(other, fixture.key("2"), "q");
    CHECK(other.undo(fixture.key("2")).has_value());
    CHECK(content_of(other, fixture.key("2")) == content_of(fixture.store, fixture.key("2")));
}

TEST_CASE("sync: what cannot move is said", "[engine]") {
    Fixture fixture;
    Store other = empty_store();
    fixture.create("1");
    CHECK(error_of(push(fixture.store, other, fixture.connection, {.version = "9"})) ==
          Errc::version_not_found);
    CHECK(error_of(push(other, fixture.store, fixture.connection)) == Errc::connection_not_found);
    other.create_connection(acme(), {.name = "GitHub"}).value();
    CHECK(error_of(push(fixture.store, other, fixture.connection)) == Errc::name_taken);
    CHECK(push(fixture.store, fixture.store, fixture.connection)
              .value()
              .count(MoveOutcome::unchanged) == 1);
}
