#include "tree/drop.hpp"

#include "tree/node.hpp"

#include <algorithm>
#include <array>

namespace verso::tree {

namespace {

/// A way down a tree, of which the next one shares what it can: keys that are near one another load
/// few nodes.
class Path {
public:
    Path(NodeSource& source, const Root& root) : source_(source) {
        if (root.id != 0) places_[depth_++] = {load(source, root.id), std::nullopt};
    }

    /// The node on this level that `key` lies in; none where the level or the key is beyond the
    /// tree.
    [[nodiscard]] const NodeView* find(unsigned level, BytesView key) {
        if (depth_ == 0 || places_[0].node.level() < level || places_[0].node.last_key() < key)
            return nullptr;
        while (here().node.level() < level || !here().covers(key)) --depth_;
        while (here().node.level() > level) step_down(key);
        return &here().node;
    }

    /// Whether the node with this last key on this level is the one with this id. The parent says
    /// so: the node itself is not loaded.
    [[nodiscard]] bool holds(NodeId id, unsigned level, BytesView last_key) {
        if (depth_ == 0) return false;
        const NodeView& root = places_[0].node;
        if (root.level() <= level) return root.level() == level && root.id() == id;
        const NodeView* const parent = find(level + 1, last_key);
        return parent != nullptr && parent->child_id(parent->lower_bound(last_key)) == id;
    }

private:
    struct Place {
        NodeView node;
        std::optional<BytesView> behind;  // the last key before the node; none: it is the first

        [[nodiscard]] bool covers(BytesView key) const {
            return key <= node.last_key() && (!behind || key > *behind);
        }
    };

    [[nodiscard]] const Place& here() const noexcept { return places_[depth_ - 1]; }

    void step_down(BytesView key) {
        const auto& [node, behind] = here();
        const std::size_t i = node.lower_bound(key);
        places_[depth_++] = {load_child(source_, node, i), i > 0 ? node.key(i - 1) : behind};
    }

    NodeSource& source_;
    std::array<Place, max_level + 1> places_;
    std::size_t depth_ = 0;
};

class DropWalk {
public:
    DropWalk(NodeSource& source, const Between& between, const std::optional<DropPlace>& from,
             std::uint64_t max_steps, DropVisitor& visitor)
        : source_(source),
          between_(between),
          after_(source, between.after),
          from_(from),
          left_(max_steps),
          visitor_(visitor) {}

    [[nodiscard]] std::optional<DropPlace> run() {
        if (between_.tree.id == 0 || between_.tree.id <= between_.newest_before) return {};
        const NodeView root = load(source_, between_.tree.id);
        if (is_done(root.level(), root.last_key())) return {};
        if (is_shared({root.id(), root.level(), root.last_key()}) || leave(root)) return {};
        return place_;
    }

private:
    struct Child {
        NodeId id;
        unsigned level;
        BytesView last_key;
    };

    /// Whether the walk came by before `from`.
    [[nodiscard]] bool is_done(unsigned level, BytesView last_key) const {
        if (!from_) return false;
        const int order = last_key.compare(from_->key);
        return order < 0 || (order == 0 && level <= from_->level);
    }

    [[nodiscard]] bool is_shared(const Child& child) {
        return child.id <= between_.newest_before ||
               after_.holds(child.id, child.level, child.last_key);
    }

    /// Visits a node, below it first. Answers false where the limit came before.
    bool leave(const NodeView& node) {
        const std::size_t begin = from_ ? node.lower_bound(from_->key) : 0;
        if (!(node.is_leaf() ? leave_entries(node, begin) : leave_children(node, begin)))
            return false;
        // A leaf goes with the last of its entries: a place behind that is one behind the leaf.
        if (left_ == 0 && !node.is_leaf()) return false;
        take(visitor_.node(node.id()));
        place_ = DropPlace{node.level(), std::string(node.last_key())};
        return true;
    }

    bool leave_children(const NodeView& node, std::size_t begin) {
        for (std::size_t i = begin; i < node.size(); ++i) {
            const Child child{node.child_id(i), node.level() - 1, node.key(i)};
            if (is_done(child.level, child.last_key) || is_shared(child)) continue;
            if (!leave(load_child(source_, node, i))) return false;
        }
        return true;
    }

    bool leave_entries(const NodeView& leaf, std::size_t begin) {
        if (left_ == 0) return false;
        if (from_ && leaf.key(begin) == from_->key) ++begin;
        for (std::size_t i = begin; i < leaf.size(); ++i) {
            const Entry entry = leaf.entry(i);
            if (entry.locator.since <= between_.since_before || is_in_after(entry)) continue;
            if (left_ == 0) {
                place_ = DropPlace{0, std::string(leaf.key(i - 1))};
                return false;
            }
            take(visitor_.entry(entry));
        }
        return true;
    }

    void take(std::uint64_t steps) noexcept { left_ -= std::min(left_, steps); }

    [[nodiscard]] bool is_in_after(const Entry& entry) {
        const NodeView* const leaf = after_.find(0, entry.key);
        if (leaf == nullptr) return false;
        const std::size_t i = leaf->lower_bound(entry.key);
        return leaf->key(i) == entry.key && leaf->locator(i) == entry.locator;
    }

    NodeSource& source_;
    const Between& between_;
    Path after_;
    const std::optional<DropPlace>& from_;
    std::uint64_t left_;
    DropVisitor& visitor_;
    std::optional<DropPlace> place_;
};

}  // namespace

std::optional<DropPlace> walk_drop(NodeSource& source, const Between& between,
                                   const std::optional<DropPlace>& from, std::uint64_t max_steps,
                                   DropVisitor& visitor) {
    return DropWalk(source, between, from, max_steps, visitor).run();
}

}  // namespace verso::tree
