#include "server/local_guard.hpp"

#include "server/address.hpp"
#include "server/response_writer.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace verso::server {

namespace {

bool is_named(const http::Header& header, std::string_view name) {
    return boost::beast::iequals({header.name.data(), header.name.size()},
                                 {name.data(), name.size()});
}

/// Whether an Origin, as `http://localhost:8080`, is of this machine.
bool is_loopback_origin(std::string_view origin) {
    const std::size_t host = origin.find("://");
    return host != origin.npos && is_loopback_host(origin.substr(host + 3));
}

bool is_from_this_machine(const http::Request& request) {
    return std::ranges::all_of(request.headers, [](const http::Header& header) {
        if (is_named(header, "Host")) return is_loopback_host(header.value);
        if (is_named(header, "Origin")) return is_loopback_origin(header.value);
        return true;
    });
}

std::optional<http::Response> refuse_other_machines(const http::Request& request) {
    if (is_from_this_machine(request)) return std::nullopt;
    return error_response(403, {Errc::forbidden,
                                "without --auth, only requests to localhost are answered, and none "
                                "of other sites' pages",
                                {}});
}

}  // namespace

Handler only_from_this_machine(Handler handler) {
    return [handler = std::move(handler)](const http::Request& request) {
        auto refused = refuse_other_machines(request);
        return refused ? std::move(*refused) : handler(request);
    };
}

HeadCheck only_heads_from_this_machine(HeadCheck check) {
    return [check = std::move(check)](const http::Request& head) {
        auto refused = refuse_other_machines(head);
        return refused ? std::move(refused) : check(head);
    };
}

}  // namespace verso::server
