// How values lie in LMDB: a checksum of 8 bytes, little-endian, then the bytes. It covers the key
// as well, so that a value that shows up under another key is found out too. Part of the stored
// format.
#pragma once

#include "domain/bytes.hpp"

#include <cstdint>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace verso::storage::lmdb {

inline constexpr std::size_t checksum_bytes = 8;

/// XXH3-64 of the bytes, exclusive-or XXH3-64 of the key.
[[nodiscard]] inline std::uint64_t checksum(BytesView key, BytesView bytes) noexcept {
    return XXH3_64bits(bytes.data(), bytes.size()) ^ XXH3_64bits(key.data(), key.size());
}

/// Writes the checksum, then the bytes. Requires: room for both at `to`.
inline void seal(char* to, BytesView key, BytesView bytes) noexcept {
    std::uint64_t sum = checksum(key, bytes);
    if constexpr (std::endian::native == std::endian::big) sum = detail::swap_bytes(sum);
    std::memcpy(to, &sum, sizeof sum);
    if (!bytes.empty()) std::memcpy(to + checksum_bytes, bytes.data(), bytes.size());
}

}  // namespace verso::storage::lmdb
