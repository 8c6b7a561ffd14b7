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

    /// By those that it came from, if nobody needs it as the base of a merge: who comes of it comes
    /// of this commit too. If this comes of it anyhow, by nothing.
    bool replace(const MergedLine& line) {
        std::vector<MergedLine> came_from;
        if (!comes_of(line.commit)) {
            const auto commit = read(view_, line.commit);
            if (!commit || commit->refs > 1 || !leads_here_only(*commit)) return false;
            came_from = commit->merged;
            if (commit->prev != 0) {
                const auto before = read(view_, commit->prev);
                if (!before || !before->is_needed()) return false;  // till that has gone
                came_from.push_back({before->line, commit->prev});
            }
        }
        for (const MergedLine& each : came_from) {
            if (comes_of(each.commit)) continue;
            change_.named.push_back(each.commit);
            add(each);
        }
        change_.released.push_back(line.commit);
        return true;
    }

    /// Whether all that comes of a commit, beside this, comes of this.
    bool leads_here_only(const CommitRecord& commit) {
        if (commit.kids != 1) return commit.kids == 0;
        const auto kid = read(view_, commit.kid);
        return kid && std::ranges::any_of(kid->merged, [&](const MergedLine& line) {
                   return leads_to_this(line.commit);
               });
    }
    bool leads_to_this(CommitId id) {
        for (std::size_t left = most_before; left > 0 && id > change_.commit; --left) {
            const auto commit = read(view_, id);
            id = commit ? commit->prev : 0;
        }
        return id == change_.commit;
    }

    /// Whether this comes of another commit through those before it, or what they name.
    bool comes_of(CommitId id) {
        for (; at_ > id && looked_ < most_before; ++looked_) {
            const auto commit = read(view_, at_);
            before_.insert(at_);
            if (commit)
                for (const MergedLine& line : commit->merged) before_.insert(line.commit);
            at_ = commit ? commit->prev : 0;
        }
        return at_ == id || before_.contains(id);
    }

    /// Where it is farther it is not looked for, and a commit is kept that need not be.
    static constexpr std::size_t most_before = 64;

    View& view_;
    MergedChange change_;
    std::map<VersionId, std::size_t> places_;  // in the lines
    CommitId at_;                              // how far has been looked before it
    std::size_t looked_ = 0;
    std::set<CommitId> before_;
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
