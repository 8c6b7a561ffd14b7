#include <verso/http.hpp>

#include "cli/command.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "server/access_log.hpp"
#include "server/address.hpp"
#include "server/local_guard.hpp"
#include "server/server.hpp"
#include "server/tokens.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

namespace verso::cli {

namespace {

namespace asio = boost::asio;

/// What the signals of the process do to a server, on a thread of its own: SIGTERM and SIGINT stop
/// it, a second one cuts off what is left; SIGHUP reads the tokens again and opens the log anew.
class Signals {
public:
    Signals(server::Server& server, server::TokenFile* tokens, server::AccessLog* log)
        : server_(server), tokens_(tokens), log_(log), set_(context_, SIGTERM, SIGINT, SIGHUP) {
        wait();
        thread_ = std::thread([this] { context_.run(); });
    }
    ~Signals() {
        context_.stop();
        thread_.join();
    }
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

private:
    void wait() {
        set_.async_wait([this](const auto& error, int signal) {
            if (error) return;
            if (signal == SIGHUP)
                reload();
            else if (std::exchange(is_stopped_, true))
                server_.cut();
            else
                server_.stop();
            wait();
        });
    }

    void reload() const {
        try {
            if (log_ != nullptr) log_->reopen();
        } catch (const Failure& failure) {
            print_error("verso: " + shown(failure.error.message));
        }
        if (tokens_ == nullptr) return;
        try {
            tokens_->reload();
            print_error("verso: read " + shown(tokens_->path()) +
                        " again: " + counted(tokens_->tokens()->size(), "token"));
        } catch (const Failure& failure) {
            print_error("verso: the tokens stay as they were: " + shown(failure.error.message));
            for (const FieldError& field : failure.error.fields)
                print_error("  " + shown(field.field) + ": " + shown(field.message));
        } catch (const std::exception& error) {
            print_error(std::string("verso: the tokens stay as they were: ") + error.what());
        }
    }

