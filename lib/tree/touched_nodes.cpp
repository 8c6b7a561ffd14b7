#include "tree/touched_nodes.hpp"

#include <algorithm>

namespace verso::tree {

TouchedNodes::TouchedNodes(NodeSource& source, const Root& root, std::span<const Edit> edits)
    : source_(source) {
    if (root.id == 0) return;
    TouchedNode& top = nodes_.emplace_back();
    top.node = load(source, root.id);
    top.edits = edits;
    first_.resize(top.node.level() + 1);
    first_.back() = &top;
    for (unsigned level = top.node.level(); level > 0; --level)
        first_[level - 1] = touch_children_of(first_[level]);
}

TouchedNode* TouchedNodes::touch_children_of(TouchedNode* first_parent) {
    TouchedNode* first = nullptr;
    TouchedNode** link = &first;
    std::vector<NodeId> ids;
    for (TouchedNode* parent = first_parent; parent != nullptr; parent = parent->next) {
        const NodeView& node = parent->node;
        for (std::span<const Edit> rest = parent->edits; !rest.empty();) {
            // What lies behind the last key of a level belongs to its last node.
            const std::size_t index = std::min(node.lower_bound(rest.front().key), node.size() - 1);
            const auto last = index + 1 == node.size()
                                  ? rest.end()
                                  : std::ranges::upper_bound(rest, node.key(index), {}, &Edit::key);
            const auto taken = static_cast<std::size_t>(last - rest.begin());
            nodes_.push_back({{}, parent, index, nullptr, rest.first(taken)});
            *link = &nodes_.back();
            link = &nodes_.back().next;
            ids.push_back(node.child_id(index));
            rest = rest.subspan(taken);
        }
    }
    if (ids.size() > 1) source_.prefetch(ids);
    for (TouchedNode* child = first; child != nullptr; child = child->next)
        child->node = load_child(source_, child->parent->node, child->index);
    return first;
}

bool TouchedNodes::is_last(const TouchedNode& touched) noexcept {
    for (const TouchedNode* node = &touched; node->parent != nullptr; node = node->parent)
        if (node->index + 1 < node->parent->node.size()) return false;
    return true;
}

TouchedNode& TouchedNodes::next_on_level(TouchedNode& touched) {
    assert(!is_last(touched));
    TouchedNode* parent = touched.parent;
    std::size_t index = touched.index + 1;
    if (index == parent->node.size()) {
        parent = &next_on_level(*parent);
        index = 0;
    }
    TouchedNode* const next = touched.next;
    if (next != nullptr && next->parent == parent && next->index == index) return *next;
    nodes_.push_back({load_child(source_, parent->node, index), parent, index, next, {}});
    touched.next = &nodes_.back();
    return nodes_.back();
}

}  // namespace verso::tree
