// Goal: every test case is run by ctest, once, and a test that runs nothing fails. Method: ctest's
// own list is held against the test programs' lists, and the safeguards are tried on what they are
// to catch.
#include "house/registration.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

using namespace verso::house;

namespace {

const std::string this_program = std::filesystem::read_symlink("/proc/self/exe").string();

/// The name of the one test case that a filter matches: CMake escapes the commas of a name for
/// Catch2.
std::string name_of(std::string filter) {
    std::erase(filter, '\\');
    return filter;
}

bool is_test_program(const std::string& path) { return path.ends_with("_tests"); }

}  // namespace

TEST_CASE("registration: ctest runs every test case of every test program once", "[house]") {
    std::map<std::string, std::vector<std::string>> names_run;
    for (const RegisteredTest& test : registered_tests(VERSO_BINARY_DIR)) {
        INFO(test.name << " (not built? build everything, then run the tests again)");
        REQUIRE_FALSE(test.command.empty());
        if (!is_test_program(test.command.front())) continue;
        CHECK(test.command.size() == 4);
        CHECK(std::vector(test.command.end() - 2, test.command.end()) ==
              std::vector<std::string>{"-w", "NoTests"});
        names_run[test.command.front()].push_back(name_of(test.command.at(1)));
    }
    CHECK(names_run.contains(this_program));
    for (auto& [program, registered] : names_run) {
        INFO(program);
        auto names = test_cases(program);
        CHECK(name_errors(names) == std::vector<std::string>{});
        std::ranges::sort(names);
        std::ranges::sort(registered);
        CHECK(registered == names);
    }
}

TEST_CASE("registration: a filter that matches no test case fails", "[house]") {
    CHECK(run({this_program, "there is no such test case", "-w", "NoTests"}).status != 0);
    CHECK(run({this_program, "registration: a name that a filter misreads is an error", "-w",
               "NoTests"})
              .status == 0);
}

TEST_CASE("registration: a name that a filter misreads is an error", "[house]") {
    CHECK(name_errors({"merge: (a -> b) = 'c', & 100 %", "merge: another"}).empty());
    for (const char* name : {"a; b", "a [b]", "a [ b", "a \\ b", "a \"b\"", "a*", "~a", "-a"}) {
        INFO(name);
        CHECK(name_errors({name}).size() == 1);
    }
    CHECK(name_errors({"Same name", "same name"}).size() == 1);
}
