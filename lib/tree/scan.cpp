#include "tree/node.hpp"

namespace verso::tree {

namespace {

/// The entries of a node that a range may concern: [first, last).
struct Part {
    std::size_t first;
    std::size_t last;
};

Part part_of(const NodeView& node, const Range& range) {
    Part part{node.lower_bound(range.begin), node.size()};
    if (range.end) part.last = node.lower_bound(*range.end);
    // The child that holds the end, or what follows the range's last key, may begin within the
    // range.
    if (!node.is_leaf() && part.last < node.size()) ++part.last;
    return part;
}

bool scan_below(NodeSource& source, const NodeView& node, const Range& range,
                Visitor<const Entry&> visitor) {
    const auto [first, last] = part_of(node, range);
    if (first >= last) return true;
    if (!node.is_leaf()) prefetch_children(source, node, first, last);
    for (std::size_t i = first; i < last; ++i) {
        const bool more = node.is_leaf()
                              ? visitor(node.entry(i))
                              : scan_below(source, load_child(source, node, i), range, visitor);
        if (!more) return false;
    }
    return true;
}

bool scan_back_below(NodeSource& source, const NodeView& node, const Range& range,
                     Visitor<const Entry&> visitor) {
    const auto [first, last] = part_of(node, range);
    if (first >= last) return true;
    if (!node.is_leaf()) prefetch_children(source, node, first, last);
    for (std::size_t i = last; i-- > first;) {
        const bool more =
            node.is_leaf() ? visitor(node.entry(i))
                           : scan_back_below(source, load_child(source, node, i), range, visitor);
        if (!more) return false;
    }
    return true;
}

}  // namespace

void scan(NodeSource& source, const Root& root, const Range& range, Visitor<const Entry&> visitor) {
    if (root.id != 0) scan_below(source, load(source, root.id), range, visitor);
}

void scan_back(NodeSource& source, const Root& root, const Range& range,
               Visitor<const Entry&> visitor) {
    if (root.id != 0) scan_back_below(source, load(source, root.id), range, visitor);
}

}  // namespace verso::tree
