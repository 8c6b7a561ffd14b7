#include "http/media_type.hpp"

#include "domain/failure.hpp"
#include "http/headers.hpp"

#include <algorithm>

namespace verso::http {

namespace {

bool is_json(std::string_view type) {
    const std::size_t slash = type.find('/');
    if (slash == std::string_view::npos) return false;
    const std::string_view main = type.substr(0, slash);
    const std::string_view sub = type.substr(slash + 1);
    if (!is_token(main) || !is_token(sub)) return false;
    if (equals_ignoring_case(main, "application") && equals_ignoring_case(sub, "json")) return true;
    constexpr std::string_view suffix = "+json";
    return sub.size() > suffix.size() &&
           equals_ignoring_case(sub.substr(sub.size() - suffix.size()), suffix);
}

bool is_utf8(std::string_view parameters) {
    while (!parameters.empty()) {
        std::string_view parameter = next_part(parameters, ';');
        if (!equals_ignoring_case(next_part(parameter, '='), "charset")) continue;
        const std::string_view charset = unquote(trim(parameter));
        if (!equals_ignoring_case(charset, "utf-8") && !equals_ignoring_case(charset, "utf8"))
            return false;
    }
    return true;
}

}  // namespace

void require_json(const Request& request) {
    const auto is_content_type = [](const Header& header) {
        return equals_ignoring_case(header.name, "Content-Type");
    };
    const auto count =
        std::count_if(request.headers.begin(), request.headers.end(), is_content_type);
    if (count == 1) {
        std::string_view parameters = find_header(request, "Content-Type").value_or("");
        if (is_json(next_part(parameters, ';')) && is_utf8(parameters)) return;
    }
    fail(Errc::media_type_unsupported,
         "the body is not said to be JSON; send it in UTF-8 with 'Content-Type: "
         "application/json'");
}

}  // namespace verso::http
