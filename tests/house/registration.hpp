// What ctest will run, held against what the test programs hold. Catch2 2.13 calls a filter that
// matches no test case a success, and ctest believes it: so a test could be listed, pass, and run
// nothing.
#pragma once

#include <string>
#include <vector>

namespace verso::house {

/// How a command ended, and what it wrote to its standard output.
struct Outcome {
    int status;
    std::string output;
};

/// Runs a program with arguments, without a shell's meanings.
[[nodiscard]] Outcome run(const std::vector<std::string>& command);

/// A test as ctest knows it.
struct RegisteredTest {
    std::string name;
    std::vector<std::string> command;
};

/// Every test of the build in `binary_dir`.
[[nodiscard]] std::vector<RegisteredTest> registered_tests(const std::string& binary_dir);

/// The test cases of a test program.
[[nodiscard]] std::vector<std::string> test_cases(const std::string& program);

/// What is wrong with the names of one program's test cases, a sentence each: characters that ctest
/// or Catch2's filters would take for something else, and names that one filter cannot tell apart.
[[nodiscard]] std::vector<std::string> name_errors(const std::vector<std::string>& names);

}  // namespace verso::house
