// diff() walks two trees side by side. Each side stands before an entry: of a leaf, or of an inner
// node and so before all that is below it. Where both stand before children of one level and
// digest, they step over them; else the higher one goes down, or both. At a node's end a side
// steps up, and stands before its parent's next child: so what is equal is skipped as high as it
// can be. The two find back in step soon, because a key that both have ends its nodes on the same
// levels in both.

#include "tree/node.hpp"

#include <algorithm>

namespace verso::tree {

namespace {

class Side {
public:
    Side(NodeSource& source, const Root& root, const Range& range)
        : source_(source), range_(range) {
        if (root.id == 0) return;
        enter(load(source, root.id));
        step_up_and_stop();
    }

    [[nodiscard]] bool is_done() const noexcept { return depth_ == 0; }

    // Requires of the rest: not done.

    [[nodiscard]] unsigned level() const noexcept { return here().node.level(); }
    [[nodiscard]] const NodeView& node() const noexcept { return here().node; }
    [[nodiscard]] std::size_t index() const noexcept { return here().index; }
    [[nodiscard]] BytesView key() const { return node().key(index()); }

    /// Behind the last entry of the node that the range may concern.
    [[nodiscard]] std::size_t index_end() const {
        const std::size_t size = node().size();
        return range_.end ? std::min(node().lower_bound(*range_.end) + 1, size) : size;
    }

    void step_over() {
        ++here().index;
        step_up_and_stop();
    }

    /// Requires: not in a leaf.
    void step_down() {
        enter(load_child(source_, node(), index()));
        step_up_and_stop();
    }

private:
    struct Place {
        NodeView node;
        std::size_t index = 0;
    };

    [[nodiscard]] Place& here() noexcept { return path_[depth_ - 1]; }
    [[nodiscard]] const Place& here() const noexcept { return path_[depth_ - 1]; }

    void enter(const NodeView& node) {
        path_[depth_++] = {node, range_.begin.empty() ? 0 : node.lower_bound(range_.begin)};
    }

    void step_up_and_stop() {
        while (depth_ > 0 && here().index == here().node.size())
            if (--depth_ > 0) ++here().index;
        if (depth_ > 0 && range_.end && begins_behind(*range_.end)) depth_ = 0;
    }

    /// Whether all keys from here on are known not to be less than `end`.
    [[nodiscard]] bool begins_behind(BytesView end) const {
        if (level() == 0) return key() >= end;
        return index() > 0 && node().key(index() - 1) >= end;
    }

    NodeSource& source_;
    const Range& range_;
    std::array<Place, max_level + 1> path_;
    std::size_t depth_ = 0;
};

/// Asks for those children that one of two nodes has and the other lacks, as far as the keys tell.
void prefetch_differing(NodeSource& source, const Side& a, const Side& b) {
    std::vector<NodeId> ids;
    std::size_t i = a.index();
    std::size_t j = b.index();
    const std::size_t a_end = a.index_end();
    const std::size_t b_end = b.index_end();
    while (i < a_end || j < b_end) {
        const int order = i == a_end   ? 1
                          : j == b_end ? -1
                                       : a.node().key(i).compare(b.node().key(j));
        if (order == 0 && a.node().child_digest(i) == b.node().child_digest(j)) {
            ++i;
            ++j;
            continue;
        }
        if (order <= 0) ids.push_back(a.node().child_id(i++));
        if (order >= 0) ids.push_back(b.node().child_id(j++));
    }
    if (ids.size() > 2) source.prefetch(ids);
}

/// Brings both sides to leaf entries, or one of them to its end, over subtrees that are equal.
void find_leaf_entries(NodeSource& source, Side& a, Side& b) {
    while (!a.is_done() && !b.is_done()) {
        if (a.level() != b.level()) {
            (a.level() > b.level() ? a : b).step_down();
        } else if (a.level() == 0) {
            return;
        } else if (a.node().child_digest(a.index()) == b.node().child_digest(b.index())) {
            a.step_over();
            b.step_over();
        } else {
            a.step_down();
            b.step_down();
            if (!a.is_done() && !b.is_done() && a.level() > 0 && a.level() == b.level())
                prefetch_differing(source, a, b);
        }
    }
}

void prefetch_rest(NodeSource& source, const Side& side) {
    if (side.is_done() || side.level() == 0) return;
    prefetch_children(source, side.node(), side.index(), side.index_end());
}

/// Visits what one side has left. Answers false if the visitor did.
template <class Visit>
bool visit_rest(NodeSource& source, Side& side, Visit visit) {
    prefetch_rest(source, side);
    while (!side.is_done()) {
        if (side.level() > 0) {
            side.step_down();
            prefetch_rest(source, side);
            continue;
        }
        if (!visit(side.node().entry(side.index()))) return false;
        side.step_over();
    }
    return true;
}

}  // namespace

void diff(NodeSource& source, const Root& a, const Root& b, const Range& range,
          Visitor<const Difference&> visitor) {
    if (a.digest == b.digest) return;
    Side left(source, a, range);
    Side right(source, b, range);
    for (;;) {
        find_leaf_entries(source, left, right);
        if (left.is_done() || right.is_done()) break;
        Difference difference;
        const int order = left.key().compare(right.key());
        if (order <= 0) difference.a = left.node().entry(left.index());
        if (order >= 0) difference.b = right.node().entry(right.index());
        const bool differs = order != 0 || difference.a->value != difference.b->value;
        if (differs && !visitor(difference)) return;
        if (order <= 0) left.step_over();
        if (order >= 0) right.step_over();
    }
    const auto visit_a = [&](const Entry& entry) { return visitor({entry, std::nullopt}); };
    const auto visit_b = [&](const Entry& entry) { return visitor({std::nullopt, entry}); };
    if (visit_rest(source, left, visit_a)) visit_rest(source, right, visit_b);
}

}  // namespace verso::tree
