#include "http/credential.hpp"

#include "http/headers.hpp"

namespace verso::http {

namespace {

std::optional<std::string_view> bearer_token(std::string_view authorization) {
    constexpr std::string_view scheme = "Bearer";
    if (!equals_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
    authorization.remove_prefix(scheme.size());
    if (!authorization.empty() && authorization.front() != ' ') return std::nullopt;
    return trim(authorization);
}

std::optional<std::string_view> find_cookie(std::string_view cookies, std::string_view name) {
    while (!cookies.empty()) {
        std::string_view pair = next_part(cookies, ';');
        if (pair.find('=') == std::string_view::npos) continue;
        if (next_part(pair, '=') == name) return unquote(trim(pair));
    }
    return std::nullopt;
}

}  // namespace

std::optional<Credential> find_credential(const Request& request, std::string_view cookie_name) {
    std::optional<std::string_view> cookie;
    for (const Header& header : request.headers) {
        if (equals_ignoring_case(header.name, "Authorization")) {
            if (const auto token = bearer_token(trim(header.value)))
                return Credential{CredentialSource::bearer, *token};
        } else if (!cookie && equals_ignoring_case(header.name, "Cookie")) {
            cookie = find_cookie(header.value, cookie_name);
        }
    }
    if (!cookie) return std::nullopt;
    return Credential{CredentialSource::cookie, *cookie};
}

}  // namespace verso::http
