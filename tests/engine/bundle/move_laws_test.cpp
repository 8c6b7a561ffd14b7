// Goal: whatever has become of a connection in several stores, moving it between them does what the
// report says and nothing else. Method: the cases that random histories in three stores found, and
// such histories: edits, clones, merges, publications, renames and removals anywhere, pushes and
// bundles between any two, each held against what was there before.
#include "engine/bundle/bundles.hpp"
#include "less_if_sanitized.hpp"

#include <verso/sync.hpp>

#include <map>
#include <optional>

using namespace verso;
using namespace verso::engine;
using test::less_if_sanitized;

namespace {

/// What one sees of a version.
struct Sight {
    std::string name;
    std::string description;
    bool is_published = false;
    std::uint64_t revision = 0;
    std::string content;

    friend bool operator==(const Sight&, const Sight&) = default;
};

using Sights = std::map<VersionId, Sight>;

Sights sights_of(const Store& store, ConnectionId connection) {
    Sights sights;
    const Snapshot snapshot = store.snapshot().value();
    if (!snapshot.find_connection(connection).value()) return sights;
    for (const ConnectionVersion& each : snapshot.versions(connection).value())
        sights[each.id] = {each.name, each.description, each.is_published(), each.revision,
                           content_of(store, {connection, each.name})};
    return sights;
}

MoveOutcome outcome_for(const std::vector<MovedVersion>& moved, VersionId id) {
    const auto found = std::ranges::find(moved, id, &MovedVersion::id);
    REQUIRE(found != moved.end());
    return found->outcome;
}

std::string told(const std::vector<MovedVersion>& moved) {
    std::string all;
    for (const MovedVersion& each : moved)
        all += each.name + ' ' + std::string(to_string(each.outcome)) + '\n';
    return all;
}

/// A connection in three stores, and somebody at work in each.
class Stores {
public:
    explicit Stores(std::uint64_t seed) : random_(seed) {
        for (std::uint64_t at = 0; at < 3; ++at) {
            Options options = with_fixed_secret(3 * seed + at);
            options.history = {.published_commits = 2};
            options.collect_with_writes = random_() % 3 > 0;
            options.payload_scope =
                below(3) == 0 ? PayloadScope::store : PayloadScope::organisation;
            options.durability = Durability::none;
            options.clock = clock_.function();
            stores_.push_back(Store::temporary(std::move(options)).value());
            if (below(2) == 0) stores_.back().set_quota(acme(), Quota{}).value();  // verify counts
        }
        connection_ = stores_[0].create_connection(acme(), {.name = "Pets"}).value().id;
        stores_[0].create_version(connection_, {.name = "v0"}).value();
    }

    /// Does something somewhere.
    void step() {
        clock_.move(one_ms);
        const std::size_t at = below(3);
        Store& store = stores_[at];
        const Snapshot snapshot = store.snapshot().value();
        if (!snapshot.find_connection(connection_).value()) return;
        const auto versions = snapshot.versions(connection_).value();
        const auto what = below(20);
        if (what >= 12 || versions.empty()) {
            std::optional<std::string> version;
            if (below(3) == 0 && !versions.empty()) version = versions[below(versions.size())].name;
            move(store, stores_[(at + 1 + below(2)) % 3], version);
        } else {
            work(store, what, {connection_, versions[below(versions.size())].name},
                 {connection_, versions[below(versions.size())].name});
        }
    }

    void check_all() const {
        for (const Store& store : stores_) check_is_sound(store);
    }

private:
    std::uint64_t below(std::uint64_t count) { return random_() % count; }
    std::string some_name() { return "v" + std::to_string(below(9)); }

    /// What may be refused, and is then no matter.
    void work(Store& store, std::uint64_t what, const VersionKey& version,
              const VersionKey& other) {
        if (what < 4) {
            const std::string name(1, static_cast<char>('a' + below(5)));
            const bool erases = below(4) == 0;
            const std::string said = std::to_string(below(100));
            static_cast<void>(store.edit(version, [&](Draft& draft) -> Result<void> {
                if (erases) return draft.erase(Kind::parameter, name);
                if (auto done = draft.put(Kind::parameter, parameter(name, said)); !done)
                    return done.error();
                return {};
            }));
        } else if (what < 6) {
            static_cast<void>(store.create_version(
                connection_, {.name = some_name(), .from_version = std::string(version.name)}));
        } else if (what < 7) {
            static_cast<void>(store.publish(version));
        } else if (what < 8) {
            static_cast<void>(store.unpublish(version));
        } else if (what < 9) {
            static_cast<void>(store.update_version(
                version, {.name = some_name(), .description = std::to_string(below(9))}));
        } else if (what < 11) {
            static_cast<void>(store.merge(version, other, {.policy = MergePolicy::theirs()}));
        } else if (below(3) == 0) {
            static_cast<void>(store.delete_version(version, true));
        }
    }

