// The part of a tree that some edits fall on: for each level the nodes that hold the edited keys,
// or would. Each is loaded once, a level at a time from the root down, and no other node is.
#pragma once

#include "tree/node.hpp"

#include <deque>
#include <span>
#include <vector>

namespace verso::tree {

struct TouchedNode {
    NodeView node;
    TouchedNode* parent = nullptr;  ///< none: it is the root
    std::size_t index = 0;          ///< in its parent
    TouchedNode* next = nullptr;    ///< the next touched one on its level
    std::span<const Edit> edits;    ///< of the leaf entries in its range
};

/// Thread safety: bound.
class TouchedNodes {
public:
    /// Requires: `edits` sorted by key, at least one; they outlive this.
    TouchedNodes(NodeSource& source, const Root& root, std::span<const Edit> edits);
    TouchedNodes(const TouchedNodes&) = delete;
    TouchedNodes& operator=(const TouchedNodes&) = delete;

    /// How many levels the tree has; none when it is empty.
    [[nodiscard]] unsigned levels() const noexcept { return static_cast<unsigned>(first_.size()); }

    /// The first touched node of a level; none on a level that the tree does not have.
    [[nodiscard]] TouchedNode* first(unsigned level) noexcept {
        return level < first_.size() ? first_[level] : nullptr;
    }

    /// Whether `touched` is the last node of its level.
    [[nodiscard]] static bool is_last(const TouchedNode& touched) noexcept;

    /// The node that follows on the level, touched or not: from now on it is, and so are those
    /// above it.
    /// Requires: `touched` is not the last.
    [[nodiscard]] TouchedNode& next_on_level(TouchedNode& touched);

private:
    TouchedNode* touch_children_of(TouchedNode* first_parent);

    NodeSource& source_;
    std::deque<TouchedNode> nodes_;
    std::vector<TouchedNode*> first_;  // by level
};

}  // namespace verso::tree
