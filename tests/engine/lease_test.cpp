// Goal: a lease keeps what a version held at a commit, for its time and not longer, whatever
// becomes of the version; and nothing else changes by it. Method: leases taken, renewed and ended
// on stores that change beside them, with a clock that the test moves; collect_test.cpp has them in
// random histories.
#include "engine/bundle/bundles.hpp"
#include "engine/fixture.hpp"

#include <verso/maintenance.hpp>

#include "storage/temporary_folder.hpp"

using namespace verso;
using namespace verso::engine;
using namespace std::chrono_literals;

namespace {

/// A version "1" of one Parameter, of which as little is kept as can be.
struct Leasing : Fixture {
    Leasing() : Fixture({.history = {.max_commits = 1}}) {
        create("1");
        put("1", parameter("p", "then"));
    }

    [[nodiscard]] Lease lease(std::chrono::milliseconds duration = 1h) {
        return store.take_lease(key("1"), duration, "a test").value();
    }
    /// Changes the version until nothing of its past is left to it.
    void move_on() {
        for (const char* text : {"1", "2", "3", "4"}) put("1", parameter("p", text));
        collect_garbage(store).value();
    }
    [[nodiscard]] std::string text(const VersionKey& key) const {
        return snapshot().resource(key, Kind::parameter, "p").value().document.text();
    }

    const std::string then = parameter("p", "then").text();
};

}  // namespace

TEST_CASE("lease: what it keeps is read, though the version has let go of it", "[engine]") {
    Leasing fixture;
    const Lease lease = fixture.lease();
    CHECK(lease.connection == fixture.connection);
    CHECK(lease.owner == "a test");
    CHECK(lease.expires_at == fixture.clock.now() + 1h);
    const Digest digest = fixture.snapshot().digest(fixture.key("1")).value();
    fixture.move_on();

    const Snapshot snapshot = fixture.snapshot();
    CHECK(fixture.text(lease.key()) == fixture.then);
    CHECK(fixture.text({fixture.connection, "1", lease.commit}) == fixture.then);
    CHECK(snapshot.digest(lease.key()).value() == digest);
    CHECK(snapshot.count_resources(lease.key(), Kind::parameter).value() == 1);
    CHECK(snapshot.describe_resource(lease.key(), Kind::parameter, "p").value().errors.has_value());
    const auto changes = snapshot.compare(lease.key(), fixture.key("1")).value();
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].before->text() == fixture.then);
    const auto log = snapshot.page_log(lease.key(), {}).value();
    REQUIRE(log.items.size() == 1);
    CHECK(log.items[0].number == lease.commit);
    check_is_sound(fixture.store);
}

TEST_CASE("lease: what it keeps outlives the version, and is cloned, picked and merged",
          "[engine]") {
    Leasing fixture;
    fixture.clone("2", "1");
    const Lease lease = fixture.lease();
    fixture.put("2", parameter("q"));
    fixture.put("2", parameter("p", "other"));
    fixture.store.delete_version(fixture.key("1")).value();
    collect_garbage(fixture.store).value();

    CHECK(fixture.text(lease.key()) == fixture.then);
    fixture.store.create_version(fixture.connection, {.name = "3", .from_commit = lease.commit})
        .value();
    CHECK(fixture.text(fixture.key("3")) == fixture.then);
    CHECK(fixture.store.pick(fixture.key("2"), lease.key(), {.resources = {{Kind::parameter, "p"}}})
              .has_value());
    CHECK(fixture.text(fixture.key("2")) == fixture.then);
    CHECK(fixture.store.merge(fixture.key("2"), lease.key()).value().outcome ==
          MergeOutcome::up_to_date);
    fixture.store.end_lease(lease.id).value();
    collect_garbage(fixture.store).value();
    CHECK(fixture.text(fixture.key("3")) == fixture.then);
    check_is_sound(fixture.store);
}

TEST_CASE("lease: when it ends, what nothing else keeps goes", "[engine]") {
    Leasing fixture;
    const Lease lease = fixture.lease();
    const Lease second = fixture.lease();
    fixture.move_on();
    const StoreStats held = stat(fixture.store).value();
    CHECK(held.leases == 2);
    const Snapshot before = fixture.snapshot();

    fixture.store.end_lease(lease.id).value();
    collect_garbage(fixture.store).value();
    CHECK(fixture.text(second.key()) == fixture.then);
    fixture.store.end_lease(second.id).value();
    collect_garbage(fixture.store).value();
    CHECK(error_of(fixture.snapshot().digest(second.key()),
                   {"no lease keeps commit " + std::to_string(second.commit)}) ==
          Errc::commit_not_found);
    CHECK(error_of(fixture.snapshot().digest({fixture.connection, "1", second.commit})) ==
          Errc::commit_not_found);
    const StoreStats left = stat(fixture.store).value();
    CHECK(left.leases == 0);
    CHECK(left.commits == held.commits - 1);
    CHECK(left.payloads == held.payloads - 1);
    CHECK(before.digest(second.key()).has_value());  // as it was at that moment
    check_is_sound(fixture.store);
}