    void move(Store& from_store, Store& to_store, const std::optional<std::string>& version) {
        const Sights source = sights_of(from_store, connection_);
        const Sights before = sights_of(to_store, connection_);
        const bool drops = stat(from_store).value().commits_to_drop > 0;
        const auto promised =
            push(from_store, to_store, connection_, {.version = version, .dry_run = true}).value();
        CHECK(sights_of(to_store, connection_) == before);
        const std::uint64_t slice_bytes = below(3) == 0 ? 300 : std::uint64_t{64} << 20;
        if (below(3) == 0) {
            const BundleImportOptions options{.on_conflict = BundleConflict::skip,
                                              .slice_bytes = slice_bytes};
            const std::string bundle = version ? bundle_of(from_store, {connection_, *version})
                                               : bundle_of(from_store, connection_);
            const auto report = import_text(to_store, bundle, options).value();
            check_alike(report.versions, promised.versions, drops);
            check_moved(report.versions, source, before, sights_of(to_store, connection_));
            check_moves_nothing(import_text(to_store, bundle, options).value());
        } else {
            const SyncOptions options{.version = version, .slice_bytes = slice_bytes};
            const auto report = push(from_store, to_store, connection_, options).value();
            CHECK(told(report.versions) == told(promised.versions));
            CHECK(report.commits == promised.commits);
            check_moved(report.versions, source, before, sights_of(to_store, connection_));
            check_moves_nothing(push(from_store, to_store, connection_, options).value());
        }
        if (before.empty() && !version && !drops)
            for (const auto& [id, sight] : source)
                CHECK(log_of(to_store, {connection_, sight.name}) ==
                      log_of(from_store, {connection_, sight.name}));
        CHECK(sights_of(from_store, connection_) == source);
        check_is_sound(to_store);
    }

    /// A push may start from a fork point one of whose branches is about to be dropped, which no
    /// bundle has.
    static void check_alike(const std::vector<MovedVersion>& by_bundle,
                            const std::vector<MovedVersion>& by_push, bool may_move_more) {
        CAPTURE(told(by_bundle), told(by_push));
        REQUIRE(by_bundle.size() == by_push.size());
        for (std::size_t at = 0; at < by_push.size(); ++at) {
            const MoveOutcome pushed = by_push[at].outcome;
            const bool moves_more = may_move_more && (pushed == MoveOutcome::updated ||
                                                      pushed == MoveOutcome::name_taken);
            CHECK((by_bundle[at].outcome == pushed || moves_more));
        }
    }

    static void check_moves_nothing(const auto& report) {
        CHECK(report.commits == 0);
        CHECK(report.count(MoveOutcome::added) == 0);
        CHECK(report.count(MoveOutcome::updated) == 0);
    }

    static void check_moved(const std::vector<MovedVersion>& moved, const Sights& source,
                            const Sights& before, const Sights& after) {
        Sights expected = before;
        for (const MovedVersion& each : moved) {
            CAPTURE(each.name, to_string(each.outcome));
            const Sight& there = source.at(each.id);
            CHECK((each.outcome == MoveOutcome::added) <= !before.contains(each.id));
            CHECK((each.outcome == MoveOutcome::updated) <= before.contains(each.id));
            if (each.outcome == MoveOutcome::added || each.outcome == MoveOutcome::updated) {
                Sight& sight = expected[each.id];
                const std::uint64_t revision = std::max(sight.revision, there.revision);
                sight = there;
                sight.revision = revision;  // which never falls
            } else if (each.outcome == MoveOutcome::unchanged) {
                Sight sight = before.at(each.id);
                CHECK(sight.revision >= there.revision);
                sight.revision = there.revision;
                CHECK(sight == there);
            }
        }
        CHECK(after == expected);
    }

    std::mt19937_64 random_;
    TestClock clock_;
    std::vector<Store> stores_;
    ConnectionId connection_;
};

}  // namespace

TEST_CASE("move: versions may exchange names", "[engine]") {
    Fixture fixture(with_fixed_secret(1));
    Store other = empty_store();
    Store third = empty_store(98);
    const VersionId one = fixture.create("1").id;
    const VersionId two = fixture.create("2").id;
    for (Store* const store : {&other, &third})
        push(fixture.store, *store, fixture.connection).value();
    // 1 -> 3, 2 -> 1, and a new one is 2.
    fixture.store.update_version(fixture.key("1"), {.name = "3"}).value();
    fixture.store.update_version(fixture.key("2"), {.name = "1"}).value();
    const VersionId fresh = fixture.create("2").id;
    const auto pushed = push(fixture.store, other, fixture.connection).value().versions;
    CHECK(outcome_for(pushed, one) == MoveOutcome::updated);
    CHECK(outcome_for(pushed, two) == MoveOutcome::updated);
    CHECK(outcome_for(pushed, fresh) == MoveOutcome::added);
    import_text(third, bundle_of(fixture.store, fixture.connection)).value();
    for (const Store* const store : {&other, &third}) {
        CHECK(sights_of(*store, fixture.connection) ==
              sights_of(fixture.store, fixture.connection));
        check_is_sound(*store);
    }
}

