// Goal: a version keeps as much history as its limits say, and all that is kept can be listed, read
// and restored. Method: edits, clones and publications on a real store.
#include "engine/fixture.hpp"
#include "engine/store_state.hpp"

#include <verso/maintenance.hpp>

using namespace verso;
using namespace verso::engine;

namespace {

struct WithHistory : Fixture {
    explicit WithHistory(const HistoryLimits& limits) : Fixture({.history = limits}) {
        create("1");
    }

    void edit(int times) {
        for (int i = 0; i < times; ++i) put("1", parameter("p", std::to_string(++texts_)));
    }
    [[nodiscard]] std::uint64_t kept(std::string_view name = "1") const {
        const auto reading = StoreAccess::state(store).storage().begin_read();
        return View(*reading).version(key(name)).kept;
    }

private:
    int texts_ = 0;
};

}  // namespace

TEST_CASE("history: a draft keeps its last commits, and a few more for a while", "[engine]") {
    const auto [most, lag] = GENERATE(std::pair(1u, 0u), std::pair(5u, 0u), std::pair(40u, 9u));
    WithHistory store({.max_commits = most});
    for (unsigned i = 1; i < most; ++i) {
        CHECK(store.kept() == i);
        store.edit(1);
    }
    for (int i = 0; i < 60; ++i) {
        CHECK(store.kept() >= most);
        CHECK(store.kept() <= most + lag);
        store.edit(1);
    }
    check_is_sound(store.store);
}

TEST_CASE("history: without a limit everything is kept", "[engine]") {
    WithHistory store({.max_commits = 0, .published_commits = 0});
    store.edit(150);
    CHECK(store.kept() == 151);
    store.publish("1");
    CHECK(store.kept() == 151);
    CHECK(stat(store.store).value().commits == 151);
}

TEST_CASE("history: commits that are too old go with the next edit, but never the head",
          "[engine]") {
    WithHistory store({.max_age = std::chrono::minutes{10}});
    store.edit(5);
    store.clock.move(std::chrono::minutes{6});
    store.edit(2);
    CHECK(store.kept() == 8);
    store.clock.move(std::chrono::minutes{6});
    store.edit(1);
    CHECK(store.kept() == 3);
    store.clock.move(std::chrono::minutes{60});
    CHECK(store.kept() == 3);
    store.edit(1);
    CHECK(store.kept() == 1);
}

TEST_CASE("history: a published version keeps its head", "[engine]") {
    WithHistory store({});
    store.edit(9);
    store.publish("1");
    CHECK(store.kept() == 1);
    CHECK(collect_garbage(store.store).value().is_complete);
    CHECK(stat(store.store).value().commits == 1);
    CHECK(store.names("1") == Names{"p"});
    check_is_sound(store.store);
}

TEST_CASE("history: a connection may have limits of its own", "[engine]") {
    WithHistory store({.max_commits = 3});
    const auto limits = [&] { return store.snapshot().history_limits(store.connection).value(); };
    CHECK_FALSE(limits());
    const HistoryLimits own{.max_commits = 7, .max_age = one_ms, .published_commits = 2};
    store.store.set_history_limits(store.connection, own).value();
    CHECK(limits() == own);
    check_is_sound(store.store);
    store.edit(10);
    CHECK(store.kept() == 7);
    store.publish("1");
    CHECK(store.kept() == 2);
    store.store.set_history_limits(store.connection, std::nullopt).value();
    CHECK_FALSE(limits());
    store.store.unpublish(store.key("1")).value();
    store.edit(10);
    CHECK(store.kept() == 3);
}

TEST_CASE("history: limits of no connection, or that are none, are refused", "[engine]") {
    WithHistory store({});
    const HistoryLimits negative{.max_age = -one_ms};
    CHECK(error_of(store.store.set_history_limits(store.connection, negative), {"max_age"}) ==
          Errc::option_invalid);
    CHECK(error_of(Store::temporary({.history = negative}), {"options.history"}) ==
          Errc::option_invalid);
    const auto unknown = numbered<ConnectionId>(9);
    CHECK(error_of(store.store.set_history_limits(unknown, HistoryLimits{})) ==
          Errc::connection_not_found);
    CHECK(error_of(store.snapshot().history_limits(unknown)) == Errc::connection_not_found);
}

TEST_CASE("history: limits go with their connection", "[engine]") {
    WithHistory store({});
    store.store.set_history_limits(store.connection, HistoryLimits{}).value();
    store.store.delete_connection(store.connection, true).value();
    check_is_sound(store.store);
}

