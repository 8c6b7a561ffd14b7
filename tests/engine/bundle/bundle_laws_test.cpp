// Goal: the laws of bundles.
//   import(export(x)) holds what x holds      export(import(export(x))) = export(x)
//   what is exported twice is the same        what is imported twice changes nothing
// Method: random histories with references, renames, clones, publications and removals, moved into
// stores of the same secret, where equal trees have equal digests, and verified whole.
#include "engine/bundle/bundles.hpp"

using namespace verso;
using namespace verso::engine;

TEST_CASE("bundle: a connection comes back whole in another store", "[engine]") {
    const auto seed = GENERATE(range(1U, 40U));
    CAPTURE(seed);
    Fixture fixture(with_fixed_secret(seed));
    RandomHistory history(fixture, seed);
    history.change(60);
    check_is_sound(fixture.store);
    const std::string bundle = bundle_of(fixture.store, fixture.connection);
    CHECK(bundle_of(fixture.store, fixture.connection) == bundle);

    Store other = empty_store();
    const auto report = import_text(other, bundle).value();
    CHECK(report.connection == fixture.connection);
    CHECK(report.connection_added);
    CHECK(report.count(MoveOutcome::added) == history.names().size());
    check_is_sound(other);
    for (const std::string& name : history.names()) {
        const VersionKey key = fixture.key(name);
        CHECK(fixture.version(name) == other.snapshot().value().version(key).value());
        CHECK(digest_of(fixture.store, key) == digest_of(other, key));
        CHECK(content_of(fixture.store, key) == content_of(other, key));
    }
    CHECK(difference(bundle_of(other, fixture.connection), bundle) == "");

    const StoreStats before = stat(other).value();
    const auto again = import_text(other, bundle).value();
    CHECK(again.count(MoveOutcome::unchanged) == history.names().size());
    CHECK(again.commits == 0);
    CHECK(again.documents_stored == 0);
    CHECK(stat(other).value().payload_chunks == before.payload_chunks);
    CHECK(difference(bundle_of(other, fixture.connection), bundle) == "");
    check_is_sound(other);
}

TEST_CASE("bundle: any version comes back alone, and beside the others", "[engine]") {
    const auto seed = GENERATE(range(1U, 25U));
    CAPTURE(seed);
    Fixture fixture(with_fixed_secret(seed));
    RandomHistory history(fixture, seed);
    history.change(50);
    Store together = empty_store(7);
    for (const std::string& name : history.names()) {
        const VersionKey key = fixture.key(name);
        const std::string bundle = bundle_of(fixture.store, key);
        Store alone = empty_store();
        CHECK(import_text(alone, bundle).value().count(MoveOutcome::added) == 1);
        check_is_sound(alone);
        CHECK(digest_of(alone, key) == digest_of(fixture.store, key));
        CHECK(content_of(alone, key) == content_of(fixture.store, key));
        CHECK(difference(bundle_of(alone, key), bundle) == "");
        CHECK(import_text(alone, bundle).value().count(MoveOutcome::unchanged) == 1);

        import_text(together, bundle).value();
        check_is_sound(together);
        CHECK(digest_of(together, key) == digest_of(fixture.store, key));
    }
    // What goes on there goes on here, whoever's history a commit was counted to meanwhile.
    history.change(50);
    for (const std::string& name : history.names()) {
        const auto report = import_text(together, bundle_of(fixture.store, fixture.key(name)),
                                        {.on_conflict = BundleConflict::skip})
                                .value();
        check_is_sound(together);
        if (!is_conflict(report.versions.front().outcome))
            CHECK(digest_of(together, fixture.key(name)) ==
                  digest_of(fixture.store, fixture.key(name)));
    }
    for (const std::string& name : history.names())
        static_cast<void>(together.delete_version(fixture.key(name), true));
    check_is_sound(together);
}

TEST_CASE("bundle: drafts move on with each new bundle", "[engine]") {
    const auto seed = GENERATE(range(1U, 15U));
    CAPTURE(seed);
    Fixture fixture(with_fixed_secret(seed));
    RandomHistory history(fixture, seed, false);
    Store other = empty_store();
    for (int round = 0; round < 6; ++round) {
        history.change(15);
        const auto report = import_text(other, bundle_of(fixture.store, fixture.connection),
                                        {.on_conflict = BundleConflict::skip})
                                .value();
        check_is_sound(other);
        for (const MovedVersion& each : report.versions) {
            CAPTURE(each.name, to_string(each.outcome));
            CHECK_FALSE(is_conflict(each.outcome));
            CHECK(digest_of(other, fixture.key(each.name)) ==
                  digest_of(fixture.store, fixture.key(each.name)));
        }
    }
}
