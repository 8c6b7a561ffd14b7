// Rewrites a tree level by level. On each level, edits change the entries of some nodes; the
// entries are cut into nodes anew by the rule of the ranks; and what comes of it is, again, edits:
// of the entries that refer to these nodes on the level above.
//
// Few ranks are asked for. An old entry that is not the last of its node ends none (else it would
// be the last), and the last one does, unless the level ends there too. So a new key's rank is
// needed, and that of a level's last key once something follows it.
#pragma once

#include "tree/touched_nodes.hpp"

#include <deque>
#include <span>
#include <string>
#include <vector>

namespace verso::tree {

/// A node that is made but not written yet.
struct NewNode {
    NodeId id = 0;
    std::string bytes;
    ChildValue value{};     ///< Of the entry that refers to it.
    bool is_needed = true;  ///< It is part of the new tree.
};

/// Thread safety: bound.
class LevelRewriter {
public:
    LevelRewriter(const Shaper& shaper, TouchedNodes& old) : shaper_(shaper), old_(old) {}

    /// Applies `edits`, sorted by key, to the entries of `level`, which has the old tree's nodes,
    /// or none if the old tree does not reach it. Answers the edits of the level above: sorted,
    /// each with an effect.
    ///
    /// Lifetime: the answer refers to new_nodes(), the old nodes and the keys of `edits`.
    [[nodiscard]] std::vector<Edit> rewrite(unsigned level, std::span<const Edit> edits);

    /// In rising order of id.
    [[nodiscard]] std::deque<NewNode>& new_nodes() noexcept { return new_nodes_; }

private:
    enum class Ends { no, yes, by_rank };

    [[nodiscard]] bool falls_on(const TouchedNode& touched) const;
    TouchedNode& rewrite_from(TouchedNode& first);
    void merge(const NodeView& node, bool is_last);
    void add(const Entry& entry, Ends ends);
    void add_new(const Edit& edit);
    void close_if_ended();
    void close();
    void remove_replaced_before(BytesView key);
    [[nodiscard]] Edit make_node();

    const Shaper& shaper_;
    TouchedNodes& old_;
    std::deque<NewNode> new_nodes_;

    unsigned level_ = 0;
    std::span<const Edit> edits_;  // those that are still to come on this level
    std::vector<Edit> above_;
    std::vector<Entry> run_;                 // the entries of the node that is being made
    Ends ends_ = Ends::no;                   // whether the last of them ends it
    std::vector<const NodeView*> replaced_;  // old nodes that went into runs,
    std::size_t replaced_done_ = 0;          // and how many of them above_ tells of
};

}  // namespace verso::tree
