#include "storage/lmdb/creation.hpp"

#include "domain/failure.hpp"
#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/errors.hpp"
#include "storage/lmdb/file_system.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <random>
#include <string>

namespace verso::storage::lmdb {

namespace {

constexpr std::string_view temporary_prefix = ".verso-creating-";
constexpr auto abandoned_after = std::chrono::hours(1);
constexpr std::uint64_t map_bytes_of_a_new_store = 1024 * 1024;

/// A file under a temporary name. It goes away unless it is published.
class TemporaryFile {
public:
    TemporaryFile(const std::filesystem::path& target, std::filesystem::perms permissions)
        : target_(target), path_(temporary_path(target)) {
        descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
                             static_cast<mode_t>(permissions));
        if (descriptor_ < 0) fail_lmdb(errno, "create", target_);
    }
    ~TemporaryFile() {
        ::close(descriptor_);
        ::unlink(path_.c_str());  // what was published has the name no more
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    void sync() const {
        if (::fsync(descriptor_) != 0) fail_lmdb(errno, "create", target_);
    }

    /// Gives the file its name, unless another has that name already.
    void publish(bool durably) { static_cast<void>(give_name(path_, target_, durably)); }

private:
    const std::filesystem::path& target_;
    std::filesystem::path path_;
    int descriptor_ = -1;
};

/// `target`: what it is synced for.
void sync(const std::filesystem::path& path, int flags, const std::filesystem::path& target) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) fail_lmdb(errno, "create", target);
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    check_lmdb(code, "create", target);
}

/// Removes what creations that crashed have left. One that still runs is younger.
void sweep(const std::filesystem::path& folder) {
    const auto limit = std::filesystem::file_time_type::clock::now() - abandoned_after;
    // std::filesystem::directory_iterator of GCC 12 ends the process where memory is out.
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), ::closedir);
    if (!entries) return;
    while (const dirent* const entry = ::readdir(entries.get())) {
        const std::string_view name = entry->d_name;
        if (!name.starts_with(temporary_prefix)) continue;
        const std::filesystem::path path = folder / name;
        std::error_code ignored;
        if (std::filesystem::last_write_time(path, ignored) < limit && !ignored)
            std::filesystem::remove(path, ignored);
    }
}

}  // namespace

std::filesystem::path temporary_path(const std::filesystem::path& target) {
    std::random_device random;
    std::string name(temporary_prefix);
    for (int i = 0; i < 16; ++i) name += "0123456789abcdef"[random() & 15];
    return folder_of(target) / name;
}

bool give_name(const std::filesystem::path& file, const std::filesystem::path& target,
               bool durably) {
    const auto folder = folder_of(target);  // once it has its name, no memory is to be wanting
    bool is_given =
        ::renameat2(AT_FDCWD, file.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0;
    // Not every file system can rename so; a second name for the file refuses to replace as well.
    if (!is_given && (errno == EINVAL || errno == ENOSYS)) {
        is_given = ::link(file.c_str(), target.c_str()) == 0;
        if (is_given) ::unlink(file.c_str());
    }
    if (!is_given && errno != EEXIST) fail_lmdb(errno, "create", target);
    if (durably) sync(folder, O_RDONLY | O_DIRECTORY, target);
    return is_given;
}

void sync_file(const std::filesystem::path& path) { sync(path, O_RDONLY, path); }

void create_store(const LmdbOptions& options) {
    sweep(folder_of(options.path));
    TemporaryFile file(options.path, options.permissions);
    {
        LmdbOptions temporary;
        temporary.map_size_bytes = map_bytes_of_a_new_store;
        // Nobody else knows the file: it needs no lock file, and is synced as a whole below.
        const auto environment =
            open_environment(file.path(), temporary, MDB_NOLOCK | MDB_NOSYNC, nullptr);
        write_empty_store(environment.get(), options.path);
    }
    const bool durably = options.durability != Durability::none;
    if (durably) file.sync();
    file.publish(durably);
}

}  // namespace verso::storage::lmdb
