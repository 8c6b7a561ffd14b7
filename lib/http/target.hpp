// The target of a request: its path, split into segments before anything is decoded, so that an
// encoded slash stays part of a name, and its query. Each segment is decoded once, strictly.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace verso::http {

/// The text with its percent escapes decoded. `what` names it in the error, as `path`.
///
/// Errors: request_invalid (a bad escape, NUL, invalid UTF-8).
/// Source: RFC 3986, 2.1
[[nodiscard]] std::string percent_decode(std::string_view text, std::string_view what);

/// The text as one segment of a path: all but unreserved characters escaped.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// A target in origin form. Lifetime: of its views, the text's.
class Target {
public:
    /// The most segments that it keeps: one more than any route has.
    static constexpr std::size_t max_segments = 9;

    explicit Target(std::string_view text);

    /// The segments as they stand, still encoded. None: the text is no path.
    [[nodiscard]] std::span<const std::string_view> segments() const noexcept {
        return {segments_.data(), size_};
    }
    /// What follows the first `?`, still encoded.
    [[nodiscard]] std::string_view query() const noexcept { return query_; }

private:
    std::array<std::string_view, max_segments> segments_{};
    std::size_t size_ = 0;
    std::string_view query_;
};

}  // namespace verso::http
