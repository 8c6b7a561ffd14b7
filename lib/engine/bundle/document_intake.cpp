#include "engine/bundle/document_intake.hpp"

#include "domain/json_parser.hpp"
#include "engine/payloads.hpp"

#include <algorithm>
#include <vector>

namespace verso::engine::bundle {

using storage::Table;

void DocumentIntake::add(const DocumentLine& document) {
    const std::string text = must(compact_json(document.json, parts_.tools.options.document));
    if (text.front() != '{' || text.size() != document.json.size())
        fail(Errc::bundle_invalid, "the document is no object without white space");
    if (parts_.tools.sha256(text) != document.digest)
        fail(Errc::bundle_invalid, "the document has another digest than it says");
    const auto [held, is_new] = held_.try_emplace(document.digest);
    if (!is_new) fail(Errc::bundle_invalid, "the document stands twice in it");
    if (const auto found = find_stored(document.digest)) {
        held->second.record = *found;
        return;
    }
    bytes_ += text.size();
    if (bytes_ > max_bytes_)
        fail(Errc::limit_exceeded, "its documents have more than the " +
                                       std::to_string(max_bytes_) +
                                       " bytes that one import may store; raise the limit "
                                       "max_bytes, or import version by version");
    held->second.record = {append_payload(parts_.transaction, text, parts_.store.next_chunk), 0,
                           text.size()};
    held->second.is_stored = true;
}

DocumentIntake::Held& DocumentIntake::find(const Digest& digest, bool or_stored) {
    const auto found = held_.find(digest);
    if (found != held_.end()) return found->second;
    const auto stored = or_stored ? find_stored(digest) : std::nullopt;
    if (!stored)
        fail(Errc::bundle_invalid, "document " + to_string(digest) + " does not stand before it");
    return held_.emplace(digest, Held{*stored, false, false}).first->second;
}

void DocumentIntake::finish() {
    std::vector<std::pair<Digest, const Held*>> sorted;
    sorted.reserve(held_.size());
    for (const auto& [digest, held] : held_) {
        if (held.is_held)
            sorted.emplace_back(digest, &held);
        else if (held.is_stored)
            drop(held.record);
    }
    std::ranges::sort(sorted);
    for (const auto& [digest, held] : sorted) {
        ++(held->is_stored ? stored_ : present_);
        parts_.transaction.put(Table::payload_index, key::payload(scope_, digest),
                               held->record.encode());
    }
    held_.clear();
}

std::optional<PayloadRecord> DocumentIntake::find_stored(const Digest& digest) {
    const auto found = parts_.transaction.find(Table::payload_index, key::payload(scope_, digest));
    if (!found) return std::nullopt;
    return PayloadRecord::decode(*found);
}

void DocumentIntake::drop(const PayloadRecord& record) {
    for (std::uint64_t piece = 0; piece < piece_count(record.size_bytes); ++piece)
        parts_.transaction.drop(storage::ChunkKind::payload, record.id + piece);
}

}  // namespace verso::engine::bundle
