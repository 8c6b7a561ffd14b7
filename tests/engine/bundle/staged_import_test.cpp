// Goal: what is too large for one transaction is imported as what is not: unseen until it is whole,
// without a trace if it fails, and gone on with where it was interrupted. Method: random histories
// imported in slices of a few documents, by sources that look at the store, fail, or wait.
#include "engine/bundle/bundles.hpp"

#include <verso/sync.hpp>

using namespace verso;
using namespace verso::engine;

namespace {

constexpr std::uint64_t few_bytes = 400;

BundleImportOptions in_slices() { return {.slice_bytes = few_bytes}; }

/// A store beside a clock that the test moves.
struct Target {
    TestClock clock;
    Store store = open();

    [[nodiscard]] StoreStats stats() const { return stat(store).value(); }
    [[nodiscard]] Store open() const {
        Options options = with_fixed_secret(99);
        options.clock = clock.function();
        options.durability = Durability::none;
        return Store::temporary(std::move(options)).value();
    }
    void check_is_empty() {
        collect_garbage(store).value();
        CHECK(stats().connections == 0);
        CHECK(stats().commits == 0);
        CHECK(stats().leases == 0);
        CHECK(stats().payloads == 0);
        CHECK(stats().payload_chunks == 0);
        CHECK(stats().node_chunks == 0);
        check_is_sound(store);
    }
};

/// A connection with versions of some history, and its bundle.
struct BundleOrigin : Fixture {
    explicit BundleOrigin(unsigned seed = 3)
        : Fixture(with_fixed_secret(seed)), history(*this, seed) {
        history.change(200);
        bundle = bundle_of(store, connection);
    }
    RandomHistory history;
    std::string bundle;
};

/// As from(), but calls `look` before each piece.
template <class Look>
BundleSource watched(std::string_view text, Look look) {
    return [source = from(text), look](std::span<char> out) mutable -> Result<std::size_t> {
        if (auto done = look(); !done) return done.error();
        return source(out);
    };
}

/// Ends with an error in the middle of the bundle.
BundleSource broken_off(std::string_view text) {
    return watched(text, [pieces = text.size() / 1000 / 2]() mutable -> Result<void> {
        if (pieces-- == 0) return Error{Errc::io_failed, "the line is dead", {}};
        return {};
    });
}

}  // namespace

TEST_CASE("staged import: slices of any size store the same", "[engine]") {
    const auto seed = GENERATE(range(1U, 12U));
    const std::uint64_t slice_bytes = GENERATE(1U, 400U, 5000U);
    CAPTURE(seed, slice_bytes);
    const BundleOrigin origin(seed);
    Target at_once;
    const auto expected = import_text(at_once.store, origin.bundle).value();
    Target target;
    const auto report =
        import_text(target.store, origin.bundle, {.slice_bytes = slice_bytes}).value();
    CHECK(report.versions == expected.versions);
    CHECK(report.commits == expected.commits);
    CHECK(report.documents_stored == expected.documents_stored);
    CHECK(report.documents_present == expected.documents_present);
    CHECK(target.stats().leases == 0);
    check_is_sound(target.store);
    CHECK(difference(bundle_of(target.store, origin.connection), origin.bundle) == "");

    collect_garbage(target.store).value();
    collect_garbage(at_once.store).value();
    CHECK(target.stats().commits == at_once.stats().commits);
    CHECK(target.stats().payloads == at_once.stats().payloads);
    CHECK(target.stats().payload_holdings == at_once.stats().payload_holdings);
    CHECK(target.stats().payload_chunks == at_once.stats().payload_chunks);
    CHECK(target.stats().node_chunks == at_once.stats().node_chunks);
    check_is_sound(target.store);
}

TEST_CASE("staged import: it is not seen before its end, and others write meanwhile", "[engine]") {
    const BundleOrigin origin;
    Target target;
    std::uint64_t most_leases = 0;
    int written = 0;
    const auto look = [&]() -> Result<void> {
        const std::string name = "written meanwhile " + std::to_string(++written);
        target.store.create_connection(umbrella(), {.name = name}).value();
        CHECK_FALSE(
            target.store.snapshot().value().find_connection(acme(), origin.connection).value());
        most_leases = std::max(most_leases, target.stats().leases);
        check_is_sound(target.store);
        return {};
    };
    BundleImportOptions options = in_slices();
    options.organisation = acme();
    import_bundle(target.store, watched(origin.bundle, look), options).value();
    CHECK(most_leases > 5);
    CHECK(difference(bundle_of(target.store, origin.connection), origin.bundle) == "");
    CHECK(target.stats().connections == static_cast<std::uint64_t>(written) + 1);
}

