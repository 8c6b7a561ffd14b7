#include "engine/bundle/known_commits.hpp"

namespace verso::engine::bundle {

using storage::Table;

std::optional<CommitId> KnownCommits::find_met(const Uuid& uuid) const {
    const auto found = ids_.find(uuid);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<CommitId> KnownCommits::find_near(const Uuid& uuid) {
    for (;;) {
        if (const auto found = find_met(uuid)) return found;
        if (!step()) return std::nullopt;
    }
}

std::optional<CommitId> KnownCommits::find(const Uuid& uuid) {
    if (const auto near = find_near(uuid)) return near;
    if (looked_everywhere_) return std::nullopt;
    look_everywhere();
    return find_near(uuid);
}

bool KnownCommits::step() {
    while (!heads_.empty()) {
        const CommitId id = heads_.back();
        if (id == 0 || !seen_.insert(id).second) {
            heads_.pop_back();
            continue;
        }
        const CommitRecord commit = view_.commit(id);
        heads_.back() = commit.prev;
        for (const engine::MergedLine& line : commit.merged) heads_.push_front(line.commit);
        if (commit.is_needed()) ids_.emplace(commit.uuid, id);
        return true;
    }
    return false;
}

void KnownCommits::look_everywhere() {
    looked_everywhere_ = true;
    const std::string prefix = key::versions(connection_);
    view_.transaction().scan(Table::records, {.prefix = prefix}, [&](BytesView, BytesView value) {
        look_from(VersionRecord::decode(value).head);
        return true;
    });
}

bool is_in_history(View& view, CommitId wanted, CommitId head) {
    while (head > wanted) head = view.commit(head).prev;
    return head == wanted;
}

}  // namespace verso::engine::bundle
