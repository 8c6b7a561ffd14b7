// Payloads: the documents of resources, as chunks. Longer ones are pieces with consecutive ids
//           under one digest.
// Equal payloads within one scope are stored once, counted by the entries that hold them.
#pragma once

#include "engine/records.hpp"
#include "storage/storage.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

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

/// The documents that one commit puts, on their way into the store: each is found there or gets an
/// id at once, and nothing is written before write(), so that the commit's tree can be read and
/// made meanwhile.
///
/// Thread safety: bound. Failures are thrown.
class HeldPayloads {
public:
    HeldPayloads(storage::WriteTransaction& transaction, const Uuid& scope,
                 std::uint64_t& next_chunk) noexcept
        : transaction_(transaction), scope_(scope), next_chunk_(next_chunk) {}

    /// Counts one more holding of a document, and answers its id. `bytes` must last until write().
    [[nodiscard]] std::uint64_t hold(const Digest& digest, BytesView bytes);

    /// Of the documents that the store lacked.
    [[nodiscard]] std::uint64_t new_bytes() const noexcept { return new_bytes_; }

    /// Stores what is new, and the holdings in the order of the index. Once only.
    void write();

private:
    struct New {
        std::uint64_t id;
        BytesView bytes;
    };

    storage::WriteTransaction& transaction_;
    Uuid scope_;
    std::uint64_t& next_chunk_;
    std::map<std::string, PayloadRecord> records_;  // by key of the payload index
    std::vector<New> new_;
    std::uint64_t new_bytes_ = 0;
};

}  // namespace verso::engine
