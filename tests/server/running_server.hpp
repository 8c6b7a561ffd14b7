// A server that runs in the test's own process, on a port that the system picks.
#pragma once

#include "server/client.hpp"
#include "server/metrics.hpp"
#include "server/server.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace verso::server {

/// Says what came in: `METHOD target`, the headers but Host, and the body, a line each.
inline http::Response echo(const http::Request& request) {
    std::string text = std::string(request.method) + ' ' + std::string(request.target) + '\n';
    for (const http::Header& header : request.headers)
        if (header.name != "Host") text += header.name + ": " + header.value + '\n';
    text += request.body;
    if (request.is_body_too_large) return {.status = 413, .body = "too large\n"};
    return {.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = std::move(text)};
}

/// Small threads, any port.
inline ServerOptions any_port() {
    ServerOptions options;
    options.port = 0;
    options.threads = 2;
    return options;
}

class RunningServer {
public:
    explicit RunningServer(Handler handler = echo, const ServerOptions& options = any_port())
        : server_(std::move(handler), options), thread_([this] { server_.run(); }) {}
    explicit RunningServer(const ServerOptions& options) : RunningServer(echo, options) {}
    ~RunningServer() {
        server_.stop();
        server_.cut();
        wait();
    }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    [[nodiscard]] Client connect() const { return Client(server_.port()); }
    [[nodiscard]] Answer ask(std::string_view bytes) const { return connect().ask(bytes); }
    [[nodiscard]] Server& operator*() noexcept { return server_; }
    [[nodiscard]] Server* operator->() noexcept { return &server_; }

    /// Waits until it has ended. Requires: stop() was called.
    void wait() {
        if (thread_.joinable()) thread_.join();
    }

private:
    Server server_;
    std::thread thread_;
};

/// Waits until something has become so; false after a minute.
inline bool becomes_true(const std::function<bool()>& is_so) {
    for (int tries = 0; tries < 6'000; ++tries) {
        if (is_so()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

}  // namespace verso::server
