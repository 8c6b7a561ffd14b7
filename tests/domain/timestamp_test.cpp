#include <verso/domain/timestamp.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace verso;
using namespace std::chrono_literals;

TEST_CASE("timestamp: is written in UTC with milliseconds", "[domain][timestamp]") {
    CHECK(format_timestamp(Timestamp{}) == "1970-01-01T00:00:00.000Z");
    CHECK(format_timestamp(Timestamp{1ms}) == "1970-01-01T00:00:00.001Z");
    CHECK(format_timestamp(Timestamp{-1ms}) == "1969-12-31T23:59:59.999Z");
    CHECK(format_timestamp(Timestamp{1769851800000ms}) == "2026-01-31T09:30:00.000Z");
}

TEST_CASE("timestamp: what is formatted parses to the same time", "[domain][timestamp]") {
    std::mt19937_64 random(4);
    const auto first = parse_timestamp("0000-01-01T00:00:00.000Z").value();
    const auto last = parse_timestamp("9999-12-31T23:59:59.999Z").value();
    std::uniform_int_distribution<std::int64_t> any(first.time_since_epoch().count(),
                                                    last.time_since_epoch().count());
    for (int i = 0; i < 1000; ++i) {
        const Timestamp time{std::chrono::milliseconds(any(random))};
        REQUIRE(parse_timestamp(format_timestamp(time)).value() == time);
    }
}

TEST_CASE("timestamp: other forms and days that are not are refused", "[domain][timestamp]") {
    CHECK(parse_timestamp("2024-02-29T23:59:59.999Z").has_value());
    const char* const bad[] = {
        "",
        "2026-01-31",
        "2026-01-31T09:30:00Z",
        "2026-01-31T09:30:00.0000Z",
        "2026-01-31T09:30:00.000z",
        "2026-01-31t09:30:00.000Z",
        "2026-01-31 09:30:00.000Z",
        "2026-01-31T09:30:00.000+00:00",
        "2026-02-29T09:30:00.000Z",
        "2026-00-01T09:30:00.000Z",
        "2026-13-01T09:30:00.000Z",
        "2026-01-32T09:30:00.000Z",
        "2026-01-00T09:30:00.000Z",
        "2026-01-31T24:00:00.000Z",
        "2026-01-31T09:60:00.000Z",
        "2026-01-31T09:30:60.000Z",
        "-026-01-31T09:30:00.000Z",
    };
    for (const char* const text : bad) {
        INFO(text);
        const auto parsed = parse_timestamp(text);
        REQUIRE(!parsed);
        CHECK(parsed.error().code == Errc::option_invalid);
    }
}
