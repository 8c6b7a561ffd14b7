// Where the parts of verify put what they find, and say how far they are.
#pragma once

#include <verso/maintenance.hpp>

#include "domain/failure.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace verso::engine::verification {

/// Thrown where the host wants it to stop.
struct Stopped {};

/// Thread safety: bound.
class Report {
public:
    Report(const VerifyOptions& options, VerifyReport& out) noexcept
        : options_(options), out_(out) {}

    /// What is there, as the report counts it.
    [[nodiscard]] VerifyReport& counts() noexcept { return out_; }

    /// Keeps a finding, as long as there is room.
    void add(std::string where, std::string message) {
        if (out_.findings.size() < options_.max_findings)
            out_.findings.push_back({std::move(where), std::move(message)});
        found_ = true;
    }

    /// Whether anything was found, kept or not.
    [[nodiscard]] bool has_found() const noexcept { return found_; }

    /// Runs the check of the thing that where() names. That it is corrupt becomes a finding and the
    /// answer false; any other failure is thrown on.
    template <class Where, class Body>
    bool check(Where&& where, Body&& body) {
        try {
            std::forward<Body>(body)();
            return true;
        } catch (const Failure& failure) {
            if (failure.error.code != Errc::corrupt) throw;
            add(std::forward<Where>(where)(), failure.error.message);
            return false;
        }
    }

    /// How many steps there will be, as far as is known.
    void expect_steps(std::uint64_t steps) noexcept { steps_ = steps; }

    /// Another step is done. Calls the host's callback a hundred times at most. Throws Stopped.
    void step() {
        if (options_.stop.stop_requested()) throw Stopped{};
        if (++done_ < next_) return;
        const std::uint64_t stride = steps_ / 100 + 1;
        next_ = done_ + stride;
        tell(done_ < steps_ ? static_cast<double>(done_) / static_cast<double>(steps_) : 1.0);
    }

    /// All is done.
    void finish() {
        tell(1.0);
        out_.is_complete = true;
    }

private:
    void tell(double part) {
        if (!options_.progress || (told_ && part <= last_told_)) return;
        options_.progress(last_told_ = part);
        told_ = true;
    }

    const VerifyOptions& options_;
    VerifyReport& out_;
    bool found_ = false;
    bool told_ = false;
    double last_told_ = 0;
    std::uint64_t steps_ = 0;
    std::uint64_t done_ = 0;
    std::uint64_t next_ = 1;
};

}  // namespace verso::engine::verification
