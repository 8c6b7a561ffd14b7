// Merging one version into another: what both changed since they came apart.
#pragma once

#include <verso/domain/change.hpp>
#include <verso/domain/commit_note.hpp>
#include <verso/domain/conflict.hpp>
#include <verso/domain/connection_version.hpp>
#include <verso/domain/kind.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace verso {

/// Ours is the draft that is merged into, theirs the version that is merged.
struct MergeOptions {
    /// Decides each conflict. It runs within the call and must not use the store.
    MergePolicy policy = {};
    /// Whether versions without a common commit are merged all the same, as if both began empty.
    bool allow_unrelated = false;
    CommitNote note = {};  ///< Of the commit that is made.
};

enum class MergeOutcome : std::uint8_t {
    up_to_date,  ///< All of theirs is in ours already: nothing was done.
    merged,
    conflicted,  ///< A conflict was left open: nothing was done.
};

/// What a merge did, or would do.
struct MergeReport {
    MergeOutcome outcome = MergeOutcome::up_to_date;
    std::vector<Conflict> conflicts = {};  ///< All that there were, also those that were decided.
    /// What becomes of ours, by kind and name. Under a conflict that was left open, as if it had
    /// gone our way.
    std::vector<Change> changes = {};
    ConnectionVersion version = {};  ///< Ours afterwards.
};

/// Resources that are taken over from another version as they are there.
struct Pick {
    std::vector<std::pair<Kind, std::string>> resources = {};  ///< By name; each once.
    CommitNote note = {};                                      ///< Of the commit that is made.
};

}  // namespace verso
