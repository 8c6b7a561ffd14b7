// Goal: the top level shows the architecture and nothing else. Method: its folders are listed.
#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <string>

namespace {

bool is_kept_out_of_git(const std::string& name) {
    return name.starts_with('.') || name.starts_with("build");
}

}  // namespace

TEST_CASE("top level: include, lib, bench, tests and docs are its only folders", "[house]") {
    const std::set<std::string> allowed{"include", "lib", "bench", "tests", "docs"};
    for (const auto& entry : std::filesystem::directory_iterator(VERSO_SOURCE_DIR)) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_directory() || is_kept_out_of_git(name)) continue;
        INFO("the folder " << name);
        CHECK(allowed.contains(name));
    }
}
