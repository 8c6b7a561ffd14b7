// Requests that have been done: a write that carries a request id is done once, and one that asks
// again with it gets the answer of then.
#pragma once

#include "engine/records.hpp"
#include "storage/storage.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace verso::engine {

/// The answer that is kept, if the request has been done. Fails with option_invalid.
[[nodiscard]] std::optional<std::string> find_request(storage::ReadTransaction& transaction,
                                                      std::string_view request);

/// Keeps an answer until then. Requires: none is kept. Fails with limit_exceeded, option_invalid.
void keep_request(storage::WriteTransaction& transaction, std::string_view request,
                  std::string_view answer, Timestamp expires_at);

/// Forgets those that have expired, up to so many. Answers whether it was all.
bool forget_expired_requests(storage::WriteTransaction& transaction, Timestamp now,
                             std::size_t most);

}  // namespace verso::engine
