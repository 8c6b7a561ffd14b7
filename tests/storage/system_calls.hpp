// A hand on the system calls that write, on pread and on mmap: a test can let one fail, fall short,
// or be the last that its process makes. The program's own definitions of them are found before the
// C library's, by LMDB too.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

namespace verso::storage {

/// A call that is about to be made.
struct SystemCall {
    std::string_view name;  ///< pwrite, writev, fsync, fdatasync, renameat2, pread, mmap
    off_t offset = -1;      ///< Of pwrite, pread and mmap.
    int descriptor = -1;    ///< Of all but renameat2.
    std::span<const iovec> parts = {};  ///< What pwrite and writev write.
    std::size_t length = 0;             ///< Of mmap, in bytes.
};

/// What happens instead of a call: 0 lets it pass, an errno fails it, fall_short writes half of the
/// bytes.
using OnCall = std::function<int(const SystemCall&)>;
inline constexpr int fall_short = -1;

/// Has `on_call` asked before each call, for as long as it lives. One at a time.
class WatchedCalls {
public:
    enum class Which : std::uint8_t { writing, reading, mapping };

    explicit WatchedCalls(OnCall on_call, Which which = Which::writing);
    ~WatchedCalls();
    WatchedCalls(const WatchedCalls&) = delete;
    WatchedCalls& operator=(const WatchedCalls&) = delete;
};

}  // namespace verso::storage
