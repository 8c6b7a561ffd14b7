// Which versions a store has, by their ids. Records lie under names, so an id whose name is another
// here costs a walk over the versions, once.
#pragma once

#include "engine/view.hpp"

#include <optional>
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

/// All versions of a connection, in order of id.
[[nodiscard]] std::vector<VersionRecord> versions_of(View& view, ConnectionId connection);

/// Those of `wanted` that are versions of any connection of the store. O(versions of the store).
[[nodiscard]] std::unordered_set<VersionId> versions_anywhere(
    View& view, const std::unordered_set<VersionId>& wanted);

}  // namespace verso::engine::bundle
