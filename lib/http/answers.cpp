#include "http/answers.hpp"

#include "http/conditions.hpp"
#include "http/target.hpp"

#include <utility>

namespace verso::http {

Response json_answer(unsigned status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"},
                        {"Cache-Control", "no-cache"},
                        {"X-Content-Type-Options", "nosniff"}},
            .body = std::move(body)};
}

Response empty_answer() {
    return {.status = 204,
            .headers = {{"Cache-Control", "no-cache"}, {"X-Content-Type-Options", "nosniff"}},
            .body = {}};
}

Response with_header(Response response, std::string_view name, std::string value) {
    response.headers.push_back({std::string(name), std::move(value)});
    return response;
}

Response with_tag(Response response, std::uint64_t revision) {
    return with_header(std::move(response), "ETag", entity_tag(revision));
}

std::string path_of(OrganisationId organisation, std::initializer_list<std::string_view> segments) {
    std::string path = "/o/" + to_string(organisation) + "/connections";
    for (const std::string_view segment : segments) {
        path += '/';
        path += percent_encode(segment);
    }
    return path;
}

}  // namespace verso::http
