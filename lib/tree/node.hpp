// The nodes of the tree, read where they lie: no parsing, no allocation. Part of the stored
// format; integers are little-endian:
//
//     u8 level (0: a leaf), 3 bytes of 0, u32 n: the number of entries, at least 1
//     n x u32 end of the key, n x u32 end of the value    counted from the node's first byte
//     n x key, n x value                                  one behind the other
//     n x { u64 payload, u64 since }                      in a leaf: the locators
//     n x u64 id                                          in an inner node: the children
//
// The keys lie together, so that a search stays within few cache lines.
//
// An inner node's entry has the last key below a child, and as value the child's digest (32 bytes)
// and the number of entries below it (u64). A node's digest is of all but the last line: where
// things lie is no part of what they are.
#pragma once

#include "tree/tree.hpp"

#include <array>
#include <cassert>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace verso::tree {

/// No node is on a higher level, for no key ends its node there. Part of the stored format.
inline constexpr unsigned max_level = Rank::max;

/// A node in bytes that somebody else owns. Every access stays within the bytes and fails with
/// corrupt where they are malformed, so that damage that no checksum caught is reported, not
/// followed.
///
/// An inner node's entries are entries too: `value` is the child's, `locator.payload` the child's
/// id.
///
/// Thread safety: a value.
class NodeView {
public:
    NodeView() = default;
    NodeView(NodeId id, BytesView bytes);

    [[nodiscard]] NodeId id() const noexcept { return id_; }
    [[nodiscard]] unsigned level() const noexcept { return level_; }
    [[nodiscard]] bool is_leaf() const noexcept { return level_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }  ///< At least 1.

    // Requires of each `i`: less than size().

    [[nodiscard]] BytesView key(std::size_t i) const { return piece(i); }
    [[nodiscard]] BytesView value(std::size_t i) const { return piece(size_ + i); }
    [[nodiscard]] Locator locator(std::size_t i) const noexcept;
    [[nodiscard]] Entry entry(std::size_t i) const { return {key(i), value(i), locator(i)}; }
    [[nodiscard]] BytesView last_key() const { return key(size_ - 1); }

    /// The first entry whose key is not less than `key`; size() if there is none.
    [[nodiscard]] std::size_t lower_bound(BytesView key) const;

    // Of the child at `i` of an inner node.

    [[nodiscard]] NodeId child_id(std::size_t i) const noexcept;
    [[nodiscard]] BytesView child_digest(std::size_t i) const;
    [[nodiscard]] std::uint64_t child_count(std::size_t i) const;

    /// Entries of the tree in and below the node. O(size).
    [[nodiscard]] std::uint64_t count() const;

    /// The bytes that the node's digest is of.
    [[nodiscard]] BytesView digested() const noexcept { return bytes_.substr(0, digested_); }

    /// Throws Failure, corrupt, which names the node.
    [[noreturn]] void damaged(const char* what) const;

private:
    static constexpr std::size_t header_bytes = 8;
    static constexpr std::size_t ends_bytes = 8;  // of an entry

    [[nodiscard]] std::size_t pieces_at() const noexcept {
        return header_bytes + ends_bytes * size_;
    }
    [[nodiscard]] std::size_t end(std::size_t piece) const noexcept {
        assert(piece < 2 * std::size_t{size_});
        return load_le<std::uint32_t>(bytes_.data() + header_bytes + piece * sizeof(std::uint32_t));
    }
    /// A key or, counted on from the last key, a value.
    [[nodiscard]] BytesView piece(std::size_t i) const {
        const std::size_t begin = i == 0 ? pieces_at() : end(i - 1);
        if (begin > end(i) || end(i) > digested_) [[unlikely]]
            damaged("an entry lies outside of it");
        return {bytes_.data() + begin, end(i) - begin};
    }

    BytesView bytes_;
    NodeId id_ = 0;
    std::uint32_t size_ = 0;
    std::uint32_t digested_ = 0;
    unsigned level_ = 0;
};

/// The value of an entry that refers to a child.
using ChildValue = std::array<char, 40>;
[[nodiscard]] ChildValue encode_child(const Digest& digest, std::uint64_t count);

/// The child that an entry of an inner node refers to, as the root of a tree of its own.
[[nodiscard]] Root decode_child(NodeId id, BytesView value);

/// The bytes of a node. Requires: entries in order of key, at least one.
///
/// Errors: limit_exceeded, for a node beyond 4 GiB.
[[nodiscard]] std::string encode_node(unsigned level, std::span<const Entry> entries);

/// Fails with corrupt unless the bytes are, to the last one, what encode_node() makes of some
/// entries in strict order of key, with children older than the node. For verify: it reads all of
/// them.
void check_node(NodeId id, BytesView bytes);

[[nodiscard]] NodeView load(NodeSource& source, NodeId id);

/// The child at `i`. Fails with corrupt if it is not on the next level or ends with another key
/// than its parent says: so a walk down ends, and no key lies outside of the range that its parent
/// gives it.
[[nodiscard]] NodeView load_child(NodeSource& source, const NodeView& parent, std::size_t i);

/// The children [first, last) of an inner node are wanted next.
void prefetch_children(NodeSource& source, const NodeView& node, std::size_t first,
                       std::size_t last);

}  // namespace verso::tree
