// What LMDB's and the system's error codes mean to somebody who has a store, and what he can do
// about them.
#pragma once

#include <filesystem>
#include <string_view>

namespace verso::storage::lmdb {

/// Throws the Failure that `code` (LMDB's or errno's) stands for. `doing` is what failed, as "open"
/// or "commit to"; the message goes on with the store's path.
[[noreturn]] void fail_lmdb(int code, std::string_view doing, const std::filesystem::path& path);

/// Fails with store_invalid: `path` is a folder, a pipe, a device.
[[noreturn]] void fail_irregular(const std::filesystem::path& path);

/// As fail_lmdb(), unless `code` is success.
inline void check_lmdb(int code, std::string_view doing, const std::filesystem::path& path) {
    if (code != 0) fail_lmdb(code, doing, path);
}

}  // namespace verso::storage::lmdb
