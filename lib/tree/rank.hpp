// The rank of a key: what decides where nodes end. A keyed hash, so that whoever may choose names
// cannot build a giant node without the store's secret.
#pragma once

#include "domain/bytes.hpp"

#include <array>
#include <cstdint>

namespace verso::tree {

/// 16 random bytes, drawn when a store is created. Part of the stored format; it never leaves the
/// store.
using Secret = std::array<std::uint8_t, 16>;

/// Thread safety: immutable.
class Rank {
public:
    /// The bits of the hash that make one level: nodes of 8 entries on average. Part of the stored
    /// format.
    static constexpr unsigned bits_per_level = 3;

    /// The highest rank that there is.
    static constexpr unsigned max = 64 / bits_per_level;

    explicit Rank(const Secret& secret) noexcept : secret_(secret) {}

    /// The rank of `key`; it ends its node on the levels below that. O(length of the key).
    ///
    /// The zero bits at the end of a number, divided by bits_per_level. The number is the first 8
    /// bytes, little-endian, of SHA-256(secret, key). Part of the stored format.
    [[nodiscard]] unsigned operator()(BytesView key) const;

private:
    Secret secret_;
};

}  // namespace verso::tree
