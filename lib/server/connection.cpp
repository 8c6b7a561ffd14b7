#include "server/connection.hpp"

#include "server/builtin.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <utility>

namespace verso::server {

namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// Read at a time. Units: bytes.
constexpr std::size_t header_read_bytes = std::size_t{4} * 1024;
constexpr std::size_t body_read_bytes = std::size_t{64} * 1024;
/// A body up to this is copied behind its head, a longer one is written from where it is.
constexpr std::size_t short_body_bytes = std::size_t{16} * 1024;
/// Answers to pipelined requests are collected up to this.
constexpr std::size_t collected_bytes = std::size_t{64} * 1024;
/// What may still come of a body that nobody wants for the connection to go on after it.
constexpr std::size_t dropped_bytes = std::size_t{64} * 1024;
/// What a buffer may be to be kept for the next request.
constexpr std::size_t kept_bytes = std::size_t{128} * 1024;
/// How long the client has to take the last answer and close. Closing at once, with bytes of the
/// client unread, would have the system take the answer back. Source: RFC 9112, 9.6
constexpr milliseconds linger_time{2'000};

constexpr unsigned phase_bits = 3;

std::uint64_t to_milliseconds(Connection::Clock::time_point time) {
    const auto since = std::chrono::ceil<milliseconds>(time.time_since_epoch());
    return static_cast<std::uint64_t>(since.count());
}

/// What `answer()` answers, or an answer to what it throws.
template <class Answer>
auto answer_throwing(const Answer& answer) -> decltype(answer()) {
    try {
        return answer();
    } catch (const std::bad_alloc&) {
        return error_response(503, {Errc::service_unavailable, "there is not enough memory", {}});
    } catch (const std::exception&) {
        return error_response(500, {Errc::internal_error, "the request could not be answered", {}});
    }
}

std::string to_text(const Socket& socket) {
    boost::system::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return "-";
    const std::string address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? '[' + address + ']' : address) + ':' +
           std::to_string(endpoint.port());
}

}  // namespace

Connection::Connection(Socket socket, Shared& shared)
    : socket_(std::move(socket)),
      descriptor_(socket_.native_handle()),
      shared_(shared),
      state_(0),
      reader_({shared.options.max_header_bytes, shared.options.max_body_bytes}),
      remote_(to_text(socket_)) {
    boost::system::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    set_phase(Phase::idle, Clock::now() + shared_.options.header_timeout);
    shared_.metrics.count_opened();
    shared_.connections.add(this);
}

Connection::~Connection() {
    shared_.connections.remove(this);
    shared_.bodies_bytes.fetch_sub(counted_body_bytes_, std::memory_order_relaxed);
    shared_.metrics.count_closed();
}

void Connection::set_phase(Phase phase, Clock::time_point deadline) noexcept {
    state_.store(to_milliseconds(deadline) << phase_bits | static_cast<std::uint64_t>(phase));
}

bool Connection::is_out_of_time() const noexcept {
    return to_milliseconds(Clock::now()) >= state_.load() >> phase_bits;  // 0 where it was expired
}

void Connection::shut_down(int how) noexcept { ::shutdown(descriptor_, how); }

void Connection::expire(Clock::time_point now) noexcept {
    std::uint64_t state = state_.load();
    const auto phase = static_cast<Phase>(state & ((1U << phase_bits) - 1));
    if (phase == Phase::answering || phase == Phase::expired) return;
    if (to_milliseconds(now) < state >> phase_bits) return;
    // If the connection has gone on meanwhile, its time has not run out.
    if (!state_.compare_exchange_strong(state, static_cast<std::uint64_t>(Phase::expired))) return;
    shut_down(phase == Phase::reading ? SHUT_RD : SHUT_RDWR);  // a request begun is told why
}

void Connection::close_if_idle() noexcept {
    const std::uint64_t state = state_.load();
    // What has been received already is still read, and answered.
    if (static_cast<Phase>(state & ((1U << phase_bits) - 1)) == Phase::idle) shut_down(SHUT_RD);
}

void Connection::cut() noexcept { shut_down(SHUT_RDWR); }

void Connection::start() { run_guarded(); }

