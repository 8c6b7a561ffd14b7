#include "server/response_writer.hpp"

#include "domain/resource_json.hpp"
#include "server/header_names.hpp"

#include <boost/beast/http/status.hpp>

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <string_view>

namespace verso::server {

namespace {

namespace beast = boost::beast;

/// The time as a Date header has it. It is made once a second on each thread.
std::string_view date_text() {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    thread_local std::time_t second = -1;
    thread_local std::array<char, 64> text{};
    const std::time_t now = std::time(nullptr);
    if (now != second) {
        second = now;
        std::tm utc{};
        ::gmtime_r(&now, &utc);
        std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                      days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                      months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                      utc.tm_min, utc.tm_sec);
    }
    return text.data();
}

/// Headers that say how the answer is framed, which is the server's to say.
bool is_framing(std::string_view name) {
    for (const std::string_view each :
         {"Content-Length", "Transfer-Encoding", "Connection", "Date"})
        if (equal_ignoring_case(name, each)) return true;
    return false;
}

bool is_safe(const http::Header& header) {
    constexpr std::string_view breaking("\r\n\0", 3);
    return header.name.find_first_of(breaking) == header.name.npos &&
           header.value.find_first_of(breaking) == header.value.npos;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, 24> digits;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

bool may_have_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

void append_length(std::string& out, const http::Response& response, const Framing& framing) {
    if (!may_have_body(response.status)) return;
    if (framing.is_head && response.body.empty()) {
        for (const http::Header& header : response.headers)
            if (equal_ignoring_case(header.name, "Content-Length") && is_safe(header))
                append_header(out, "Content-Length", header.value);
        return;
    }
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
}

}  // namespace

void append_head(std::string& out, const http::Response& response, const Framing& framing) {
    out.append("HTTP/1.1 ");
    append_number(out, response.status);
    const beast::string_view reason =
        beast::http::obsolete_reason(beast::http::int_to_status(response.status));
    out.append(" ").append(reason.data(), reason.size()).append("\r\n");
    append_header(out, "Date", date_text());
    for (const http::Header& header : response.headers)
        if (!is_framing(header.name) && is_safe(header))
            append_header(out, header.name, header.value);
    if (framing.closes)
        append_header(out, "Connection", "close");
    else if (framing.is_http_10)
        append_header(out, "Connection", "keep-alive");
    append_length(out, response, framing);
    out.append("\r\n");
}

bool has_body(const http::Response& response, const Framing& framing) noexcept {
    return !framing.is_head && may_have_body(response.status);
}

http::Response error_response(unsigned status, const Error& error) {
    http::Response response{.status = status,
                            .headers = {{"Content-Type", "application/json"}},
                            .body = to_json(error)};
    if (status == 405) response.headers.push_back({"Allow", "GET, HEAD, POST, PUT, DELETE"});
    if (status == 503) response.headers.push_back({"Retry-After", "1"});
    return response;
}

}  // namespace verso::server
