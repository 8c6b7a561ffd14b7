#include "server/metrics.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace verso::server {

namespace {

/// Methods that are counted apart; whatever else comes in is the last, so that a client cannot make
/// the page long.
constexpr std::array<std::string_view, 8> method_names{"GET",    "HEAD",  "POST",    "PUT",
                                                       "DELETE", "PATCH", "OPTIONS", "other"};

/// The upper bounds of the buckets, and how they are written.
struct Bound {
    std::int64_t nanoseconds;
    const char* seconds;
};
constexpr std::array<Bound, 15> bounds{{
    {50'000, "0.00005"},
    {100'000, "0.0001"},
    {250'000, "0.00025"},
    {500'000, "0.0005"},
    {1'000'000, "0.001"},
    {2'500'000, "0.0025"},
    {5'000'000, "0.005"},
    {10'000'000, "0.01"},
    {25'000'000, "0.025"},
    {50'000'000, "0.05"},
    {100'000'000, "0.1"},
    {250'000'000, "0.25"},
    {1'000'000'000, "1"},
    {2'500'000'000, "2.5"},
    {10'000'000'000, "10"},
}};

std::size_t index_of(std::string_view method) {
    const auto* const found = std::ranges::find(method_names, method);
    return std::min(static_cast<std::size_t>(found - method_names.begin()),
                    method_names.size() - 1);
}

void begin(std::string& out, const char* name, const char* type, const char* help) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    out.append(name).append(" ").append(type).append("\n");
}

void single(std::string& out, const char* name, const char* type, const char* help,
            std::uint64_t value) {
    begin(out, name, type, help);
    out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

std::string format_seconds(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9f", seconds);
    return text;
}

}  // namespace

Metrics::Metrics()
    : start_seconds_(
          std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
              .count()) {
    static_assert(method_names.size() == methods && bounds.size() == buckets);
}

void Metrics::count_request(std::string_view method, unsigned status,
                            std::chrono::nanoseconds duration) {
    const std::size_t status_class = std::clamp(status / 100, 1U, 5U) - 1;
    requests_[index_of(method)][status_class].fetch_add(1, relaxed);
    const auto* const bound = std::ranges::find_if(
        bounds, [&](const Bound& each) { return duration.count() <= each.nanoseconds; });
    durations_[static_cast<std::size_t>(bound - bounds.begin())].fetch_add(1, relaxed);
    duration_nanoseconds_.fetch_add(static_cast<std::uint64_t>(duration.count()), relaxed);
}

std::uint64_t Metrics::open_connections() const noexcept {
    const std::uint64_t closed = closed_.load(relaxed);
    return opened_.load(relaxed) - closed;
}

void Metrics::write_requests(std::string& out) const {
    constexpr const char* name = "verso_http_requests_total";
    begin(out, name, "counter", "Requests that were answered.");
    for (std::size_t method = 0; method < methods; ++method)
        for (std::size_t at = 0; at < classes; ++at) {
            const std::uint64_t count = requests_[method][at].load(relaxed);
            if (count == 0) continue;
            out.append(name).append("{method=\"").append(method_names[method]);
            out.append("\",status=\"").append(std::to_string(at + 1)).append("xx\"} ");
            out.append(std::to_string(count)).append("\n");
        }
}

void Metrics::write_durations(std::string& out) const {
    const std::string name = "verso_http_request_duration_seconds";
    begin(out, name.c_str(), "histogram", "From a request's last byte to its answer being made.");
    std::uint64_t count = 0;
    for (std::size_t at = 0; at <= buckets; ++at) {
        count += durations_[at].load(relaxed);
        out.append(name).append("_bucket{le=\"");
        out.append(at < buckets ? bounds[at].seconds : "+Inf");
        out.append("\"} ").append(std::to_string(count)).append("\n");
    }
    const auto nanoseconds = static_cast<double>(duration_nanoseconds_.load(relaxed));
    out.append(name).append("_sum ").append(format_seconds(nanoseconds / 1e9)).append("\n");
    out.append(name).append("_count ").append(std::to_string(count)).append("\n");
}

std::string Metrics::text() const {
    std::string out;
    out.reserve(4096);
    write_requests(out);
    write_durations(out);
    single(out, "verso_http_connections_open", "gauge", "Connections that are open.",
           open_connections());
    single(out, "verso_http_connections_total", "counter", "Connections that were accepted.",
           opened_.load(relaxed));
    single(out, "verso_http_connections_refused_total", "counter",
           "Connections beyond the limit, which were refused.", refused_.load(relaxed));
    single(out, "verso_http_received_bytes_total", "counter", "Bytes that were received.",
           received_bytes_.load(relaxed));
    single(out, "verso_http_sent_bytes_total", "counter", "Bytes that were sent.",
           sent_bytes_.load(relaxed));
    begin(out, "process_start_time_seconds", "gauge", "When the server began, since 1970.");
    out.append("process_start_time_seconds ").append(format_seconds(start_seconds_)).append("\n");
    return out;
}

}  // namespace verso::server
