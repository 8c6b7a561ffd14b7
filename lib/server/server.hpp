// An HTTP/1.1 server on Boost.Asio and Boost.Beast: it takes requests off sockets, has a Handler
// answer them, and writes the answers, in order. It answers /healthz, /metrics and /openapi.json
// itself, to anyone.
//
// One queue of ready sockets is worked off by all threads; a connection is with one thread at a
// time. What a client may take is bounded in bytes and time by the ServerOptions.
#pragma once

#include "server/options.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace verso::server {

class Metrics;

/// Thread safety: run() once; all else safe.
class Server {
public:
    /// Listens from now on; answers once it runs.
    ///
    /// Errors: Failure option_invalid (no IP address), permission_denied, io_failed (as where the
    ///         port is taken).
    Server(Handler handler, const ServerOptions& options);
    /// Requires: run() has returned, or was not called.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// As `http://127.0.0.1:8080`.
    [[nodiscard]] std::string url() const;

    /// Answers requests, on this thread and others, until stop() has been called and the last
    /// answer is out.
    void run();

    /// Stops accepting, closes idle connections, and lets the others go once they have the answers
    /// to what they have sent, which may take ServerOptions::grace. It does not wait.
    void stop();
    /// Cuts off every connection. Requires: stop().
    void cut();

    [[nodiscard]] const Metrics& metrics() const noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace verso::server