TEST_CASE("lease: it ends by itself when its time is over, unless it is renewed", "[engine]") {
    Leasing fixture;
    const Lease lease = fixture.lease(10s);
    const Lease renewed = fixture.lease(10s);
    fixture.clock.move(9'999ms);
    fixture.move_on();
    CHECK(fixture.text(lease.key()) == fixture.then);
    CHECK(fixture.store.renew_lease(renewed.id, 10s).value().expires_at ==
          fixture.clock.now() + 10s);
    fixture.clock.move(1ms);
    fixture.move_on();
    CHECK(fixture.snapshot().leases(fixture.connection).value().size() == 1);
    CHECK(fixture.text(renewed.key()) == fixture.then);
    CHECK(error_of(fixture.store.renew_lease(lease.id, 1h), {to_string(lease.id), "take a new"}) ==
          Errc::lease_not_found);
    CHECK(fixture.store.renew_lease(renewed.id, 1s).value().expires_at == fixture.clock.now() + 1s);
    fixture.clock.move(1s);
    fixture.move_on();
    CHECK(error_of(fixture.store.end_lease(renewed.id)) == Errc::lease_not_found);
    CHECK(error_of(fixture.snapshot().digest(renewed.key())) == Errc::commit_not_found);
    check_is_sound(fixture.store);
}

TEST_CASE("lease: it is of the commit that the key names, alias or number", "[engine]") {
    Leasing fixture;
    const std::uint64_t first = fixture.lease().commit;
    CHECK(error_of(fixture.store.take_lease(fixture.key("latest"), 1h, "")) ==
          Errc::version_not_found);
    fixture.publish("1");
    CHECK(fixture.store.take_lease(fixture.key("latest"), 1h, "").value().commit == first);
    fixture.clone("2", "1");
    fixture.put("2", parameter("q"));
    CHECK(fixture.store.take_lease({fixture.connection, "2", first}, 1h, "").value().commit ==
          first);
    CHECK(fixture.store.take_lease({fixture.connection, "", first}, 1h, "").value().commit ==
          first);
    CHECK(error_of(fixture.store.take_lease({fixture.connection, "2", first + 99}, 1h, "")) ==
          Errc::commit_not_found);
    check_is_sound(fixture.store);
}

TEST_CASE("lease: one taken in a write is of what the write has done", "[engine]") {
    Leasing fixture;
    Lease lease;
    const auto change = [&](Transaction& transaction) -> Result<void> {
        transaction.draft(fixture.key("1")).value().put(Kind::parameter, parameter("q")).value();
        lease = transaction.take_lease(fixture.key("1"), 1h, "").value();
        CHECK(transaction.leases(fixture.connection).value() == std::vector{lease});
        const auto nested = transaction.edit(fixture.key("1"), [&](Draft&) -> Result<void> {
            return transaction.end_lease(lease.id);
        });
        CHECK(error_of(nested) == Errc::nested_write);
        return {};
    };
    fixture.store.write(change).value();
    CHECK(fixture.snapshot().count_resources(lease.key(), Kind::parameter).value() == 2);

    const auto given_up = [&](Transaction& transaction) -> Result<void> {
        transaction.end_lease(lease.id).value();
        return Error{Errc::option_invalid, "given up", {}};
    };
    CHECK(fixture.store.write(given_up).has_error());
    CHECK(fixture.snapshot().leases(fixture.connection).value() == std::vector{lease});
}

TEST_CASE("lease: what makes no sense is refused, and changes nothing", "[engine]") {
    Leasing fixture;
    for (const std::chrono::milliseconds wrong :
         {std::chrono::milliseconds{0}, -1ms, std::chrono::milliseconds::max(),
          max_lease_duration + 1ms})
        CHECK(error_of(fixture.store.take_lease(fixture.key("1"), wrong, ""), {"duration"}) ==
              Errc::option_invalid);
    CHECK(error_of(fixture.store.take_lease(fixture.key("1"), 1h, "\xff")) == Errc::text_invalid);
    CHECK(error_of(fixture.store.take_lease(fixture.key("3"), 1h, "")) == Errc::version_not_found);
    CHECK(error_of(fixture.store.end_lease(numbered<LeaseId>(1))) == Errc::lease_not_found);
    CHECK(fixture.snapshot().leases(fixture.connection).value().empty());
    const Lease lease = fixture.lease(max_lease_duration);
    CHECK(error_of(fixture.store.renew_lease(lease.id, 0ms)) == Errc::option_invalid);
    CHECK(error_of(fixture.store.create_version(fixture.connection,
                                                {.name = "2", .from_commit = lease.commit + 99})) ==
          Errc::commit_not_found);
    CHECK(fixture.snapshot().leases(fixture.connection).value() == std::vector{lease});
    CHECK(fixture.versions() == Names{"1"});
}

TEST_CASE("lease: the key of one names no version, and nothing of another connection", "[engine]") {
    Leasing fixture;
    const Lease lease = fixture.lease();
    const Snapshot snapshot = fixture.snapshot();
    CHECK(error_of(snapshot.version(lease.key())) == Errc::version_not_found);
    CHECK(error_of(snapshot.digest({fixture.connection, ""})) == Errc::version_not_found);
    CHECK(error_of(fixture.store.publish(lease.key())) == Errc::option_invalid);
    CHECK(error_of(snapshot.resource(lease.key(), Kind::parameter, "q"),
                   {"commit " + std::to_string(lease.commit) + " has no"}) ==
          Errc::resource_not_found);
    const ConnectionId other =
        fixture.store.create_connection(umbrella(), {.name = "GitHub"}).value().id;
    CHECK(error_of(fixture.snapshot().digest({other, "", lease.commit})) == Errc::commit_not_found);
    CHECK(error_of(fixture.store.create_version(
              other, {.name = "1", .from_commit = lease.commit})) == Errc::commit_not_found);
    CHECK(fixture.snapshot().leases(other).value().empty());
    CHECK(error_of(snapshot.leases(numbered<ConnectionId>(9))) == Errc::connection_not_found);
}

TEST_CASE("lease: they are listed by their ends, and go with their connection", "[engine]") {
    Leasing fixture;
    const Lease late = fixture.lease(2h);
    const Lease early = fixture.lease(1h);
    CHECK(fixture.snapshot().leases(fixture.connection).value() == std::vector{early, late});
    fixture.store.delete_connection(fixture.connection, true).value();
    CHECK(error_of(fixture.snapshot().digest(early.key())) == Errc::connection_not_found);
    CHECK(error_of(fixture.store.renew_lease(late.id, 1h)) == Errc::lease_not_found);
    collect_garbage(fixture.store).value();
    const StoreStats stats = stat(fixture.store).value();
    CHECK(stats.leases == 0);
    CHECK(stats.commits == 0);
    CHECK(stats.payloads == 0);
    check_is_sound(fixture.store);
}

TEST_CASE("lease: those of an import that is under way are nobody else's", "[engine]") {
    Fixture source(with_fixed_secret(1));
    source.create("1");
    for (int i = 0; i < 20; ++i) source.put("1", parameter("p" + std::to_string(i)));
    const std::string bundle = bundle_of(source.store, source.connection);
    Store target = empty_store();
    const ConnectionId other = target.create_connection(acme(), {.name = "Other"}).value().id;
    bool are_there = false;
    const auto watched =
        [&, pieces = from(bundle, 200)](std::span<char> out) mutable -> Result<std::size_t> {
        are_there = are_there || stat(target).value().leases > 0;
        CHECK(target.snapshot().value().leases(other).value().empty());
        return pieces(out);
    };
    import_bundle(target, watched, {.slice_bytes = 1}).value();
    CHECK(are_there);
    CHECK(target.snapshot().value().leases(source.connection).value().empty());
}

TEST_CASE("lease: a backup has it, and it holds there too", "[engine]") {
    Leasing fixture;
    const Lease lease = fixture.lease();
    fixture.move_on();
    const storage::TemporaryFolder folder;
    backup(fixture.store, folder / "backup").value();
    Store copy = Store::open(folder / "backup", {.clock = fixture.clock.function()}).value();
    CHECK(copy.snapshot().value().leases(fixture.connection).value() == std::vector{lease});
    CHECK(copy.snapshot().value().resource(lease.key(), Kind::parameter, "p").has_value());
    copy.end_lease(lease.id).value();
    CHECK(fixture.text(lease.key()) == fixture.then);
}