TEST_CASE("staged import: one that was interrupted stores only the rest when it goes on",
          "[engine]") {
    const BundleOrigin origin;
    Target target;
    BundleImportOptions options = in_slices();
    options.organisation = acme();
    CHECK(error_of(import_bundle(target.store, broken_off(origin.bundle), options),
                   {"the line is dead"}) == Errc::io_failed);
    const std::uint64_t kept = target.stats().payloads;
    CHECK(kept > 10);
    CHECK(target.stats().connections == 0);
    collect_garbage(target.store).value();
    CHECK(target.stats().payloads == kept);
    check_is_sound(target.store);

    SECTION("and is whole then") {
        const auto report = import_text(target.store, origin.bundle, in_slices()).value();
        CHECK(report.documents_present >= kept);
        CHECK(difference(bundle_of(target.store, origin.connection), origin.bundle) == "");
        check_is_sound(target.store);
        target.clock.move(options.keep_unfinished);
        collect_garbage(target.store).value();
        CHECK(target.stats().leases == 0);
        CHECK(difference(bundle_of(target.store, origin.connection), origin.bundle) == "");
        check_is_sound(target.store);
    }
    SECTION("or goes when nobody goes on with it in time") {
        target.clock.move(options.keep_unfinished - std::chrono::milliseconds{1});
        collect_garbage(target.store).value();
        CHECK(target.stats().payloads == kept);
        target.clock.move(std::chrono::milliseconds{1});
        target.check_is_empty();
    }
}

TEST_CASE("staged import: what fails leaves nothing", "[engine]") {
    const BundleOrigin origin;
    Target target;
    SECTION("its end is another's") {
        std::string damaged = origin.bundle;
        damaged[damaged.size() - 10] ^= 1;
        CHECK(error_of(import_text(target.store, damaged, in_slices()), {"line ", "digest"}) ==
              Errc::bundle_invalid);
        target.check_is_empty();
    }
    SECTION("a document is damaged") {
        std::string damaged = origin.bundle;
        const auto at = damaged.rfind(R"("json":{")");
        damaged[at + 9] ^= 1;
        CHECK(error_of(import_text(target.store, damaged, in_slices()), {"line "}) ==
              Errc::bundle_invalid);
        target.check_is_empty();
    }
    SECTION("a line of its head is wrong, which is found at the end") {
        const std::string wrong = with_replaced(origin.bundle, R"("revision":)", R"("revision":-)");
        CHECK(error_of(import_text(target.store, wrong, in_slices()), {"line ", "revision"}) ==
              Errc::bundle_invalid);
        target.check_is_empty();
    }
    SECTION("it stores more than it may") {
        BundleImportOptions options = in_slices();
        options.max_bytes = 3000;
        CHECK(error_of(import_text(target.store, origin.bundle, options), {"3000"}) ==
              Errc::limit_exceeded);
        target.check_is_empty();
    }
    SECTION("its name is taken") {
        target.store.create_connection(acme(), {.name = "GitHub"}).value();
        CHECK(error_of(import_text(target.store, origin.bundle, in_slices()), {"GitHub"}) ==
              Errc::name_taken);
        collect_garbage(target.store).value();
        CHECK(target.stats().payloads == 0);
        check_is_sound(target.store);
    }
    SECTION("its options mean nothing") {
        CHECK(error_of(import_text(target.store, origin.bundle, {.slice_bytes = 0}),
                       {"slice_bytes"}) == Errc::option_invalid);
        CHECK(error_of(import_text(target.store, origin.bundle,
                                   {.keep_unfinished = std::chrono::milliseconds{0}}),
                       {"keep_unfinished"}) == Errc::option_invalid);
        target.check_is_empty();
    }
}

TEST_CASE("staged import: leases last while it goes on, and it says when they did not",
          "[engine]") {
    const BundleOrigin origin;
    Target target;
    BundleImportOptions options = in_slices();
    options.organisation = acme();
    const auto at_the_pace_of = [&](std::chrono::milliseconds pace) {
        return watched(origin.bundle, [&target, pace]() -> Result<void> {
            target.clock.move(pace);
            collect_garbage(target.store).value();
            return {};
        });
    };
    SECTION("slowly") {
        import_bundle(target.store, at_the_pace_of(std::chrono::hours{5}), options).value();
        CHECK(difference(bundle_of(target.store, origin.connection), origin.bundle) == "");
    }
    SECTION("too slowly") {
        CHECK(error_of(import_bundle(target.store, at_the_pace_of(std::chrono::hours{25}), options),
                       {"keep_unfinished", "import it again"}) == Errc::limit_exceeded);
        target.check_is_empty();
    }
    check_is_sound(target.store);
}

TEST_CASE("staged import: a push in slices moves the same", "[engine]") {
    const auto seed = GENERATE(range(1U, 8U));
    CAPTURE(seed);
    Fixture fixture(with_fixed_secret(seed));
    RandomHistory history(fixture, seed, false);
    Target at_once;
    Target target;
    for (int round = 0; round < 4; ++round) {
        history.change(25);
        const auto expected = push(fixture.store, at_once.store, fixture.connection).value();
        const auto report =
            push(fixture.store, target.store, fixture.connection, {.slice_bytes = few_bytes})
                .value();
        CHECK(report.versions == expected.versions);
        CHECK(report.commits == expected.commits);
        CHECK(report.documents == expected.documents);
        CHECK(report.document_bytes == expected.document_bytes);
        CHECK(target.stats().leases == 0);
        check_is_sound(target.store);
        CHECK(difference(bundle_of(target.store, fixture.connection),
                         bundle_of(fixture.store, fixture.connection)) == "");
    }
}

TEST_CASE("staged push: options that mean nothing are refused", "[engine]") {
    const BundleOrigin origin;
    Target target;
    const auto wrong = GENERATE(values<SyncOptions>(
        {{.slice_bytes = 0}, {.keep_unfinished = std::chrono::milliseconds{0}}}));
    CHECK(error_of(push(origin.store, target.store, origin.connection, wrong)) ==
          Errc::option_invalid);
    target.check_is_empty();
}
