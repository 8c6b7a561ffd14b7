// Makes the library's ids: UUIDs of version 7, which rise in the order in which they are made.
#pragma once

#include <verso/domain/ids.hpp>
#include <verso/domain/timestamp.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace verso {

/// A source of ids out of a clock and of randomness, both injected.
///
/// Every id is greater than those that the source made before, also while the clock stands still or
/// steps back: then the last id's time is kept and its random part raised by a random step.
/// Randomness is drawn in blocks, so that an id costs no system call.
///
/// Thread safety: movable
/// Source:        RFC 9562, 5.7, and 6.2 method 2
class IdSource {
public:
    using Clock = std::function<Timestamp()>;
    using Random = std::function<void(std::span<std::byte>)>;  ///< Fills the span.

    IdSource(Clock clock, Random random);

    [[nodiscard]] Uuid next();

    template <class AnyId>
    [[nodiscard]] AnyId next_id() {
        return AnyId{next()};
    }

private:
    static constexpr std::size_t block_bytes = 1024;

    [[nodiscard]] std::uint64_t random_bits(unsigned count);
    void start_millisecond(std::uint64_t milliseconds);
    void raise();

    Clock clock_;
    Random random_;
    std::array<std::byte, block_bytes> block_{};
    std::size_t used_ = block_bytes;
    std::uint64_t milliseconds_ = 0;  // of the last id: 48 bits, then 12 and 62 bits of randomness
    std::uint64_t random_high_ = 0;
    std::uint64_t random_low_ = 0;
    bool started_ = false;
};

}  // namespace verso
