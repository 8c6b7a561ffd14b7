// What a process may do with a store only once: open it, and use it as itself. LMDB's locks belong
// to the process and go when any of its handles to the lock file is closed; a forked child has the
// parent's reader slots and mutexes in its hands, but not its locks.
#pragma once

#include "domain/failure.hpp"

#include <sys/types.h>

#include <atomic>
#include <filesystem>

namespace verso::storage::lmdb {

/// Which file, whatever its path.
struct FileId {
    dev_t device = 0;
    ino_t inode = 0;

    friend auto operator<=>(const FileId&, const FileId&) = default;
};

/// Knows whether the process is another than the one that made it. It counts forks through
/// pthread_atfork, which costs a load where getpid() costs a system call; a child made by the bare
/// clone() is not seen.
class ForkGuard {
public:
    [[nodiscard]] bool is_forked() const noexcept {
        return forks_.load(std::memory_order_relaxed) != born_;
    }

    /// Fails with store_forked in a forked child.
    void check() const {
        if (is_forked()) fail_forked();
    }

    static void count_fork() noexcept { forks_.fetch_add(1, std::memory_order_relaxed); }

private:
    [[noreturn]] static void fail_forked();

    static std::atomic<unsigned> forks_;
    unsigned born_ = forks_.load(std::memory_order_relaxed);
};

/// Opens /dev/null in the place of standard input, output and error where these are closed. A
/// store's file that came there would be written to by whatever the process prints.
///
/// Errors: io_failed.
/// Source: SQLite does so too ("SQLITE_MINIMUM_FILE_DESCRIPTOR").
void occupy_standard_streams();

/// Holds a file open for this process: there is at most one claim on it. Thread safety: safe.
class FileClaim {
public:
    /// Errors: store_open_already, store_not_found, store_invalid (not a regular file),
    ///         permission_denied.
    explicit FileClaim(const std::filesystem::path& path);
    ~FileClaim();
    FileClaim(const FileClaim&) = delete;
    FileClaim& operator=(const FileClaim&) = delete;

    [[nodiscard]] const FileId& file() const noexcept { return file_; }
    /// To read and write the file by.
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

    /// Says to all that have the file open which lock file this one uses, once LMDB has it open,
    /// and remembers that. Fails with store_invalid where another uses another one: by a hard link,
    /// from a container that mounts the file without its folder, or since the lock file was
    /// removed. Neither would wait for the other's writes.
    ///
    /// Said by a lock on a byte of the file far beyond its end, whose place stands for the lock
    /// file; it goes with the process. Where there are no such locks nothing is checked.
    ///
    /// Source: fcntl(2), "Open file description locks"
    void share_lock_file();
    /// Fails with store_invalid where the path leads to another file now, or the lock file's does:
    /// what is written then is lost with the one, and beside the other there may be a second
    /// writer.
    ///
    /// Source: SQLite checks so before it writes (SQLITE_READONLY_DBMOVED).
    void check_in_place() const;

    /// Takes and gives back the turn to open LMDB on the file or to close it, which one process at
    /// a time has. LMDB has locks of its own for that, but whoever waits for them takes the lock
    /// file to be ready, even if he gets them because the process that was making it ready died or
    /// failed: its count of transactions is then 0, and a writer begins from whichever header lies
    /// first, over the newest. (Since 0.9.27 the last to close unmakes the mutexes there, too.)
    ///
    /// Errors: what fail_lmdb() makes of it.
    void lock();
    void unlock() noexcept;

private:
    std::filesystem::path path_;
    FileId file_;
    std::filesystem::path lock_path_;
    FileId named_;  // as the path said; an old overlay tells it otherwise than the descriptor
    FileId lock_file_;
    int descriptor_ = -1;
    ForkGuard guard_;  // what a child inherits is not its own to give back
};

}  // namespace verso::storage::lmdb
