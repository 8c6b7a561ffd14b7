// What a list says of a resource besides its name.
#pragma once

#include <verso/domain/kind.hpp>

#include <string>
#include <string_view>

namespace verso::cli {

/// In a few words, as `GET /berths/{{ param.berthId }}` of an action, safe to be shown.
///
/// Requires: `document` is a resource's. O(its size).
[[nodiscard]] std::string facts(Kind kind, std::string_view document);

}  // namespace verso::cli
