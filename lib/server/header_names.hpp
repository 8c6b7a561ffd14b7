// Names of headers, and other tokens of HTTP that mean the same in any case.
#pragma once

#include <boost/beast/core/string.hpp>

#include <string_view>

namespace verso::server {

[[nodiscard]] inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

}  // namespace verso::server
