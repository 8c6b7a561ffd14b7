#include "tree/node.hpp"

namespace verso::tree {

std::optional<Entry> find(NodeSource& source, const Root& root, BytesView key) {
    if (root.id == 0) return std::nullopt;
    NodeView node = load(source, root.id);
    for (;;) {
        const std::size_t i = node.lower_bound(key);
        if (i == node.size()) return std::nullopt;
        if (node.is_leaf()) {
            if (node.key(i) != key) return std::nullopt;
            return node.entry(i);
        }
        node = load_child(source, node, i);
    }
}

std::uint64_t position(NodeSource& source, const Root& root, BytesView key) {
    if (root.id == 0) return 0;
    NodeView node = load(source, root.id);
    std::uint64_t before = 0;
    for (;;) {
        const std::size_t end = node.lower_bound(key);
        if (node.is_leaf()) return before + end;
        for (std::size_t i = 0; i < end; ++i) before += node.child_count(i);
        if (end == node.size()) return before;
        node = load_child(source, node, end);
    }
}

std::optional<Entry> at(NodeSource& source, const Root& root, std::uint64_t index) {
    if (index >= root.count) return std::nullopt;
    NodeView node = load(source, root.id);
    while (!node.is_leaf()) {
        std::size_t i = 0;
        for (; i < node.size() && index >= node.child_count(i); ++i) index -= node.child_count(i);
        if (i == node.size()) node.damaged("it has fewer entries than its parent says");
        node = load_child(source, node, i);
    }
    if (index >= node.size()) node.damaged("it has fewer entries than its parent says");
    return node.entry(index);
}

std::uint64_t count(NodeSource& source, const Root& root, const Range& range) {
    const std::uint64_t begin = position(source, root, range.begin);
    const std::uint64_t end = range.end ? position(source, root, *range.end) : root.count;
    return end < begin ? 0 : end - begin;
}

}  // namespace verso::tree
