#include "server/request_reader.hpp"

#include "server/header_names.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace verso::server {

namespace {

namespace beast = boost::beast;
using HttpError = beast::http::error;

/// What a body's memory may be to be kept for the next one. Units: bytes.
constexpr std::size_t kept_body_bytes = std::size_t{64} * 1024;

/// What is still to come of any chunked body that has not ended. Before 1.86 Beast's parser asserts
/// it once it has met the last chunk, `0\r\n`. Source: boostorg/beast, pull request 2861
constexpr std::size_t last_chunk_bytes = std::string_view("0\r\n\r\n").size();

std::string_view to_std(beast::string_view text) { return {text.data(), text.size()}; }

bool is_token_character(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != others.npos;
}

/// A host and perhaps a port, and nothing that some other reader might take for more. Source: RFC
/// 9110, 7.2
bool is_host(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        constexpr std::string_view others = ":[]";
        return is_token_character(c) || others.find(c) != others.npos;
    });
}

/// Whether a request line ends in the name of an HTTP version that is not spoken here.
bool names_other_version(std::string_view header) {
    const std::string_view line = header.substr(0, header.find('\r'));
    if (line.size() < 9) return false;
    const std::string_view version = line.substr(line.size() - 9);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return version.starts_with(" HTTP/") && is_digit(version[6]) && version[7] == '.' &&
           is_digit(version[8]) && version != " HTTP/1.0" && version != " HTTP/1.1";
}

}  // namespace

void ReadRequest::reset() {
    std::ranges::move(request.headers, std::back_inserter(spare_headers));
    request.headers.clear();
    request = {.method = {}, .target = {}, .headers = std::move(request.headers)};
    method.clear();
    target.clear();
    body.clear();
    if (body.capacity() > kept_body_bytes) body.shrink_to_fit();
    fault.reset();
    has_host = has_length = has_coding = is_http_10 = expects_continue = false;
}

void ReadRequest::set_fault(unsigned status, Errc code, std::string message) {
    if (!fault) fault = Fault{status, code, std::move(message)};
}

void ReadRequest::set_start(std::string_view request_method, std::string_view request_target) {
    method = request_method;
    target = request_target;
    if (method == "CONNECT")
        return set_fault(405, Errc::method_not_allowed,
                         "CONNECT is not answered: this is no proxy");
    set_target(request_target);
}

void ReadRequest::set_target(std::string_view text) {
    if (text.find('#') != text.npos)
        return set_fault(400, Errc::request_invalid,
                         "the request target has a fragment; encode `#` as %23");
    if (text.starts_with('/') || (text == "*" && method == "OPTIONS")) return;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(text.substr(0, scheme.size()), scheme)) continue;
        const std::string_view rest = text.substr(scheme.size());
        const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
        if (path == 0) break;
        const bool has_path = path < rest.size() && rest[path] == '/';
        target = (has_path ? "" : "/") + std::string(rest.substr(path));
        return;
    }
    set_fault(400, Errc::request_invalid,
              "the request target is neither a path that begins with `/` nor an http URL");
}

void ReadRequest::add_header(std::string_view name, std::string_view value) {
    const auto is = [&](std::string_view other) { return equal_ignoring_case(name, other); };
    const auto set_twice = [&](bool& seen) {
        if (std::exchange(seen, true))
            set_fault(400, Errc::request_invalid,
                      "the request has more than one " + std::string(name) + " header");
    };
    if (is("Host")) {
        set_twice(has_host);
        if (!is_host(value))
            set_fault(400, Errc::request_invalid, "the Host header is no host and port");
    } else if (is("Content-Length")) {
        set_twice(has_length);
        if (value.find(',') != value.npos)
            set_fault(400, Errc::request_invalid, "Content-Length is no number");
    } else if (is("Transfer-Encoding")) {
        set_twice(has_coding);
        if (!equal_ignoring_case(value, "chunked"))
            set_fault(501, Errc::request_invalid, "no Transfer-Encoding but `chunked` can be read");
    } else if (is("Expect")) {
        expects_continue = equal_ignoring_case(value, "100-continue");
        if (!expects_continue)
            set_fault(417, Errc::request_invalid, "no expectation but `100-continue` can be met");
    }
    if (spare_headers.empty()) {
        request.headers.push_back({std::string(name), std::string(value)});
        return;
    }
    http::Header header = std::move(spare_headers.back());
    spare_headers.pop_back();
    header.name = name;
    header.value = value;
    request.headers.push_back(std::move(header));
}

RequestParser::RequestParser(ReadRequest& into, std::size_t max_body_bytes)
    : into_(into), max_body_bytes_(max_body_bytes) {
    // Both limits are the reader's: it finds the header's end before the parser sees it, and a body
    // too large is an answer of its own.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
}

void RequestParser::on_request_impl(verb, string_view method, string_view target, int version,
                                    error_code& error) {
    into_.is_http_10 = version == 10;
    into_.set_start(to_std(method), to_std(target));
    if (into_.fault) error = HttpError::bad_target;
}

void RequestParser::on_field_impl(field, string_view name, string_view value, error_code& error) {
    if (is_header_read_) return;  // a trailer: nothing that is asked for comes in one
    into_.add_header(to_std(name), to_std(value));
    if (into_.fault) error = HttpError::bad_field;
}

void RequestParser::on_header_impl(error_code&) { is_header_read_ = true; }

