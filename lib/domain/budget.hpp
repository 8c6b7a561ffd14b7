// How much may be made of something. What is written of many parts, each with the place where it
// stands, may come to the square of the text that holds them.
#pragma once

#include <cstddef>

namespace verso {

/// So much, and 16 bytes for each that there is: far more than anything comes to that was not made
/// to come to it. Thread safety: movable
class Budget {
public:
    explicit Budget(std::size_t source_bytes = 0,
                    std::size_t at_least = std::size_t{64} * 1024 * 1024) noexcept
        : left_(at_least) {
        add(source_bytes);
    }

    /// What more there is to make something of.
    void add(std::size_t source_bytes) noexcept { left_ += times_source * source_bytes; }

    /// Whether so much more may be made; if so, it is.
    [[nodiscard]] bool take(std::size_t bytes) noexcept {
        if (bytes > left_) return false;
        left_ -= bytes;
        return true;
    }

private:
    static constexpr std::size_t times_source = 16;

    std::size_t left_;
};

}  // namespace verso
