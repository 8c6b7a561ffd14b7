#include "engine/merged_lines.hpp"

#include "domain/failure.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace verso::engine {

namespace {

std::optional<CommitRecord> read(View& view, CommitId id) {
    auto commit = guarded([&] { return view.commit(id); });
    if (commit) return std::move(*commit);
    if (commit.error().code != Errc::corrupt) fail(commit.error());
    return std::nullopt;
}

/// What a commit came from, itself included: read as far as it is asked for, and not much farther
/// than most histories go, for to miss something is to keep a commit that need not be.
class Ancestors {
public:
    Ancestors(View& view, CommitId newest) : view_(view), open_{newest} {}

    [[nodiscard]] bool contain(CommitId id) {
        constexpr std::size_t at_most = 64;
        while (!open_.empty() && *open_.begin() > id && seen_.size() < at_most) {
            const CommitId newest = *open_.begin();
            open_.erase(open_.begin());
            seen_.insert(newest);
            const auto commit = read(view_, newest);
            if (!commit) continue;
            open_.insert(commit->prev);
            for (const MergedLine& line : commit->merged) open_.insert(line.commit);
        }
        return seen_.contains(id) || open_.contains(id);
    }

private:
    View& view_;
    std::set<CommitId, std::greater<>> open_;  // a commit is newer than all that it came from
    std::set<CommitId> seen_;
};

/// Finds what a commit is to name.
class Naming {
public:
    /// `prev`: the commit before it.
    Naming(View& view, CommitId id, CommitId prev)
        : view_(view), change_{.commit = id}, before_(view, prev) {}

    /// Some of them are looked at, which come last then, so that others are the next time.
    Naming& look_at(std::span<const MergedLine> lines) {
        constexpr std::size_t at_most = 8;
        const auto looked_at = lines.first(std::min(lines.size(), at_most));
        add(lines.subspan(looked_at.size()));
        for (const MergedLine& line : looked_at)
            if (!replace(line)) add(line);
        return *this;
    }
    Naming& add(std::span<const MergedLine> lines) {
        for (const MergedLine& line : lines) add(line);
        return *this;
    }

    [[nodiscard]] MergedChange done() { return std::move(change_); }

private:
    /// One that is held for the line already.
    void add(const MergedLine& line) {
        const auto [place, is_new] = places_.try_emplace(line.line, change_.lines.size());
        if (is_new) return change_.lines.push_back(line);
        CommitId& known = change_.lines[place->second].commit;
        const auto [older, newer] = std::minmax(known, line.commit);
        change_.released.push_back(older);
        known = newer;
    }

    /// By those that it came from, if nobody needs it as the base of a merge: all that comes of it
    /// comes of this commit too. By nothing, if this comes of it anyhow.
    bool replace(const MergedLine& line) {
        std::vector<MergedLine> came_from;
        if (!before_.contain(line.commit)) {
            const auto commit = read(view_, line.commit);
            if (!commit || commit->refs > 1 || !is_behind(*commit)) return false;
            came_from = commit->merged;
            if (commit->prev != 0) {
                const auto before = read(view_, commit->prev);
                if (!before || !before->is_needed()) return false;  // till that has gone
                came_from.push_back({before->line, commit->prev});
            }
        }
        for (const MergedLine& each : came_from) {
            if (before_.contain(each.commit)) continue;
            change_.named.push_back(each.commit);
            add(each);
        }
        change_.released.push_back(line.commit);
        return true;
    }

    /// Whether all commits after it came from this one.
    [[nodiscard]] bool is_behind(const CommitRecord& commit) {
        return commit.kids == 0 ||
               (commit.kids == 1 && Ancestors(view_, commit.kid).contain(change_.commit));
    }

    View& view_;
    MergedChange change_;
    std::map<VersionId, std::size_t> places_;  // in the lines
    Ancestors before_;
};

/// How many commits before one that is dropped are looked at: one every second time, two every
/// fourth, and so on, whichever ids are dropped.
int looks_before(CommitId dropped) {
    constexpr std::uint64_t golden = 0x9E37'79B9'7F4A'7C15;
    constexpr std::uint64_t most = 1U << 12U;
    return 1 << std::countr_zero(((dropped * golden) >> 40U) | most);
}

}  // namespace

std::vector<MergedChange> let_go_of_merged(View& view, CommitId dropped_id,
                                           const CommitRecord& dropped, const CommitRecord* before,
                                           const CommitRecord* after) {
    std::vector<MergedChange> changes;
    if (after == nullptr) {
        MergedChange& gone = changes.emplace_back();
        for (const MergedLine& line : dropped.merged) gone.released.push_back(line.commit);
    } else if (!dropped.merged.empty()) {
        Naming naming(view, dropped.kid, dropped.prev);
        changes.push_back(naming.add(after->merged).look_at(dropped.merged).done());
    }
    if (before == nullptr) return changes;
    int left = looks_before(dropped_id);
    CommitId id = dropped.prev;
    for (std::optional<CommitRecord> commit = *before; commit; commit = read(view, id)) {
        const bool is_in_no_history = commit->refs == 0 || commit->line == dropped.line;
        if (is_in_no_history && !commit->merged.empty()) {
            MergedChange change = Naming(view, id, commit->prev).look_at(commit->merged).done();
            if (!change.released.empty()) changes.push_back(std::move(change));
        }
        id = commit->prev;
        if (--left == 0 || id == 0) break;
    }
    return changes;
}

}  // namespace verso::engine
