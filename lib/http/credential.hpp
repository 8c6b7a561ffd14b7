// What a client proves itself with, found in a request's headers.
#pragma once

#include <verso/http.hpp>

#include <optional>
#include <string_view>

namespace verso::http {

/// The token of `Authorization: Bearer`, else the first cookie of that name, if there is one.
/// Another scheme of Authorization is not for the adapter, and is passed over.
///
/// Lifetime: the request's.
/// Source:   RFC 6750, 2.1; RFC 6265, 4.2
[[nodiscard]] std::optional<Credential> find_credential(const Request& request,
                                                        std::string_view cookie_name);

}  // namespace verso::http
