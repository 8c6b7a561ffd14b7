#include "cli/replaced_file.hpp"

#include "domain/failure.hpp"
#include "storage/follow_links.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace verso::cli {

namespace {

constexpr std::array ending_signals{SIGINT, SIGTERM, SIGHUP};

std::atomic<const char*> unfinished_file = nullptr;

void remove_unfinished(int signal) {
    if (const char* const name = unfinished_file) ::unlink(name);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

/// Has a file removed where a signal ends the process; null: none.
void remove_when_ended(const char* name) {
    unfinished_file = name;
    for (const int signal : ending_signals)
        if (std::signal(signal, name == nullptr ? SIG_DFL : remove_unfinished) == SIG_IGN)
            std::signal(signal, SIG_IGN);  // as nohup has it
}

}  // namespace

ReplacedFile::ReplacedFile(std::filesystem::path path) : path_(std::move(path)) {
    struct stat there {};
    const bool is_there = ::stat(path_.c_str(), &there) == 0;
    if ((is_there && !S_ISREG(there.st_mode)) || (!is_there && errno != ENOENT)) {
        file_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    } else {
        place_ = storage::follow_links(path_);
        temporary_ = place_.string() + ".XXXXXX";
        file_ = ::mkstemp(temporary_.data());
        if (file_ >= 0) remove_when_ended(temporary_.c_str());
    }
    if (file_ < 0) fail_writing();
}

ReplacedFile::~ReplacedFile() {
    if (file_ < 0) return;
    ::close(file_);
    if (temporary_.empty()) return;
    ::unlink(temporary_.c_str());
    remove_when_ended(nullptr);
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
    if (!temporary_.empty()) remove_when_ended(nullptr);
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
