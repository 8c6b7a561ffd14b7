// Where two versions clash that are merged, and who decides what becomes of it.
#pragma once

#include <verso/domain/ids.hpp>
#include <verso/domain/kind.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace verso {

/// What clashes. Ours is the version that is merged into, theirs the one that is merged, base what
/// both came from.
enum class ConflictType : std::uint8_t {
    content,            ///< Both changed one place of a document, and not to the same.
    deleted_by_ours,    ///< Ours deleted a resource that theirs changed.
    deleted_by_theirs,  ///< Theirs deleted a resource that ours changed.
    rename,             ///< Both renamed a resource, and not to the same name.
    name,               ///< Two resources would have one name: added or renamed by either side.
    reference,          ///< One side deleted a resource that the other refers to anew.
};

/// The type as `deleted_by_ours`.
[[nodiscard]] std::string_view to_string(ConflictType type) noexcept;

/// What is taken where two sides clash.
enum class Take : std::uint8_t { unresolved, base, ours, theirs, value };

/// The name as `theirs`.
[[nodiscard]] std::string_view to_string(Take take) noexcept;

/// How a conflict is resolved. A side that has nothing at the place resolves it to nothing there:
/// what it deleted is deleted.
struct Resolution {
    Take take = Take::unresolved;
    std::string value = {};  ///< Of Take::value: JSON, or of rename and name the new name as
                             ///< a JSON string.

    friend bool operator==(const Resolution&, const Resolution&) = default;
};

/// One clash, with all that it takes to decide it. What stands where on each side is exact JSON;
/// none: nothing stands there.
///
///     type                 base, ours, theirs
///     content              the values at `pointer`
///     deleted_by_...       the documents
///     rename               the names, as JSON strings
///     name                 the documents of the resource in ours and of `other` in theirs
///     reference            the documents of what was deleted; `other` refers to it
///
/// Thread safety: a value.
struct Conflict {
    ConflictType type = ConflictType::content;
    Kind kind = Kind::action;
    ResourceId id = {};
    std::string name = {};  ///< In ours; where ours has it not, in theirs.
    /// Of content: a JSON Pointer into ours, and into theirs below what ours has not.
    std::string pointer = {};
    std::optional<std::string> base = {};
    std::optional<std::string> ours = {};
    std::optional<std::string> theirs = {};
    std::optional<ResourceId> other = {};  ///< Of name and reference: the second resource.
    Resolution resolution = {};            ///< What the policy decided, once it has.

    friend bool operator==(const Conflict&, const Conflict&) = default;
};

/// Who decides conflicts.
///
/// Thread safety: a value, as far as its callback is.
class MergePolicy {
public:
    using Callback = std::function<Resolution(const Conflict&)>;

    /// Resolves nothing.
    MergePolicy() = default;
    /// Asks about each conflict, in order. A merge may be run more than once, so the answers must
    /// be repeatable.
    ///
    /// Requires: `callback` is not empty.
    explicit MergePolicy(Callback callback) : callback_(std::move(callback)) {}

    /// Resolves nothing, so that a merge with conflicts fails. The default.
    [[nodiscard]] static MergePolicy fail() { return {}; }
    [[nodiscard]] static MergePolicy ours() { return take(Take::ours); }
    [[nodiscard]] static MergePolicy theirs() { return take(Take::theirs); }

    [[nodiscard]] Resolution resolve(const Conflict& conflict) const {
        return callback_ ? callback_(conflict) : Resolution{};
    }

private:
    [[nodiscard]] static MergePolicy take(Take side) {
        return MergePolicy([side](const Conflict&) { return Resolution{side}; });
    }

    Callback callback_;
};

}  // namespace verso
