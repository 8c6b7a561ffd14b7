// Stores the commits and versions that an import plan says are new, and ties them to what is here:
// each commit to the one before it, each version to its newest commit and to those of its own
// history. The rules of refs, kids and lines are those of the engine's own writes: see
// docs/format.md.
#pragma once

#include "engine/bundle/content_change.hpp"
#include "engine/bundle/document_intake.hpp"
#include "engine/bundle/import_plan.hpp"
#include "engine/writer.hpp"

#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace verso::engine::bundle {

/// Thread safety: bound. Failures are thrown.
class HistoryImport {
public:
    HistoryImport(View& view, const Writer::Parts& parts, ImportPlan& plan, const Uuid& scope)
        : view_(view), parts_(parts), plan_(plan), scope_(scope) {}

    /// The tree that a new commit's changes are made of. Requires: its parent has been stored.
    [[nodiscard]] tree::Root tree_before(const PlannedCommit& commit);
    /// Stores a new commit's tree, and the commit but for its ties.
    void add(PlannedCommit& commit, const std::vector<ContentEdit>& edits,
             DocumentIntake& documents);
    /// Ties everything and stores the rest. If any of it is new, the connection was updated no
    /// earlier than at `time`. Once only.
    void finish(Timestamp time);

private:
    /// A version that is written, and its own commits that are to be in its history, the newest
    /// first.
    struct Line {
        PlannedVersion* planned;
        VersionRecord record;
        CommitId old_head = 0;
        bool has_new_origin = false;  ///< where its own commits begin
        std::vector<CommitId> own{};
    };

    [[nodiscard]] CommitRecord& commit(CommitId id);
    [[nodiscard]] bool is_new(CommitId id) const { return new_.contains(id); }
    void tie_commits();
    void take_lines();
    void take_own(Line& line);
    /// Gives commits that nobody would need to the version whose history leads to them: those of
    /// versions that are not here.
    void adopt(Line& line);
    void tie_line(Line& line);
    /// Takes commits that have another line now out of the history of a version that had adopted
    /// them.
    void take_from(VersionId loser);
    [[nodiscard]] bool owns(VersionId id, CommitId commit);
    [[nodiscard]] VersionRecord* find_version(VersionId id);
    void save_commits();
    void save_versions(Timestamp time);
    void save_version(const Line& line, ConnectionState& state);
    /// Adds what the organisation has more then.
    void count(const Line& line, UsageChange& change);
    [[nodiscard]] Timestamp free_publication(Timestamp time);

    void put(std::string_view key, std::string_view value);
    void erase(std::string_view key);

    View& view_;
    Writer::Parts parts_;
    ImportPlan& plan_;
    Uuid scope_;
    std::unordered_map<CommitId, CommitRecord> commits_;  ///< new or changed
    std::unordered_set<CommitId> new_;
    std::vector<Line> lines_;
    std::unordered_map<VersionId, std::size_t> line_places_;
    std::map<VersionId, VersionRecord> other_versions_;  ///< that lost commits
    std::map<VersionId, std::set<CommitId>> owned_;      ///< before the import, once asked for
};

}  // namespace verso::engine::bundle
