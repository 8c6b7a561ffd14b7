// Answers as the bytes of HTTP/1.1.
#pragma once

#include <verso/error.hpp>
#include <verso/http.hpp>

#include <string>

namespace verso::server {

/// What an answer's form depends on besides itself.
struct Framing {
    bool is_head = false;  ///< The request was HEAD: a body is measured and not sent.
    bool closes = false;   ///< Nothing follows on the connection.
    bool is_http_10 = false;
};

/// Appends the status line and the header section. The length of the body is that of
/// `response.body`; for HEAD it is the header Content-Length, if `response` has that. A header that
/// would break the section is left out.
void append_head(std::string& out, const http::Response& response, const Framing& framing);

/// Whether the body follows the head.
[[nodiscard]] bool has_body(const http::Response& response, const Framing& framing) noexcept;

/// The error object of `error` with a status of the server's own.
[[nodiscard]] http::Response error_response(unsigned status, const Error& error);

}  // namespace verso::server
