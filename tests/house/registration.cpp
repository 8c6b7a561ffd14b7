#include "house/registration.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include <sys/wait.h>

namespace verso::house {
namespace {

std::string shell_quoted(std::string_view word) {
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string to_lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

}  // namespace

Outcome run(const std::vector<std::string>& command) {
    std::string line;
    for (const std::string& word : command) line += shell_quoted(word) + ' ';
    FILE* pipe = ::popen(line.c_str(), "r");
    if (!pipe) throw std::runtime_error("cannot run " + line);
    std::string output;
    std::array<char, 4096> part{};
    while (const std::size_t count = std::fread(part.data(), 1, part.size(), pipe))
        output.append(part.data(), count);
    const int status = ::pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, std::move(output)};
}

std::vector<RegisteredTest> registered_tests(const std::string& binary_dir) {
    const Outcome listing = run({VERSO_CTEST, "--test-dir", binary_dir, "--show-only=json-v1"});
    const auto document = boost::json::parse(listing.output);
    std::vector<RegisteredTest> tests;
    for (const auto& test : document.at("tests").as_array()) {
        const auto* command = test.as_object().if_contains("command");  // absent: not built
        tests.push_back({boost::json::value_to<std::string>(test.at("name")),
                         command ? boost::json::value_to<std::vector<std::string>>(*command)
                                 : std::vector<std::string>{}});
    }
    return tests;
}

std::vector<std::string> test_cases(const std::string& program) {
    std::istringstream listing(run({program, "--list-test-names-only"}).output);
    std::vector<std::string> names;
    for (std::string line; std::getline(listing, line);) names.push_back(line);
    return names;
}

std::vector<std::string> name_errors(const std::vector<std::string>& names) {
    constexpr std::string_view unsafe = ";[]\\\"*~";
    std::vector<std::string> errors;
    std::set<std::string> seen;
    for (const std::string& name : names) {
        const auto at = name.find_first_of(unsafe);
        if (at != std::string::npos)
            errors.push_back("\"" + name + "\" has a '" + name[at] + "'; use other words");
        if (name.starts_with('-')) errors.push_back("\"" + name + "\" begins like an option");
        if (!seen.insert(to_lower(name)).second)
            errors.push_back("\"" + name + "\" is there twice but for case, which filters ignore");
    }
    return errors;
}

}  // namespace verso::house
