// Values of Boost.JSON and text, in both directions, exactly.
#include "domain/json_value.hpp"
#include "domain/random_json.hpp"
#include "domain/reading.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <bit>
#include <cstdlib>
#include <random>

using namespace verso;
using test::RandomJson;
using test::read;
using test::written;

TEST_CASE("json value: doubles read back as the same double", "[domain][json]") {
    std::mt19937_64 random(99);
    for (int i = 0; i < 100'000; ++i) {
        const double value = std::bit_cast<double>(random());
        if (!std::isfinite(value)) continue;
        REQUIRE(std::bit_cast<std::uint64_t>(read(written(value)).as_double()) ==
                std::bit_cast<std::uint64_t>(value));
    }
}

TEST_CASE("json value: decimals are rounded as strtod does", "[domain][json]") {
    std::mt19937_64 random(100);
    for (int i = 0; i < 100'000; ++i) {
        const std::string text =
            std::to_string(random() % 1'000'000) + "." + std::to_string(random() % 1'000'000'000);
        REQUIRE(read(text).as_double() == std::strtod(text.c_str(), nullptr));
    }
}

TEST_CASE("json value: integers keep their type and whole doubles stay doubles", "[domain][json]") {
    CHECK(read("9223372036854775807").is_int64());
    CHECK(read("9223372036854775808").is_uint64());
    CHECK(read("18446744073709551616").is_double());
    CHECK(read("1.0").is_double());
    CHECK(written(1.0) == "1.0");
    CHECK(written(1e300) == "1e+300");
    CHECK(written(1e22) == "1e+22");
    CHECK(std::signbit(read("-0").as_double()));
    CHECK(read("1e-400").as_double() == 0);
    CHECK(std::signbit(read("-1e-400").as_double()));
}

TEST_CASE("json value: what is read and written and read again is the same", "[domain][json]") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        INFO("seed " << seed);
        const auto value = read(RandomJson::joined(RandomJson(seed).object()));
        const std::string text = written(value);
        REQUIRE(read(text) == value);
        REQUIRE(written(read(text)) == text);
    }
}
