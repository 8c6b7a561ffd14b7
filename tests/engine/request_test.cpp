// Goal: a write with a request id is done once, whoever asks for it again and when, and forgotten
// in time.
#include "engine/fixture.hpp"

#include <verso/maintenance.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace verso;
using namespace verso::engine;

namespace {

/// Creates a version and answers its id.
auto creation_of(const Fixture& fixture, std::string name) {
    return [&fixture, name = std::move(name)](Transaction& transaction) -> Result<std::string> {
        const auto made = transaction.create_version(fixture.connection, {.name = name});
        if (!made) return made.error();
        return to_string(made->id);
    };
}

}  // namespace

TEST_CASE("request: what has been done is answered again, and not done again", "[engine]") {
    Fixture fixture;
    const auto first = fixture.store.write_once("r1", creation_of(fixture, "1")).value();
    CHECK_FALSE(first.is_repeated);
    CHECK(first.answer == to_string(fixture.version("1").id));
    const auto again = fixture.store.write_once("r1", creation_of(fixture, "2")).value();
    CHECK(again.is_repeated);
    CHECK(again.answer == first.answer);
    CHECK_FALSE(fixture.snapshot().find_version(fixture.key("2")).value());
    CHECK(fixture.snapshot().find_request("r1").value() == first.answer);
    CHECK_FALSE(fixture.snapshot().find_request("r2").value());
    check_is_sound(fixture.store);
}

TEST_CASE("request: one that failed may be asked for again", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    CHECK(error_of(fixture.store.write_once("r", creation_of(fixture, "1"))) == Errc::name_taken);
    CHECK_FALSE(fixture.snapshot().find_request("r").value());
    CHECK_FALSE(fixture.store.write_once("r", creation_of(fixture, "2")).value().is_repeated);
}

TEST_CASE("request: of many threads that ask for one, one does it", "[engine][threads]") {
    Fixture fixture;
    std::atomic<int> done = 0;
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                for (int round = 0; round < 20; ++round) {
                    const std::string name = std::to_string(round);
                    const auto answer =
                        fixture.store.write_once("r" + name, creation_of(fixture, name));
                    if (!answer)
                        ++wrong;
                    else if (!answer->is_repeated)
                        ++done;
                }
            });
    }
    CHECK(wrong == 0);
    CHECK(done == 20);
    CHECK(fixture.snapshot().count_versions(fixture.connection).value() == 20);
}

TEST_CASE("request: it is kept as long as was said, and forgotten in time", "[engine]") {
    Fixture fixture({.keep_requests = std::chrono::hours{1}});
    constexpr int requests = 100;  // more than are forgotten in one transaction
    for (int i = 0; i < requests; ++i)
        fixture.store
            .write_once("r" + std::to_string(i),
                        [](Transaction&) -> Result<std::string> { return std::string("done"); })
            .value();
    fixture.clock.move(std::chrono::hours{1} - std::chrono::milliseconds{1});
    fixture.create("1");
    CHECK(fixture.snapshot().find_request("r0").value());
    fixture.clock.move(std::chrono::hours{1});
    fixture.create("2");  // a write forgets a few
    const auto kept = [&] {
        int count = 0;
        for (int i = 0; i < requests; ++i)
            count += fixture.snapshot().find_request("r" + std::to_string(i)).value().has_value();
        return count;
    };
    CHECK(kept() == requests - 16);
    check_is_sound(fixture.store);
    collect_garbage(fixture.store).value();
    CHECK(kept() == 0);
    check_is_sound(fixture.store);
    CHECK_FALSE(fixture.store.write_once("r0", creation_of(fixture, "3")).value().is_repeated);
}

TEST_CASE("request: it may be kept for ever", "[engine]") {
    Fixture fixture({.keep_requests = std::chrono::milliseconds::max()});
    CHECK_FALSE(fixture.store.write_once("r", creation_of(fixture, "1")).value().is_repeated);
    fixture.clock.move(std::chrono::hours{24 * 365 * 1000});
    collect_garbage(fixture.store).value();
    CHECK(fixture.store.write_once("r", creation_of(fixture, "1")).value().is_repeated);
    check_is_sound(fixture.store);
}

TEST_CASE("request: ids and answers have limits, and an id has one answer", "[engine]") {
    Fixture fixture;
    const auto nothing = [](Transaction&) -> Result<std::string> { return std::string(); };
    CHECK(error_of(fixture.store.write_once("", nothing), {"255"}) == Errc::option_invalid);
    CHECK(error_of(fixture.store.write_once(std::string(256, 'r'), nothing), {"256"}) ==
          Errc::option_invalid);
    CHECK(fixture.store.write_once(std::string(255, 'r'), nothing).value().answer.empty());
    const auto large = [](Transaction&) -> Result<std::string> {
        return std::string((std::size_t{1} << 20) + 1, 'a');
    };
    CHECK(error_of(fixture.store.write_once("r", large), {"1048576"}) == Errc::limit_exceeded);
    CHECK_FALSE(fixture.snapshot().find_request("r").value());
    const auto twice = fixture.store.write([](Transaction& transaction) -> Result<void> {
        transaction.keep_request("r", "one").value();
        return transaction.keep_request("r", "two");
    });
    CHECK(error_of(twice, {"\"r\""}) == Errc::id_taken);
    CHECK_FALSE(fixture.snapshot().find_request("r").value());
}
