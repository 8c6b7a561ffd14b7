// How the engine feeds the tree: nodes out of a transaction, and new ones into it.
#pragma once

#include "storage/storage.hpp"
#include "tree/tree.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace verso::engine {

/// Reads nodes and remembers where they lie, so that a walk from the root costs a look-up in the
/// store only for what it has not seen: a node is found and verified once per transaction. It grows
/// with what is read.
class NodeCache final : public tree::NodeSource {
public:
    explicit NodeCache(storage::ReadTransaction& transaction) noexcept
        : transaction_(transaction) {}

    [[nodiscard]] BytesView node(tree::NodeId id) override {
        if (!slots_.empty()) {
            const Slot& slot = slots_[id & (slots_.size() - 1)];
            if (slot.id == id && slot.epoch == epoch_) return slot.bytes;
        }
        return load(id);
    }

    /// Forgets all, which must be done whenever the transaction changes something.
    void forget() noexcept { ++epoch_; }

private:
    static constexpr std::size_t first_slots = 64;  // powers of two
    static constexpr std::size_t most_slots = 16 * 1024;

    struct Slot {
        tree::NodeId id = 0;
        std::uint64_t epoch = 0;
        BytesView bytes;
    };

    BytesView load(tree::NodeId id) {
        const BytesView bytes = transaction_.chunk(storage::ChunkKind::node, id);
        if (++loads_ > slots_.size() && slots_.size() < most_slots) grow();
        slots_[id & (slots_.size() - 1)] = {id, epoch_, bytes};
        return bytes;
    }

    void grow() {
        std::vector<Slot> smaller(slots_.empty() ? first_slots : 4 * slots_.size());
        smaller.swap(slots_);
        for (const Slot& slot : smaller)
            if (slot.epoch == epoch_) slots_[slot.id & (slots_.size() - 1)] = slot;
    }

    storage::ReadTransaction& transaction_;
    std::vector<Slot> slots_;
    std::size_t loads_ = 0;
    std::uint64_t epoch_ = 1;
};

/// Keeps new nodes until the tree has been read to the end, since writing moves what views point
/// at.
class NodeBuffer final : public tree::NodeSink {
public:
    explicit NodeBuffer(std::uint64_t& next_chunk) noexcept : next_chunk_(next_chunk) {}

    [[nodiscard]] tree::NodeId next_id() override { return next_chunk_++; }
    void write(tree::NodeId id, BytesView bytes) override { nodes_.emplace_back(id, bytes); }

    void append_to(storage::WriteTransaction& transaction) const {
        for (const auto& [id, bytes] : nodes_)
            transaction.append(storage::ChunkKind::node, id, bytes);
    }

private:
    std::uint64_t& next_chunk_;
    std::vector<std::pair<tree::NodeId, std::string>> nodes_;
};

}  // namespace verso::engine
