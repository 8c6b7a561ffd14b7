#include "engine/payloads.hpp"

#include <algorithm>
#include <numeric>

namespace verso::engine {

std::string load_payload(storage::ReadTransaction& transaction, std::uint64_t id,
                         std::uint64_t size_bytes) {
    if (piece_count(size_bytes) == 1)
        return visit_payload(transaction, id, size_bytes,
                             [](BytesView bytes) { return std::string(bytes); });
    std::vector<storage::ChunkId> ids(piece_count(size_bytes));
    std::iota(ids.begin(), ids.end(), id);
    std::vector<std::string> pieces(ids.size());
    transaction.chunks(storage::ChunkKind::payload, ids, [&](std::size_t index, BytesView bytes) {
        pieces[index] = bytes;
        return true;
    });
    std::string payload;
    payload.reserve(size_bytes);
    for (const std::string& piece : pieces) payload += piece;
    if (payload.size() != size_bytes)
        fail(Errc::corrupt, "payload " + std::to_string(id) + " has the wrong size; run verify");
    return payload;
}

std::uint64_t append_payload(storage::WriteTransaction& transaction, BytesView bytes,
                             std::uint64_t& next_chunk) {
    const std::uint64_t id = next_chunk;
    while (!bytes.empty()) {
        const BytesView piece = bytes.substr(0, storage::max_piece_bytes);
        transaction.append(storage::ChunkKind::payload, next_chunk++, piece);
        bytes.remove_prefix(piece.size());
    }
    return id;
}

std::uint64_t HeldPayloads::hold(const Digest& digest, BytesView bytes) {
    const auto [held, is_first] = records_.try_emplace(key::payload(scope_, digest));
    PayloadRecord& record = held->second;
    if (is_first) {
        if (const auto found = transaction_.find(storage::Table::payload_index, held->first)) {
            record = PayloadRecord::decode(*found);
        } else {
            record = {.id = next_chunk_, .holdings = 0, .size_bytes = bytes.size()};
            next_chunk_ += piece_count(bytes.size());
            new_.push_back({record.id, bytes});
            new_bytes_ += bytes.size();
        }
    }
    ++record.holdings;
    return record.id;
}

void HeldPayloads::write() {
    for (auto [id, bytes] : new_) static_cast<void>(append_payload(transaction_, bytes, id));
    for (const auto& [key, record] : records_)
        transaction_.put(storage::Table::payload_index, key, record.encode());
}

}  // namespace verso::engine
