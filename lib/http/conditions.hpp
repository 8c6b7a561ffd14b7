// Conditional requests: what a client has seen, as entity tags. The tag of a version and of all
// that it holds is its revision; connections have none.
#pragma once

#include <verso/domain/connection_version.hpp>
#include <verso/http.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verso::http {

/// As `"7"`.
[[nodiscard]] std::string entity_tag(std::uint64_t revision);

/// The value of If-Match or If-None-Match: a list of entity tags, or `*`.
struct TagList {
    struct Tag {
        std::string text;  ///< With its quotes, as `"7"`.
        bool is_weak = false;
    };
    bool is_any = false;
    std::vector<Tag> tags = {};

    /// Whether it is `*`, or names the revision; no revision: the thing has no tag.
    [[nodiscard]] bool matches(std::optional<std::uint64_t> revision, bool weak_too) const;
};

/// What a request depends on.
struct Conditions {
    std::optional<TagList> if_match = {};
    std::optional<TagList> if_none_match = {};

    /// Whether a write may go on, the thing being at this revision.
    [[nodiscard]] bool allow_write(std::optional<std::uint64_t> revision) const;
};

/// Reads the conditions. Several fields of one name are one list.
///
/// Errors: request_invalid.
/// Source: RFC 9110, 13.1
[[nodiscard]] Conditions read_conditions(const Request& request);

/// What a write answers that may not go on.
[[nodiscard]] Error revision_mismatch(std::optional<std::uint64_t> revision);

}  // namespace verso::http
