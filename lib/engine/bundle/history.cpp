#include "engine/bundle/history.hpp"

#include <algorithm>
#include <functional>

namespace verso::engine::bundle {

void History::add(CommitId head, std::optional<VersionId> line) {
    for (CommitId id = head; id != 0 && !has(id);) {
        const CommitRecord commit = view_.commit(id);
        if (commit.is_needed()) {
            lines_.emplace(id, line.value_or(commit.line));
            if (commit.refs == 0 && !line) unheld_.push_back(id);
            for (const engine::MergedLine& merged : commit.merged) merged_.push_back(merged.commit);
        }
        id = commit.prev;
    }
}

/// Of a line that was merged in, its newest commit then is enough: it is what the next merge starts
/// from. Where a version's own history leads to it, that has been added before.
void History::add_merged() {
    while (!merged_.empty()) {
        const CommitId id = merged_.back();
        merged_.pop_back();
        if (has(id)) continue;
        const CommitRecord commit = view_.commit(id);
        lines_.emplace(id, commit.line);
        for (const engine::MergedLine& merged : commit.merged) merged_.push_back(merged.commit);
    }
}

/// The store may be behind with dropping: of a fork point's branches one may be of no use any more.
void History::leave_out_unneeded() {
    if (unheld_.empty()) return;
    std::unordered_map<CommitId, std::size_t> kids;
    for (const auto& [id, line] : lines_) ++kids[parent_of(id)];
    std::ranges::sort(unheld_, std::greater<>());
    for (const CommitId id : unheld_) {
        if (kids[id] > 1) continue;
        // What it was the parent of hangs on its own parent now.
        if (kids[id] == 0) --kids[parent_of(id)];
        lines_.erase(id);
    }
}

CommitId History::parent_of(CommitId id) {
    do id = view_.commit(id).prev;
    while (id != 0 && !has(id));
    return id;
}

std::vector<History::Member> History::members() {
    add_merged();
    leave_out_unneeded();
    std::vector<Member> members;
    members.reserve(lines_.size());
    for (const auto& [id, line] : lines_) members.push_back({id, parent_of(id), line});
    std::ranges::sort(members, {}, &Member::id);
    return members;
}

}  // namespace verso::engine::bundle
