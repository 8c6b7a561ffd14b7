#include "engine/verify/payloads.hpp"

#include "engine/payloads.hpp"
#include "engine/verify/commits.hpp"
#include "engine/verify/entries.hpp"
#include "engine/verify/tables.hpp"
#include "tree/sha256.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace verso::engine::verification {

using storage::ChunkId;
using storage::ChunkKind;

Payloads::Payloads(storage::ReadTransaction& transaction, SharedFaults& faults, Report& report)
    : transaction_(transaction), faults_(faults), report_(report) {
    bool all_decoded = true;
    const auto visit = [&](BytesView key, BytesView value) {
        all_decoded &= report.check([&] { return "payload index record " + hex(key); },
                                    [&] { read(key, value); });
        return true;
    };
    const bool all_read = read_table(transaction, storage::Table::payload_index, report, visit);
    whole_ = all_read && all_decoded;
    for (const auto& [id, payload] : payloads_) in_order_.push_back(&payload);
    std::ranges::sort(in_order_, {},
                      [](const IndexedPayload* payload) { return payload->record.id; });
    check_places();
}

IndexedPayload* Payloads::find(std::uint64_t id) noexcept {
    const auto found = payloads_.find(id);
    return found == payloads_.end() ? nullptr : &found->second;
}

void Payloads::read(BytesView key, BytesView value) {
    ByteReader in(key);
    IndexedPayload payload{.scope = uuid_of(in.bytes(16)), .digest = digest_of(in.bytes(32))};
    if (!in.empty()) fail(Errc::corrupt, "a record's key is longer than one of a payload is");
    payload.record = PayloadRecord::decode(value);
    ++report_.counts().payloads;
    report_.counts().payload_bytes += payload.record.size_bytes;
    const auto [other, is_new] = payloads_.insert({payload.record.id, payload});
    if (!is_new)
        add(payload,
            "another record of the index, for digest " + to_string(other->second.digest) +
                ", says that its chunks are there too; one of the two reads the other's content");
}

void Payloads::check_places() {
    std::uint64_t end = 1;
    for (const IndexedPayload* payload : in_order_) {
        const PayloadRecord& record = payload->record;
        if (record.size_bytes == 0 || record.size_bytes > std::numeric_limits<std::uint32_t>::max())
            add(*payload, "its record says that it has " + std::to_string(record.size_bytes) +
                              " bytes, which no document has");
        if (record.id < end) add(*payload, "its chunks overlap those of the payload before it");
        end = record.id + piece_count(record.size_bytes);
    }
}

void Payloads::check_holdings(bool all_entries_met) {
    for (const IndexedPayload* payload : in_order_) {
        const std::uint64_t counted = payload->record.holdings;
        if (payload->met == counted || (payload->met < counted && !all_entries_met)) continue;
        add(*payload, "it is held by " + std::to_string(payload->met) + " entries, but counts " +
                          std::to_string(counted) +
                          " (holdings), so it may be dropped too early or never");
    }
}

void Payloads::check_chunks(const std::optional<StoreRecord>& store) {
    auto next = in_order_.begin();
    std::uint64_t pieces = 0;  // of *next, that were met
    std::string bytes;
    ChunkId newest = 0;
    const auto finish = [&] {
        const IndexedPayload& payload = **next++;
        const std::uint64_t expected = piece_count(payload.record.size_bytes);
        if (pieces == expected)
            check_content(payload, bytes);
        else
            add(payload, "of its " + std::to_string(expected) + " chunks, " +
                             std::to_string(expected - pieces) +
                             " are missing or damaged; it cannot be read");
        pieces = 0;
        bytes.clear();
    };
    const auto end_of = [](const IndexedPayload& payload) {
        return payload.record.id + piece_count(payload.record.size_bytes);
    };
    const bool all_read =
        read_chunks(transaction_, ChunkKind::payload, report_, [&](ChunkId id, BytesView piece) {
            report_.step();
            newest = id;
            while (next != in_order_.end() && end_of(**next) <= id) finish();
            if (next == in_order_.end() || id < (*next)->record.id) {
                if (whole_)
                    report_.add("payload chunk " + std::to_string(id),
                                "no payload of the index has it; it only takes space");
            } else if (!piece.empty()) {
                ++pieces;
                bytes += piece;
            }
            return true;
        });
    while (all_read && next != in_order_.end()) finish();
    if (store && newest >= store->next_chunk)
        report_.add("store", "its next chunk is to be " + std::to_string(store->next_chunk) +
                                 ", but there is payload chunk " + std::to_string(newest));
}

void Payloads::check_met() {
    for (const IndexedPayload* payload : in_order_) {
        if (payload->met == 0) continue;
        report_.step();
        const auto [id, holdings, size_bytes] = payload->record;
        try {
            check_content(*payload, load_payload(transaction_, id, size_bytes));
        } catch (const Failure& failure) {
            if (failure.error.code != Errc::corrupt) throw;
            add(*payload, failure.error.message);
        }
    }
}

void Payloads::check_content(const IndexedPayload& payload, BytesView bytes) {
    if (bytes.size() != payload.record.size_bytes)
        add(payload, "it has " + std::to_string(bytes.size()) + " bytes, and is to have " +
                         std::to_string(payload.record.size_bytes) + "; it cannot be read");
    else if (tree::sha256(bytes) != payload.digest)
        add(payload, "its content is not what its digest, " + to_string(payload.digest) +
                         ", says; it is not what was written");
}

void Payloads::add(const IndexedPayload& payload, std::string message) {
    if (payload.first_commit != 0)
        message += "; it is the document of " + describe_entry(payload.first_key) + " in " +
                   where_is(payload.first_commit) + ", and ";
    faults_.add_in_payload(payload.record.id, std::move(message), payload.first_commit);
}

}  // namespace verso::engine::verification
