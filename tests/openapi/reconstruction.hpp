// The way back from what a description was converted to, and whether it leads to the same one:
// compared by tokens, so that 1.10 is not 1.1, and without regard to the order of members.
#pragma once

#include "openapi/converted.hpp"

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verso::openapi::test {

/// The description of what another one was converted to.
[[nodiscard]] std::string description_of(std::span<const ConvertedResource> resources);

/// The same as a value.
[[nodiscard]] boost::json::value reconstruct(std::span<const ConvertedResource> resources);

/// Where two JSON texts differ: JSON Pointers, each with what is there; the first few.
[[nodiscard]] std::vector<std::string> differences(std::string_view a, std::string_view b);

}  // namespace verso::openapi::test
