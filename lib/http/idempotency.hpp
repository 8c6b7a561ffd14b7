// Requests that are done once: one that carries an Idempotency-Key is, and when it comes again,
// because its answer got lost, it gets the answer of then.
// Source: draft-ietf-httpapi-idempotency-key-header
#pragma once

#include <verso/http.hpp>

#include "http/call.hpp"

#include <functional>
#include <optional>
#include <string>

namespace verso::http {

/// The key of a request that changes something; none: it has none, or only reads. Fails with
/// request_invalid.
[[nodiscard]] std::optional<std::string> idempotency_key(const Request& request);

/// The answer that a request with this key got in this organisation; none: there was none. Fails
/// with request_invalid where it was another request.
[[nodiscard]] std::optional<Response> find_answer(const Store& store, OrganisationId organisation,
                                                  const std::string& key, const Request& request);

/// Runs the handler within one write, and keeps what it answers with it. Fails as the handler does,
/// of which nothing is kept. Requires: the call has a key.
[[nodiscard]] Response answer_once(Call& call, const std::function<Response(const Call&)>& handler);

}  // namespace verso::http
