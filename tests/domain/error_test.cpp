// The library's errors as values, as names, and as codes of Boost.System.
#include <verso/error.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace verso;

namespace {

/// Every code: they are numbered from 1 without gaps.
std::vector<Errc> all_codes() {
    std::vector<Errc> codes;
    for (int code = 1; name(static_cast<Errc>(code)) != "unknown"; ++code)
        codes.push_back(static_cast<Errc>(code));
    return codes;
}

}  // namespace

TEST_CASE("errors: every code has a name of its own", "[domain][error]") {
    std::set<std::string_view> names;
    for (const Errc code : all_codes()) names.insert(name(code));
    CHECK(names.size() == all_codes().size());
    CHECK(all_codes().size() == static_cast<std::size_t>(Errc::internal_error));
    CHECK(names.count("") == 0);
}

TEST_CASE("errors: the names that hosts compare are stable", "[domain][error]") {
    CHECK(name(Errc::name_invalid) == "name_invalid");
    CHECK(name(Errc::limit_exceeded) == "limit_exceeded");
    CHECK(name(Errc::version_not_found) == "version_not_found");
    CHECK(name(Errc::name_taken) == "name_taken");
    CHECK(name(Errc::version_published) == "version_published");
    CHECK(name(Errc::definition_referenced) == "definition_referenced");
    CHECK(name(Errc::revision_mismatch) == "revision_mismatch");
    CHECK(name(Errc::corrupt) == "corrupt");
    CHECK(name(static_cast<Errc>(0)) == "unknown");
    CHECK(name(static_cast<Errc>(9999)) == "unknown");
}

TEST_CASE("errors: a code is an error_code of the category verso", "[domain][error]") {
    const boost::system::error_code code = Errc::name_taken;
    CHECK(code.failed());
    CHECK(code == Errc::name_taken);
    CHECK(code != Errc::name_reserved);
    CHECK(code.category() == error_category());
    CHECK(std::string(code.category().name()) == "verso");
    CHECK(code.message() == "name_taken");
    CHECK(code.value() == static_cast<int>(Errc::name_taken));
    CHECK(make_error_code(Errc::corrupt) == boost::system::error_code(Errc::corrupt));
}

TEST_CASE("errors: value() of a failed result throws what went wrong", "[domain][error]") {
    const Error error{
        Errc::store_full, "the store is full: raise map_size_bytes", {{"map", "full"}}};
    const Result<int> result = error;
    REQUIRE(!result);
    CHECK(result.error() == error);
    try {
        static_cast<void>(result.value());
        FAIL("value() answered");
    } catch (const BadResult& bad) {
        CHECK(bad.error() == error);
        CHECK(std::string(bad.what()) == "store_full: the store is full: raise map_size_bytes");
    }
}

TEST_CASE("errors: a result without a value throws as well", "[domain][error]") {
    const Result<void> result = Error{Errc::corrupt, "a page is damaged", {}};
    CHECK_THROWS_AS(result.value(), BadResult);
    CHECK_NOTHROW(Result<void>().value());
}
