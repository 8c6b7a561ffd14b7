// Real second processes: forked from the test, which must hold no lock that the child needs.
#pragma once

#include "domain/failure.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace verso::storage {

/// How a child ended, and what it had to say.
struct Ended {
    int signal = 0;      ///< That killed it, or 0.
    std::string report;  ///< What its body returned, or the name of the code that it failed with.
};

/// A process that runs `body`, which returns a report. It leaves without running anything of the
/// parent's.
class ChildProcess {
public:
    template <class Body>
    explicit ChildProcess(Body&& body) {
        int ends[2];
        if (::pipe(ends) != 0 || (id_ = ::fork()) < 0) throw std::runtime_error("no child process");
        reading_end_ = ends[0];
        if (id_ == 0) {
            ::close(ends[0]);
            report(ends[1], run(std::forward<Body>(body)));
            ::_exit(0);
        }
        ::close(ends[1]);
    }
    ~ChildProcess() {
        if (id_ > 0) static_cast<void>(kill());
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t id() const noexcept { return id_; }

    [[nodiscard]] Ended wait() {
        Ended ended;
        char bytes[256];
        for (ssize_t size = 0; (size = ::read(reading_end_, bytes, sizeof bytes)) > 0;)
            ended.report.append(bytes, static_cast<std::size_t>(size));
        ::close(reading_end_);
        int status = 0;
        ::waitpid(std::exchange(id_, 0), &status, 0);
        if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
        return ended;
    }

    Ended kill() {
        ::kill(id_, SIGKILL);
        return wait();
    }

private:
    template <class Body>
    static std::string run(Body&& body) {
        try {
            return std::forward<Body>(body)();
        } catch (const Failure& failure) {
            return std::string(name(failure.error.code));
        }
    }

    static void report(int descriptor, const std::string& text) {
        static_cast<void>(::write(descriptor, text.data(), text.size()) == 0);
        ::close(descriptor);
    }

    pid_t id_ = 0;
    int reading_end_ = -1;
};

template <class Body>
[[nodiscard]] Ended in_child(Body&& body) {
    return ChildProcess(std::forward<Body>(body)).wait();
}

/// A gate between two processes: one waits until the other has opened it.
class Signal {
public:
    Signal() {
        if (::pipe(ends_) != 0) throw std::runtime_error("no pipe");
    }
    ~Signal() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    void give() const { static_cast<void>(::write(ends_[1], "x", 1) == 1); }
    void wait() const {
        char byte = 0;
        static_cast<void>(::read(ends_[0], &byte, 1) == 1);
    }

private:
    int ends_[2];
};

}  // namespace verso::storage
