// What the server answers itself, without asking for a credential.
#pragma once

#include "server/shared.hpp"

#include <optional>

namespace verso::server {

/// The answer to /healthz, /metrics, /openapi.json and `OPTIONS *`; nothing to all else.
[[nodiscard]] std::optional<http::Response> answer_builtin(const http::Request& request,
                                                           const Shared& shared);

}  // namespace verso::server
