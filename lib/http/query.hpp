// The query of a target: each parameter at most once, none that the operation does not know, each
// value strictly in its form.
#pragma once

#include <verso/page.hpp>

#include <string_view>

namespace verso::http {

/// Which parameters an operation takes.
enum class Parameters {
    none,
    paging,          ///< first, after, before
    paging_by_name,  ///< the same, and name
    force,
};

/// What a query says.
struct Query {
    PageRequest page = {};
    bool force = false;
};

/// Reads a query, which is still encoded.
///
/// Errors: request_invalid, with the parameter as the field.
[[nodiscard]] Query read_query(std::string_view query, Parameters parameters);

}  // namespace verso::http
