// Changes of what a version holds.
#pragma once

#include "http/call.hpp"

#include <functional>
#include <string_view>

namespace verso::http {

/// The key under which lists of a kind's resources are answered, as `actions`.
[[nodiscard]] std::string_view plural(Kind kind) noexcept;

/// Runs `change` on the draft that the call names, and answers the version after it. On a published
/// version it fails, but first with what the change itself would fail with if that is the request's
/// fault: `change` is tried on a clone, which goes away with the transaction.
///
/// Errors: version_published; those of `change`.
[[nodiscard]] ConnectionVersion edit(const Call& call, Transaction& transaction,
                                     const std::function<void(Draft&)>& change);

}  // namespace verso::http
