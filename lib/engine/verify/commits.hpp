// The forest of kept commits: what each record says of others, counted anew.
#pragma once

#include "engine/verify/affected.hpp"

#include <map>

namespace verso::engine::verification {

struct Commits {
    bool whole = true;  ///< Else commits are missing here that the store may have.
    std::map<CommitId, CommitRecord> records;

    /// None: there is no such commit.
    [[nodiscard]] const CommitRecord* find(CommitId id) const {
        const auto found = records.find(id);
        return found == records.end() ? nullptr : &found->second;
    }
};

/// Finds records that are not well-formed.
[[nodiscard]] Commits read_commits(storage::ReadTransaction& transaction, Report& report);

/// `commit 12`, as findings name it.
[[nodiscard]] std::string where_is(CommitId commit);

/// Holds the commits against each other and against the versions: prev and kids, the lines of
/// versions, what each is held by, what is queued to be dropped, the store's counters.
void check_commits(const Commits& commits, const Catalogue& catalogue, const Affected& affected,
                   Report& report);

}  // namespace verso::engine::verification
