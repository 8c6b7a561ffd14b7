// What the tests open stores with.
#pragma once

#include "storage/lmdb/lmdb_storage.hpp"

#include <cstdint>
#include <filesystem>

namespace verso::storage {

/// A small map, and no waiting for the disk.
inline LmdbOptions options_for(const std::filesystem::path& path) {
    return {.path = path, .map_size_bytes = std::uint64_t{1} << 30, .durability = Durability::none};
}

}  // namespace verso::storage
