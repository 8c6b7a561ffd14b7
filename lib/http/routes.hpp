// The table of routes: which paths there are, and what each method does there.
#pragma once

#include "http/call.hpp"
#include "http/query.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace verso::http {

using Handler = Response (*)(const Call&);

/// What a method does at a path.
struct Endpoint {
    std::string_view method;
    Handler handler;
    Parameters parameters = Parameters::none;
    bool takes_json = false;
};

/// A path below /o/{organisation_id}, as `connections/{}/versions`: `{}` stands for any segment.
struct Route {
    std::string_view pattern;
    std::span<const Endpoint> endpoints;
    std::optional<Kind> kind = {};  ///< Of the resources that it is about.

    /// The endpoint of a method; HEAD is GET's. None: the method is not allowed.
    [[nodiscard]] const Endpoint* find(std::string_view method) const noexcept;
    /// The methods, as the header Allow lists them.
    [[nodiscard]] std::string allow() const;
};

/// The route that the segments below /o/{organisation_id}, decoded, lead along, if there is one.
[[nodiscard]] const Route* find_route(std::span<const std::string> segments) noexcept;

}  // namespace verso::http
