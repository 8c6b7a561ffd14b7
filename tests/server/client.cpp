#include "server/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace verso::server {

std::string Answer::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

Client::Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("no connection to the server");
}

Client::~Client() {
    if (socket_ >= 0) ::close(socket_);
}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

bool Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN) throw std::runtime_error("the server takes nothing");
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Client::end() { ::shutdown(socket_, SHUT_WR); }

bool Client::more() {
    char bytes[64 * 1024];
    while (true) {
        const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0 && errno == EAGAIN) throw std::runtime_error("the server does not answer");
        if (size <= 0) return false;
        received_.append(bytes, static_cast<std::size_t>(size));
        return true;
    }
}

std::optional<Answer> Client::receive(bool to_head) {
    while (true) {
        if (auto answer = take_answer(received_, to_head)) return answer;
        if (more()) continue;
        if (!received_.empty()) throw std::runtime_error("half an answer: " + received_);
        return std::nullopt;
    }
}

std::string Client::receive_all() {
    while (more()) continue;
    return std::exchange(received_, {});
}

bool Client::is_closed() { return received_.empty() && !more(); }

Answer Client::ask(std::string_view bytes) {
    send(bytes);
    auto answer = receive(bytes.starts_with("HEAD "));
    if (!answer) throw std::runtime_error("no answer to " + std::string(bytes.substr(0, 200)));
    return std::move(*answer);
}

std::string get(std::string_view target, std::string_view further_headers) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: here\r\n" +
           std::string(further_headers) + "\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view further_headers) {
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: here\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string(further_headers) + "\r\n" + std::string(body);
}

std::optional<Answer> take_answer(std::string& bytes, bool to_head) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == bytes.npos) return std::nullopt;
    Answer answer;
    const std::string head = bytes.substr(0, end + 2);
    if (!head.starts_with("HTTP/1.1 ")) throw std::runtime_error("no answer: " + head);
    answer.status = std::stoi(head.substr(9, 3));
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        const std::size_t line_end = head.find("\r\n", at);
        const std::size_t colon = head.find(": ", at);
        std::string name = head.substr(at, colon - at);
        std::ranges::transform(name, name.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        answer.headers[name] = head.substr(colon + 2, line_end - colon - 2);
        at = line_end + 2;
    }
    const std::string length = answer.header("content-length");
    const std::size_t size = to_head || length.empty() ? 0 : std::stoul(length);
    if (bytes.size() < end + 4 + size) return std::nullopt;
    answer.body = bytes.substr(end + 4, size);
    bytes.erase(0, end + 4 + size);
    return answer;
}

}  // namespace verso::server
