// Goal: commits form the forest that the collection of garbage relies on: what holds each, and who
// follows whom. Method: records are read through the engine's own view after edits, clones and
// deletions.
#include "engine/fixture.hpp"
#include "engine/store_state.hpp"

#include <verso/maintenance.hpp>

using namespace verso;
using namespace verso::engine;

namespace {

/// Nothing goes that is queued.
struct Recorded : Fixture {
    Recorded() : Fixture({.history = {.published_commits = 0}, .collect_with_writes = false}) {}

    [[nodiscard]] VersionRecord record(std::string_view name) const {
        const auto reading = storage().begin_read();
        return View(*reading).version(key(name));
    }
    [[nodiscard]] CommitRecord commit(CommitId id) const {
        const auto reading = storage().begin_read();
        return View(*reading).commit(id);
    }
    [[nodiscard]] CommitRecord head(std::string_view name) const {
        return commit(record(name).head);
    }
    [[nodiscard]] StoreRecord store_record() const {
        const auto reading = storage().begin_read();
        return StoreRecord::decode(*reading->find(storage::Table::records, key::store()));
    }
    /// The keys of the table `records`.
    [[nodiscard]] std::vector<std::string> record_keys() const {
        std::vector<std::string> keys;
        const auto reading = storage().begin_read();
        reading->scan(storage::Table::records, {}, [&](BytesView found, BytesView) {
            keys.emplace_back(found);
            return true;
        });
        return keys;
    }
    [[nodiscard]] storage::Storage& storage() const { return StoreAccess::state(store).storage(); }
};

/// What holds a commit and what comes after it.
struct Links {
    CommitId prev;
    CommitId next;
    std::uint64_t refs;
    std::uint64_t kids;
    CommitId kid;

