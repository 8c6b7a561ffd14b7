// A file that is written beside its place and put there once it is whole. Until then what was there
// stays, and if it never comes to that, nothing is left.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace verso::cli {

/// Thread safety: bound. Errors: Failure io_failed, with the file's name.
class ReplacedFile {
public:
    explicit ReplacedFile(std::string path);
    ~ReplacedFile();
    ReplacedFile(const ReplacedFile&) = delete;
    ReplacedFile& operator=(const ReplacedFile&) = delete;

    void write(std::string_view text);
    /// Puts the file in its place, with the permissions of the one that it replaces.
    void commit();

private:
    [[nodiscard]] mode_t permissions() const;
    [[noreturn]] void fail_writing() const;

    std::string path_;
    std::string temporary_;
    int file_ = -1;
};

}  // namespace verso::cli
