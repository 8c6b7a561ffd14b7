// The other end of a real socket: a client that sends raw bytes and reads answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace verso::server {

/// An answer as it came.
struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;  ///< Names in lower case.
    std::string body;

    [[nodiscard]] std::string header(const std::string& name) const;
};

/// A connection to a server of this machine. Whatever is waited for longer than a minute fails the
/// test.
class Client {
public:
    explicit Client(std::uint16_t port);
    ~Client();
    Client(Client&& other) noexcept;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Sends all, unless the server has closed meanwhile: then false.
    bool send(std::string_view bytes);
    /// Sends nothing more.
    void end();

    /// The next answer. None: the connection ended before it began. Requires: `to_head` of an
    /// answer to HEAD, which has no body.
    [[nodiscard]] std::optional<Answer> receive(bool to_head = false);
    /// What comes until the connection ends.
    [[nodiscard]] std::string receive_all();
    /// Whether the server has closed the connection, or does so now.
    [[nodiscard]] bool is_closed();

    /// Sends a request and receives the answer.
    [[nodiscard]] Answer ask(std::string_view bytes);

private:
    /// Reads more. False: the connection has ended.
    bool more();

    int socket_;
    std::string received_;
};

/// As `GET /x HTTP/1.1` with a Host.
[[nodiscard]] std::string get(std::string_view target, std::string_view further_headers = "");
[[nodiscard]] std::string post(std::string_view target, std::string_view body,
                               std::string_view further_headers = "");

/// The answers in a row of bytes. Requires: each has a Content-Length.
[[nodiscard]] std::optional<Answer> take_answer(std::string& bytes, bool to_head = false);

}  // namespace verso::server
