// The Merkle search tree: an immutable sorted map from key bytes to small values, in nodes that
// trees share.
//
// The shape is a function of the keys and the store's secret alone. A key's rank is the number of
// zero bits at the end of a keyed hash of it, divided by the bits of a level; an entry ends its
// node on level L exactly when its rank is greater than L; the root is the node of the first level
// that has only one. So any order of edits that leads to the same content leads to the same root
// digest, and what two trees have in common is the same nodes in both.
//
// The tree knows bytes and ids only. It reads nodes through a NodeSource and writes them through a
// NodeSink; it never changes or removes one. A missing or malformed node is thrown as Failure,
// corrupt.
#pragma once

#include <verso/domain/digest.hpp>

#include "domain/bytes.hpp"
#include "domain/visitor.hpp"
#include "tree/rank.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace verso::tree {

using NodeId = std::uint64_t;  ///< Counts up, children before their parents; 0 is no node.

/// Which tree. The empty tree has id 0, a digest of zeros and no entries.
struct Root {
    NodeId id = 0;
    Digest digest = {};
    std::uint64_t count = 0;  ///< Entries in the tree.

    friend bool operator==(const Root&, const Root&) = default;
};

/// What rides with an entry outside the digest: where its payload lies, and the commit that put it
/// there. Two trees of equal content may differ in it. Zeros where the entry has no payload.
struct Locator {
    std::uint64_t payload = 0;
    std::uint64_t since = 0;

    friend bool operator==(const Locator&, const Locator&) = default;
};

/// An entry of a leaf. The views point into the node.
struct Entry {
    BytesView key;
    BytesView value;
    Locator locator;
};

/// Hands out nodes. A view stays valid until the store changes: a NodeSink's next_id() does not
/// end it, its write() may.
class NodeSource {
public:
    virtual ~NodeSource() = default;
    [[nodiscard]] virtual BytesView node(NodeId id) = 0;
    /// Says that these nodes are wanted next: a source that is far away fetches them in one go.
    virtual void prefetch(std::span<const NodeId> ids) { static_cast<void>(ids); }
};

/// Takes new nodes. apply() calls write() once for each node of the new tree that the old one
/// lacks, after it has read all that it needs.
class NodeSink {
public:
    virtual ~NodeSink() = default;
    /// A new id, higher than all before it.
    [[nodiscard]] virtual NodeId next_id() = 0;
    /// In rising order of id; each id at most once (an id may also stay unused).
    virtual void write(NodeId id, BytesView bytes) = 0;
};

/// The entry under `key`, if any. O(log n).
[[nodiscard]] std::optional<Entry> find(NodeSource& source, const Root& root, BytesView key);

/// How many entries have a key less than `key`. O(log n).
[[nodiscard]] std::uint64_t position(NodeSource& source, const Root& root, BytesView key);

/// The `index`th entry, from 0, if there are so many. O(log n).
[[nodiscard]] std::optional<Entry> at(NodeSource& source, const Root& root, std::uint64_t index);

/// The keys from `begin` (included) to `end` (excluded; none: to the last).
struct Range {
    BytesView begin = {};
    std::optional<BytesView> end = {};
};

/// How many entries the range has. O(log n).
[[nodiscard]] std::uint64_t count(NodeSource& source, const Root& root, const Range& range);

/// Calls visitor(entry) for the range in order of key until it answers false. O(log n + visited).
void scan(NodeSource& source, const Root& root, const Range& range, Visitor<const Entry&> visitor);

/// As scan(), from the range's last entry to its first.
void scan_back(NodeSource& source, const Root& root, const Range& range,
               Visitor<const Entry&> visitor);

/// One key's new value, or that it goes.
struct Edit {
    BytesView key;
    std::optional<BytesView> value;  ///< none: the key is removed, if it is there
    Locator locator = {};
};

/// What apply() needs to make nodes.
struct Shaper {
    const Rank& rank;
    NodeSink& sink;
};

/// The tree that `root` becomes by `edits`: the only way to change a tree, and from Root{} to
/// build one. Nodes that did not change are shared. An edit that changes nothing (the same value
/// and locator, the removal of a missing key) has no effect; if no edit has, the same root is
/// answered and nothing written.
///
/// Requires:   edits sorted by key, each key once.
/// Complexity: O(edits x log n) nodes; of a single edit about one node a level.
[[nodiscard]] Root apply(NodeSource& source, const Shaper& shaper, const Root& root,
                         std::span<const Edit> edits);

/// What differs under one key: only in `a` (removed), only in `b` (added), or in both with other
/// values. The views are valid during the visit.
struct Difference {
    std::optional<Entry> a;
    std::optional<Entry> b;
};

/// Calls visitor(difference) in order of key, within the range, until it answers false. Subtrees
/// of one digest are skipped whole; locators are not compared.
///
/// Complexity: O(differences x log n) nodes. The two roots may come from one source only.
void diff(NodeSource& source, const Root& a, const Root& b, const Range& range,
          Visitor<const Difference&> visitor);

}  // namespace verso::tree
