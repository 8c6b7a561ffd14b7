// `verso serve` as a real process, which listens on a port that the system picks.
#pragma once

#include "cli/process.hpp"
#include "server/client.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace verso::cli {

class ServeProcess {
public:
    /// Runs `verso serve` in the workspace's folder, without waiting for the disk unless the
    /// arguments say so, and waits until it listens.
    explicit ServeProcess(const Workspace& work, const Words& arguments = {});
    ~ServeProcess();
    ServeProcess(const ServeProcess&) = delete;
    ServeProcess& operator=(const ServeProcess&) = delete;

    [[nodiscard]] server::Client connect() const { return server::Client(port_); }
    [[nodiscard]] server::Answer ask(std::string_view request) const {
        return connect().ask(request);
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    void signal(int number) const;
    /// Waits for its end and answers the exit code, or -1 where a signal ended it.
    [[nodiscard]] int wait();
    /// What it has printed to standard error so far.
    [[nodiscard]] std::string errors() const;
    /// Whether that comes to hold a text; waits up to a minute for it.
    [[nodiscard]] bool says(std::string_view text) const;

private:
    std::filesystem::path error_file_;
    pid_t id_ = 0;
    std::uint16_t port_ = 0;
};

}  // namespace verso::cli
