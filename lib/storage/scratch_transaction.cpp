#include "storage/scratch_transaction.hpp"

#include "domain/failure.hpp"

#include <algorithm>
#include <iterator>

namespace verso::storage {

// Records

std::optional<BytesView> ScratchTransaction::find(Table table, BytesView key) {
    const auto changed = records(table).find(key);
    if (changed == records(table).end()) return moment_.find(table, key);
    return changed->second;
}

void ScratchTransaction::scan(Table table, const Scan& scan,
                              Visitor<BytesView, BytesView> visitor) {
    const Records& changed = records(table);
    if (scan.order == Order::ascending)
        return merge(table, scan, changed.lower_bound(std::max(scan.prefix, scan.from)),
                     changed.end(), std::less<>(), visitor);
    const auto [limit, itself] = descending_start(scan);
    const auto last = itself          ? changed.upper_bound(limit)
                      : limit.empty() ? changed.end()
                                      : changed.lower_bound(limit);
    merge(table, scan, std::make_reverse_iterator(last), changed.rend(), std::greater<>(), visitor);
}

/// Visits what was changed from `at` on, as far as it is under the prefix, among the others.
template <class Changed, class Precedes>
void ScratchTransaction::merge(Table table, const Scan& scan, Changed at, Changed end,
                               Precedes precedes, Visitor<BytesView, BytesView> visitor) {
    const auto is_left = [&] { return at != end && at->first.starts_with(scan.prefix); };
    const auto visit = [&] {
        const auto& [key, value] = *at++;
        return !value || visitor(key, *value);
    };
    bool goes_on = true;
    moment_.scan(table, scan, [&](BytesView key, BytesView value) {
        while (goes_on && is_left() && precedes(at->first, key)) goes_on = visit();
        if (!goes_on) return false;
        goes_on = is_left() && at->first == key ? visit() : visitor(key, value);
        return goes_on;
    });
    while (goes_on && is_left()) goes_on = visit();
}

void ScratchTransaction::put(Table table, BytesView key, BytesView value) {
    ++changes_;
    records(table).insert_or_assign(std::string(key), std::string(value));
}

bool ScratchTransaction::erase(Table table, BytesView key) {
    if (!find(table, key)) return false;
    ++changes_;
    records(table).insert_or_assign(std::string(key), std::nullopt);
    return true;
}

// Chunks

BytesView ScratchTransaction::chunk(ChunkKind kind, ChunkId id) {
    const auto changed = chunks_.find({kind, id});
    if (changed == chunks_.end()) return moment_.chunk(kind, id);
    if (!changed->second)
        fail(Errc::corrupt, "chunk " + std::to_string(id) + " is missing; run verify");
    return *changed->second;
}

void ScratchTransaction::chunks(ChunkKind kind, std::span<const ChunkId> ids,
                                Visitor<std::size_t, BytesView> visitor) {
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (!visitor(i, chunk(kind, ids[i]))) return;
}

void ScratchTransaction::each_chunk(ChunkKind kind, Visitor<ChunkId, BytesView> visitor) {
    bool goes_on = true;
    moment_.each_chunk(kind, [&](ChunkId id, BytesView bytes) {
        goes_on = chunks_.contains({kind, id}) || visitor(id, bytes);
        return goes_on;
    });
    // Those that were appended have higher ids than any before.
    for (auto at = chunks_.lower_bound({kind, 0});
         goes_on && at != chunks_.end() && at->first.first == kind; ++at)
        if (at->second) goes_on = visitor(at->first.second, *at->second);
}

void ScratchTransaction::append(ChunkKind kind, ChunkId id, BytesView bytes) {
    ++changes_;
    chunks_.insert_or_assign({kind, id}, std::string(bytes));
}

void ScratchTransaction::drop(ChunkKind kind, ChunkId id) {
    dropped_bytes_ += chunk(kind, id).size();
    ++changes_;
    chunks_.insert_or_assign({kind, id}, std::nullopt);
}

// Nested ones

void ScratchTransaction::commit() {
    if (outer_ == nullptr) return;
    for (std::size_t table = 0; table < records_.size(); ++table)
        for (auto& [key, value] : records_[table])
            outer_->records_[table].insert_or_assign(key, std::move(value));
    for (auto& [id, bytes] : chunks_) outer_->chunks_.insert_or_assign(id, std::move(bytes));
    outer_->dropped_bytes_ += dropped_bytes_;
}

std::unique_ptr<WriteTransaction> ScratchTransaction::begin_nested() {
    auto nested = std::make_unique<ScratchTransaction>(static_cast<ReadTransaction&>(*this));
    nested->outer_ = this;
    return nested;
}

}  // namespace verso::storage
