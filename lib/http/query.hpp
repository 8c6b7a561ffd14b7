// The query of a target: each parameter at most once, none that the operation does not know, each
// value strictly in its form.
#pragma once

#include <verso/page.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verso::http {

/// Which parameters an operation takes.
enum class Parameters {
    none,
    paging,          ///< first, after, before
    paging_by_name,  ///< the same, and name and commit
    commit,
    changes,  ///< first, after, from, fromCommit, commit, patch
    force,
};

/// What a query says.
struct Query {
    PageRequest page = {};
    bool force = false;
    std::uint64_t commit = 0;  ///< 0: the version as it is now.
    std::optional<std::string> from = {};
    std::uint64_t from_commit = 0;
    bool patch = false;
};

/// A whole number from 1 on, in decimal digits without a zero in front; none if it is anything
/// else.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

/// Reads a query, which is still encoded.
///
/// Errors: request_invalid, with the parameter as the field.
[[nodiscard]] Query read_query(std::string_view query, Parameters parameters);

}  // namespace verso::http
