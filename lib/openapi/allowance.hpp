// How much a description may come to. What a reference leads to is written wherever it stands, so a
// short text may ask for as much as the square of its size.
#pragma once

#include "domain/failure.hpp"
#include "openapi/messages.hpp"

#include <cstddef>

namespace verso::openapi {

/// Thread safety: bound
class Allowance {
public:
    /// For a description of so many bytes: far more than one comes to that was not made for it.
    explicit Allowance(std::size_t source_bytes) noexcept
        : left_(at_least + times_source * source_bytes) {}

    /// Takes what was written for a place. Fails with limit_exceeded once it is too much.
    void take(std::size_t bytes, const Place& place) {
        if (bytes > left_)
            fail(Errc::limit_exceeded,
                 "the description comes to too much at " + place.pointer() +
                     ": to more than 64 MiB and 16 times its size, as what references lead to is "
                     "written wherever they stand; refer to less, or from fewer places");
        left_ -= bytes;
    }

private:
    static constexpr std::size_t at_least = std::size_t{64} * 1024 * 1024;
    static constexpr std::size_t times_source = 16;

    std::size_t left_;
};

}  // namespace verso::openapi
