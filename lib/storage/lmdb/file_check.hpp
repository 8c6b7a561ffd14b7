// What a file is, looked at before LMDB maps it: LMDB believes what it maps, and a page beyond the
// file's end kills the process.
#pragma once

#include "storage/lmdb/page_file.hpp"

#include <cstdint>
#include <filesystem>

namespace verso::storage::lmdb {

/// Fails unless the file begins as one of this LMDB line.
///
/// Errors: store_invalid (empty, or something else), format_unsupported (another LMDB line's),
///         corrupt.
void check_header(int descriptor, const std::filesystem::path& path);

/// The id of the last commit, as the header pages say.
[[nodiscard]] std::uint64_t newest_commit(const PageFile& file, const std::filesystem::path& path);

/// Fails with corrupt where a header page is not its own or of another time than the other, or
/// pages that are in use in the state that a read transaction holds lie beyond the file's end. O(1)
/// unless the file is shorter than its header says, which it may be when its last pages are free:
/// then O(free list).
void check_whole(const PageFile& file, std::uint64_t transaction_id,
                 const std::filesystem::path& path);

}  // namespace verso::storage::lmdb