    friend bool operator==(const Links&, const Links&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Links& links) {
        return out << "{prev " << links.prev << ", next " << links.next << ", refs " << links.refs
                   << ", kids " << links.kids << ", kid " << links.kid << "}";
    }
};

Links links(const CommitRecord& commit) {
    return {commit.prev, commit.next, commit.refs, commit.kids, commit.kid};
}

std::vector<std::uint32_t> counts(const CommitRecord& commit) {
    return {commit.counts.added, commit.counts.changed, commit.counts.removed,
            commit.counts.renamed};
}

using Counts = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("commit: a new version begins with one of its own that holds nothing", "[engine]") {
    Recorded fixture;
    const ConnectionVersion made = fixture.create("1");
    const VersionRecord version = fixture.record("1");
    CHECK(version.head == 1);
    CHECK(version.first == 1);
    CHECK(version.kept == 1);
    CHECK(version.origin.is_nil());
    CHECK(version.origin_commit == 0);
    const CommitRecord commit = fixture.commit(1);
    CHECK(links(commit) == Links{0, 0, 2, 0, 0});
    CHECK(commit.root == tree::Root{});
    CHECK(commit.connection == fixture.connection);
    CHECK(commit.line == made.id);
    CHECK(commit.time == made.created_at);
    CHECK(commit.newest_chunk == 0);
    CHECK_FALSE(commit.uuid.is_nil());
    CHECK(commit.merged.empty());
}

TEST_CASE("commit: edits make a chain in the order of ids", "[engine]") {
    Recorded fixture;
    fixture.create("1");
    for (const char* name : {"a", "b"}) fixture.put("1", parameter(name));
    const VersionRecord version = fixture.record("1");
    CHECK(version.head == 3);
    CHECK(version.first == 1);
    CHECK(version.kept == 3);
    CHECK(links(fixture.commit(1)) == Links{0, 2, 1, 1, 2});
    CHECK(links(fixture.commit(2)) == Links{1, 3, 1, 1, 3});
    CHECK(links(fixture.commit(3)) == Links{2, 0, 2, 0, 0});
    CHECK(fixture.commit(2).newest_chunk < fixture.commit(3).newest_chunk);
    CHECK(fixture.commit(3).newest_chunk == fixture.store_record().next_chunk - 1);
    CHECK(fixture.store_record().next_commit == 4);
    CHECK(fixture.commit(2).uuid != fixture.commit(3).uuid);
    CHECK(fixture.commit(3).root.count == 4);
}

TEST_CASE("commit: a clone names its source's head and holds it once more", "[engine]") {
    Recorded fixture;
    fixture.create("1");
    fixture.put("1", parameter("a"));
    fixture.clone("2", "1");
    const VersionRecord clone = fixture.record("2");
    CHECK(clone.head == 2);
    CHECK(clone.first == 0);
    CHECK(clone.kept == 0);
    CHECK(clone.origin == fixture.record("1").id);
    CHECK(clone.origin_commit == 2);
    CHECK(links(fixture.commit(2)) == Links{1, 0, 3, 0, 0});
    CHECK(fixture.store_record().next_commit == 3);
}

TEST_CASE("commit: a version created with content has that in one commit more", "[engine]") {
    Recorded fixture;
    const auto fill = [](Draft& draft) -> Result<void> {
        draft.annotate({.author = "ann", .message = "filled"}).value();
        draft.put(Kind::parameter, parameter("a")).value();
        return {};
    };
    fixture.create("1", fill);
    CHECK(fixture.record("1").kept == 2);
    CHECK(links(fixture.commit(1)) == Links{0, 2, 1, 1, 2});
    CHECK(links(fixture.commit(2)) == Links{1, 0, 2, 0, 0});
    CHECK(counts(fixture.commit(2)) == Counts{1, 0, 0, 0});
    CHECK(fixture.commit(2).author == "ann");

    const auto refill = [](Draft& draft) -> Result<void> {
        draft.put(Kind::parameter, parameter("a", "other")).value();
        return {};
    };
    fixture.create("2", refill, "1");
    const VersionRecord clone = fixture.record("2");
    CHECK(clone.head == 3);
    CHECK(clone.first == 3);
    CHECK(clone.kept == 1);
    CHECK(clone.origin_commit == 2);
    CHECK(links(fixture.commit(2)) == Links{1, 0, 2, 1, 3});
    CHECK(links(fixture.commit(3)) == Links{2, 0, 2, 0, 0});
    CHECK(counts(fixture.commit(3)) == Counts{0, 1, 0, 0});
    CHECK(fixture.commit(3).author.empty());
    check_is_sound(fixture.store);
}

TEST_CASE("commit: edits on both sides of a clone fork the chain", "[engine]") {
    Recorded fixture;
    fixture.create("1");
    fixture.put("1", parameter("a"));
    fixture.clone("2", "1");
    fixture.put("2", parameter("b"));
    CHECK(links(fixture.commit(2)) == Links{1, 0, 2, 1, 3});
    CHECK(links(fixture.commit(3)) == Links{2, 0, 2, 0, 0});
    CHECK(fixture.commit(3).line == fixture.record("2").id);
    CHECK(fixture.record("2").first == 3);
    CHECK(fixture.record("2").kept == 1);
    fixture.put("1", parameter("c"));
    CHECK(links(fixture.commit(2)) == Links{1, 4, 1, 2, 3 ^ 4});
    CHECK(links(fixture.commit(4)) == Links{2, 0, 2, 0, 0});
    CHECK(fixture.record("1").kept == 3);
}

TEST_CASE("commit: it counts what it added and changed and removed and renamed", "[engine]") {
    Recorded fixture;
    fixture.create("1");
    std::vector<Resource> made;
    for (const char* name : {"a", "b", "c", "d"}) made.push_back(fixture.put("1", parameter(name)));
    CHECK(counts(fixture.head("1")) == Counts{1, 0, 0, 0});
    const auto edit = [&](const std::function<void(Draft&)>& change) {
        const auto checked = [&](Draft& draft) -> Result<void> {
            change(draft);
            return {};
        };
        fixture.store.edit(fixture.key("1"), checked).value();
        return counts(fixture.head("1"));
    };
    CHECK(edit([&](Draft& draft) {
              draft.put(Kind::parameter, parameter("a", "changed")).value();
              draft.put(Kind::parameter, parameter(made[1].id, "z", "also changed")).value();
              draft.erase(Kind::parameter, "c").value();
              draft.put(Kind::parameter, parameter("c")).value();
              draft.put(Kind::definition, definition("D")).value();
          }) == Counts{2, 1, 1, 1});
    CHECK(edit([&](Draft& draft) {
              draft.put(Kind::parameter, parameter(made[0].id, "t")).value();
              draft.put(Kind::parameter, parameter(made[3].id, "a")).value();
              draft.put(Kind::parameter, parameter(made[0].id, "d")).value();
          }) == Counts{0, 0, 0, 2});
    const std::string id = to_string(made[0].id);
    CHECK(edit([&](Draft& draft) {
              draft.erase(Kind::parameter, "d").value();
              const std::string text = definition("E").text();
              draft.put(Kind::definition, document(R"({"id":")" + id + R"(",)" + text.substr(1)))
                  .value();
          }) == Counts{1, 0, 1, 0});
}

TEST_CASE("commit: it says who made it and why and when", "[engine]") {
    Recorded fixture;
    fixture.create("1");
    fixture.clock.move(one_ms);
    const auto annotated = [](Draft& draft) -> Result<void> {
        draft.annotate({.author = "ada", .message = "adds p"}).value();
        draft.put(Kind::parameter, parameter("p")).value();
        return {};
    };
    fixture.store.edit(fixture.key("1"), annotated).value();
    CHECK(fixture.head("1").author == "ada");
    CHECK(fixture.head("1").message == "adds p");
    CHECK(fixture.head("1").time == fixture.clock.now());
    fixture.put("1", parameter("q"));
    CHECK(fixture.head("1").author.empty());
}

TEST_CASE("commit: the note of one edit is not that of the next in the same write", "[engine]") {
    Recorded fixture;
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            for (const char* author : {"ada", "", "grace"}) {
                const auto put = [&](Draft& draft) -> Result<void> {
                    if (*author != 0) draft.annotate({.author = author}).value();
                    draft.put(Kind::parameter, parameter("p" + std::string(author))).value();
                    return {};
                };
                transaction.edit(fixture.key("1"), put).value();
            }
            return {};
        })
        .value();
    CHECK(fixture.commit(2).author == "ada");
    CHECK(fixture.commit(3).author.empty());
    CHECK(fixture.commit(4).author == "grace");
}

