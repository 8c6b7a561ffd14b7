// Goal:   each parameter is taken strictly in its form, and none in silence.
// Method: tables of queries with what they say, or the field that is at fault.

#include "http/query.hpp"

#include "domain/failure.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace verso::http {
namespace {

Query read(std::string_view text, Parameters parameters = Parameters::paging_by_name) {
    return guarded([&] { return read_query(text, parameters); }).value();
}

/// The field that the query fails with.
std::string fault(std::string_view text, Parameters parameters = Parameters::paging_by_name) {
    const auto query = guarded([&] { return read_query(text, parameters); });
    CAPTURE(text);
    REQUIRE(query.has_error());
    CHECK(query.error().code == Errc::request_invalid);
    REQUIRE(query.error().fields.size() == 1);
    return query.error().fields.front().field;
}

}  // namespace

TEST_CASE("query: without parameters the defaults hold", "[http]") {
    CHECK(read("").page.first == 20);
    CHECK_FALSE(read("").page.after);
    CHECK_FALSE(read("", Parameters::force).force);
}

TEST_CASE("query: parameters are read in any order and decoded", "[http]") {
    const Query query = read("name=a%26b&after=c%3D&first=7");
    CHECK(query.page.first == 7);
    CHECK(query.page.after == "c=");
    CHECK(query.page.name == "a&b");
    CHECK(read("fi%72st=3").page.first == 3);
    CHECK(read("before=a=b").page.before == "a=b");
}

TEST_CASE("query: first is an integer from 1 to 100", "[http]") {
    CHECK(read("first=1").page.first == 1);
    CHECK(read("first=100").page.first == 100);
    for (const std::string_view value : {"", "=", "=0", "=101", "=-1", "=+1", "=01", "=1.0", "=1e1",
                                         "=%201", "=1%20", "=0x1", "=99999999999999999999", "=a"})
        CHECK(fault("first" + std::string(value)) == "first");
}

TEST_CASE("query: force is alone, true or false", "[http]") {
    CHECK(read("force", Parameters::force).force);
    CHECK(read("force=true", Parameters::force).force);
    CHECK_FALSE(read("force=false", Parameters::force).force);
    for (const std::string_view value : {"=", "=1", "=0", "=TRUE", "=yes", "=true%20"})
        CHECK(fault("force" + std::string(value), Parameters::force) == "force");
}

TEST_CASE("query: what the operation does not know is refused", "[http]") {
    CHECK(fault("limit=5") == "limit");
    CHECK(fault("First=5") == "First");
    CHECK(fault("name=a", Parameters::paging) == "name");
    CHECK(fault("first=5", Parameters::force) == "first");
    CHECK(fault("force", Parameters::none) == "force");
    CHECK(fault("=5").empty());
}

TEST_CASE("query: a parameter is given once", "[http]") {
    CHECK(fault("first=5&first=5") == "first");
    CHECK(fault("force&force=true", Parameters::force) == "force");
}

TEST_CASE("query: a page is after or before a cursor", "[http]") {
    CHECK(fault("after=a&before=b") == "before");
    CHECK(fault("after") == "after");
}

}  // namespace verso::http
