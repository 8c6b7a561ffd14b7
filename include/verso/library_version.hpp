// The library's own version. It stands here and nowhere else: the build reads it from these lines.
#pragma once

#define VERSO_VERSION_MAJOR 0
#define VERSO_VERSION_MINOR 1
#define VERSO_VERSION_PATCH 0

namespace verso {

/// The library's version, as `0.1.0` (a connection's versions are another thing:
/// ConnectionVersion).
inline constexpr const char* library_version = "0.1.0";

}  // namespace verso
