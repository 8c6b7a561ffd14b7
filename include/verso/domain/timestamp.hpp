// Points in time, kept and compared in whole milliseconds of UTC.
#pragma once

#include <verso/error.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace verso {

/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// The last time at which something can happen. What lasts from then on still ends in a year of
/// four digits, as format_timestamp() writes it.
inline constexpr Timestamp latest_timestamp =
    std::chrono::sys_days{std::chrono::year{9998} / std::chrono::January / 1};

/// As `2026-01-31T09:30:00.000Z`. Source: RFC 3339
[[nodiscard]] std::string format_timestamp(Timestamp time);

/// Reads exactly the form that format_timestamp() writes. Errors: option_invalid.
[[nodiscard]] Result<Timestamp> parse_timestamp(std::string_view text);

}  // namespace verso
