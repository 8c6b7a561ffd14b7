// How much of one thing a test tries, where under a sanitizer each takes several times as long.
#pragma once

#include <cstdint>

namespace verso::test {

/// `count`; in a build for a sanitizer, which has all of it tried without one beside, `sanitized`.
[[nodiscard]] constexpr std::uint64_t less_if_sanitized([[maybe_unused]] std::uint64_t count,
                                                        [[maybe_unused]] std::uint64_t sanitized) {
#ifdef VERSO_SANITIZED
    return sanitized;
#else
    return count;
#endif
}

}  // namespace verso::test
