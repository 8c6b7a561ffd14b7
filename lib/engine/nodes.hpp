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
/// store only for what it has not seen: a node is found and verified once per transaction, or once
/// between two changes of one that writes. It grows with what is read.
class NodeCache final : public tree::NodeSource {
public:
    explicit NodeCache(storage::ReadTransaction& transaction) noexcept
        : transaction_(transaction) {}
    explicit NodeCache(storage::WriteTransaction& transaction) noexcept
        : transaction_(transaction), writing_(&transaction) {}

    [[nodiscard]] BytesView node(tree::NodeId id) override {
        const std::uint64_t moment = this->moment();
        if (!slots_.empty()) {
            const std::size_t place = this->place(id);
            for (const std::size_t at : {place, other(place)})
                if (slots_[at].id == id && slots_[at].moment == moment) return slots_[at].bytes;
        }
        return load(id, moment);
    }

private:
    static constexpr std::size_t first_slots = 64;  // powers of two
    static constexpr std::size_t most_slots = 16 * 1024;

    struct Slot {
        tree::NodeId id = 0;
        std::uint64_t moment = 0;
        BytesView bytes;
    };

    /// What was read at another one does not last until now. From 1 on.
    [[nodiscard]] std::uint64_t moment() const noexcept {
        return writing_ == nullptr ? 1 : 1 + writing_->changes();
    }

    /// A node lies in one of two slots, far from one another, since ids that are met together
    /// often follow one another.
    [[nodiscard]] std::size_t place(tree::NodeId id) const noexcept {
        return id & (slots_.size() - 1);
    }
    [[nodiscard]] std::size_t other(std::size_t place) const noexcept {
        return place ^ (slots_.size() / 2);
    }

    BytesView load(tree::NodeId id, std::uint64_t moment) {
        const BytesView bytes = transaction_.chunk(storage::ChunkKind::node, id);
        if (++loads_ > slots_.size() && slots_.size() < most_slots) grow(moment);
        keep({id, moment, bytes});
        return bytes;
    }

    void keep(const Slot& slot) noexcept {
        const std::size_t place = this->place(slot.id);
        const bool is_free = slots_[place].moment != slot.moment;
        slots_[is_free ? place : other(place)] = slot;
    }

    void grow(std::uint64_t moment) {
        std::vector<Slot> smaller(slots_.empty() ? first_slots : 4 * slots_.size());
        smaller.swap(slots_);
        for (const Slot& slot : smaller)
            if (slot.moment == moment) keep(slot);
    }

    storage::ReadTransaction& transaction_;
    const storage::WriteTransaction* writing_ = nullptr;  // the same, if it may change
    std::vector<Slot> slots_;
    std::size_t loads_ = 0;
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
