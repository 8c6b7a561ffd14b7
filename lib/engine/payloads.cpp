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

std::uint64_t hold_payload(storage::WriteTransaction& transaction, const Uuid& scope,
                           const Digest& digest, BytesView bytes, std::uint64_t& next_chunk) {
    const std::string key = key::payload(scope, digest);
    PayloadRecord record;
    if (const auto found = transaction.find(storage::Table::payload_index, key)) {
        record = PayloadRecord::decode(*found);
    } else {
        record = {.id = append_payload(transaction, bytes, next_chunk),
                  .holdings = 0,
                  .size_bytes = bytes.size()};
    }
    ++record.holdings;
    transaction.put(storage::Table::payload_index, key, record.encode());
    return record.id;
}

}  // namespace verso::engine