void Connection::refuse() {
    shared_.metrics.count_refused();
    answer_fault({503, Errc::service_unavailable, "too many connections; try again later"});
    run_guarded();
}

void Connection::run_guarded() noexcept {
    try {
        run();
    } catch (const std::exception&) {  // no memory: the connection ends, the others live
        cut();
    }
}

void Connection::run() {
    while (true) {
        const bool has_room = head_.size() < collected_bytes && body_.empty();
        if (!is_closing_ && has_room && answer_next()) continue;
        if (has_output()) {
            if (!flush()) return;
        } else if (is_closing_) {
            return linger();
        } else {
            return read();
        }
    }
}

bool Connection::answer_next() {
    using State = RequestReader::State;
    if (received_.size() == 0) return false;
    if (reader_.state() == State::header && request_begin_ == Clock::time_point{}) {
        request_begin_ = Clock::now();
        set_phase(Phase::reading, request_begin_ + shared_.options.header_timeout);
    }
    const State state = reader_.read(received_);
    if (is_refused_) {
        if (state != State::complete) return false;
        end_request();
    } else if (state == State::complete) {
        answer_request();
    } else if (state == State::faulty) {
        answer_fault(reader_.fault());
    } else if (state == State::body && refuse_request()) {
        return true;
    } else if (state == State::body && !count_body()) {
        answer_fault({503, Errc::service_unavailable, "too many long requests; try again later"});
    } else {
        if (state == State::body && reader_.expects_continue() && !has_continued_) {
            has_continued_ = true;
            head_.append("HTTP/1.1 100 Continue\r\n\r\n");
        }
        return false;
    }
    return true;
}

bool Connection::count_body() {
    const std::size_t bytes = reader_.body_bytes();
    const std::size_t more = bytes - counted_body_bytes_;
    counted_body_bytes_ = bytes;
    return shared_.bodies_bytes.fetch_add(more, std::memory_order_relaxed) + more <=
           shared_.options.max_bodies_bytes;
}

http::Response Connection::respond(const http::Request& request) const {
    return answer_throwing([&]() -> http::Response {
        if (auto builtin = answer_builtin(request, shared_)) return std::move(*builtin);
        return shared_.handler(request);
    });
}

std::optional<http::Response> Connection::check_head(const http::Request& head) const {
    return answer_throwing([&]() -> std::optional<http::Response> {
        if (auto builtin = answer_builtin(head, shared_)) return builtin;
        return shared_.options.check_head ? shared_.options.check_head(head) : std::nullopt;
    });
}

void Connection::answer_request() {
    answer_begin_ = Clock::now();
    set_phase(Phase::answering, answer_begin_);
    const http::Request& request = reader_.request();
    http::Response response = respond(request);
    const bool is_last = shared_.is_stopping.load() && received_.size() == 0;
    is_closing_ = !reader_.keeps_alive() || is_last;
    append(std::move(response), request.method);
    end_request();
}

bool Connection::refuse_request() {
    if (std::exchange(is_head_checked_, true)) return false;
    answer_begin_ = Clock::now();
    set_phase(Phase::answering, answer_begin_);
    auto response = check_head(reader_.request());
    if (!response) return false;
    // Who waits to be told to send the body may send it now or not, so what follows is in doubt.
    // Source: RFC 9110, 10.1.1
    const bool is_short = reader_.rest_bytes().value_or(dropped_bytes + 1) <= dropped_bytes;
    is_closing_ = !reader_.keeps_alive() || reader_.expects_continue() || !is_short ||
                  shared_.is_stopping.load();
    is_refused_ = true;
    append(std::move(*response), reader_.method());
    return true;
}

void Connection::end_request() {
    shared_.bodies_bytes.fetch_sub(std::exchange(counted_body_bytes_, 0),
                                   std::memory_order_relaxed);
    reader_.reset();
    request_begin_ = {};
    is_head_checked_ = is_refused_ = has_continued_ = false;
    has_answered_ = true;
}

void Connection::answer_fault(const Fault& fault) {
    answer_begin_ = Clock::now();
    set_phase(Phase::answering, answer_begin_);
    is_closing_ = true;
    append(error_response(fault.status, {fault.code, fault.message, {}}), reader_.method());
}

