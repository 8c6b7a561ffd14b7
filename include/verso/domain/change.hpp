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

/// Which changes of a comparison, and what each of them carries.
struct CompareOptions {
    std::optional<Kind> kind = {};          ///< Only this kind's; none: all.
    std::optional<std::string> after = {};  ///< A cursor_behind(): goes on behind that change.
    bool documents = true;                  ///< Whether changes have `before` and `after`.
};

/// How many resources of a kind differ, by what became of them.
struct KindSummary {
    Kind kind = Kind::action;
    std::uint64_t added = 0;
    std::uint64_t removed = 0;
    std::uint64_t changed = 0;
    std::uint64_t renamed = 0;

    [[nodiscard]] std::uint64_t total() const noexcept {
        return added + removed + changed + renamed;
    }
    friend bool operator==(const KindSummary&, const KindSummary&) = default;
};

}  // namespace verso
