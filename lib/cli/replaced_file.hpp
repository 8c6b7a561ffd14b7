// A file that is written beside its place and put there once it is whole. Until then what was there
// stays, and if it never comes to that, nothing is left, also where a signal ends the process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace verso::cli {

/// A link stays, and what it leads to is replaced. A pipe or a device is never replaced: what is
/// written goes there at once.
///
/// Thread safety: bound; one at a time. Errors: Failure io_failed, with the file's name.
class ReplacedFile {
public:
    explicit ReplacedFile(std::filesystem::path path);
    ~ReplacedFile();
    ReplacedFile(const ReplacedFile&) = delete;
    ReplacedFile& operator=(const ReplacedFile&) = delete;

    void write(std::string_view text);
    /// Puts the file in its place, with the permissions of the one that it replaces.
    void commit();
    /// How much has been written.
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
    [[nodiscard]] mode_t permissions() const;
    [[noreturn]] void fail_writing() const;

    std::filesystem::path path_;
    std::filesystem::path place_;  ///< where the path leads, by whichever links
    std::string temporary_;        ///< empty where nothing is to be replaced
    int file_ = -1;
    std::uint64_t bytes_ = 0;
};

}  // namespace verso::cli
