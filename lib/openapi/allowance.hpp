// How much a description may come to. What a reference leads to is written wherever it stands, and
// some of what is noted says where it stood, so a short text may ask for as much as the square of
// its size.
#pragma once

#include "domain/failure.hpp"
#include "openapi/messages.hpp"

#include <cstddef>
#include <string>

namespace verso::openapi {

/// Thread safety: bound
class Allowance {
public:
    /// For a description of so many bytes: far more than one comes to that was not made for it.
    explicit Allowance(std::size_t source_bytes) noexcept
        : left_(at_least + times_source * source_bytes) {}

    /// Takes what is written for a place. Fails with limit_exceeded once it is too much.
    void take(std::size_t bytes, const Place& place) {
        if (bytes > left_) refuse(place.pointer());
        left_ -= bytes;
    }
    /// The same for a resource.
    void take(std::size_t bytes, Kind kind, std::string_view name) {
        if (bytes > left_) refuse(std::string(to_string(kind)) + " \"" + std::string(name) + '"');
        left_ -= bytes;
    }

private:
    static constexpr std::size_t at_least = std::size_t{64} * 1024 * 1024;
    static constexpr std::size_t times_source = 16;

    [[noreturn]] static void refuse(const std::string& where) {
        fail(Errc::limit_exceeded,
             "the description comes to too much at " + where +
                 ": to more than 64 MiB and 16 times what it is made of. What references lead to, "
                 "and "
                 "long names of what holds much, are written in many places; refer to less, from "
                 "fewer places, or shorten names");
    }

    std::size_t left_;
};

}  // namespace verso::openapi
