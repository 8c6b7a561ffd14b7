#include "cli/replaced_file.hpp"

#include "domain/failure.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace verso::cli {

namespace {

/// Follows links, also one that leads to no file yet; one that leads back to itself stays.
std::filesystem::path followed(const std::filesystem::path& path) {
    constexpr int most = 40;  // as Linux does
    std::filesystem::path place = path;
    std::error_code error;
    for (int links = 0; links < most; ++links) {
        const std::filesystem::path target = std::filesystem::read_symlink(place, error);
        if (error) return place;
        place = place.parent_path() / target;
    }
    return path;
}

}  // namespace

ReplacedFile::ReplacedFile(std::filesystem::path path) : path_(std::move(path)) {
    struct stat there {};
    const bool is_there = ::stat(path_.c_str(), &there) == 0;
    if ((is_there && !S_ISREG(there.st_mode)) || (!is_there && errno != ENOENT)) {
        file_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    } else {
        place_ = followed(path_);
        temporary_ = place_.string() + ".XXXXXX";
        file_ = ::mkstemp(temporary_.data());
    }
    if (file_ < 0) fail_writing();
}

ReplacedFile::~ReplacedFile() {
    if (file_ < 0) return;
    ::close(file_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void ReplacedFile::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file_, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail_writing();
        text.remove_prefix(static_cast<std::size_t>(written));
        bytes_ += static_cast<std::uint64_t>(written);
    }
}

void ReplacedFile::commit() {
    if (!temporary_.empty() && (::fchmod(file_, permissions()) != 0 || ::fsync(file_) != 0 ||
                                ::rename(temporary_.c_str(), place_.c_str()) != 0))
        fail_writing();
    ::close(file_);
    file_ = -1;
}

mode_t ReplacedFile::permissions() const {
    constexpr mode_t all_bits = 0777;
    struct stat there {};
    if (::stat(place_.c_str(), &there) == 0) return there.st_mode & all_bits;
    const mode_t masked = ::umask(0);
    ::umask(masked);
    return static_cast<mode_t>(0666 & ~masked);
}

void ReplacedFile::fail_writing() const {
    const std::string reason = std::strerror(errno);
    fail(Errc::io_failed, "cannot write " + path_.string() + ": " + reason);
}

}  // namespace verso::cli
