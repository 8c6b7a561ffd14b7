// A write transaction that writes nothing: its changes stay in memory, on top of one moment of the
// store. It answers what would be, without the store's one writing turn.
#pragma once

#include "storage/storage.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace verso::storage {

/// It grows with what is changed. Lifetime: less than that of what it reads. Thread safety: bound.
class ScratchTransaction final : public WriteTransaction {
public:
    explicit ScratchTransaction(ReadTransaction& moment) noexcept : moment_(moment) {}
    ScratchTransaction(const ScratchTransaction&) = delete;
    ScratchTransaction& operator=(const ScratchTransaction&) = delete;

    [[nodiscard]] std::optional<BytesView> find(Table table, BytesView key) override;
    void scan(Table table, const Scan& scan, Visitor<BytesView, BytesView> visitor) override;
    [[nodiscard]] BytesView chunk(ChunkKind kind, ChunkId id) override;
    void chunks(ChunkKind kind, std::span<const ChunkId> ids,
                Visitor<std::size_t, BytesView> visitor) override;
    void each_chunk(ChunkKind kind, Visitor<ChunkId, BytesView> visitor) override;

    void put(Table table, BytesView key, BytesView value) override;
    bool erase(Table table, BytesView key) override;
    void append(ChunkKind kind, ChunkId id, BytesView bytes) override;
    void drop(ChunkKind kind, ChunkId id) override;
    [[nodiscard]] std::uint64_t changes() const noexcept override { return changes_; }
    /// Of one that is nested in another: gives the changes to that. Else nobody would see them.
    void commit() override;
    [[nodiscard]] std::unique_ptr<WriteTransaction> begin_nested() override;

    /// Of the chunks that have been dropped.
    [[nodiscard]] std::uint64_t dropped_bytes() const noexcept { return dropped_bytes_; }

private:
    /// Changed records: none is one that has been erased.
    using Records = std::map<std::string, std::optional<std::string>, std::less<>>;
    /// Chunks that came or went, likewise.
    using Chunks = std::map<std::pair<ChunkKind, ChunkId>, std::optional<std::string>>;

    [[nodiscard]] Records& records(Table table) {
        return records_[static_cast<std::size_t>(table)];
    }
    template <class Changed, class Precedes>
    void merge(Table table, const Scan& scan, Changed at, Changed end, Precedes precedes,
               Visitor<BytesView, BytesView> visitor);

    ReadTransaction& moment_;
    ScratchTransaction* outer_ = nullptr;
    std::array<Records, 3> records_;
    Chunks chunks_;
    std::uint64_t changes_ = 0;
    std::uint64_t dropped_bytes_ = 0;
};

}  // namespace verso::storage
