// Real API documents, where they are at hand. The folder is that of the environment variable
// VERSO_DATA_DIR, else the one that the build was told.
#pragma once

#include "read_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace verso::test {

/// The releases of GitHub's API description, in the order of their names.
inline std::vector<std::string> real_documents() {
    const char* const told = std::getenv("VERSO_DATA_DIR");
    std::error_code ignored;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry :
         std::filesystem::directory_iterator(told != nullptr ? told : VERSO_DATA_DIR, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("github-") && name.ends_with(".json")) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> texts;
    for (const auto& path : paths) texts.push_back(read_file(path));
    return texts;
}

}  // namespace verso::test
