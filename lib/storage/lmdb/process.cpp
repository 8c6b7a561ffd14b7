#include "storage/lmdb/process.hpp"

#include "storage/lmdb/errors.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace verso::storage::lmdb {

namespace {

std::mutex open_files_mutex;

/// What is claimed, with the descriptor of each claim.
std::map<FileId, int>& open_files() {
    static auto* files = new std::map<FileId, int>;  // outlives every store, a static one too
    return *files;
}

/// Keeps the registry whole across a fork, whichever thread forks. The child has no store open:
/// those that it inherits refuse it, and it may open the same files anew. It must not go on holding
/// a turn that its parent has, should that die.
void watch_forks() {
    static const int watching =
        ::pthread_atfork([] { open_files_mutex.lock(); }, [] { open_files_mutex.unlock(); },
                         [] {
                             for (const auto& [file, descriptor] : open_files())
                                 ::close(descriptor);
                             open_files().clear();
                             ForkGuard::count_fork();
                             open_files_mutex.unlock();
                         });
    if (watching != 0) fail(Errc::io_failed, "cannot watch for forks: out of memory");
}

std::optional<FileId> id_of(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return std::nullopt;
    return FileId{info.st_dev, info.st_ino};
}

FileId named_by(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            fail(Errc::store_not_found, "there is no store " + path.string() + "; create it first");
        fail_lmdb(errno, "open", path);
    }
    if (!S_ISREG(info.st_mode)) fail_irregular(path);
    return {info.st_dev, info.st_ino};
}

}  // namespace

std::atomic<unsigned> ForkGuard::forks_{0};

void ForkGuard::fail_forked() {
    fail(Errc::store_forked,
         "the store was opened before this process was forked; open it again in the child");
}

void occupy_standard_streams() {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
        if (::fcntl(stream, F_GETFD) >= 0) continue;
        const int opened = ::open("/dev/null", O_RDONLY);  // as it is the lowest that is free
        if (opened < 0)
            fail(Errc::io_failed, "descriptor " + std::to_string(stream) +
                                      " is closed, and /dev/null cannot be opened in its place; "
                                      "start the process with standard streams");
        if (opened > STDERR_FILENO) ::close(opened);  // another thread was faster
    }
}

FileClaim::FileClaim(const std::filesystem::path& path)
    : path_(path), lock_path_(path.string() + "-lock"), named_(named_by(path)) {
    watch_forks();
    const std::lock_guard lock(open_files_mutex);  // no fork between opening and noting it
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor_ < 0) fail_lmdb(errno, "open", path);
    struct stat info {};
    ::fstat(descriptor_, &info);  // cannot fail on what has just been opened
    file_ = {info.st_dev, info.st_ino};
    if (open_files().try_emplace(file_, descriptor_).second) return;
    ::close(descriptor_);
    fail(Errc::store_open_already,
         "the store " + path.string() +
             " is open in this process already; share the one that is open");
}

FileClaim::~FileClaim() {
    if (guard_.is_forked()) return;
    const std::lock_guard lock(open_files_mutex);
    open_files().erase(file_);
    ::close(descriptor_);
}

void FileClaim::note_lock_file() { lock_file_ = id_of(lock_path_).value_or(FileId{}); }

void FileClaim::check_in_place() const {
    for (const auto& [path, file] : {std::pair{&path_, named_}, {&lock_path_, lock_file_}}) {
        if (id_of(*path) == file) continue;
        fail(Errc::store_invalid,
             "the file " + path->string() +
                 " was removed, moved or replaced while the store was open, so "
                 "that what is written could be lost; nothing was. Close the "
                 "store wherever it is open, and open it again");
    }
}

void FileClaim::lock() {
    while (::flock(descriptor_, LOCK_EX) != 0)
        if (errno != EINTR) fail_lmdb(errno, "open", path_);
}

// Said to the kernel, since a forked child may have the descriptor too.
void FileClaim::unlock() noexcept { ::flock(descriptor_, LOCK_UN); }

}  // namespace verso::storage::lmdb
