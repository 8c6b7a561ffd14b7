// What differs between two versions, resource by resource.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/kind.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verso {

enum class ChangeType : std::uint8_t { added, removed, changed, renamed };

/// The type in lower case, as `renamed`.
[[nodiscard]] std::string_view to_string(ChangeType type) noexcept;

/// One resource's difference between two versions. Resources pair by id, so a rename is one change.
///
/// Thread safety: a value.
struct Change {
    ChangeType type = ChangeType::changed;
    Kind kind = Kind::action;
    ResourceId id = {};
    std::string name = {};  ///< After the change; of a removed one, the name that it had.
    std::optional<std::string> old_name = {};  ///< Of a renamed one.
    std::optional<Document> before = {};       ///< None where it was added.
    std::optional<Document> after = {};        ///< None where it was removed.

    friend bool operator==(const Change&, const Change&) = default;
};

}  // namespace verso
