// Where a path leads.
#pragma once

#include <filesystem>

namespace verso::storage {

/// Follows the links at the end of a path, also to where there is no file yet. A path whose links
/// lead back to themselves stays what it is; opening it fails.
[[nodiscard]] std::filesystem::path follow_links(const std::filesystem::path& path);

}  // namespace verso::storage
