#include "engine/bundle/document_intake.hpp"

#include "domain/json_parser.hpp"
#include "engine/bundle/document_stage.hpp"
#include "engine/payloads.hpp"
#include "engine/quotas.hpp"
#include "tree/sha256.hpp"

#include <algorithm>
#include <vector>

namespace verso::engine::bundle {

using storage::Table;

void check_document(const DocumentLine& document, const DocumentLimits& limits) {
    const std::string text = must(compact_json(document.json, limits));
    if (text.front() != '{' || text.size() != document.json.size())
        fail(Errc::bundle_invalid, "the document is no object without white space");
    if (tree::sha256(text) != document.digest)
        fail(Errc::bundle_invalid, "the document has another digest than it says");
}

void check_stored_bytes(std::uint64_t bytes, std::uint64_t max_bytes) {
    if (max_bytes != 0 && bytes > max_bytes)
        fail(Errc::limit_exceeded,
             "its documents have more than the " + std::to_string(max_bytes) +
                 " bytes that one import may store; raise the limit max_bytes, or import version "
                 "by version");
}

void DocumentIntake::add(const DocumentLine& document) {
    check_document(document, parts_.tools.options.document);
    Held& held = hold(document.digest);
    if (const auto found = find_stored(document.digest)) {
        held.record = *found;
        return;
    }
    bytes_ += document.json.size();
    check_stored_bytes(bytes_, max_bytes_);
    held.record = {append_payload(parts_.transaction, document.json, parts_.store.next_chunk), 0,
                   document.json.size()};
    held.is_new = held.is_stored = true;
}

void DocumentIntake::add_staged(const Digest& digest) {
    Held& held = hold(digest);
    const auto found = find_stored(digest);
    if (!found) fail_not_kept();
    held.record = *found;
    held.is_new = found->holdings == 1;  // by the stage alone
}

DocumentIntake::Held& DocumentIntake::hold(const Digest& digest) {
    const auto [held, is_first] = held_.try_emplace(digest);
    if (!is_first) fail(Errc::bundle_invalid, "the document stands twice in it");
    return held->second;
}

DocumentIntake::Held& DocumentIntake::find(const Digest& digest, bool or_stored) {
    const auto found = held_.find(digest);
    if (found != held_.end()) return found->second;
    const auto stored = or_stored ? find_stored(digest) : std::nullopt;
    if (!stored)
        fail(Errc::bundle_invalid, "document " + to_string(digest) + " does not stand before it");
    return held_.emplace(digest, Held{*stored}).first->second;
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
    count_documents(parts_.transaction, parts_.store, scope_, static_cast<std::int64_t>(bytes_));
    std::ranges::sort(sorted);
    for (const auto& [digest, held] : sorted) {
        ++(held->is_new ? stored_ : present_);
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
    bytes_ -= record.size_bytes;
}

}  // namespace verso::engine::bundle