// The log

namespace {

struct Logged : Fixture {
    explicit Logged(Options options = {}) : Fixture(std::move(options)) { create("1"); }

    [[nodiscard]] std::vector<Commit> log(std::string_view version) const {
        std::vector<Commit> commits;
        const auto add = [&](const Commit& commit) {
            commits.push_back(commit);
            return true;
        };
        snapshot().each_commit(key(version), add).value();
        return commits;
    }
    [[nodiscard]] std::vector<std::uint64_t> numbers(std::string_view version) const {
        std::vector<std::uint64_t> numbers;
        for (const Commit& each : log(version)) numbers.push_back(each.number);
        return numbers;
    }
    [[nodiscard]] VersionKey at(std::string_view version, std::uint64_t commit) const {
        return {connection, version, commit};
    }
    void annotated(std::string_view version, const Document& parameter, const CommitNote& note) {
        const auto put = [&](Draft& draft) -> Result<void> {
            draft.annotate(note).value();
            draft.put(Kind::parameter, parameter).value();
            return {};
        };
        store.edit(key(version), put).value();
    }
    [[nodiscard]] std::string text(const VersionKey& version, std::string_view name) const {
        return snapshot().resource(version, Kind::parameter, name).value().document.text();
    }
};

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("log: it tells what each commit changed, who made it, why and when", "[engine]") {
    Logged store;
    store.clock.move(one_ms);
    store.annotated("1", parameter("p"), {.author = "ada", .message = "adds p"});
    const auto log = store.log("1");
    REQUIRE(log.size() == 2);
    CHECK(log[0].number == 2);
    CHECK(log[0].parent == 1);
    CHECK(log[0].author == "ada");
    CHECK(log[0].message == "adds p");
    CHECK(log[0].time == store.clock.now());
    CHECK(log[0].version == store.version("1").id);
    CHECK(log[0].added == 1);
    CHECK(log[0].changed + log[0].removed + log[0].renamed == 0);
    CHECK_FALSE(log[0].id == log[1].id);
    CHECK(log[1].parent == 0);
    CHECK(log[1].added == 0);
}

TEST_CASE("log: it goes on into what the version was cloned from", "[engine]") {
    Logged store;
    store.put("1", parameter("a"));
    store.clone("2", "1");
    store.put("1", parameter("b"));
    store.put("2", parameter("c"));
    CHECK(store.numbers("1") == Numbers{3, 2, 1});
    CHECK(store.numbers("2") == Numbers{4, 2, 1});
    store.store.delete_version(store.key("1")).value();
    CHECK(collect_garbage(store.store).value().is_complete);
    CHECK(store.numbers("2") == Numbers{4});
}

TEST_CASE("log: what is queued to be dropped is not told of", "[engine]") {
    Logged store({.collect_with_writes = false});
    store.put("1", parameter("a"));
    store.clone("2", "1");
    store.put("2", parameter("b"));
    store.store.delete_version(store.key("1")).value();
    CHECK(stat(store.store).value().commits == 3);
    CHECK(store.numbers("2") == Numbers{3});
    CHECK(error_of(store.snapshot().digest(store.at("2", 2))) == Errc::commit_not_found);
}

TEST_CASE("log: pages go through it and back", "[engine]") {
    Logged store;
    for (int i = 0; i < 9; ++i) store.put("1", parameter("p", std::to_string(i)));
    const Snapshot snapshot = store.snapshot();
    Numbers there;
    PageRequest request{.first = 4};
    std::optional<std::string> last_prev;
    for (bool more = true; more;) {
        const Page<Commit> page = snapshot.page_log(store.key("1"), request).value();
        CHECK(page.total_count == 10);
        for (const Commit& each : page.items) there.push_back(each.number);
        last_prev = page.prev;
        more = page.next.has_value();
        request.after = page.next;
    }
    CHECK(there == store.numbers("1"));
    REQUIRE(last_prev);
    const auto back = snapshot.page_log(store.key("1"), {.first = 4, .before = last_prev}).value();
    REQUIRE(back.items.size() == 4);
    CHECK(back.items.front().number == 6);
    CHECK(back.items.back().number == 3);
    CHECK(back.prev);
    const PageRequest bad{.after = "00"};
    CHECK(error_of(snapshot.page_log(store.key("1"), bad)) == Errc::cursor_invalid);
    CHECK(snapshot.page_log(store.at("1", 5), {}).value().items.size() == 5);
}

TEST_CASE("log: a version is read as it was at a commit", "[engine]") {
    Logged store;
    store.put("1", parameter("a", "first"));
    store.put("1", parameter("a", "second"));
    store.erase("1", Kind::parameter, "a");
    store.put("1", parameter("b"));
    const Snapshot snapshot = store.snapshot();
    CHECK(snapshot.count_resources(store.at("1", 1), Kind::parameter).value() == 0);
    CHECK(store.text(store.at("1", 2), "a") == parameter("a", "first").text());
    CHECK(store.text(store.at("1", 3), "a") == parameter("a", "second").text());
    CHECK(snapshot.resources(store.at("1", 4), Kind::parameter).value().empty());
    CHECK(snapshot.digest(store.at("1", 5)).value() == snapshot.digest(store.key("1")).value());
    CHECK(snapshot.digest(store.at("1", 2)).value() != snapshot.digest(store.at("1", 3)).value());
    const auto changes = snapshot.compare(store.at("1", 2), store.at("1", 5)).value();
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].type == ChangeType::removed);
    CHECK(snapshot.page_resources(store.at("1", 2), Kind::parameter, {}).value().total_count == 1);
    CHECK(error_of(snapshot.digest(store.at("1", 6)), {"commit 6"}) == Errc::commit_not_found);
    store.create("other");
    CHECK(error_of(store.snapshot().digest(store.at("1", 6))) == Errc::commit_not_found);
}

