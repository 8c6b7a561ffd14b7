#include "storage/lmdb/process.hpp"

#include "storage/lmdb/errors.hpp"

#include <pthread.h>
#include <sys/stat.h>

#include <cerrno>
#include <mutex>
#include <set>
#include <string>

namespace verso::storage::lmdb {

namespace {

std::mutex open_files_mutex;

std::set<FileId>& open_files() {
    static auto* files = new std::set<FileId>;  // outlives every store, also one of static storage
    return *files;
}

/// Keeps the registry whole across a fork, whichever thread forks. The child has no store open:
/// those that it inherits refuse it, and it may open the same files anew.
void watch_forks() {
    static const int watching =
        ::pthread_atfork([] { open_files_mutex.lock(); }, [] { open_files_mutex.unlock(); },
                         [] {
                             open_files().clear();
                             ForkGuard::count_fork();
                             open_files_mutex.unlock();
                         });
    if (watching != 0) fail(Errc::io_failed, "cannot watch for forks: out of memory");
}

FileId identify(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            fail(Errc::store_not_found, "there is no store " + path.string() + "; create it first");
        fail_lmdb(errno, "open", path);
    }
    if (!S_ISREG(info.st_mode))
        fail(Errc::store_invalid,
             path.string() + " is not a file that could hold a store; name another one");
    return {info.st_dev, info.st_ino};
}

}  // namespace

std::atomic<unsigned> ForkGuard::forks_{0};

void ForkGuard::fail_forked() {
    fail(Errc::store_forked,
         "the store was opened before this process was forked; open it again in the child");
}

FileClaim::FileClaim(const std::filesystem::path& path) : file_(identify(path)) {
    watch_forks();
    const std::lock_guard lock(open_files_mutex);
    if (!open_files().insert(file_).second)
        fail(Errc::store_open_already,
             "the store " + path.string() +
                 " is open in this process already; share the one that is open");
}

FileClaim::~FileClaim() {
    if (guard_.is_forked()) return;
    const std::lock_guard lock(open_files_mutex);
    open_files().erase(file_);
}

}  // namespace verso::storage::lmdb
