// A version of a connection: a draft that is edited, or a published state that stays as it is.
#pragma once

#include <verso/domain/ids.hpp>
#include <verso/domain/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace verso {

/// Thread safety: a value.
struct ConnectionVersion {
    VersionId id = {};
    std::string name = {};  ///< Unique in the connection.
    std::string description = {};
    bool is_latest = false;   ///< The published version with the greatest published_at.
    bool is_default = false;  ///< The published version that was chosen, else the latest.
    Timestamp created_at = {};
    Timestamp updated_at =
        {};  ///< Moves with every change of it or of its resources; never goes back.
    std::optional<Timestamp> published_at = {};
    std::uint64_t revision = 1;  ///< Counts the changes of it and of its resources, from 1.

    [[nodiscard]] bool is_published() const noexcept { return published_at.has_value(); }
    [[nodiscard]] bool is_draft() const noexcept { return !is_published(); }

    friend bool operator==(const ConnectionVersion&, const ConnectionVersion&) = default;
};

}  // namespace verso
