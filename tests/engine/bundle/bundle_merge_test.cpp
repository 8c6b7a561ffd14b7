// Goal: what was merged into a history travels with it. Method: a merge written beneath the
// library, as the engine's rules have it: the merge names the other line's newest commit then, and
// holds it.
#include "engine/bundle/bundles.hpp"

#include <verso/sync.hpp>

#include "engine/store_state.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

CommitRecord commit_of(const Store& store, CommitId id) {
    const auto transaction = StoreAccess::state(store).storage().begin_read();
    return View(*transaction).commit(id);
}

VersionRecord record_of(const Store& store, const VersionKey& version) {
    const auto transaction = StoreAccess::state(store).storage().begin_read();
    return View(*transaction).version(version);
}

/// Makes the newest commit of `into` a merge of the newest of `from`.
void forge_merge(const Store& store, const VersionKey& into, const VersionKey& from) {
    const VersionRecord ours = record_of(store, into);
    const VersionRecord theirs = record_of(store, from);
    CommitRecord merge = commit_of(store, ours.head);
    CommitRecord merged = commit_of(store, theirs.head);
    merge.merged.push_back({theirs.id, theirs.head});
    ++merged.refs;
    const auto transaction = StoreAccess::state(store).storage().begin_write({});
    transaction->put(storage::Table::commits, key::commit(ours.head), merge.encode());
    transaction->put(storage::Table::commits, key::commit(theirs.head), merged.encode());
    transaction->commit();
}

/// Version "a", and "b", a clone of it that merged what "a" came to.
struct MergedPair : Fixture {
    MergedPair() : Fixture(with_fixed_secret(3)) {
        create("a");
        put("a", parameter("p"));
        clone("b", "a");
        for (const char* name : {"q", "r", "s"}) put("a", parameter(name));
        put("b", parameter("q"));
        forge_merge(store, key("b"), key("a"));
        put("a", parameter("t"));
        check_is_sound(store);
    }
};

/// The UUIDs of what the newest commit of "b" has merged.
std::vector<Uuid> merged_in(const Store& store, const VersionKey& version) {
    std::vector<Uuid> uuids;
    for (const MergedLine& each : commit_of(store, record_of(store, version).head).merged)
        uuids.push_back(commit_of(store, each.commit).uuid);
    return uuids;
}

}  // namespace

TEST_CASE("bundle: a merge takes along the newest commit that it merged", "[engine]") {
    const MergedPair fixture;
    const auto merged = merged_in(fixture.store, fixture.key("b"));
    REQUIRE(merged.size() == 1);

    Store alone = empty_store();
    const std::string bundle = bundle_of(fixture.store, fixture.key("b"));
    // Three of its own history, and one that was merged.
    CHECK(import_text(alone, bundle).value().commits == 4);
    CHECK(merged_in(alone, fixture.key("b")) == merged);
    CHECK(difference(bundle_of(alone, fixture.key("b")), bundle) == "");
    check_is_sound(alone);
    alone.delete_version(fixture.key("b")).value();
    check_is_sound(alone);

    Store whole = empty_store();
    const std::string all = bundle_of(fixture.store, fixture.connection);
    import_text(whole, all).value();
    CHECK(merged_in(whole, fixture.key("b")) == merged);
    CHECK(difference(bundle_of(whole, fixture.connection), all) == "");
    check_is_sound(whole);
}

TEST_CASE("bundle: versions that merged each other have all of their histories", "[engine]") {
    Fixture fixture(with_fixed_secret(3));
    fixture.create("a");
    for (const char* name : {"p", "q"}) fixture.put("a", parameter(name));
    fixture.clone("b", "a");
    for (const char* name : {"r", "s"}) fixture.put("a", parameter(name));
    fixture.put("b", parameter("t"));
    fixture.store.merge(fixture.key("b"), fixture.key("a")).value();
    fixture.store.merge(fixture.key("a"), fixture.key("b")).value();

    Store imported = empty_store();
    import_text(imported, bundle_of(fixture.store, fixture.connection)).value();
    Store pushed = empty_store(98);
    push(fixture.store, pushed, fixture.connection).value();
    Store alone = empty_store(99);
    import_text(alone, bundle_of(fixture.store, fixture.key("a"))).value();
    for (const char* version : {"a", "b"}) {
        const std::string log = log_of(fixture.store, fixture.key(version));
        CHECK(log_of(imported, fixture.key(version)) == log);
        CHECK(log_of(pushed, fixture.key(version)) == log);
    }
    CHECK(log_of(alone, fixture.key("a")) == log_of(fixture.store, fixture.key("a")));
    for (const Store* const store : {&imported, &pushed, &alone}) check_is_sound(*store);
}

TEST_CASE("sync: a merge names what the other store has of the merged line", "[engine]") {
    Fixture fixture(with_fixed_secret(3));
    fixture.create("a");
    fixture.clone("b", "a");
    fixture.put("a", parameter("p"));
    fixture.put("b", parameter("q"));
    Store other = empty_store();
    push(fixture.store, other, fixture.connection).value();

    SECTION("it has the merged commit") {}
    SECTION("it has an older one of the line") {
        fixture.put("a", parameter("r"));
        fixture.put("a", parameter("s"));
    }
    fixture.put("b", parameter("merge"));
    forge_merge(fixture.store, fixture.key("b"), fixture.key("a"));
    check_is_sound(fixture.store);
    const auto report = push(fixture.store, other, fixture.connection, {.version = "b"}).value();
    CHECK(report.count(MoveOutcome::updated) == 1);
    CHECK(report.commits <= 3);
    CHECK(merged_in(other, fixture.key("b")) == merged_in(fixture.store, fixture.key("b")));
    check_is_sound(other);
    // Of the line only the merged commit moved with "b": what lies between has been passed by.
    push(fixture.store, other, fixture.connection).value();
    check_is_sound(other);
    for (const char* name : {"a", "b"})
        CHECK(digest_of(other, fixture.key(name)) == digest_of(fixture.store, fixture.key(name)));
    CHECK(push(fixture.store, other, fixture.connection).value().count(MoveOutcome::unchanged) ==
          2);
}
