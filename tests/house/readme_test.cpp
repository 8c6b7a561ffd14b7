// Goal: what the README shows is what compiles. Method: its C++ block is compared with the marked
// lines of docs/examples/readme.cpp, which the build compiles.
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>
#include <string>

namespace {

/// The lines between the two that hold `begin` and, after it, `end`, without their common indent.
std::string between(const std::string& path, const std::string& begin, const std::string& end,
                    std::size_t indent) {
    std::ifstream in(std::string(VERSO_SOURCE_DIR) + "/" + path);
    std::string found;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (inside && line.find(end) != std::string::npos) return found;
        if (inside) found += (line.size() > indent ? line.substr(indent) : "") + "\n";
        if (line.find(begin) != std::string::npos) inside = true;
    }
    return {};
}

}  // namespace

TEST_CASE("readme: its example is the one that is compiled", "[house]") {
    const std::string compiled = between("docs/examples/readme.cpp", "[readme]", "[readme]", 4);
    REQUIRE_FALSE(compiled.empty());
    CHECK(between("README.md", "```cpp", "```", 0) == compiled);
}
