// The way back, in its simplest form: makes the description of what it was converted to. That it
// can be written at all, and gives an equal value, is what "nothing is lost" means.
#pragma once

#include "openapi/converted.hpp"

#include <boost/json/value.hpp>

#include <span>

namespace verso::openapi::test {

[[nodiscard]] boost::json::value reconstruct(std::span<const ConvertedResource> resources);

}  // namespace verso::openapi::test
