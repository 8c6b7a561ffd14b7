// Takes one request after another off the bytes of a connection. Boost.Beast's parser reads them;
// what it would let pass, and proxies before or behind might read in another way, is refused here:
// line feeds alone, folded lines, more than one Content-Length or Host, any transfer coding but
// `chunked`.
#pragma once

#include <verso/error.hpp>
#include <verso/http.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso::server {

/// Why a request is not taken. The connection ends with it.
struct Fault {
    unsigned status = 400;
    Errc code = Errc::request_invalid;
    std::string message = {};
};

/// Units: bytes.
struct ReadLimits {
    std::size_t max_header_bytes;
    std::size_t max_body_bytes;
};

/// What has been read of a request. Its memory is used again for the next one.
struct ReadRequest {
    http::Request request;
    std::string method;
    std::string target;
    std::string body;
    std::vector<http::Header> spare_headers;
    std::optional<Fault> fault;
    bool has_host = false;
    bool has_length = false;
    bool has_coding = false;
    bool is_http_10 = false;
    bool expects_continue = false;

    void reset();
    void set_fault(unsigned status, Errc code, std::string message);
    void set_start(std::string_view request_method, std::string_view request_target);
    void add_header(std::string_view name, std::string_view value);

private:
    /// Makes an origin form of an absolute one. Source: RFC 9112, 3.2
    void set_target(std::string_view text);
};

/// Beast's parser, writing into a ReadRequest.
class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    RequestParser(ReadRequest& into, std::size_t max_body_bytes);

private:
    using string_view = boost::beast::string_view;
    using error_code = boost::beast::error_code;
    using field = boost::beast::http::field;
    using verb = boost::beast::http::verb;

    void on_request_impl(verb, string_view method, string_view target, int version,
                         error_code& error) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(field, string_view name, string_view value, error_code& error) override;
    void on_header_impl(error_code& error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view piece, error_code&) override;
    void on_chunk_header_impl(std::uint64_t size, string_view, error_code& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code&) override;
    void on_finish_impl(error_code&) override {}

    ReadRequest& into_;
    std::size_t max_body_bytes_;
    bool is_header_read_ = false;
};

/// Thread safety: movable
class RequestReader {
public:
    enum class State {
        header,    ///< The header's end has not come yet.
        body,      ///< The header has been read, the body not wholly.
        complete,  ///< There is a request to be answered.
        faulty,    ///< There is a fault to be answered; nothing after it can be read.
    };

    explicit RequestReader(const ReadLimits& limits) : limits_(limits) {}
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;

    /// Reads on, and consumes what it has read. Requires: it is neither complete nor faulty.
    ///
    /// Complexity: O(bytes); memory is reused from request to request.
    State read(boost::beast::flat_buffer& bytes);
    /// Makes ready for the next request.
    void reset();

    [[nodiscard]] State state() const noexcept { return state_; }
    /// Requires: the header was read; the body is there once it is complete. Of a body too large,
    /// nothing has been kept, and what follows cannot be read.
    [[nodiscard]] const http::Request& request() const noexcept { return read_.request; }
    /// Requires: faulty.
    [[nodiscard]] const Fault& fault() const noexcept { return *read_.fault; }
    /// The method and target as far as they are known, else empty.
    [[nodiscard]] std::string_view method() const noexcept { return read_.method; }
    [[nodiscard]] std::string_view target() const noexcept { return read_.target; }

    /// Whether the client takes another answer on this connection. Requires: the header was read.
    [[nodiscard]] bool keeps_alive() const noexcept { return keeps_alive_; }
    [[nodiscard]] bool is_http_10() const noexcept { return read_.is_http_10; }
    /// Whether the client waits to be told to send the body.
    [[nodiscard]] bool expects_continue() const noexcept { return read_.expects_continue; }
    /// How much of the body is still to come; none: only its end will tell. Requires: body.
    [[nodiscard]] std::optional<std::uint64_t> rest_bytes() const;
    /// What is held of the body.
    [[nodiscard]] std::size_t body_bytes() const noexcept { return read_.body.size(); }

private:
    /// Where the header ends that `bytes` begin with, if its end has come. Sets a fault where a
    /// line is not as it should be.
    [[nodiscard]] std::optional<std::size_t> find_header_end(std::string_view bytes);
    [[nodiscard]] bool check_line(std::string_view line);
    void read_header(std::string_view header);
    void judge_header();
    void read_body(boost::beast::flat_buffer& bytes);
    void set_fault(unsigned status, Errc code, std::string message);
    void set_parse_fault(const boost::beast::error_code& error);
    void set_too_large();

    ReadLimits limits_;
    ReadRequest read_;
    std::optional<RequestParser> parser_;
    State state_ = State::header;
    std::size_t line_begin_ = 0;  // of the first line that has not been checked
    bool keeps_alive_ = false;
};

}  // namespace verso::server