std::size_t RequestParser::on_body_impl(string_view piece, error_code&) {
    into_.body.append(piece.data(), piece.size());
    return piece.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, string_view, error_code& error) {
    if (size > max_body_bytes_ - into_.body.size()) error = HttpError::body_limit;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view piece, error_code&) {
    into_.body.append(piece.data(), piece.size());
    return piece.size();
}

void RequestReader::reset() {
    read_.reset();
    parser_.reset();
    state_ = State::header;
    line_begin_ = 0;
    keeps_alive_ = false;
}

void RequestReader::set_fault(unsigned status, Errc code, std::string message) {
    read_.set_fault(status, code, std::move(message));
    state_ = State::faulty;
}

void RequestReader::set_parse_fault(const beast::error_code& error) {
    set_fault(400, Errc::request_invalid, "the request is no HTTP/1.1: " + error.message());
}

void RequestReader::set_too_large() {
    read_.body.clear();
    read_.body.shrink_to_fit();
    read_.request.is_body_too_large = true;
    keeps_alive_ = false;
    state_ = State::complete;
}

RequestReader::State RequestReader::read(beast::flat_buffer& bytes) {
    const auto view = [&bytes] {
        return std::string_view(static_cast<const char*>(bytes.cdata().data()), bytes.size());
    };
    if (state_ == State::header) {
        // Empty lines before a request are passed over. Source: RFC 9112, 2.2
        while (line_begin_ == 0 && view().starts_with("\r\n")) bytes.consume(2);
        if (const auto end = find_header_end(view())) {
            read_header(view().substr(0, *end));
            bytes.consume(*end);
        }
    }
    if (state_ == State::body) read_body(bytes);
    if (state_ == State::complete) read_.request.body = read_.body;
    return state_;
}

std::optional<std::uint64_t> RequestReader::rest_bytes() const {
    const auto rest = parser_->content_length_remaining();
    return rest ? std::optional(*rest) : std::nullopt;
}

bool RequestReader::check_line(std::string_view line) {
    const auto refuse = [this](const char* message) {
        set_fault(400, Errc::request_invalid, message);
        return false;
    };
    if (!line.ends_with('\r')) return refuse("a line of the header ends in LF without CR");
    line.remove_suffix(1);
    if (line.find('\r') != line.npos) return refuse("the header has a CR without LF");
    if (line_begin_ > 0 && (line.starts_with(' ') || line.starts_with('\t')))
        return refuse("the header has a folded line");
    return true;
}

std::optional<std::size_t> RequestReader::find_header_end(std::string_view bytes) {
    const auto too_long = [this]() -> std::optional<std::size_t> {
        set_fault(431, Errc::limit_exceeded,
                  "the request line and headers are longer than " +
                      std::to_string(limits_.max_header_bytes) + " bytes");
        return std::nullopt;
    };
    if (!bytes.empty() && !is_token_character(bytes.front()) && bytes != "\r") {
        // What speaks another protocol may never send a line feed to be judged by.
        set_fault(400, Errc::request_invalid, "the request does not begin with a method");
        return std::nullopt;
    }
    while (true) {
        const std::size_t feed = bytes.find('\n', line_begin_);
        if (feed == bytes.npos) {
            if (bytes.size() > limits_.max_header_bytes) return too_long();
            return std::nullopt;
        }
        if (feed >= limits_.max_header_bytes) return too_long();
        const std::string_view line = bytes.substr(line_begin_, feed - line_begin_);
        if (!check_line(line)) return std::nullopt;
        line_begin_ = feed + 1;
        if (line.size() == 1) return line_begin_;
    }
}

void RequestReader::read_header(std::string_view header) {
    parser_.emplace(read_, limits_.max_body_bytes);
    beast::error_code error;
    parser_->put({header.data(), header.size()}, error);
    if (read_.fault) {
        state_ = State::faulty;
    } else if (error == HttpError::bad_version && names_other_version(header)) {
        set_fault(505, Errc::request_invalid, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    } else if (error) {
        set_parse_fault(error);
    } else {
        judge_header();
    }
}

void RequestReader::judge_header() {
    if (!read_.has_host && !read_.is_http_10)
        return set_fault(400, Errc::request_invalid, "the request has no Host header");
    if (read_.has_coding && read_.is_http_10)
        return set_fault(400, Errc::request_invalid, "HTTP/1.0 knows no Transfer-Encoding");
    read_.request.method = read_.method;
    read_.request.target = read_.target;
    keeps_alive_ = parser_->keep_alive();
    if (read_.is_http_10) read_.expects_continue = false;
    if (parser_->is_done()) {
        state_ = State::complete;
    } else if (parser_->content_length().value_or(0) > limits_.max_body_bytes) {
        set_too_large();
    } else {
        state_ = State::body;
    }
}

void RequestReader::read_body(beast::flat_buffer& bytes) {
    const std::size_t fewest = parser_->chunked() ? last_chunk_bytes : 1;
    while (bytes.size() >= fewest && !parser_->is_done()) {
        beast::error_code error;
        bytes.consume(parser_->put(bytes.cdata(), error));
        if (error == HttpError::need_more) {
            // A chunk's header or the trailers, which are read as a whole.
            if (bytes.size() > limits_.max_header_bytes)
                set_fault(431, Errc::limit_exceeded,
                          "a chunk's header or the trailers are longer than " +
                              std::to_string(limits_.max_header_bytes) + " bytes");
            return;
        }
        if (error == HttpError::body_limit) return set_too_large();
        if (error) return set_parse_fault(error);
    }
    if (parser_->is_done()) state_ = State::complete;
}

}  // namespace verso::server
