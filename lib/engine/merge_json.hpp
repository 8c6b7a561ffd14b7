// What a merge did, as JSON: how it is answered on the wire and printed.
#pragma once

#include <verso/merge.hpp>

#include <string>

namespace verso {

/// `{"outcome", "version", "changes", "conflicts"}`
[[nodiscard]] std::string to_json(const MergeReport& report);

}  // namespace verso
