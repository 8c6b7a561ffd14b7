// apply() rewrites the levels of the old tree from the leaves to the root, then builds levels on
// top until one has a single node. It reads all that it needs before it writes the first node, so
// that a write need not keep what was read in place.

#include "tree/level_rewriter.hpp"

#include <algorithm>

namespace verso::tree {

namespace {

/// What `edits`, of a level that holds nothing but the entry `old`, leave there.
std::vector<Edit> entries_after(std::vector<Edit> edits, const Edit& old) {
    const auto place = std::ranges::lower_bound(edits, old.key, {}, &Edit::key);
    if (place == edits.end() || place->key != old.key) edits.insert(place, old);
    std::erase_if(edits, [](const Edit& edit) { return !edit.value; });
    return edits;
}

NewNode* find_new(std::deque<NewNode>& nodes, NodeId id) {
    const auto found = std::ranges::lower_bound(nodes, id, {}, &NewNode::id);
    return found != nodes.end() && found->id == id ? &*found : nullptr;
}

/// The root of the tree whose nodes all lie below `top`: an inner node of one entry is none, for
/// the level below it has only one node too.
Root root_below(NodeSource& source, std::deque<NewNode>& nodes, Root top) {
    for (;;) {
        NewNode* const made = find_new(nodes, top.id);
        const NodeView node = made ? NodeView(made->id, made->bytes) : load(source, top.id);
        if (node.is_leaf() || node.size() > 1) return top;
        if (made) made->is_needed = false;
        top = decode_child(node.child_id(0), node.value(0));
    }
}

}  // namespace

Root apply(NodeSource& source, const Shaper& shaper, const Root& root,
           std::span<const Edit> edits) {
    assert(std::ranges::is_sorted(edits, std::less_equal{}, &Edit::key));
    if (edits.empty()) return root;

    TouchedNodes old(source, root, edits);
    LevelRewriter rewriter(shaper, old);
    std::vector<Edit> entries = rewriter.rewrite(0, edits);
    unsigned level = 1;
    for (; level < old.levels() && !entries.empty(); ++level)
        entries = rewriter.rewrite(level, entries);
    if (entries.empty()) return root;

    const ChildValue old_value = encode_child(root.digest, root.count);
    if (root.id != 0) {
        const BytesView last_key = old.first(old.levels() - 1)->node.last_key();
        const BytesView value(old_value.data(), old_value.size());
        entries = entries_after(std::move(entries), {last_key, value, {.payload = root.id}});
    }
    for (; entries.size() > 1; ++level) entries = rewriter.rewrite(level, entries);
    if (entries.empty()) return {};

    std::deque<NewNode>& made = rewriter.new_nodes();
    const Edit& top = entries.front();
    const Root result = root_below(source, made, decode_child(top.locator.payload, *top.value));
    for (const NewNode& node : made)
        if (node.is_needed) shaper.sink.write(node.id, node.bytes);
    return result;
}

}  // namespace verso::tree
