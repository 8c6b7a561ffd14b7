#include "domain/uuid_v7.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace verso {

namespace {

constexpr unsigned time_bits = 48;
constexpr unsigned high_bits = 12;
constexpr unsigned low_bits = 62;

constexpr std::uint64_t lowest(unsigned bits) { return (std::uint64_t{1} << bits) - 1; }

/// A time as the format holds it: what lies before 1970 counts as 1970.
std::uint64_t to_milliseconds(Timestamp time) {
    const auto count = std::max<std::int64_t>(time.time_since_epoch().count(), 0);
    return static_cast<std::uint64_t>(count) & lowest(time_bits);
}

void store_be(std::uint8_t* at, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) *at++ = static_cast<std::uint8_t>(value >> shift);
}

}  // namespace

IdSource::IdSource(Clock clock, Random random)
    : clock_(std::move(clock)), random_(std::move(random)) {}

Uuid IdSource::next() {
    const std::uint64_t now = to_milliseconds(clock_());
    if (!started_ || now > milliseconds_)
        start_millisecond(now);
    else
        raise();
    constexpr std::uint64_t version = 7;
    constexpr std::uint64_t variant = 2;
    Uuid uuid{};
    store_be(uuid.data, milliseconds_ << 16 | version << high_bits | random_high_);
    store_be(uuid.data + 8, variant << low_bits | random_low_);
    return uuid;
}

void IdSource::start_millisecond(std::uint64_t milliseconds) {
    started_ = true;
    milliseconds_ = milliseconds;
    random_high_ = random_bits(high_bits);
    random_low_ = random_bits(low_bits);
}

/// Adds 1 to 2^32 to the random part; what overflows goes into the part above.
void IdSource::raise() {
    random_low_ += 1 + random_bits(32);
    if (random_low_ <= lowest(low_bits)) return;
    random_low_ &= lowest(low_bits);
    if (++random_high_ <= lowest(high_bits)) return;
    random_high_ = 0;
    ++milliseconds_;
}

std::uint64_t IdSource::random_bits(unsigned count) {
    const std::size_t bytes = (count + 7) / 8;
    if (used_ + bytes > block_.size()) {
        random_(block_);
        used_ = 0;
    }
    std::uint64_t bits = 0;
    std::memcpy(&bits, block_.data() + used_, bytes);
    std::fill_n(block_.begin() + static_cast<std::ptrdiff_t>(used_), bytes, std::byte{0});
    used_ += bytes;
    return bits & lowest(count);
}

}  // namespace verso