TEST_CASE("commit: changes of the version alone make none", "[engine]") {
    Recorded fixture;
    fixture.create("1");
    fixture.store.update_version(fixture.key("1"), {.name = "2", .description = "d"}).value();
    fixture.publish("2");
    fixture.store.update_version(fixture.key("2"), {.is_default = true}).value();
    CHECK(fixture.store_record().next_commit == 2);
    CHECK(links(fixture.commit(1)) == Links{0, 0, 2, 0, 0});
}

TEST_CASE("commit: deleting a version gives back what it held and queues what nobody holds",
          "[engine]") {
    Recorded fixture;
    fixture.create("1");
    fixture.put("1", parameter("a"));
    fixture.clone("2", "1");
    fixture.put("2", parameter("b"));
    fixture.clone("3", "1");
    const auto is_dropped = [&](CommitId id) {
        const auto reading = fixture.storage().begin_read();
        return reading->find(storage::Table::records, key::dropped(id)).has_value();
    };
    fixture.store.delete_version(fixture.key("1")).value();
    CHECK(is_dropped(1));
    CHECK_FALSE(is_dropped(2));
    CHECK(fixture.commit(1).refs == 0);
    CHECK(links(fixture.commit(2)) == Links{1, 0, 1, 1, 3});
    fixture.put("3", parameter("c"));
    CHECK(links(fixture.commit(2)) == Links{1, 0, 0, 2, 3 ^ 4});
    CHECK_FALSE(is_dropped(2));
    fixture.store.delete_version(fixture.key("2")).value();
    CHECK(is_dropped(3));
    CHECK_FALSE(is_dropped(4));
    CHECK(fixture.names("3") == Names{"a", "c"});
}

TEST_CASE("commit: nothing but the queue is left of connections and versions that are gone",
          "[engine]") {
    Recorded fixture;
    const std::string queue = key::dropped(0).substr(0, 1);
    for (const char* name : {"1", "2"}) {
        fixture.create(name);
        fixture.put(name, parameter("p"));
        fixture.publish(name);
    }
    fixture.clone("3", "1");
    fixture.put("3", parameter("q"));
    fixture.store.update_version(fixture.key("3"), {.name = "3b"}).value();
    fixture.store.update_version(fixture.key("1"), {.is_default = true}).value();
    fixture.store.update_connection(fixture.connection, "Renamed", {}).value();
    const auto others = [&] {
        auto keys = fixture.record_keys();
        std::erase_if(keys, [&](const std::string& each) { return each.starts_with(queue); });
        return keys;
    };
    fixture.store.delete_version(fixture.key("3b")).value();
    fixture.store.delete_version(fixture.key("2"), true).value();
    fixture.store.delete_version(fixture.key("1"), true).value();
    CHECK(others().size() == 5);  // the store's, and a connection's four
    fixture.store.delete_connection(fixture.connection).value();
    CHECK(others() == std::vector<std::string>{key::store()});
    for (CommitId id = 1; id < fixture.store_record().next_commit; ++id) {
        CHECK(fixture.commit(id).refs == 0);
        CHECK(fixture.commit(id).kids <= 1);
    }
    CHECK(fixture.record_keys().size() == fixture.store_record().next_commit);
}

TEST_CASE("commit: a connection deleted with its versions leaves no more than one emptied first",
          "[engine]") {
    Recorded fixture;
    fixture.create("1");
    fixture.put("1", parameter("p"));
    fixture.clone("2", "1");
    fixture.publish("2");
    fixture.store.delete_connection(fixture.connection, true).value();
    CHECK(fixture.record_keys().size() == fixture.store_record().next_commit);
}
