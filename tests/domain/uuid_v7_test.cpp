// Ids of version 7 out of a clock and randomness that the tests hold still.
#include "domain/uuid_v7.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <random>
#include <set>

using namespace verso;
using namespace std::chrono_literals;

namespace {

/// Randomness that a seed fixes, and how often it was asked for.
struct SeededRandom {
    std::mt19937_64 engine{7};
    int calls = 0;

    void operator()(std::span<std::byte> bytes) {
        ++calls;
        for (std::byte& byte : bytes) byte = static_cast<std::byte>(engine());
    }
};

void ones(std::span<std::byte> bytes) { std::memset(bytes.data(), 0xff, bytes.size()); }

std::uint64_t milliseconds_of(const Uuid& uuid) {
    std::uint64_t value = 0;
    for (int i = 0; i < 6; ++i) value = value << 8 | uuid.data[i];
    return value;
}

}  // namespace

TEST_CASE("uuid v7: time and version and variant stand where RFC 9562 puts them",
          "[domain][uuid]") {
    SeededRandom random;
    IdSource ids([] { return Timestamp{0x017f22e279b0ms}; }, std::ref(random));
    for (int i = 0; i < 1000; ++i) {
        const Uuid uuid = ids.next();
        REQUIRE(milliseconds_of(uuid) == 0x017f22e279b0);
        REQUIRE(uuid.data[6] >> 4 == 7);
        REQUIRE(uuid.data[8] >> 6 == 2);
    }
}

TEST_CASE("uuid v7: ids rise while the clock stands still or steps back or forth",
          "[domain][uuid]") {
    SeededRandom random;
    std::mt19937_64 steps(11);
    auto now = 1'700'000'000'000ms;
    IdSource ids(
        [&] {
            if (steps() % 3 == 0)
                now += std::chrono::milliseconds(static_cast<int>(steps() % 11) - 5);
            return Timestamp{now};
        },
        std::ref(random));
    Uuid last = ids.next();
    for (int i = 0; i < 200'000; ++i) {
        const Uuid next = ids.next();
        REQUIRE(last < next);
        last = next;
    }
}

TEST_CASE("uuid v7: a full random part carries into the time", "[domain][uuid]") {
    IdSource ids([] { return Timestamp{5ms}; }, ones);
    const Uuid first = ids.next();
    const Uuid second = ids.next();
    CHECK(format_uuid(first) == "00000000-0005-7fff-bfff-ffffffffffff");
    CHECK(format_uuid(second) == "00000000-0006-7000-8000-0000ffffffff");
    CHECK(ids.next() > second);
}

TEST_CASE("uuid v7: a time before 1970 counts as 1970", "[domain][uuid]") {
    SeededRandom random;
    IdSource ids([] { return Timestamp{-5ms}; }, std::ref(random));
    CHECK(milliseconds_of(ids.next()) == 0);
    CHECK(ids.next() > Uuid{});
}

TEST_CASE("uuid v7: two sources of one moment make different ids", "[domain][uuid]") {
    std::set<Uuid> seen;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        SeededRandom random{std::mt19937_64(seed)};
        IdSource ids([] { return Timestamp{1ms}; }, std::ref(random));
        for (int i = 0; i < 10; ++i) seen.insert(ids.next());
    }
    CHECK(seen.size() == 1000);
}

TEST_CASE("uuid v7: randomness is drawn in blocks", "[domain][uuid]") {
    SeededRandom random;
    std::int64_t now = 0;
    IdSource ids([&] { return Timestamp{std::chrono::milliseconds(++now)}; }, std::ref(random));
    for (int i = 0; i < 1000; ++i) static_cast<void>(ids.next_id<VersionId>());
    CHECK(random.calls < 12);
}
