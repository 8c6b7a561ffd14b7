// What an operation takes and answers: requests and responses, whose content Definitions describe.
#pragma once

#include <verso/domain/reference.hpp>

#include <optional>
#include <vector>

namespace verso {

/// One form that a body may take.
struct Body {
    Reference definition;

    friend bool operator==(const Body&, const Body&) = default;
};

/// The body of a request. At most one definition for a media type.
struct RequestBody {
    bool required = false;
    std::vector<Body> definitions = {};

    friend bool operator==(const RequestBody&, const RequestBody&) = default;
};

/// What is answered with one status.
struct Response {
    std::optional<int> status = {};  ///< None: the default response.
    std::vector<Body> definitions = {};

    friend bool operator==(const Response&, const Response&) = default;
};

}  // namespace verso
