// How a version, or what one held at a commit, is named.
#pragma once

#include <verso/domain/ids.hpp>

#include <cstdint>
#include <string_view>

namespace verso {

/// Which version: its connection and its name, or `latest` or `default`.
struct VersionKey {
    ConnectionId connection;
    std::string_view name;     ///< With a commit, none: whatever version; a lease keeps the commit.
    std::uint64_t commit = 0;  ///< To read: what it held at this commit of its log. 0: it now.

    /// Whether it names what a lease keeps, whatever becomes of the version.
    [[nodiscard]] bool is_of_lease() const noexcept { return name.empty() && commit != 0; }
};

}  // namespace verso
