// Goal: ranks are those of the stored format, and spread as the tree needs them.

#include "tree/rank.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace verso::tree {

namespace {

constexpr Secret counting = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

}  // namespace

TEST_CASE("rank: it is the one of the stored format", "[tree]") {
    // Computed by another implementation, from the definition.
    const Rank rank(counting);
    for (const char* key : {"", "a", "b", "key", "key0", "key1", "key3"}) CHECK(rank(key) == 0);
    for (const char* key : {"key2", "key12", "key23"}) CHECK(rank(key) == 1);
    for (const char* key : {"key35", "key58", "key125"}) CHECK(rank(key) == 2);
    for (const char* key : {"key415", "key549", "key581"}) CHECK(rank(key) == 3);
}

TEST_CASE("rank: each level has about an eighth of the keys of the one below", "[tree]") {
    const Rank rank(counting);
    std::array<int, Rank::max + 2> above{};
    for (int i = 0; i < 64'000; ++i)
        for (unsigned level = rank("key " + std::to_string(i)); level > 0; --level) ++above[level];
    CHECK(above[1] == Approx(8'000).epsilon(0.1));
    CHECK(above[2] == Approx(1'000).epsilon(0.2));
    CHECK(above[3] == Approx(125).epsilon(0.5));
}

TEST_CASE("rank: another secret gives other ranks", "[tree]") {
    const Rank one(counting);
    const Rank other(Secret{});
    int same_boundaries = 0;
    for (int i = 0; i < 8'000; ++i) {
        const std::string key = "key " + std::to_string(i);
        same_boundaries += one(key) > 0 && other(key) > 0;
    }
    CHECK(same_boundaries < 250);  // 1 in 64 by chance
}

}  // namespace verso::tree
