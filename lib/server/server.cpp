#include "server/server.hpp"

#include "domain/failure.hpp"
#include "server/connection.hpp"
#include "server/shared.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <new>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace verso::server {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;
using Clock = Connection::Clock;

/// Connections beyond the limit that are told so; those beyond these are closed without a word.
constexpr std::size_t refused_at_once = 128;
constexpr milliseconds flush_interval{1'000};
/// How long accepting rests when the system has no socket to give.
constexpr milliseconds accept_pause{100};

std::size_t thread_count(std::size_t wanted) {
    if (wanted > 0) return wanted;
    return std::max<std::size_t>(2, std::thread::hardware_concurrency());
}

/// How often deadlines are looked at: often enough that none is missed by much.
milliseconds sweep_interval(const ServerOptions& options) {
    const auto shortest = std::min({options.header_timeout, options.body_idle_timeout,
                                    options.request_timeout, options.idle_timeout});
    return std::clamp(shortest / 4, milliseconds(5), milliseconds(250));
}

/// Begins what must go on; where memory is out, once there is some.
template <class Begin>
void insist(const Begin& begin) {
    while (true) {
        try {
            return begin();
        } catch (const std::bad_alloc&) {
            std::this_thread::sleep_for(accept_pause);
        }
    }
}

[[noreturn]] void fail_listening(const ServerOptions& options,
                                 const boost::system::error_code& error) {
    const std::string what = "cannot listen on " + options.address + " port " +
                             std::to_string(options.port) + ": " + error.message();
    if (error == asio::error::access_denied)
        fail(Errc::permission_denied, what + "; ports below 1024 are for root, give another one");
    if (error == asio::error::address_in_use)
        fail(Errc::io_failed, what + "; stop the program that has it, or give another port");
    fail(Errc::io_failed, what);
}

}  // namespace

class Server::Impl {
public:
    Impl(Handler handler, const ServerOptions& options)
        : shared_(std::move(handler), options),
          context_(static_cast<int>(thread_count(options.threads))),
          acceptor_(asio::make_strand(context_)),
          sweeper_(acceptor_.get_executor()),
          pause_(acceptor_.get_executor()) {
        listen();
    }

    [[nodiscard]] const Metrics& metrics() const noexcept { return shared_.metrics; }
    [[nodiscard]] const tcp::endpoint& endpoint() const noexcept { return endpoint_; }

    void run() {
        asio::post(acceptor_.get_executor(), [this] {
            accept();
            sweep();
        });
        std::vector<std::thread> threads;
        try {
            for (std::size_t at = 1; at < thread_count(shared_.options.threads); ++at)
                threads.emplace_back([this] { work(); });
        } catch (const std::exception&) {
            context_.stop();
            for (std::thread& thread : threads) thread.join();
            throw;
        }
        work();
        for (std::thread& thread : threads) thread.join();
        if (shared_.options.log != nullptr) shared_.options.log->flush();
    }

    void stop() {
        if (shared_.is_stopping.load()) return;
        cut_at_.store((Clock::now() + shared_.options.grace).time_since_epoch().count());
        shared_.is_stopping.store(true);
        insist([&] { asio::post(acceptor_.get_executor(), [this] { stop_accepting(); }); });
    }

    void cut() { cut_at_.store(Clock::now().time_since_epoch().count()); }

private:
    void listen() {
        const ServerOptions& options = shared_.options;
        boost::system::error_code error;
        const auto address = asio::ip::make_address(options.address, error);
        if (error)
            fail(Errc::option_invalid,
                 "\"" + options.address + "\" is no IP address; give one as 127.0.0.1");
        const tcp::endpoint endpoint(address, options.port);
        acceptor_.open(endpoint.protocol(), error);
        if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor_.bind(endpoint, error);
        if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (!error) endpoint_ = acceptor_.local_endpoint(error);
        if (error) fail_listening(options, error);
    }

    /// Answers requests, until there is nothing left to do.
    void work() {
        while (true) {
            try {
                context_.run();
                return;
            } catch (const std::bad_alloc&) {  // what needed memory ends, the rest goes on
                insist([&] { asio::post(acceptor_.get_executor(), [this] { renew(); }); });
            }
        }
    }

