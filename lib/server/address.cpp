#include "server/address.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include <charconv>

namespace verso::server {

namespace {

namespace asio = boost::asio;

/// Splits `[::1]:8080` and `127.0.0.1:8080`; no port where none stands.
struct HostAndPort {
    std::string_view host;
    std::optional<std::string_view> port;
};

HostAndPort split(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == text.npos) return {};
        const std::string_view rest = text.substr(end + 1);
        const std::string_view host = text.substr(1, end - 1);
        if (rest.empty()) return {host, std::nullopt};
        if (rest.front() != ':') return {};
        return {host, rest.substr(1)};
    }
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return {text, std::nullopt};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

std::optional<asio::ip::address> parse_address(std::string_view host) {
    boost::system::error_code error;
    auto address = asio::ip::make_address(std::string(host), error);
    if (error) return std::nullopt;
    return address;
}

bool is_localhost(std::string_view host) {
    return boost::beast::iequals({host.data(), host.size()}, "localhost");
}

}  // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
    const HostAndPort parts = split(text);
    if (!parts.port || parts.host.empty()) return std::nullopt;
    ListenAddress listen;
    const char* const end = parts.port->data() + parts.port->size();
    const auto read = std::from_chars(parts.port->data(), end, listen.port);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    const auto address = parse_address(is_localhost(parts.host) ? "127.0.0.1" : parts.host);
    if (!address) return std::nullopt;
    listen.address = address->to_string();
    listen.is_loopback = address->is_loopback();
    return listen;
}

bool is_loopback_host(std::string_view host) {
    const std::string_view name = split(host).host;
    if (is_localhost(name)) return true;
    const auto address = parse_address(name);
    return address && address->is_loopback();
}

}  // namespace verso::server
