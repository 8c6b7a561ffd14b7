// Goal: what a version alone holds is said exactly, to the byte, and nothing is changed by asking.
// Method: random histories, whose versions are asked, deleted and collected one after the other.
#include "engine/bundle/bundles.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

std::uint64_t only_here(const Fixture& fixture, const std::string& name) {
    return bytes_only_here(fixture.store, fixture.key(name)).value();
}

}  // namespace

TEST_CASE("bytes only here: they are what goes with the version", "[engine]") {
    const auto seed = GENERATE(range(1U, 25U));
    CAPTURE(seed);
    Fixture fixture(with_fixed_secret(seed));
    RandomHistory history(fixture, seed);
    history.change(80);
    for (const std::string& name : history.names()) {
        CAPTURE(name);
        const std::uint64_t predicted = only_here(fixture, name);
        collect_garbage(fixture.store).value();
        CHECK(only_here(fixture, name) == predicted);  // whatever garbage waits
        const std::uint64_t before = bytes_in(fixture.store);
        fixture.store.delete_version(fixture.key(name), true).value();
        collect_garbage(fixture.store).value();
        CHECK(before - bytes_in(fixture.store) == predicted);
    }
    CHECK(bytes_in(fixture.store) == 0);
}

TEST_CASE("bytes only here: a lease keeps bytes until its time is over", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.put("1", parameter("p"));
    fixture.store.take_lease(fixture.key("1"), std::chrono::milliseconds{10}, "a job").value();
    CHECK(only_here(fixture, "1") == 0);
    fixture.clock.move(std::chrono::milliseconds{11});
    CHECK(only_here(fixture, "1") == bytes_in(fixture.store));
}

TEST_CASE("bytes only here: a clone has none, an edit of it has little", "[engine]") {
    Fixture fixture(with_fixed_secret(1));
    fixture.create("1");
    const auto fill = [](Draft& draft) -> Result<void> {
        for (int i = 0; i < 2000; ++i)
            draft.put(Kind::parameter, parameter("p" + std::to_string(i), std::to_string(i)))
                .value();
        return {};
    };
    fixture.store.edit(fixture.key("1"), fill).value();
    const std::uint64_t whole = only_here(fixture, "1");
    CHECK(whole > 100'000);
    fixture.clone("2", "1");
    CHECK(only_here(fixture, "2") == 0);
    CHECK(only_here(fixture, "1") < whole / 10);  // what is before the commit of both
    fixture.put("2", parameter("fresh"));
    CHECK(only_here(fixture, "2") > 0);
    CHECK(only_here(fixture, "2") < whole / 10);
    CHECK(error_of(bytes_only_here(fixture.store, fixture.key("3"))) == Errc::version_not_found);
    const VersionKey then{fixture.connection, "1", 1};
    CHECK(error_of(bytes_only_here(fixture.store, then), {"commit 1"}) == Errc::option_invalid);
}