    /// Begins anew what never ends: what waited for a socket or a time may have been lost.
    void renew() {
        if (shared_.is_stopping.load())
            stop_accepting();
        else
            accept();
        sweep();
    }

    void accept() {
        if (shared_.is_stopping.load()) return;
        insist([&] {
            acceptor_.async_accept(context_,
                                   [this, turn = ++accept_turn_](const auto& error, Socket socket) {
                                       if (!error) take(std::move(socket));
                                       if (turn == accept_turn_) go_on_accepting(error);
                                   });
        });
    }

    void go_on_accepting(const boost::system::error_code& error) {
        if (!error) return accept();
        if (shared_.is_stopping.load()) return;
        pause_.expires_after(accept_pause);
        insist([&] {
            pause_.async_wait([this, turn = accept_turn_](const auto&) {
                if (turn == accept_turn_) accept();
            });
        });
    }

    void take(Socket socket) noexcept {
        const std::size_t open = shared_.connections.size();
        if (open >= shared_.options.max_connections + refused_at_once) return;
        try {
            const auto connection = std::make_shared<Connection>(std::move(socket), shared_);
            if (open >= shared_.options.max_connections)
                connection->refuse();
            else
                asio::post(context_, [connection] { connection->start(); });
        } catch (const std::exception&) {  // no memory: the connection ends, the others live
        }
    }

    /// Takes the connections that the system has made already, then no more.
    void stop_accepting() {
        boost::system::error_code error;
        acceptor_.non_blocking(true, error);
        while (!error) {
            Socket socket(context_);
            acceptor_.accept(socket, error);
            if (!error) take(std::move(socket));
        }
        acceptor_.close(error);
        pause_.cancel();
        sweeper_.cancel();
        shared_.connections.for_each([](Connection& each) { each.close_if_idle(); });
    }

    /// Looks after deadlines and the log, again and again until nothing is left.
    void sweep() {
        const Clock::time_point now = Clock::now();
        const bool is_stopping = shared_.is_stopping.load();
        const bool cuts = is_stopping && now.time_since_epoch().count() >= cut_at_.load();
        shared_.connections.for_each([&](Connection& each) {
            if (cuts)
                each.cut();
            else
                each.expire(now);
        });
        if (shared_.options.log != nullptr && now >= next_flush_) {
            next_flush_ = now + flush_interval;
            shared_.options.log->flush();
        }
        if (is_stopping && !acceptor_.is_open() && shared_.connections.size() == 0) return;
        sweeper_.expires_after(is_stopping ? milliseconds(5) : interval_);
        insist([&] {
            sweeper_.async_wait([this, turn = ++sweep_turn_](const auto&) {
                if (turn == sweep_turn_) sweep();  // also when it is cancelled
            });
        });
    }

    Shared shared_;  // outlives the connections that the context's queue may hold
    asio::io_context context_;
    // These are used on one strand.
    tcp::acceptor acceptor_;
    asio::steady_timer sweeper_;
    asio::steady_timer pause_;
    std::uint64_t accept_turn_ = 0;
    std::uint64_t sweep_turn_ = 0;
    tcp::endpoint endpoint_;
    std::atomic<Clock::rep> cut_at_{0};
    Clock::time_point next_flush_{};
    milliseconds interval_ = sweep_interval(shared_.options);
};

Server::Server(Handler handler, const ServerOptions& options)
    : impl_(std::make_unique<Impl>(std::move(handler), options)) {}

Server::~Server() = default;

std::uint16_t Server::port() const noexcept { return impl_->endpoint().port(); }

std::string Server::url() const {
    const auto address = impl_->endpoint().address();
    const std::string host =
        address.is_v6() ? '[' + address.to_string() + ']' : address.to_string();
    return "http://" + host + ':' + std::to_string(port());
}

void Server::run() { impl_->run(); }
void Server::stop() { impl_->stop(); }
void Server::cut() { impl_->cut(); }

const Metrics& Server::metrics() const noexcept { return impl_->metrics(); }

}  // namespace verso::server