void Connection::append(http::Response response, std::string_view method) {
    const Framing framing{
        .is_head = method == "HEAD", .closes = is_closing_, .is_http_10 = reader_.is_http_10()};
    const std::size_t before = head_.size();
    append_head(head_, response, framing);
    std::size_t bytes = head_.size() - before;
    if (has_body(response, framing)) {
        bytes += response.body.size();
        if (response.body.size() <= short_body_bytes)
            head_.append(response.body);
        else
            body_ = std::move(response.body);
    }
    const auto duration = Clock::now() - answer_begin_;
    shared_.metrics.count_request(method, response.status, duration);
    if (shared_.options.log != nullptr)
        shared_.options.log->add(
            {remote_, method, reader_.target(), response.status, bytes, duration});
}

void Connection::read() {
    using State = RequestReader::State;
    const ServerOptions& options = shared_.options;
    const Clock::time_point now = Clock::now();
    const bool is_idle = reader_.state() == State::header && received_.size() == 0;
    if (is_idle) {
        request_begin_ = {};
        if (has_answered_) set_phase(Phase::idle, now + options.idle_timeout);
        // Either this sees that the server stops, or the server sees that this is idle.
        if (shared_.is_stopping.load()) shut_down(SHUT_RD);
    } else if (reader_.state() == State::header) {
        set_phase(Phase::reading, request_begin_ + options.header_timeout);
    } else {
        set_phase(Phase::reading, std::min(now + options.body_idle_timeout,
                                           request_begin_ + options.request_timeout));
    }
    const std::size_t most = reader_.state() == State::body ? body_read_bytes : header_read_bytes;
    if (is_idle && received_.capacity() > kept_bytes) received_.shrink_to_fit();
    socket_.async_read_some(received_.prepare(most),
                            [self = shared_from_this()](const auto& error, std::size_t bytes) {
                                self->on_read(error, bytes);
                            });
}

void Connection::on_read(const boost::system::error_code& error, std::size_t bytes) {
    received_.commit(bytes);
    shared_.metrics.count_received(bytes);
    if (error) return on_end();
    run_guarded();
}

void Connection::on_end() {
    is_open_ = false;
    const bool has_begun = reader_.state() != RequestReader::State::header || received_.size() > 0;
    if (!has_begun || is_refused_) return;  // the last owner goes, and the socket with it
    if (is_out_of_time())
        answer_fault({408, Errc::request_invalid, "the request did not come in time"});
    else
        answer_fault({400, Errc::request_invalid, "the request ends before it is whole"});
    run_guarded();
}

bool Connection::flush() {
    const std::array<asio::const_buffer, 2> all{asio::buffer(head_), asio::buffer(body_)};
    while (has_output()) {
        std::array<asio::const_buffer, 2> rest = all;
        std::size_t skipped = written_bytes_;
        for (asio::const_buffer& each : rest) {
            const std::size_t here = std::min(skipped, each.size());
            each += here;
            skipped -= here;
        }
        boost::system::error_code error;
        const std::size_t written = socket_.write_some(rest, error);
        if (error == asio::error::would_block) {
            const auto now = Clock::now();
            set_phase(Phase::writing, std::min(now + shared_.options.body_idle_timeout,
                                               answer_begin_ + shared_.options.request_timeout));
            socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const auto& failed) {
                if (!failed) self->run_guarded();
            });
            return false;
        }
        if (error) return false;  // the client is gone
        consume_output(written);
    }
    return true;
}

void Connection::consume_output(std::size_t bytes) {
    shared_.metrics.count_sent(bytes);
    written_bytes_ += bytes;
    if (written_bytes_ < head_.size() + body_.size()) return;
    written_bytes_ = 0;
    head_.clear();
    if (head_.capacity() > kept_bytes) head_.shrink_to_fit();
    body_ = {};
}

void Connection::linger() {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    if (!is_open_) return;
    set_phase(Phase::draining, Clock::now() + linger_time);
    received_.clear();
    drain();
}

void Connection::drain() {
    socket_.async_read_some(received_.prepare(body_read_bytes),
                            [self = shared_from_this()](const auto& error, std::size_t bytes) {
                                self->shared_.metrics.count_received(bytes);
                                if (!error) self->drain();
                            });
}

}  // namespace verso::server
