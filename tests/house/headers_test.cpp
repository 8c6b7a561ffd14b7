// Goal: every public header is installed, and verified to compile alone. Method: the list that both
// are made from, lib/headers.cmake, is held against the folder include/; and so is what one gets
// who includes verso/verso.hpp.
#include <verso/library_version.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

std::set<std::string> headers_in_folder(const fs::path& folder) {
    std::set<std::string> headers;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            headers.insert(entry.path().lexically_relative(folder).generic_string());
    return headers;
}

std::set<std::string> headers_in_list(const fs::path& file) {
    std::ifstream in(file);
    std::set<std::string> headers;
    for (std::string word; in >> word;)
        if (word.starts_with("verso/")) headers.insert(word);
    return headers;
}

/// Adds the public headers that one is or includes, itself or by others.
void add_included(const fs::path& folder, const std::string& header, std::set<std::string>& found) {
    if (!found.insert(header).second) return;
    std::ifstream in(folder / header);
    for (std::string word; in >> word;)
        if (word.starts_with("<verso/") && word.ends_with('>'))
            add_included(folder, word.substr(1, word.size() - 2), found);
}

std::vector<std::string> in_one_only(const std::set<std::string>& one,
                                     const std::set<std::string>& other) {
    std::vector<std::string> headers;
    std::ranges::set_symmetric_difference(one, other, std::back_inserter(headers));
    return headers;
}

}  // namespace

TEST_CASE("headers: verso/verso.hpp includes each of them", "[house]") {
    const fs::path folder = fs::path(VERSO_SOURCE_DIR) / "include";
    std::set<std::string> included;
    add_included(folder, "verso/verso.hpp", included);
    CHECK(in_one_only(headers_in_folder(folder), included) == std::vector<std::string>{});
}

TEST_CASE("headers: lib/headers.cmake lists what include/ holds", "[house]") {
    const fs::path root = VERSO_SOURCE_DIR;
    const auto held = headers_in_folder(root / "include");
    const auto listed = headers_in_list(root / "lib" / "headers.cmake");
    CHECK_FALSE(held.empty());

    CHECK(in_one_only(held, listed) == std::vector<std::string>{});
}

TEST_CASE("headers: the macros and the constant name one library version", "[house]") {
    CHECK(std::to_string(VERSO_VERSION_MAJOR) + "." + std::to_string(VERSO_VERSION_MINOR) + "." +
              std::to_string(VERSO_VERSION_PATCH) ==
          verso::library_version);
}
