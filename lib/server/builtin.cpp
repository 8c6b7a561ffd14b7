#include "server/builtin.hpp"

#include "server/openapi_document.hpp"
#include "server/response_writer.hpp"

#include <string_view>

namespace verso::server {

namespace {

http::Response answer_health(const Shared& shared) {
    const auto& check = shared.options.check_health;
    if (check) {
        const auto checked = check();
        // What is wrong stands in the store's own words, which may name files: not for anyone.
        if (!checked)
            return error_response(
                503, {Errc::service_unavailable,
                      "the store cannot be read: " + std::string(name(checked.error().code)),
                      {}});
    }
    return {.status = 200,
            .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
            .body = R"({"status":"ok"})"};
}

http::Response answer_metrics(const Shared& shared) {
    return {.status = 200,
            .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
            .body = shared.metrics.text()};
}

http::Response answer_openapi(const Shared&) {
    return {.status = 200,
            .headers = {{"Content-Type", "application/json"}},
            .body = std::string(openapi_document())};
}

using Answer = http::Response (*)(const Shared&);

Answer find_answer(std::string_view path) {
    if (path == "/healthz") return answer_health;
    if (path == "/metrics") return answer_metrics;
    if (path == "/openapi.json") return answer_openapi;
    return nullptr;
}

}  // namespace

std::optional<http::Response> answer_builtin(const http::Request& request, const Shared& shared) {
    if (request.target == "*")
        return http::Response{.status = 204,
                              .headers = {{"Allow", "GET, HEAD, POST, PUT, DELETE"}}};
    const std::string_view path = request.target.substr(0, request.target.find('?'));
    const Answer answer = find_answer(path);
    if (answer == nullptr) return std::nullopt;
    if (request.method == "GET" || request.method == "HEAD") return answer(shared);
    http::Response refused = error_response(
        405, {Errc::method_not_allowed, std::string(path) + " is only to be read", {}});
    refused.headers.back().value = "GET, HEAD";
    return refused;
}

}  // namespace verso::server
