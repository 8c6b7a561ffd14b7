// Which versions a store has, by their ids, and how they stand to what would take their place.
// Records lie under names, so an id whose name is another here costs a walk over the versions,
// once.
#pragma once

#include "engine/view.hpp"

#include <verso/bundle.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace verso::engine::bundle {

/// Of one connection, as it was when they were first asked for. Thread safety: bound. Failures are
/// thrown.
class KnownVersions {
public:
    KnownVersions(View& view, ConnectionId connection) : view_(view), connection_(connection) {}

    /// `name`: the one that it is likely to have. O(log n) under that name, else O(versions), once.
    [[nodiscard]] std::optional<VersionRecord> find(VersionId id, std::string_view name);

private:
    View& view_;
    ConnectionId connection_;
    std::optional<std::unordered_map<VersionId, NameDigest>> names_;
};

/// What is said of a version beside its content. Lifetime: the version's.
struct VersionFacts {
    std::string_view name;
    std::string_view description;
    bool is_published;
    std::uint64_t revision;
};

/// Those of a VersionRecord or VersionLine.
[[nodiscard]] VersionFacts facts_of(const auto& version) {
    return {version.name, version.description, version.published_at != Timestamp{},
            version.revision};
}

/// What becomes of a version that has the content of the one that is to take its place: the later
/// revision counts, but what is published stays so.
[[nodiscard]] MoveOutcome relate_facts(const VersionFacts& moved, const VersionFacts& there);

/// Whether a version is written where it moves to.
[[nodiscard]] constexpr bool is_written(MoveOutcome outcome) noexcept {
    return outcome == MoveOutcome::added || outcome == MoveOutcome::updated;
}

/// A version that is to be written under a name.
struct NameWish {
    VersionId id;
    std::string_view name;
};

/// Those of the wishes that cannot come true, as another version has the name and keeps it: one
/// without a wish, or without one that can. So versions may exchange names. O(wishes x log n).
///
/// Requires: no two wishes are of one version or for one name.
[[nodiscard]] std::unordered_set<VersionId> without_name(View& view, ConnectionId connection,
                                                         const std::vector<NameWish>& wishes);

/// All versions of a connection, in order of id.
[[nodiscard]] std::vector<VersionRecord> versions_of(View& view, ConnectionId connection);

/// Those of `wanted` that are versions of any connection of the store. O(versions of the store).
[[nodiscard]] std::unordered_set<VersionId> versions_anywhere(
    View& view, const std::unordered_set<VersionId>& wanted);

}  // namespace verso::engine::bundle
