// Paths, as a description writes their parameters and as an Action does.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace verso::openapi {

/// The names in braces: of `/pets/{id}`, `id`. Lifetime: that of the path.
[[nodiscard]] std::vector<std::string_view> path_parameters(std::string_view path);

/// The text with the value of each name instead of the first braces that have it; others stay, so
/// that the result is no longer than both together.
[[nodiscard]] std::string fill_braces(std::string_view text,
                                      std::map<std::string, std::string, std::less<>> values);

/// `/pets/{id}` as `/pets/{{ param.id }}`.
[[nodiscard]] std::string to_action_path(std::string_view path);

/// The other way round.
[[nodiscard]] std::string from_action_path(std::string_view path);

}  // namespace verso::openapi
