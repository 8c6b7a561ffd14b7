#include "storage/lmdb/process.hpp"

#include "storage/lmdb/errors.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
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

struct FoundFile {
    FileId id;
    bool is_regular = false;
};

/// What a path leads to; none: errno says why. It asks for no times: a kernel with fine-grained
/// ones (Linux 6.13) gives a file whose times were asked for a new one with the next write, which
/// takes a commit to the disk a fifth longer.
std::optional<FoundFile> find_file(const std::filesystem::path& path) {
    struct statx info {};
    if (::statx(AT_FDCWD, path.c_str(), 0, STATX_TYPE | STATX_INO, &info) != 0) return std::nullopt;
    return FoundFile{{::makedev(info.stx_dev_major, info.stx_dev_minor), info.stx_ino},
                     S_ISREG(info.stx_mode)};
}

std::optional<FileId> id_of(const std::filesystem::path& path) {
    const auto found = find_file(path);
    return found ? std::optional(found->id) : std::nullopt;
}

// Where in a store's file the places of lock files are.
constexpr off_t first_place = off_t{1} << 62;
constexpr off_t places = off_t{1} << 30;

/// Never the first or the last, so that there is something on both sides.
off_t place_of(const FileId& lock_file) {
    const std::uint64_t mixed =
        (lock_file.inode * 0x9E37'79B9'7F4A'7C15 + lock_file.device) * 0xC2B2'AE3D'27D4'EB4F;
    return first_place + 1 + static_cast<off_t>((mixed >> 32U) % (places - 2));
}

struct flock bytes_to_lock(short type, off_t begin, off_t length) {
    struct flock bytes {};
    bytes.l_type = type;
    bytes.l_whence = SEEK_SET;
    bytes.l_start = begin;
    bytes.l_len = length;
    return bytes;
}

bool lock_bytes(int descriptor, short type, off_t begin, off_t length) {
    const struct flock bytes = bytes_to_lock(type, begin, length);
    return ::fcntl(descriptor, F_OFD_SETLK, &bytes) == 0;
}

/// Whether another has locked one of these.
bool is_locked(int descriptor, off_t begin, off_t length) {
    struct flock bytes = bytes_to_lock(F_WRLCK, begin, length);
    return ::fcntl(descriptor, F_OFD_GETLK, &bytes) == 0 && bytes.l_type != F_UNLCK;
}

FileId named_by(const std::filesystem::path& path) {
    const auto found = find_file(path);
    if (!found) {
        if (errno == ENOENT || errno == ENOTDIR)
            fail(Errc::store_not_found, "there is no store " + path.string() + "; create it first");
        fail_lmdb(errno, "open", path);
    }
    if (!found->is_regular) fail_irregular(path);
    return found->id;
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

void FileClaim::share_lock_file() {
    lock_file_ = id_of(lock_path_).value_or(FileId{});
    const off_t own = place_of(lock_file_);
    static_cast<void>(lock_bytes(descriptor_, F_UNLCK, first_place, places));
    if (!lock_bytes(descriptor_, F_RDLCK, own, 1)) return;
    if (is_locked(descriptor_, first_place, own - first_place) ||
        is_locked(descriptor_, own + 1, first_place + places - own - 1))
        fail(
            Errc::store_invalid,
            "the store " + path_.string() + " is open somewhere with another lock file than " +
                lock_path_.string() +
                ", so that two could write at once: it has another name there, or is mounted "
                "without its folder, or the lock file was removed. Open it by one path everywhere");
}

void FileClaim::check_in_place() const {
    for (const auto& [path, file] : {std::pair{&path_, named_}, {&lock_path_, lock_file_}}) {
        if (id_of(*path) == file) continue;
        fail(Errc::store_invalid,
             "the file " + path->string() +
                 " was removed, moved or replaced while the store was open, so that what is "
                 "written could be lost; nothing was. Close the store wherever it is open, and "
                 "open it again");
    }
}

void FileClaim::lock() {
    while (::flock(descriptor_, LOCK_EX) != 0)
        if (errno != EINTR) fail_lmdb(errno, "open", path_);
}

// Said to the kernel, since a forked child may have the descriptor too.
void FileClaim::unlock() noexcept { ::flock(descriptor_, LOCK_UN); }

}  // namespace verso::storage::lmdb
