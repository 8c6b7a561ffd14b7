// Payloads: the documents of resources, as chunks. Longer ones are pieces with consecutive ids
//           under one digest.
// Equal payloads within one scope are stored once, counted by the entries that hold them.
#pragma once

#include "engine/records.hpp"
#include "storage/storage.hpp"

#include <string>

namespace verso::engine {

/// How many chunks a payload takes. An empty one takes none, and there is none: a document has two
/// bytes.
[[nodiscard]] constexpr std::uint64_t piece_count(std::uint64_t size_bytes) noexcept {
    return (size_bytes + storage::max_piece_bytes - 1) / storage::max_piece_bytes;
}

/// The bytes of a payload.
[[nodiscard]] std::string load_payload(storage::ReadTransaction& transaction, std::uint64_t id,
                                       std::uint64_t size_bytes);

/// Calls visit(bytes) with a payload, without a copy where it is one piece.
template <class Visit>
decltype(auto) visit_payload(storage::ReadTransaction& transaction, std::uint64_t id,
                             std::uint64_t size_bytes, Visit&& visit) {
    if (piece_count(size_bytes) != 1)
        return visit(BytesView{load_payload(transaction, id, size_bytes)});
    const BytesView bytes = transaction.chunk(storage::ChunkKind::payload, id);
    if (bytes.size() != size_bytes)
        fail(Errc::corrupt, "payload " + std::to_string(id) + " has the wrong size; run verify");
    return visit(bytes);
}

/// Stores the pieces of a payload that nobody holds yet and that is not in the index. Answers its
/// id.
[[nodiscard]] std::uint64_t append_payload(storage::WriteTransaction& transaction, BytesView bytes,
                                           std::uint64_t& next_chunk);

/// Stores a payload, or finds the equal one, and counts one more holding. Answers its id.
[[nodiscard]] std::uint64_t hold_payload(storage::WriteTransaction& transaction, const Uuid& scope,
                                         const Digest& digest, BytesView bytes,
                                         std::uint64_t& next_chunk);

}  // namespace verso::engine
