// How a server listens, what it grants a client, and whom it asks for answers.
#pragma once

#include <verso/error.hpp>
#include <verso/http.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace verso::server {

class AccessLog;

/// Answers a request. It is called on the threads of the server, several at a time.
using Handler = std::function<http::Response(const http::Request&)>;

/// Asked with a request whose header has come and whose body has not wholly: an answer ends it
/// there. It is called like a handler.
using HeadCheck = std::function<std::optional<http::Response>(const http::Request&)>;

/// Every member has a default that suits a service. Thread safety: a value.
struct ServerOptions {
    std::string address = "127.0.0.1";  ///< An IPv4 or IPv6 address.
    std::uint16_t port = 8080;          ///< 0: the system picks one.
    /// Threads that read, answer and write. A handler keeps its thread, also while a write waits
    /// for the disk: more threads than processors keep reads from waiting behind writes, at some
    /// cost to reads. 0: as many as processors, at least 2.
    std::size_t threads = 0;

    /// A longer request line and header section is answered with 431. Units: bytes.
    std::size_t max_header_bytes = std::size_t{16} * 1024;
    /// A longer body is not read: Request::is_body_too_large. Should be the adapter's limit. Units:
    /// bytes.
    std::size_t max_body_bytes = std::size_t{64} * 1024 * 1024;
    /// Of all bodies that are held at once; a request beyond it is answered with 503. Units: bytes.
    std::size_t max_bodies_bytes = std::size_t{1024} * 1024 * 1024;
    /// A further connection is answered with 503 and closed.
    std::size_t max_connections = 1024;

    /// From a request's first byte, or for the first request of a connection from its opening, to
    /// the end of its header.
    std::chrono::milliseconds header_timeout{10'000};
    /// How long nothing may arrive of a body, and nothing be taken of an answer.
    std::chrono::milliseconds body_idle_timeout{30'000};
    /// From a request's first byte to its last; and the same again for its answer.
    std::chrono::milliseconds request_timeout{300'000};
    /// How long a connection may wait for its next request.
    std::chrono::milliseconds idle_timeout{60'000};
    /// How long stop() leaves requests that it finds before it cuts them off.
    std::chrono::milliseconds grace{30'000};

    /// None: every body is read.
    HeadCheck check_head = {};
    /// What /healthz asks: whether requests can be answered. None: they can.
    std::function<Result<void>()> check_health = {};
    /// None: nothing is logged. Lifetime: the server's.
    AccessLog* log = nullptr;
};

}  // namespace verso::server
