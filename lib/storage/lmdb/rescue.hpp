// Reads what can still be read of a damaged file, page by page and without LMDB, which may not
// survive it.
#pragma once

#include "domain/visitor.hpp"
#include "storage/storage.hpp"

#include <filesystem>
#include <string>

namespace verso::storage {

/// Copies every value whose checksum holds into an empty storage, and tells `lost` where something
/// could not be read, and what. Of several under one key it is the one that is in its own place.
/// Requires: nobody writes to the file meanwhile. O(values); memory: 32 bytes for each chunk.
///
/// Failures: store_not_found, permission_denied; store_invalid (neither of its header pages leads
/// to a table); disk_full, io_failed.
void rescue_lmdb(const std::filesystem::path& path, Storage& to,
                 Visitor<const std::string&, const std::string&> lost);

}  // namespace verso::storage
