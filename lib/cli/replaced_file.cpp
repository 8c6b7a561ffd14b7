#include "cli/replaced_file.hpp"

#include "domain/failure.hpp"

#include <sys/stat.h>

#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace verso::cli {

ReplacedFile::ReplacedFile(std::string path)
    : path_(std::move(path)), temporary_(path_ + ".XXXXXX") {
    file_ = ::mkstemp(temporary_.data());
    if (file_ < 0) fail_writing();
}

ReplacedFile::~ReplacedFile() {
    if (file_ < 0) return;
    ::close(file_);
    ::unlink(temporary_.c_str());
}

void ReplacedFile::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file_, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail_writing();
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void ReplacedFile::commit() {
    if (::fchmod(file_, permissions()) != 0 || ::fsync(file_) != 0) fail_writing();
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail_writing();
    ::close(file_);
    file_ = -1;
}

mode_t ReplacedFile::permissions() const {
    constexpr mode_t all_bits = 0777;
    struct stat there {};
    if (::stat(path_.c_str(), &there) == 0) return there.st_mode & all_bits;
    const mode_t masked = ::umask(0);
    ::umask(masked);
    return static_cast<mode_t>(0666 & ~masked);
}

void ReplacedFile::fail_writing() const {
    const std::string reason = std::strerror(errno);
    fail(Errc::io_failed, "cannot write " + path_ + ": " + reason);
}

}  // namespace verso::cli
