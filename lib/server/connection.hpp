// One connection: it reads requests, has them answered, and writes the answers in their order.
//
// It is with one thread at a time: each step ends by waiting for the socket, and whichever thread
// sees the socket ready takes the next one. Other threads only look at `state_`, a deadline and
// what is waited for, and at most shut the socket down, which ends the wait. So there are neither
// locks nor timers on the way of a request.
#pragma once

#include "server/request_reader.hpp"
#include "server/response_writer.hpp"
#include "server/shared.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace verso::server {

using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// Thread safety: bound to the server's threads, but for what stands first.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    using Clock = std::chrono::steady_clock;

    // From any thread, while the registry is locked:

    /// Ends what has lasted too long.
    void expire(Clock::time_point now) noexcept;
    /// Closes the connection if it waits for a request.
    void close_if_idle() noexcept;
    /// Ends whatever it does.
    void cut() noexcept;

    // From the server's threads:

    Connection(Socket socket, Shared& shared);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Answers requests from now on, until the client or a limit ends it.
    void start();
    /// Says that there are too many connections, and closes.
    void refuse();

private:
    /// What is waited for, and so what the end of the time means.
    enum class Phase : std::uint8_t { idle, reading, answering, writing, draining, expired };

    void set_phase(Phase phase, Clock::time_point deadline) noexcept;
    [[nodiscard]] bool is_out_of_time() const noexcept;
    void shut_down(int how) noexcept;

    /// Goes on until it has to wait for the socket.
    void run();
    void run_guarded() noexcept;
    /// Reads and answers one request out of what has been received. False: there is no whole one.
    bool answer_next();
    void answer_request();
    /// Answers a request whose body is still to come, if that is no matter of the body. What is
    /// left of it is read and dropped where that is short, else the connection ends.
    bool refuse_request();
    void end_request();
    void answer_fault(const Fault& fault);
    [[nodiscard]] http::Response respond(const http::Request& request) const;
    [[nodiscard]] std::optional<http::Response> check_head(const http::Request& head) const;
    void append(http::Response response, std::string_view method);
    void log(std::string_view method, std::string_view target, unsigned status,
             std::chrono::nanoseconds duration, std::size_t bytes);
    bool count_body();

    void read();
    void on_read(const boost::system::error_code& error, std::size_t bytes);
    void on_end();
    /// Writes what it can. False: it waits for the socket.
    bool flush();
    void consume_output(std::size_t bytes);
    [[nodiscard]] bool has_output() const noexcept { return !head_.empty() || !body_.empty(); }
    void linger();
    void drain();

    Socket socket_;
    const int descriptor_;
    Shared& shared_;
    std::atomic<std::uint64_t> state_;

    boost::beast::flat_buffer received_;
    RequestReader reader_;
    Clock::time_point request_begin_{};
    Clock::time_point answer_begin_{};
    std::size_t counted_body_bytes_ = 0;
    std::string head_;  // what is to be written first: heads, and bodies that are short
    std::string body_;  // what is to be written after it: one long body
    std::size_t written_bytes_ = 0;  // of head_ and body_
    std::string remote_;
    bool has_answered_ = false;
    bool is_head_checked_ = false;
    bool is_refused_ = false;  // the request that is read; it has been answered
    bool has_continued_ = false;
    bool is_closing_ = false;
    bool is_open_ = true;  // for the client to write to
};

}  // namespace verso::server
