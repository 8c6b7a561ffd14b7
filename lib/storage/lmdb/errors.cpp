#include "storage/lmdb/errors.hpp"

#include "domain/failure.hpp"
#include "storage/lmdb/file_system.hpp"

#include <lmdb.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace verso::storage::lmdb {

namespace {

[[noreturn]] void fail_permission(const std::string& what, const std::filesystem::path& path) {
    const std::string file = path.string();
    if (::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), R_OK | W_OK) != 0)
        fail(Errc::permission_denied,
             what + "this process may not read and write the file; change its owner or mode");
    const std::string folder = folder_of(path).string();
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        fail(Errc::permission_denied,
             what + "this process may not write in the folder " + folder +
                 ", where the lock file belongs too; change the folder's mode, or "
                 "copy the store to a folder that may be written");
    fail(Errc::permission_denied, what + "this process may not read and write the lock file " +
                                      file + "-lock; change its owner or mode");
}

[[noreturn]] void fail_disk_full(const std::string& what) {
    fail(Errc::disk_full,
         what +
             "the disk is full, or a quota or file size limit is reached; make room and "
             "try again. Nothing of the last transaction was kept");
}

[[noreturn]] void fail_damaged(const std::string& what, int code) {
    fail(Errc::corrupt, what + "its pages are damaged (" + mdb_strerror(code) +
                            "); restore a backup, or run verify to see what is left");
}

/// LMDB's own codes, which are negative.
[[noreturn]] void fail_database(int code, const std::string& what, const std::string& file) {
    switch (code) {
        case MDB_MAP_FULL:
            fail(Errc::store_full,
                 what +
                     "it has grown to its map's size; open it again with a larger "
                     "map_size_bytes, or delete versions");
        case MDB_TXN_FULL:
            fail(Errc::limit_exceeded,
                 what + "one transaction changes too much; cut it into smaller ones");
        case MDB_READERS_FULL:
            fail(Errc::readers_full,
                 what +
                     "every reader slot is taken; end snapshots that are no longer "
                     "used, or close the store everywhere and open it with more "
                     "max_readers");
        case MDB_MAP_RESIZED:
            fail(Errc::store_full,
                 what +
                     "another process let it grow beyond the map of this one; end the "
                     "snapshots that are open here and try again, or open it with a "
                     "larger map_size_bytes");
        case MDB_PANIC:
            fail(Errc::io_failed,
                 what +
                     "a write to it failed half-way; end the snapshots that are open "
                     "here and try again, and it is opened anew");
        case MDB_VERSION_MISMATCH:
            fail(Errc::format_unsupported,
                 what + "the lock file " + file +
                     "-lock is another LMDB build's; let every process use "
                     "one build, or remove the lock file when none has the store open");
        case MDB_INVALID:
            fail(Errc::store_invalid,
                 what + "its first pages are damaged, or " + file +
                     "-lock is no lock file; remove the lock file when no process has "
                     "the store open, else restore a backup");
        case MDB_BAD_TXN:
            fail(Errc::io_failed,
                 what + "an earlier call of the transaction failed; begin it again");
        default: fail_damaged(what, code);
    }
}

}  // namespace

void fail_lmdb(int code, std::string_view doing, const std::filesystem::path& path) {
    const std::string what = "cannot " + std::string(doing) + " the store " + path.string() + ": ";
    if (code < 0) fail_database(code, what, path.string());
    switch (code) {
        case EACCES:
        case EPERM:
        case EROFS: fail_permission(what, path);
        case ENOSPC:
        case EDQUOT:
        case EFBIG: fail_disk_full(what);
        // LMDB reports a write that was cut short as EIO, whatever cut it.
        case EIO:
            if (cannot_grow(path)) fail_disk_full(what);
            fail(Errc::io_failed,
                 what + "the disk reports an error; look at the system's log before going on");
        case EINVAL: fail(Errc::io_failed, what + "the transaction is over; begin another one");
        case ENOMEM:
            fail(Errc::io_failed,
                 what +
                     "memory or address space is refused; raise the limit (ulimit -v) or "
                     "lower map_size_bytes");
        case EMFILE:
        case ENFILE:
            fail(Errc::io_failed,
                 what + "too many files are open; close some, or raise the limit (ulimit -n)");
        default: fail(Errc::io_failed, what + mdb_strerror(code));
    }
}

void fail_irregular(const std::filesystem::path& path) {
    fail(Errc::store_invalid,
         path.string() + " is not a file that could hold a store; name another one");
}

}  // namespace verso::storage::lmdb
