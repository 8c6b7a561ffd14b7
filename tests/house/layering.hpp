// The layers of design and who may include whom, read off the #include lines of a source tree.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace verso::house {

/// What breaks the layering of the tree at `root` (which has include/ and lib/), a sentence each,
/// in order of file. The rules stand at the top of layering.cpp.
[[nodiscard]] std::vector<std::string> layering_violations(const std::filesystem::path& root);

}  // namespace verso::house
