// Text for people: what a terminal may safely be shown, and quantities in humane units.
#pragma once

#include <verso/domain/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace verso::cli {

/// The text on one line, harmless: control characters and those that reorder text are shown as
/// `\u001b`, bytes that are not UTF-8 as U+FFFD.
[[nodiscard]] std::string shown(std::string_view text);

/// The text with what steers a terminal escaped as shown() does, but for line feeds and tabs.
[[nodiscard]] std::string terminal_safe(std::string_view text);

/// shown() in quotes.
[[nodiscard]] std::string in_quotes(std::string_view name);

/// The columns that a text takes on a terminal: two for a wide character, none for a combining one.
[[nodiscard]] std::size_t width(std::string_view text);

/// At most so many columns of a text, the last one `…` where something is left out.
[[nodiscard]] std::string abbreviated(std::string_view text, std::size_t columns);

/// As `12,345`.
[[nodiscard]] std::string format_count(std::uint64_t count);

/// As `1 version` and `12,345 versions`.
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view thing);

/// As `812 bytes`, `4.1 KiB`, `23 MiB`.
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

/// As `0.41 ms`, `23 ms`, `1.8 s`.
[[nodiscard]] std::string format_duration(std::chrono::nanoseconds duration);

/// As it stands in JSON. Rounded down.
[[nodiscard]] std::uint64_t whole_microseconds(std::chrono::nanoseconds duration);

/// As `2026-01-31 09:30:00`, in UTC.
[[nodiscard]] std::string format_time(Timestamp time);

/// How long something takes, from its making on.
class Stopwatch {
public:
    [[nodiscard]] std::chrono::nanoseconds elapsed() const {
        return std::chrono::steady_clock::now() - start_;
    }
    /// elapsed(), in words.
    [[nodiscard]] std::string text() const { return format_duration(elapsed()); }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace verso::cli
