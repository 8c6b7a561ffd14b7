// What a file is, looked at before LMDB maps it: LMDB believes what it maps, and a page beyond the
// file's end kills the process.
#pragma once

#include <cstdint>
#include <filesystem>

namespace verso::storage::lmdb {

/// Fails unless the file begins as one of this LMDB line.
///
/// Errors: store_invalid (empty, or something else), format_unsupported (another LMDB line's),
///         corrupt.
void check_header(const std::filesystem::path& path);

/// Which state of the file a check is about: that of a read transaction, so that nothing of it
/// changes.
struct FileState {
    int descriptor = -1;
    std::uint64_t transaction_id = 0;
    std::uint64_t page_bytes = 0;
};

/// Fails with corrupt where pages in use lie beyond the file's end. O(1) unless the file is shorter
/// than its header says, which it may be when its last pages are free: then O(free list).
void check_not_cut_short(const FileState& state, const std::filesystem::path& path);

}  // namespace verso::storage::lmdb
