// Errors on their way through the library: thrown below, results at the API.
#include "domain/failure.hpp"

#include <catch2/catch.hpp>

#include <memory>

using namespace verso;

TEST_CASE("failure: guarded answers what the body returns", "[domain][failure]") {
    CHECK(guarded([] { return 7; }).value() == 7);
    CHECK(guarded([] {}).has_value());
    CHECK(*guarded([] { return std::make_unique<int>(7); }).value() == 7);
}

TEST_CASE("failure: guarded answers the error that the body fails with", "[domain][failure]") {
    const auto result =
        guarded([]() -> int { fail(Errc::disk_full, "no space is left: free some"); });
    REQUIRE(!result);
    CHECK(result.error().code == Errc::disk_full);
    CHECK(result.error().message == "no space is left: free some");
    const Error error{Errc::name_invalid, "bad", {{"name", "bad"}}};
    CHECK(guarded([&] { fail(error); }).error() == error);
}

TEST_CASE("failure: must hands a value on and an error up", "[domain][failure]") {
    CHECK(must(Result<int>(7)) == 7);
    const Error error{Errc::corrupt, "damaged", {}};
    CHECK(guarded([&] { return must(Result<int>(error)); }).error() == error);
    CHECK(guarded([&] { must(Result<void>(error)); }).error() == error);
}

TEST_CASE("failure: other exceptions pass through guarded", "[domain][failure]") {
    CHECK_THROWS_AS(guarded([] { throw std::bad_alloc(); }), std::bad_alloc);
}