TEST_CASE("log: what is old does not change", "[engine]") {
    Logged store;
    store.put("1", parameter("a"));
    const auto edit = [&](Draft& draft) { return draft.erase(Kind::parameter, "a"); };
    CHECK(error_of(store.store.edit(store.at("1", 1), edit)) == Errc::option_invalid);
    CHECK(error_of(store.store.publish(store.at("1", 1))) == Errc::option_invalid);
    CHECK(error_of(store.store.delete_version(store.at("1", 1))) == Errc::option_invalid);
    CHECK(error_of(store.store.undo(store.at("1", 1))) == Errc::option_invalid);
}

TEST_CASE("log: a clone may begin at a commit of its source", "[engine]") {
    Logged store;
    store.put("1", parameter("a"));
    store.put("1", parameter("b"));
    const auto create = [&](const NewVersion& made) {
        return store.store.create_version(store.connection, made);
    };
    create({.name = "2", .from_version = "1", .from_commit = 2}).value();
    CHECK(store.names("2") == Names{"a"});
    CHECK(store.numbers("2") == Numbers{2, 1});
    CHECK(error_of(create({.name = "3", .from_version = "1", .from_commit = 9})) ==
          Errc::commit_not_found);
    CHECK(error_of(create({.name = "3", .from_version = "2", .from_commit = 3})) ==
          Errc::commit_not_found);
    CHECK(error_of(create({.name = "3", .from_commit = 2})) == Errc::commit_not_found);  // no lease
    check_is_sound(store.store);
}

TEST_CASE("lineage: it says what came from what, also when that is gone", "[engine]") {
    Logged store;
    store.clock.move(one_ms);
    store.put("1", parameter("a"));
    const VersionId first = store.version("1").id;
    store.clone("2", "1");
    store.clock.move(one_ms);
    store.clone("3", "2");
    const VersionId second = store.version("2").id;
    store.store.delete_version(store.key("2")).value();
    const auto lineage = store.snapshot().lineage(store.connection).value();
    REQUIRE(lineage.size() == 2);
    CHECK(lineage[0] == VersionOrigin{.version = first, .name = "1"});
    CHECK(lineage[1] ==
          VersionOrigin{
              .version = store.version("3").id, .name = "3", .origin = second, .commit = 2});
    CHECK(error_of(store.snapshot().lineage(numbered<ConnectionId>(9))) ==
          Errc::connection_not_found);
}

// Restoring