    server::Server& server_;
    server::TokenFile* tokens_;
    server::AccessLog* log_;
    asio::io_context context_{1};
    asio::signal_set set_;
    std::thread thread_;
    bool is_stopped_ = false;
};

/// Lets the process have as many sockets as connections are granted, as far as the system does.
void raise_descriptor_limit(std::size_t connections) {
    constexpr std::size_t others = 256;  // refused connections, the store, the log
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= connections + others) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, connections + others);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// A number of milliseconds, as the command line gives it.
std::chrono::milliseconds to_time(std::size_t milliseconds) {
    constexpr std::size_t most = std::size_t{1'000} * 1'000 * 1'000;  // some eleven days
    if (milliseconds == 0 || milliseconds > most)
        throw UsageError{"a time of " + std::to_string(milliseconds) +
                         " ms makes no sense here; give 1 to " + std::to_string(most)};
    return std::chrono::milliseconds(milliseconds);
}

std::size_t to_milliseconds(std::chrono::milliseconds time) {
    return static_cast<std::size_t>(time.count());
}

class Serve final : public Command {
    void declare(Declaration& takes) override {
        takes.option("--listen", "ADDRESS:PORT", listen_,
                     "Where to listen (default: 127.0.0.1:8080; port 0 picks one)");
        takes.option("--auth", "FILE", auth_,
                     "The tokens that may come in, see `verso token new`; read again on\n"
                     "SIGHUP. Without it, all may do all, and only from this machine");
        takes.option("--cookie", "NAME", cookie_, "The cookie of the token (default: cookie)");
        takes.option("--access-log", "FILE", access_log_,
                     "Where requests are logged (default: -, standard error; off: nowhere)");
        takes.number("--threads", threads_,
                     "Threads that answer (default: the processors, at least 2)");
        takes.number("--max-connections", options_.max_connections, "At once (default: 1024)");
        takes.number("--max-header-bytes", options_.max_header_bytes,
                     "Of a request's line and headers (default: 16384)");
        takes.number("--max-body-bytes", options_.max_body_bytes,
                     "Of a request's body (default: 67108864)");
        takes.number("--max-bodies-bytes", options_.max_bodies_bytes,
                     "Of all bodies held at once (default: 1073741824)");
        takes.number("--header-timeout-ms", header_timeout_ms_,
                     "For a request's headers (default: 10000)");
        takes.number("--body-idle-timeout-ms", body_idle_timeout_ms_,
                     "For the next bytes of a body or an answer (default: 30000)");
        takes.number("--request-timeout-ms", request_timeout_ms_,
                     "For a whole request, and for its answer (default: 300000)");
        takes.number("--idle-timeout-ms", idle_timeout_ms_,
                     "For a connection's next request (default: 60000)");
        takes.number("--grace-ms", grace_ms_,
                     "For the last requests after SIGTERM or SIGINT (default: 30000)");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        std::signal(SIGPIPE, SIG_IGN);  // a reader of the log that goes does not end the service
        const server::ListenAddress where = listen_address();
        std::optional<server::TokenFile> tokens;
        if (auth_) tokens.emplace(*auth_);
        std::optional<server::AccessLog> log;
        if (access_log_ != "off") log.emplace(access_log_.value_or("-"));

        server::ServerOptions options = server_options(where);
        options.log = log ? &*log : nullptr;
        raise_descriptor_limit(options.max_connections);

        // The server listens first, so that an address that cannot be had leaves no new store.
        std::optional<http::Adapter> adapter;
        options.check_health = [&session] { return check_store(session.store()); };
        options.check_head = [&adapter](const auto& head) { return adapter->check_head(head); };
        server::Handler handler = [&adapter](const auto& request) {
            return adapter->handle(request);
        };
        if (!tokens) {
            handler = server::only_from_this_machine(std::move(handler));
            options.check_head =
                server::only_heads_from_this_machine(std::move(options.check_head));
        }
        server::Server server(std::move(handler), options);
        adapter.emplace(session.store_or_new(), adapter_options(tokens ? &*tokens : nullptr));
        const Signals signals(server, tokens ? &*tokens : nullptr, log ? &*log : nullptr);
        announce(session, server);
        server.run();
        return ExitCode::done;
    }

    /// Whether requests can be answered.
    static Result<void> check_store(const Store& store) {
        const auto snapshot = store.snapshot();
        if (!snapshot) return snapshot.error();
        return {};
    }

    [[nodiscard]] server::ListenAddress listen_address() const {
        const std::string text = listen_.value_or("127.0.0.1:8080");
        auto where = server::parse_listen_address(text);
        if (!where)
            throw UsageError{in_quotes(text) +
                             " is no address to listen on; give one as 127.0.0.1:8080"};
        if (!auth_ && !where->is_loopback)
            throw UsageError{"without --auth anyone who can reach " + in_quotes(text) +
                             " could change the store; give --auth FILE, or listen on 127.0.0.1"};
        return std::move(*where);
    }

    [[nodiscard]] http::Options adapter_options(const server::TokenFile* tokens) const {
        http::Options options;
        options.cookie_name = cookie_.value_or(options.cookie_name);
        options.max_body_bytes = options_.max_body_bytes;
        options.on_error = [](const Error& error) {
            print_error("verso: a request failed (" + std::string(name(error.code)) +
                        "): " + shown(error.message));
        };
        if (tokens != nullptr)
            options.authenticator = tokens->authenticator();
        else
            options.authenticator = [](const auto&) -> std::optional<http::Principal> {
                return http::Principal{.is_member_of_all = true};
            };
        return options;
    }

    [[nodiscard]] server::ServerOptions server_options(const server::ListenAddress& where) const {
        server::ServerOptions options = options_;
        constexpr std::size_t most_threads = 1'024;
        if (threads_ > most_threads)
            throw UsageError{"that many threads help nobody; give at most " +
                             std::to_string(most_threads)};
        options.address = where.address;
        options.port = where.port;
        options.threads = threads_;
        options.header_timeout = to_time(header_timeout_ms_);
        options.body_idle_timeout = to_time(body_idle_timeout_ms_);
        options.request_timeout = to_time(request_timeout_ms_);
        options.idle_timeout = to_time(idle_timeout_ms_);
        options.grace = to_time(grace_ms_);
        return options;
    }

    void announce(Session& session, const server::Server& server) const {
        if (!auth_ && !session.settings().quiet)
            print_error("verso: without --auth, every request from this machine may do all");
        if (session.wants_json())
            session.answer(
                JsonWriter().begin_object().key("url").string(server.url()).end_object().text());
        else
            session.print("listening on " + server.url() + '\n');
        session.output().flush();
    }

    std::optional<std::string> listen_;
    std::optional<std::string> auth_;
    std::optional<std::string> cookie_;
    std::optional<std::string> access_log_;
    server::ServerOptions options_;
    std::size_t threads_ = 0;
    std::size_t header_timeout_ms_ = to_milliseconds(options_.header_timeout);
    std::size_t body_idle_timeout_ms_ = to_milliseconds(options_.body_idle_timeout);
    std::size_t request_timeout_ms_ = to_milliseconds(options_.request_timeout);
    std::size_t idle_timeout_ms_ = to_milliseconds(options_.idle_timeout);
    std::size_t grace_ms_ = to_milliseconds(options_.grace);
};

}  // namespace

Commands serve_commands() {
    Commands commands;
    commands.push_back({"serve", "Answer requests over HTTP, until SIGTERM or SIGINT",
                        "  verso serve\n  verso serve --listen 0.0.0.0:8080 --auth tokens.json\n"
                        "  verso serve --listen 127.0.0.1:0 --access-log off",
                        std::make_unique<Serve>()});
    return commands;
}

}  // namespace verso::cli
