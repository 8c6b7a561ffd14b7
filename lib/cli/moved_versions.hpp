// What became of versions that were moved, as text and as JSON.
#pragma once

#include <verso/bundle.hpp>

#include "domain/json_writer.hpp"

#include <string>
#include <vector>

namespace verso::cli {

/// `2 versions added, 1 updated`, and a line for each conflict; with `all`, for each version.
[[nodiscard]] std::string format_moved(const std::vector<MovedVersion>& versions, bool all);

/// An array of {"id", "name", "outcome"}.
void write_moved(JsonWriter& json, const std::vector<MovedVersion>& versions);

[[nodiscard]] bool has_conflicts(const std::vector<MovedVersion>& versions);

}  // namespace verso::cli
