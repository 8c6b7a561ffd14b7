#include "storage/lmdb/creation.hpp"

#include "domain/failure.hpp"
#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/errors.hpp"
#include "storage/lmdb/file_system.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <random>
#include <string>

namespace verso::storage::lmdb {

namespace {

constexpr std::string_view temporary_prefix = ".verso-creating-";
constexpr auto abandoned_after = std::chrono::hours(1);
constexpr std::uint64_t map_bytes_of_a_new_store = 1024 * 1024;

std::string random_name() {
    std::random_device random;
    std::string name(temporary_prefix);
    for (int i = 0; i < 16; ++i) name += "0123456789abcdef"[random() & 15];
    return name;
}

/// A file under a temporary name. It goes away unless it is published.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::filesystem::path& target)
        : target_(target), path_(folder_of(target) / random_name()) {
        descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor_ < 0) fail_lmdb(errno, "create", target_);
    }
    ~TemporaryFile() {
        ::close(descriptor_);
        if (!published_) ::unlink(path_.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    void sync() const {
        if (::fsync(descriptor_) != 0) fail_lmdb(errno, "create", target_);
    }

    /// Gives the file its name, unless another has that name already.
    void publish() {
        if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) ==
            0) {
            published_ = true;
            return;
        }
        // Not every file system can rename so; a second name for the file refuses to replace as
        // well.
        if ((errno == EINVAL || errno == ENOSYS) && ::link(path_.c_str(), target_.c_str()) == 0)
            return;
        if (errno != EEXIST) fail_lmdb(errno, "create", target_);
    }

private:
    const std::filesystem::path& target_;
    std::filesystem::path path_;
    int descriptor_ = -1;
    bool published_ = false;
};

void sync_folder(const std::filesystem::path& target) {
    const int descriptor = ::open(folder_of(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) fail_lmdb(errno, "create", target);
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    check_lmdb(code, "create", target);
}

/// Removes what creations that crashed have left. One that still runs is younger.
void sweep(const std::filesystem::path& folder) {
    std::error_code error;
    const auto limit = std::filesystem::file_time_type::clock::now() - abandoned_after;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().filename().native().starts_with(temporary_prefix) &&
            entry->last_write_time(ignored) < limit && !ignored)
            std::filesystem::remove(entry->path(), ignored);
    }
}

}  // namespace

void create_store(const LmdbOptions& options) {
    sweep(folder_of(options.path));
    TemporaryFile file(options.path);
    {
        LmdbOptions temporary;
        temporary.map_size_bytes = map_bytes_of_a_new_store;
        // Nobody else knows the file: it needs no lock file, and is synced as a whole below.
        const auto environment = open_environment(file.path(), temporary, MDB_NOLOCK | MDB_NOSYNC);
        write_empty_store(environment.get(), options.path);
    }
    if (options.durability != Durability::none) file.sync();
    file.publish();
    if (options.durability != Durability::none) sync_folder(options.path);
}

}  // namespace verso::storage::lmdb
