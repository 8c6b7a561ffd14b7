// The history of a version: its commits, and on into those of what it was cloned from.
#pragma once

#include <verso/domain/commit.hpp>

#include "engine/pages.hpp"
#include "engine/view.hpp"

#include <vector>

namespace verso::engine {

/// A commit as the API answers it.
[[nodiscard]] Commit describe(CommitId id, CommitRecord record);

/// Calls visitor(id, record) for a commit and those before it that are still needed, newest first,
/// until it answers false.
void each_before(View& view, CommitId newest, Visitor<CommitId, const CommitRecord&> visitor);

/// The same as a list, newest first; keys are the ids, and there are no values. Each walk begins at
/// the newest.
[[nodiscard]] KeyedList commits_list(View& view, CommitId newest);

/// Where each version of a connection came from, oldest first. Fails with connection_not_found.
[[nodiscard]] std::vector<VersionOrigin> lineage(View& view, ConnectionId connection);

/// The commit before the last one of a version's own that changed anything: a merge may have
/// changed nothing. Fails with commit_not_found where that is not known any more. O(commits
/// between).
[[nodiscard]] CommitId commit_before_last_change(View& view, const VersionRecord& version);

}  // namespace verso::engine
