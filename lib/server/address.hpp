// Where a server listens, as people write it: `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verso::server {

/// Thread safety: a value.
struct ListenAddress {
    std::string address;  ///< An IPv4 or IPv6 address.
    std::uint16_t port = 0;
    bool is_loopback = false;  ///< Reached from this machine only.
};

/// Nothing, where the text is no address and port.
[[nodiscard]] std::optional<ListenAddress> parse_listen_address(std::string_view text);

/// Whether a Host header, with or without a port, names this machine to itself: `localhost`, or a
/// loopback address.
[[nodiscard]] bool is_loopback_host(std::string_view host);

}  // namespace verso::server
