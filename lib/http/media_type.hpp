// Whether a request's body is said to be JSON.
#pragma once

#include <verso/http.hpp>

namespace verso::http {

/// Checks that Content-Type is application/json or some type +json, in UTF-8 if it says in what.
///
/// Errors: media_type_unsupported.
/// Source: RFC 9110, 8.3; RFC 6839, 3.1
void require_json(const Request& request);

}  // namespace verso::http