TEST_CASE("restore: the draft is what it was, as a new commit", "[engine]") {
    Logged store;
    const Resource kept =
        store.put("1", Kind::definition, definition("D", std::string(40'000, 'x')));
    store.put("1", parameter("a"));
    const Resource renamed = store.put("1", parameter("b", "1"));
    const std::uint64_t then = store.log("1").front().number;
    store.put("1", parameter(renamed.id, "c", "2"));
    store.erase("1", Kind::parameter, "a");
    store.erase("1", Kind::definition, "D");
    store.put("1", parameter("d"));
    const auto payloads = stat(store.store).value().payloads;
    const ConnectionVersion before = store.version("1");
    const ConnectionVersion after =
        store.store.restore(store.key("1"), then, {.author = "ada"}).value();
    CHECK(after.revision == before.revision + 1);
    const Snapshot snapshot = store.snapshot();
    CHECK(snapshot.compare(store.at("1", then), store.key("1")).value().empty());
    CHECK(snapshot.digest(store.at("1", then)).value() == snapshot.digest(store.key("1")).value());
    CHECK(snapshot.resource(store.key("1"), Kind::definition, "D").value().id == kept.id);
    CHECK(stat(store.store).value().payloads == payloads);  // found, and held once more
    const Commit made = store.log("1").front();
    CHECK(made.author == "ada");
    CHECK(made.added == 2);
    CHECK(made.removed == 1);
    CHECK(made.renamed == 1);
    check_is_sound(store.store);
    CHECK(store.store.restore(store.key("1"), then).value().revision == after.revision);
}

TEST_CASE("restore: drafts only, and commits of their own log", "[engine]") {
    Logged store;
    store.put("1", parameter("a"));
    store.create("2");
    CHECK(error_of(store.store.restore(store.key("2"), 2)) == Errc::commit_not_found);
    CHECK(error_of(store.store.restore(store.key("1"), 99)) == Errc::commit_not_found);
    store.clone("3", "1");
    CHECK(error_of(store.store.restore(store.key("3"), 1, {.author = "\xff"})) ==
          Errc::text_invalid);
    store.store.restore(store.key("3"), 1).value();
    CHECK(store.names("3").empty());
    store.publish("1");
    CHECK(error_of(store.store.restore(store.key("1"), 2)) == Errc::version_published);
}

TEST_CASE("undo: it takes the last change back, and twice gives it again", "[engine]") {
    Logged store;
    store.put("1", parameter("a"));
    store.put("1", parameter("b"));
    store.store.undo(store.key("1")).value();
    CHECK(store.names("1") == Names{"a"});
    store.store.undo(store.key("1")).value();
    CHECK(store.names("1") == Names{"a", "b"});
    CHECK(store.log("1").size() == 5);
}

TEST_CASE("undo: a clone's first change is taken back to what it was cloned from", "[engine]") {
    Logged store;
    store.put("1", parameter("a"));
    store.clone("2", "1");
    CHECK(error_of(store.store.undo(store.key("2"))) == Errc::commit_not_found);
    store.put("2", parameter("b"));
    store.store.update_version(store.key("2"), {.description = "described"}).value();
    store.store.undo(store.key("2")).value();
    CHECK(store.names("2") == Names{"a"});
}

TEST_CASE("undo: a merge that changed nothing is passed by", "[engine]") {
    Logged store;
    store.put("1", parameter("a"));
    store.clone("2", "1");
    for (const char* version : {"1", "2"}) store.erase(version, Kind::parameter, "a");
    REQUIRE(store.store.merge(store.key("1"), store.key("2"))->outcome == MergeOutcome::merged);
    REQUIRE(store.store.merge(store.key("2"), store.key("1"))->outcome == MergeOutcome::merged);
    for (const char* version : {"1", "2"}) {
        store.store.undo(store.key(version)).value();
        CHECK(store.names(version) == Names{"a"});
        store.store.undo(store.key(version)).value();
        CHECK(store.names(version).empty());
    }
}

TEST_CASE("undo: nothing is taken back that is not the last change alone", "[engine]") {
    Logged store({.history = {.max_commits = 1}});
    CHECK(error_of(store.store.undo(store.key("1"))) == Errc::commit_not_found);
    store.put("1", parameter("a"));
    store.clone("2", "1");
    store.put("2", parameter("b"));
    store.put("2", parameter("c"));  // the one before goes, and what is before this is "1"
    CHECK(collect_garbage(store.store).value().is_complete);
    CHECK(store.log("2").front().parent == 2);
    CHECK(error_of(store.store.undo(store.key("2"))) == Errc::commit_not_found);
    store.clone("3", "2");
    store.put("3", parameter("d"));
    store.store.delete_version(store.key("2")).value();
    CHECK(collect_garbage(store.store).value().is_complete);
    CHECK(error_of(store.store.undo(store.key("3"))) == Errc::commit_not_found);
    CHECK(store.names("3") == Names{"a", "b", "c", "d"});
}