TEST_CASE("move: who waits for a name that does not become free waits in vain", "[engine]") {
    Fixture fixture(with_fixed_secret(1));
    Store other = empty_store();
    const VersionId one = fixture.create("1").id;
    const VersionId two = fixture.create("2").id;
    push(fixture.store, other, fixture.connection).value();
    other.create_version(fixture.connection, {.name = "3"}).value();
    fixture.store.update_version(fixture.key("1"), {.name = "3"}).value();
    fixture.store.update_version(fixture.key("2"), {.name = "1"}).value();
    const auto before = sights_of(other, fixture.connection);
    const auto pushed = push(fixture.store, other, fixture.connection).value().versions;
    CHECK(outcome_for(pushed, one) == MoveOutcome::name_taken);
    CHECK(outcome_for(pushed, two) == MoveOutcome::name_taken);
    CHECK(sights_of(other, fixture.connection) == before);
    CHECK(error_of(import_text(other, bundle_of(fixture.store, fixture.connection))) ==
          Errc::name_taken);
}

TEST_CASE("move: of one content what is said of it is told apart", "[engine]") {
    Fixture fixture(with_fixed_secret(1));
    Store other = empty_store();
    const VersionId id = fixture.create("1").id;
    push(fixture.store, other, fixture.connection).value();
    const std::string drafts = bundle_of(fixture.store, fixture.connection);
    const auto pushed = [&](const Store& from_store, Store& to_store) {
        return outcome_for(push(from_store, to_store, fixture.connection).value().versions, id);
    };
    SECTION("newer there") {
        other.publish(fixture.key("1")).value();
        CHECK(pushed(fixture.store, other) == MoveOutcome::newer);
        CHECK(outcome_for(import_text(other, drafts).value().versions, id) == MoveOutcome::newer);
        CHECK(pushed(other, fixture.store) == MoveOutcome::updated);
        CHECK(pushed(fixture.store, other) == MoveOutcome::unchanged);
    }
    SECTION("changed on both sides") {
        other.publish(fixture.key("1")).value();
        fixture.store.update_version(fixture.key("1"), {.description = "said"}).value();
        CHECK(pushed(fixture.store, other) == MoveOutcome::diverged);
        CHECK(pushed(other, fixture.store) == MoveOutcome::diverged);
        CHECK(error_of(import_text(other, bundle_of(fixture.store, fixture.connection))) ==
              Errc::version_diverged);
    }
    SECTION("published there, and a draft again here") {
        fixture.publish("1");
        push(fixture.store, other, fixture.connection).value();
        fixture.store.unpublish(fixture.key("1")).value();
        CHECK(pushed(fixture.store, other) == MoveOutcome::published);
        const std::string bundle = bundle_of(fixture.store, fixture.connection);
        CHECK(error_of(import_text(other, bundle), {"unpublish it here"}) ==
              Errc::version_published);
        other.unpublish(fixture.key("1")).value();
        CHECK(pushed(fixture.store, other) == MoveOutcome::unchanged);
    }
}

TEST_CASE("move: a version that moves on takes back what a clone had adopted", "[engine]") {
    Fixture fixture(with_fixed_secret(1));
    Store other = empty_store();
    fixture.create("1");
    put_parameter(fixture.store, fixture.key("1"), "a");
    const std::string older = bundle_of(fixture.store, fixture.key("1"));
    put_parameter(fixture.store, fixture.key("1"), "b");
    fixture.clone("2", "1");
    push(fixture.store, other, fixture.connection, {.version = "2"}).value();
    import_text(other, older).value();
    push(fixture.store, other, fixture.connection, {.version = "1"}).value();
    check_is_sound(other);
    CHECK(difference(bundle_of(other, fixture.connection),
                     bundle_of(fixture.store, fixture.connection)) == "");
    other.delete_version(fixture.key("2")).value();
    check_is_sound(other);
}

TEST_CASE("move: a clone that is back after its deletion has not adopted anything", "[engine]") {
    Fixture fixture(with_fixed_secret(1));
    Store other = empty_store();
    fixture.create("1");
    put_parameter(fixture.store, fixture.key("1"), "a");
    push(fixture.store, other, fixture.connection).value();
    put_parameter(fixture.store, fixture.key("1"), "b");
    fixture.clone("2", "1");
    push(fixture.store, other, fixture.connection, {.version = "2"}).value();
    other.create_version(fixture.connection, {.name = "keeper", .from_version = "2"}).value();
    other.delete_version(fixture.key("2")).value();
    push(fixture.store, other, fixture.connection, {.version = "2"}).value();
    check_is_sound(other);
    push(fixture.store, other, fixture.connection, {.version = "1"}).value();
    check_is_sound(other);
    for (const char* name : {"2", "keeper"}) other.delete_version(fixture.key(name)).value();
    collect_garbage(other).value();
    check_is_sound(other);
    CHECK(log_of(other, fixture.key("1")) == log_of(fixture.store, fixture.key("1")));
}

TEST_CASE("move: random histories in three stores move as the reports say", "[engine]") {
    for (std::uint64_t seed = 0; seed < less_if_sanitized(300, 60); ++seed) {
        CAPTURE(seed);
        Stores stores(seed);
        for (int step = 0; step < 80; ++step) {
            CAPTURE(step);
            stores.step();
        }
        stores.check_all();
    }
}
