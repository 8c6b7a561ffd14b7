// One line for each request that was answered. Lines are collected in memory and written in large
// pieces, about once a second: answering waits neither for the file nor for other threads' lines.
//
//     2026-01-31T09:30:00.000Z 127.0.0.1:40112 GET /o/.../versions?first=5 200 1432 87
//
// That is: when, who, the method, the target, the status, the answer's bytes, and the microseconds
// from the request's last byte to its answer being made. Neither headers nor bodies are logged, so
// no credential is; of a query, only the values of the API's own parameters are.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace verso::server {

/// What a line says. Lifetime: the call's.
struct AccessEntry {
    std::string_view remote;
    std::string_view method;  ///< Empty: there was no readable request.
    std::string_view target;
    unsigned status;
    std::size_t bytes;
    std::chrono::nanoseconds duration;
};

/// Thread safety: safe
class AccessLog {
public:
    /// Appends to a file, which is created if it is not there; `-` is standard error.
    ///
    /// Errors: Failure io_failed.
    explicit AccessLog(std::string path);
    /// Writes what is left.
    ~AccessLog();
    AccessLog(const AccessLog&) = delete;
    AccessLog& operator=(const AccessLog&) = delete;

    void add(const AccessEntry& entry);

    /// Writes what was collected. A line that cannot be written is lost: the log does not keep the
    /// server from serving.
    void flush();

    /// Opens the file anew, for when it has been renamed. Errors: Failure io_failed; it goes on as
    /// it was then.
    void reopen();

private:
    /// Lines of some of the threads. With more shards than threads run at once, hardly any thread
    /// ever waits.
    struct alignas(64) Shard {
        std::mutex mutex;
        std::string lines;
    };

    [[nodiscard]] Shard& own_shard() noexcept;
    void write_out(Shard& shard, std::size_t least_bytes);

    std::string path_;
    std::mutex file_mutex_;
    int file_;
    std::string writing_;
    std::array<Shard, 16> shards_;
};

/// The target as a log shows it: on one line, without what may be secret.
[[nodiscard]] std::string loggable_target(std::string_view target);

}  // namespace verso::server
