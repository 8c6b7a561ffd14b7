#include "tree/node.hpp"

#include <algorithm>
#include <limits>

namespace verso::tree {

namespace {

constexpr std::size_t digest_bytes = sizeof(Digest::bytes);

/// The bytes that an entry has behind the digested part.
std::size_t reference_bytes(unsigned level) {
    return level == 0 ? 2 * sizeof(std::uint64_t) : sizeof(NodeId);
}

}  // namespace

NodeView::NodeView(NodeId id, BytesView bytes) : bytes_(bytes), id_(id) {
    if (bytes.size() < header_bytes) damaged("it is shorter than its header");
    const auto head = load_le<std::uint32_t>(bytes.data());  // the level, and 3 bytes of 0
    if (head > max_level) damaged("it has no known level");
    level_ = head;
    size_ = load_le<std::uint32_t>(bytes.data() + 4);
    if (size_ == 0 || size_ > bytes.size() / ends_bytes || pieces_at() > bytes.size())
        damaged("it has not the entries that it says");
    digested_ = static_cast<std::uint32_t>(end(2 * std::size_t{size_} - 1));
    if (digested_ < pieces_at() || digested_ + reference_bytes(level_) * size_ != bytes.size())
        damaged("its size is not that of its entries");
}

Locator NodeView::locator(std::size_t i) const noexcept {
    if (!is_leaf()) return {.payload = child_id(i)};
    const char* const at = bytes_.data() + digested_ + i * sizeof(Locator);
    return {load_le<std::uint64_t>(at), load_le<std::uint64_t>(at + sizeof(std::uint64_t))};
}

std::size_t NodeView::lower_bound(BytesView key) const {
    std::size_t first = 0;
    for (std::size_t count = size_; count > 0;) {
        const std::size_t half = count / 2;
        if (this->key(first + half) < key) {
            first += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return first;
}

NodeId NodeView::child_id(std::size_t i) const noexcept {
    assert(!is_leaf() && i < size_);
    return load_le<NodeId>(bytes_.data() + digested_ + i * sizeof(NodeId));
}

BytesView NodeView::child_digest(std::size_t i) const {
    const BytesView child = value(i);
    if (child.size() != sizeof(ChildValue)) damaged("it does not say what a child is");
    return child.substr(0, digest_bytes);
}

std::uint64_t NodeView::child_count(std::size_t i) const {
    return load_le<std::uint64_t>(child_digest(i).data() + digest_bytes);
}

std::uint64_t NodeView::count() const {
    if (is_leaf()) return size_;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < size_; ++i) sum += child_count(i);
    return sum;
}

void NodeView::damaged(const char* what) const {
    fail(Errc::corrupt, "the tree node " + std::to_string(id_) + " is damaged: " + what +
                            "; run verify, and restore a backup if it finds this too");
}

ChildValue encode_child(const Digest& digest, std::uint64_t count) {
    ByteWriter writer(sizeof(ChildValue));
    writer.bytes({reinterpret_cast<const char*>(digest.bytes.data()), digest_bytes}).le(count);
    ChildValue value;
    std::copy_n(writer.view().begin(), value.size(), value.begin());
    return value;
}

Root decode_child(NodeId id, BytesView value) {
    ByteReader reader(value);
    Root root{.id = id};
    std::ranges::copy(reader.bytes(digest_bytes), root.digest.bytes.begin());
    root.count = reader.le<std::uint64_t>();
    return root;
}

std::string encode_node(unsigned level, std::span<const Entry> entries) {
    assert(!entries.empty() && level <= max_level);
    std::size_t end = 8 + 8 * entries.size();
    std::size_t size = end + reference_bytes(level) * entries.size();
    for (const Entry& entry : entries) size += entry.key.size() + entry.value.size();
    if (size > std::numeric_limits<std::uint32_t>::max())
        fail(Errc::limit_exceeded,
             "a tree node would be longer than 4 GiB; use shorter keys and values");

    ByteWriter writer(size);
    writer.le(std::uint32_t{level}).le(static_cast<std::uint32_t>(entries.size()));
    for (const Entry& entry : entries)
        writer.le(static_cast<std::uint32_t>(end += entry.key.size()));
    for (const Entry& entry : entries)
        writer.le(static_cast<std::uint32_t>(end += entry.value.size()));
    for (const Entry& entry : entries) writer.bytes(entry.key);
    for (const Entry& entry : entries) writer.bytes(entry.value);
    for (const Entry& entry : entries) {
        writer.le(entry.locator.payload);
        if (level == 0) writer.le(entry.locator.since);
    }
    return std::move(writer).take();
}

void check_node(NodeId id, BytesView bytes) {
    const NodeView node(id, bytes);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < node.size(); ++i) {
        static_cast<void>(node.value(i));
        if (i > 0 && node.key(i - 1) >= node.key(i)) node.damaged("its keys are out of order");
        if (node.is_leaf()) continue;
        const std::uint64_t count = node.child_count(i);
        if (count == 0 || below + count < below) node.damaged("it counts its entries wrongly");
        below += count;
        if (node.child_id(i) == 0 || node.child_id(i) >= id)
            node.damaged("a child is not older than it");
    }
}

NodeView load(NodeSource& source, NodeId id) { return {id, source.node(id)}; }

NodeView load_child(NodeSource& source, const NodeView& parent, std::size_t i) {
    const NodeView child = load(source, parent.child_id(i));
    if (child.level() + 1 != parent.level())
        child.damaged("it is on another level than its parent says");
    if (child.last_key() != parent.key(i))
        child.damaged("it ends with another key than its parent says");
    return child;
}

void prefetch_children(NodeSource& source, const NodeView& node, std::size_t first,
                       std::size_t last) {
    if (last < first + 2) return;
    std::vector<NodeId> ids;
    ids.reserve(last - first);
    for (std::size_t i = first; i < last; ++i) ids.push_back(node.child_id(i));
    source.prefetch(ids);
}

}  // namespace verso::tree
