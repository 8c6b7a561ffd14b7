// What a tree has that neither the tree before it nor the one after it has: what goes when the tree
// goes. The three are of one line: each came of the one before it by apply(), of which some may
// have been left out in between.
//
// The walk is in the order of leaving, so that a node comes behind all below it. It can be cut
// anywhere and resumed, also when what was met is gone.
#pragma once

#include "tree/tree.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace verso::tree {

/// A tree between the others of its line.
struct Between {
    Root tree;
    Root after = {};  ///< The tree that came of it; empty: none.
    /// The newest node that the tree before it may have, and the newest commit that may have put an
    /// entry there; 0: there is none before it.
    NodeId newest_before = 0;
    std::uint64_t since_before = 0;
};

/// A place in the walk: behind the node of this level with this last key, or within a leaf, behind
/// its entry with this key.
struct DropPlace {
    unsigned level = 0;
    std::string key = {};

    friend bool operator==(const DropPlace&, const DropPlace&) = default;
};

/// Takes what the walk meets, and answers how many of its steps that is. The views are valid until
/// the store changes.
class DropVisitor {
public:
    virtual ~DropVisitor() = default;
    /// A node that only this tree has, behind all that is below it.
    virtual std::uint64_t node(NodeId id) = 0;
    /// A leaf entry that was put after the tree before, and is not in the one after as the same
    /// key, payload and since.
    virtual std::uint64_t entry(const Entry& entry) = 0;
};

/// Visits nodes and entries from `from` on (none: from the beginning) until that was `max_steps` or
/// more, and a leaf with the last of its entries. Answers the place behind the last, or none when
/// all has been visited.
///
/// Requires:   `max_steps` is at least 1. What the walk visited before `from`, and nothing else,
///             may be gone.
/// Complexity: O(visited + log n); what the tree shares with one of the others is not looked
///             at.
[[nodiscard]] std::optional<DropPlace> walk_drop(NodeSource& source, const Between& between,
                                                 const std::optional<DropPlace>& from,
                                                 std::uint64_t max_steps, DropVisitor& visitor);

}  // namespace verso::tree
