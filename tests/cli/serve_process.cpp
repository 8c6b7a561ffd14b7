#include "cli/serve_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace verso::cli {

namespace {

/// The first line of a pipe.
std::string read_line(int pipe) {
    std::string line;
    for (char byte = 0; ::read(pipe, &byte, 1) == 1 && byte != '\n';) line += byte;
    return line;
}

}  // namespace

ServeProcess::ServeProcess(const Workspace& work, const Words& arguments)
    : error_file_(work.path("serve.err")) {
    Words command{VERSO_COMMAND, "serve", "--listen", "127.0.0.1:0"};
    if (std::ranges::find(arguments, "--durability") == arguments.end())
        command.insert(command.end(), {"--durability", "none"});
    command.insert(command.end(), arguments.begin(), arguments.end());
    std::vector<char*> words;
    for (std::string& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    const std::string folder = work.path("").string();
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const int errors = ::open(error_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    id_ = ::fork();
    if (id_ < 0) throw std::runtime_error("no child process");
    if (id_ == 0) {
        if (::chdir(folder.c_str()) != 0 || ::dup2(ends[1], STDOUT_FILENO) < 0 ||
            ::dup2(errors, STDERR_FILENO) < 0)
            ::_exit(127);
        ::execv(words[0], words.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    ::close(errors);
    const std::string line = read_line(ends[0]);
    ::close(ends[0]);
    const std::string expected = "listening on http://127.0.0.1:";
    if (!line.starts_with(expected)) {
        static_cast<void>(wait());
        throw std::runtime_error("verso serve does not listen: " + line + this->errors());
    }
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(expected.size())));
}

ServeProcess::~ServeProcess() {
    if (id_ == 0) return;
    ::kill(id_, SIGKILL);
    static_cast<void>(wait());
}

void ServeProcess::signal(int number) const { ::kill(id_, number); }

int ServeProcess::wait() {
    int status = 0;
    ::waitpid(std::exchange(id_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string ServeProcess::errors() const { return read_file(error_file_); }

bool ServeProcess::says(std::string_view text) const {
    for (int tries = 0; tries < 6'000; ++tries) {
        if (errors().find(text) != std::string::npos) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

}  // namespace verso::cli
