// The SHA-256 of some content: equal digests mean equal content.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace verso {

/// A SHA-256 digest. Thread safety: a value. Source: FIPS 180-4
struct Digest {
    std::array<std::uint8_t, 32> bytes{};

    friend auto operator<=>(const Digest&, const Digest&) = default;
};

/// 64 hexadecimal digits in lower case.
[[nodiscard]] std::string to_string(const Digest& digest);

}  // namespace verso
