// How much a description may come to. What a reference leads to is written wherever it stands, and
// some of what is noted says where it stood, so a short text may ask for as much as the square of
// its size.
#pragma once

#include "domain/budget.hpp"
#include "domain/failure.hpp"
#include "openapi/messages.hpp"

#include <cstddef>
#include <string>

namespace verso::openapi {

/// Thread safety: bound
class Allowance {
public:
    /// For a description that is made of so many bytes.
    explicit Allowance(std::size_t source_bytes) noexcept : budget_(source_bytes) {}

    /// Takes what is written for a place. Fails with limit_exceeded once it is too much.
    void take(std::size_t bytes, const Place& place) {
        if (!budget_.take(bytes)) refuse(place.pointer());
    }
    /// The same for a resource.
    void take(std::size_t bytes, Kind kind, std::string_view name) {
        if (!budget_.take(bytes))
            refuse(std::string(to_string(kind)) + " \"" + std::string(name) + '"');
    }

private:
    [[noreturn]] static void refuse(const std::string& where) {
        fail(Errc::limit_exceeded,
             "the description comes to too much at " + where +
                 ": to more than 64 MiB and 16 times what it is made of. What references lead to, "
                 "and long names of what holds much, are written in many places; refer to less, "
                 "from fewer places, or shorten names");
    }

    Budget budget_;
};

}  // namespace verso::openapi
