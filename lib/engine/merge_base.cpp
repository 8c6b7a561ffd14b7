#include "engine/merge_base.hpp"

#include <functional>
#include <map>

namespace verso::engine {

// A commit has a higher id than all that it came from. So whoever walks both histories together,
// the highest id first, meets each commit once, after everything that leads to it; and the first
// that both lead to is the newest.
std::optional<CommitId> merge_base(View& view, CommitId a, CommitId b) {
    constexpr unsigned from_a = 1;
    constexpr unsigned from_b = 2;
    std::map<CommitId, unsigned, std::greater<>> open;
    const auto reach = [&](CommitId id, unsigned from) {
        if (id != 0) open[id] |= from;
    };
    reach(a, from_a);
    reach(b, from_b);
    while (!open.empty()) {
        const auto [id, from] = *open.begin();
        if (from == (from_a | from_b)) return id;
        open.erase(open.begin());
        const CommitRecord commit = view.commit(id);
        reach(commit.prev, from);
        for (const MergedLine& each : commit.merged) reach(each.commit, from);
    }
    return std::nullopt;
}

}  // namespace verso::engine
