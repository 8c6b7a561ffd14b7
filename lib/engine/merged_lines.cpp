#include "engine/merged_lines.hpp"

#include "domain/failure.hpp"

#include <algorithm>
#include <bit>
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

/// Finds what a commit is to name.
class Naming {
public:
    /// `prev`: the commit before it.
    Naming(View& view, CommitId id, CommitId prev)
        : view_(view), change_{.commit = id}, at_(prev) {}

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

    /// By those that it came from, if only this commit keeps it.
    bool replace(const MergedLine& line) {
        const auto commit = read(view_, line.commit);
        if (!commit || commit->refs > 1 || commit->kids > 0) return false;
        std::vector<MergedLine> came_from = commit->merged;
        if (commit->prev != 0) {
            const auto before = read(view_, commit->prev);
            if (!before || !before->is_needed()) return false;  // till that has gone
            came_from.push_back({before->line, commit->prev});
        }
        for (const MergedLine& each : came_from) {
            if (comes_of(each.commit)) continue;
            change_.named.push_back(each.commit);
            add(each);
        }
        change_.released.push_back(line.commit);
        return true;
    }

    /// Whether this comes of another commit through what lies before it. Where that is far it is
    /// not looked for, and named once too often.
    bool comes_of(CommitId id) {
        constexpr std::size_t most_before = 64;
        while (at_ > id && before_.size() < most_before) {
            before_.insert(at_);
            const auto commit = read(view_, at_);
            at_ = commit ? commit->prev : 0;
        }
        return at_ == id || before_.contains(id);
    }

    View& view_;
    MergedChange change_;
    std::map<VersionId, std::size_t> places_;  // in the lines
    CommitId at_;                              // how far has been looked
    std::set<CommitId> before_;
};

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
    constexpr int most_zeros = 12;
    int left = 1 << std::min(std::countr_zero(dropped_id), most_zeros);
    CommitId id = dropped.prev;
    for (std::optional<CommitRecord> commit = *before; commit; commit = read(view, id)) {
        if (commit->refs == 0 && !commit->merged.empty()) {
            MergedChange change = Naming(view, id, commit->prev).look_at(commit->merged).done();
            if (!change.released.empty()) changes.push_back(std::move(change));
        }
        id = commit->prev;
        if (--left == 0 || id == 0) break;
    }
    return changes;
}

}  // namespace verso::engine
