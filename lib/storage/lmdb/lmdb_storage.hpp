// The storage port on LMDB: the embedded database that a store is by default. One file, and LMDB's
// lock file `<file>-lock` beside it; any number of processes may have it open, each of them once.
//
// The adapter guards what LMDB leaves to its caller: a file that is not a store or was cut short, a
// second open in one process, use after fork, network file systems, readers that died, a full map
// or disk, a crash while the file is created, pages that were damaged on the disk.
#pragma once

#include "storage/storage.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace verso::storage {

/// What a commit waits for.
enum class Durability : std::uint8_t {
    full,     ///< Each commit is on disk when it returns.
    relaxed,  ///< A power cut may undo the last commit; it never harms the structure.
    none,     ///< A power cut may ruin the store, a crash of the process does not: tests, scratch
              ///< stores.
};

struct LmdbOptions {
    std::filesystem::path path;
    bool create = true;  ///< Make the store where there is no file.
    /// Of a new file, less what the umask takes.
    std::filesystem::perms permissions{0666};
    /// What the file may grow to: address space, not memory. Halved down to 1 GiB where it is
    /// refused. Be generous: in a full store even an erasure can fail, since what it changes is
    /// written anew.
    std::uint64_t map_size_bytes = std::uint64_t{1} << 40;
    Durability durability = Durability::full;
    /// Read transactions at one time over all processes. The first process to open the store
    /// decides.
    std::uint32_t max_readers = 1024;
    bool allow_network_file_system = false;
    bool check_checksums = true;  ///< Of what is read; they are always written.
};

/// Opens a store, or creates it.
///
/// Requires: what the storage gives out ends before it. A write transaction begins and ends on one
///           thread.
/// Errors:   option_invalid, store_not_found, store_invalid, format_unsupported,
///           store_open_already, permission_denied, file_system_unsupported, disk_full, corrupt,
///           io_failed. Later also store_forked, nested_write, store_full, readers_full,
///           limit_exceeded (a key's or a transaction's size).
[[nodiscard]] std::unique_ptr<Storage> open_lmdb(const LmdbOptions& options);

/// Makes a store to be published at `options.path`. Errors: as open_lmdb().
[[nodiscard]] std::unique_ptr<NewStore> make_lmdb(const LmdbOptions& options);

}  // namespace verso::storage
