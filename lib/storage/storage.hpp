// The storage port: what the engine asks of a database. It speaks of two things in transactions:
// *records*, small values under ordered keys, and *chunks*, immutable bytes under 64-bit ids that
// count up.
//
// A read transaction sees one moment for as long as it lives. A write transaction sees what the
// last committed one left and its own changes; there is one at a time in a store, over all
// processes. Failures are thrown as Failure (domain/failure.hpp). Each transaction is bound to one
// thread at a time; a write transaction begins and ends on one thread, one nested in it on one of
// its own. A change that fails leaves the transaction good for nothing but to be destroyed, and
// does no harm to the one that it is nested in. What a transaction answers as a view stays valid
// until that transaction changes something or ends; so no change is given such a view.
#pragma once

#include "domain/bytes.hpp"
#include "domain/visitor.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace verso::storage {

/// The id of a chunk: counts up over the whole store, never used twice; 0 is no chunk.
using ChunkId = std::uint64_t;

/// The ordered key spaces of records. Part of the stored format.
enum class Table : std::uint8_t { records, commits, payload_index };

/// The two stores of chunks, apart so that each stays dense. Part of the stored format.
enum class ChunkKind : std::uint8_t { node, payload };

/// The largest chunk that the store keeps without fragmenting. Longer payloads are cut into pieces;
/// a tree node may exceed it, which is rare. Units: bytes. Part of the stored format for payloads.
inline constexpr std::size_t max_piece_bytes = 16 * 1024;

enum class Order : std::uint8_t { ascending, descending };

/// What a scan walks: the records whose key starts with `prefix`, from `from` on (in the order of
/// the walk, itself included; empty: from the beginning, or the end when descending).
struct Scan {
    BytesView prefix = {};
    BytesView from = {};
    Order order = Order::ascending;
};

/// Where a descending scan begins: at the last key before this one, or at this one.
struct DescendingStart {
    std::string limit;  ///< Empty: behind every key.
    bool itself = false;
};

/// At `from`, or before the least key behind all that have the prefix, whichever comes first.
[[nodiscard]] inline DescendingStart descending_start(const Scan& scan) {
    std::string end(scan.prefix);
    while (!end.empty() && end.back() == '\xff') end.pop_back();
    if (!end.empty()) end.back() = static_cast<char>(end.back() + 1);
    if (!scan.from.empty() && (end.empty() || scan.from < end))
        return {std::string(scan.from), true};
    return {std::move(end)};
}

class ReadTransaction {
public:
    virtual ~ReadTransaction() = default;

    /// The value under `key`, if any. O(log n).
    [[nodiscard]] virtual std::optional<BytesView> find(Table table, BytesView key) = 0;

    /// Calls visitor(key, value) for each record of the scan until it answers false. It must not
    /// change the table. O(log n + records visited).
    virtual void scan(Table table, const Scan& scan, Visitor<BytesView, BytesView> visitor) = 0;

    /// The bytes of a chunk, its checksum verified. Fails with corrupt when it is missing or
    /// damaged.
    [[nodiscard]] virtual BytesView chunk(ChunkKind kind, ChunkId id) = 0;

    /// Calls visitor(index in ids, bytes) for each of `ids`, in any order, until it answers false.
    /// One round trip where the database is elsewhere; `bytes` is valid during the call. Fails as
    /// chunk().
    virtual void chunks(ChunkKind kind, std::span<const ChunkId> ids,
                        Visitor<std::size_t, BytesView> visitor) = 0;

    /// Calls visitor(id, bytes) for every chunk of the kind in order of id, checksums verified, a
    /// damaged one with empty bytes: for verify.
    virtual void each_chunk(ChunkKind kind, Visitor<ChunkId, BytesView> visitor) = 0;
};

class WriteTransaction : public ReadTransaction {
public:
    /// Stores a record, in place of the one that the key had. Fails with limit_exceeded unless the
    /// key has 1 to 511 bytes.
    virtual void put(Table table, BytesView key, BytesView value) = 0;

    /// Removes a record; answers whether there was one.
    virtual bool erase(Table table, BytesView key) = 0;

    /// Stores a chunk. Requires: `id` is higher than every id of the kind that the store has held.
    virtual void append(ChunkKind kind, ChunkId id, BytesView bytes) = 0;

    /// Removes a chunk. Fails with corrupt when it is not there.
    virtual void drop(ChunkKind kind, ChunkId id) = 0;

    /// How many changes this transaction has made itself, or has begun to make.
    [[nodiscard]] virtual std::uint64_t changes() const noexcept = 0;

    /// Makes the changes visible and as durable as the storage was told; those of a nested
    /// transaction become the outer one's. The transaction is over, also when this fails; then
    /// nothing of it is left. Destroying it without commit() undoes it.
    virtual void commit() = 0;

    /// Begins a transaction that goes on from this one's changes. Until it ends, this one must not
    /// be used.
    [[nodiscard]] virtual std::unique_ptr<WriteTransaction> begin_nested() = 0;
};

/// The read transactions that are live, over all processes.
struct Readers {
    std::uint32_t count = 0;
    std::uint64_t oldest_moment = 0;   ///< What the oldest of them reads: a number that counts up.
    std::uint64_t commits_behind = 0;  ///< How many commits came after that.
    /// Of the pages that have been freed since, and are not used again before it ends.
    std::uint64_t held_bytes = 0;
};

/// Sizes for `stat`. Units: bytes unless the name says otherwise.
struct Usage {
    std::uint64_t file_bytes = 0;      ///< Of the file, as it lies on disk.
    std::uint64_t used_bytes = 0;      ///< In pages that hold something.
    std::uint64_t map_bytes = 0;       ///< What the file may grow to.
    std::uint64_t node_chunks = 0;     ///< A count.
    std::uint64_t payload_chunks = 0;  ///< A count.
    std::uint64_t record_count = 0;    ///< A count, over all tables.
    Readers readers = {};
};

/// A database. It outlives its transactions. Thread safety: safe.
class Storage {
public:
    virtual ~Storage() = default;

    [[nodiscard]] virtual std::unique_ptr<ReadTransaction> begin_read() = 0;

    /// Waits for the writer before it; fails with nested_write where that is the same thread.
    /// `connection` names the connection that the transaction changes (its 16 bytes; empty:
    /// several, or the store itself): a database with a lock per connection uses it.
    [[nodiscard]] virtual std::unique_ptr<WriteTransaction> begin_write(BytesView connection) = 0;

    [[nodiscard]] virtual Usage usage() = 0;
    /// What usage() says of readers. O(free pages since the oldest).
    [[nodiscard]] virtual Readers readers() = 0;

    /// Checks what the database keeps around the values, as LMDB its pages, for verify: tells
    /// `visitor` where something is wrong, and what, until it answers false. Answers whether the
    /// rest can be read, since a database may end the process over what is damaged.
    [[nodiscard]] virtual bool check_structure(
        Visitor<const std::string&, const std::string&> visitor) = 0;

    /// Fails with store_forked in a process that has the storage from its parent, as every other
    /// call does. O(1).
    virtual void check_process() const = 0;
};

/// A database that is being made. It has its name once it is whole, and goes away if it never is.
class NewStore {
public:
    virtual ~NewStore() = default;

    [[nodiscard]] virtual Storage& storage() = 0;

    /// Closes it, waits until all of it is on the disk, and gives it its name. Fails with
    /// option_invalid where something has that name.
    virtual void publish() = 0;
};

}  // namespace verso::storage
