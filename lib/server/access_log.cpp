#include "server/access_log.hpp"

#include <verso/domain/timestamp.hpp>

#include "domain/failure.hpp"
#include "domain/hex.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace verso::server {

namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

/// The API's own parameters. A value of any other may be a credential in the wrong place.
constexpr std::array<std::string_view, 9> shown_parameters{
    "from", "fromCommit", "commit", "patch", "first", "after", "before", "name", "force"};

int open_log(const std::string& path) {
    if (path == "-") return STDERR_FILENO;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (file >= 0) return file;
    const std::string reason = std::strerror(errno);
    fail(Errc::io_failed, "cannot open the access log " + path + ": " + reason);
}

void close_log(int file) {
    if (file != STDERR_FILENO) ::close(file);
}

/// Appends text with everything but visible ASCII escaped, as `\x0a`: a line stays a line, and a
/// field a field.
void append_visible(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c > ' ' && c < '\x7f' && c != '\\') {
            out += c;
        } else {
            out += "\\x";
            append_hex(out, static_cast<std::uint8_t>(c));
        }
    }
}

void append_target(std::string& out, std::string_view target) {
    const std::size_t question = target.find('?');
    append_visible(out, target.substr(0, question));
    if (question == target.npos) return;
    out += '?';
    std::string_view rest = target.substr(question + 1);
    while (true) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        const std::string_view parameter = rest.substr(0, end);
        const std::size_t equals = parameter.find('=');
        const std::string_view name = parameter.substr(0, equals);
        const bool shown = std::ranges::find(shown_parameters, name) != shown_parameters.end();
        append_visible(out, shown ? parameter : name);
        if (!shown && equals != parameter.npos) out += "=...";
        if (end == rest.size()) return;
        out += '&';
        rest.remove_prefix(end + 1);
    }
}

void append_line(std::string& out, const AccessEntry& entry) {
    using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::milliseconds;
    const auto now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
    out += format_timestamp(now);
    out.append(" ").append(entry.remote).append(" ");
    if (entry.method.empty()) {
        out += "- -";
    } else {
        append_visible(out, entry.method);
        out += ' ';
        append_target(out, entry.target);
    }
    out.append(" ").append(std::to_string(entry.status)).append(" ");
    out.append(std::to_string(entry.bytes)).append(" ");
    out.append(std::to_string(duration_cast<microseconds>(entry.duration).count())).append("\n");
}

void write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

AccessLog::AccessLog(std::string path) : path_(std::move(path)), file_(open_log(path_)) {}

AccessLog::~AccessLog() {
    flush();
    close_log(file_);
}

AccessLog::Shard& AccessLog::own_shard() noexcept {
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t own = threads.fetch_add(1);
    return shards_[own % shards_.size()];
}

void AccessLog::add(const AccessEntry& entry) {
    Shard& shard = own_shard();
    bool is_full = false;
    {
        const std::lock_guard lock(shard.mutex);
        append_line(shard.lines, entry);
        is_full = shard.lines.size() >= piece_bytes;
    }
    if (is_full) write_out(shard, piece_bytes);
}

void AccessLog::write_out(Shard& shard, std::size_t least_bytes) {
    const std::lock_guard file_lock(file_mutex_);
    {
        const std::lock_guard lock(shard.mutex);
        if (shard.lines.size() < least_bytes) return;  // another thread was faster
        std::swap(shard.lines, writing_);
    }
    write_all(file_, writing_);
    writing_.clear();
}

void AccessLog::flush() {
    for (Shard& shard : shards_) write_out(shard, 1);
}

void AccessLog::reopen() {
    flush();
    const int opened = open_log(path_);
    const std::lock_guard lock(file_mutex_);
    close_log(std::exchange(file_, opened));
}

std::string loggable_target(std::string_view target) {
    std::string out;
    append_target(out, target);
    return out;
}

}  // namespace verso::server
