// The files of a store that is not to stay.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <utility>

namespace verso::storage {

/// Removes a store's file and its lock file at the end, those that are there then, unless a forked
/// child ends. The store is to be closed before.
class TemporaryFiles {
public:
    explicit TemporaryFiles(std::filesystem::path path)
        : path_(std::move(path)), lock_path_(path_.string() + "-lock") {}
    ~TemporaryFiles() {
        if (process_ != ::getpid()) return;
        ::unlink(path_.c_str());  // nobody is left to be told
        ::unlink(lock_path_.c_str());
    }
    TemporaryFiles(const TemporaryFiles&) = delete;
    TemporaryFiles& operator=(const TemporaryFiles&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    const pid_t process_ = ::getpid();
    std::filesystem::path path_;
    std::filesystem::path lock_path_;
};

}  // namespace verso::storage
