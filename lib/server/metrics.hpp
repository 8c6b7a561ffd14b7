// What a server has done, counted, and told in Prometheus' text format.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace verso::server {

/// Counters that any thread raises without waiting for another.
///
/// Thread safety: safe
class Metrics {
public:
    Metrics();

    void count_request(std::string_view method, unsigned status, std::chrono::nanoseconds duration);
    void count_opened() noexcept { opened_.fetch_add(1, relaxed); }
    void count_closed() noexcept { closed_.fetch_add(1, relaxed); }
    void count_refused() noexcept { refused_.fetch_add(1, relaxed); }
    void count_received(std::size_t bytes) noexcept { received_bytes_.fetch_add(bytes, relaxed); }
    void count_sent(std::size_t bytes) noexcept { sent_bytes_.fetch_add(bytes, relaxed); }

    [[nodiscard]] std::uint64_t open_connections() const noexcept;

    /// All of it. Source: Prometheus, text-based exposition format 0.0.4
    [[nodiscard]] std::string text() const;

private:
    using Counter = std::atomic<std::uint64_t>;
    static constexpr auto relaxed = std::memory_order_relaxed;
    static constexpr std::size_t methods = 8;
    static constexpr std::size_t classes = 5;  // of status: 1xx to 5xx
    static constexpr std::size_t buckets = 15;

    void write_requests(std::string& out) const;
    void write_durations(std::string& out) const;

    std::array<std::array<Counter, classes>, methods> requests_{};
    std::array<Counter, buckets + 1> durations_{};  // the last: longer than all bounds
    Counter duration_nanoseconds_{0};
    Counter opened_{0};
    Counter closed_{0};
    Counter refused_{0};
    Counter received_bytes_{0};
    Counter sent_bytes_{0};
    double start_seconds_;
};

}  // namespace verso::server
