#include "engine/bundle/document_stage.hpp"

#include "engine/bundle/document_intake.hpp"
#include "engine/leases.hpp"
#include "engine/nodes.hpp"
#include "engine/payloads.hpp"
#include "engine/quotas.hpp"

#include <algorithm>

namespace verso::engine::bundle {

using storage::Table;

void check_limits(const StageLimits& limits) {
    if (limits.slice_bytes == 0) fail(Errc::option_invalid, "slice_bytes is 0; give at least 1");
    if (limits.keep <= std::chrono::milliseconds{0})
        fail(Errc::option_invalid, "keep_unfinished is not positive; give a duration");
}

void fail_not_kept() {
    fail(Errc::limit_exceeded,
         "what the import had stored was not kept until its end; raise keep_unfinished, and import "
         "it again");
}

void DocumentStage::add(const DocumentLine& document) {
    check_document(document, store_.options().document);
    slice_.emplace_back(document.digest, document.json);
    slice_bytes_ += document.json.size();
    if (slice_bytes_ >= limits_.slice_bytes) flush();
}

void DocumentStage::flush() {
    if (slice_.empty()) return;
    // The tree wants its keys in order; what stands twice in a bundle is refused when it is read.
    std::ranges::sort(slice_, {}, &std::pair<Digest, std::string>::first);
    const auto are_equal = [](const auto& a, const auto& b) { return a.first == b.first; };
    slice_.erase(std::unique(slice_.begin(), slice_.end(), are_equal), slice_.end());

    keep();
    LeaseRecord lease;
    const std::uint64_t stored_before = stored_bytes_;
    store_.write([&](Writer& writer) {
        stored_bytes_ = stored_before;
        store_slice(writer, lease);
    });
    leases_.push_back(std::move(lease));
    slice_.clear();
    slice_bytes_ = 0;
}

void DocumentStage::store_slice(Writer& writer, LeaseRecord& lease) {
    const Writer::Parts parts = writer.parts();
    StoreRecord& store = parts.store;
    const CommitId id = store.next_commit++;
    CommitRecord commit{.uuid = parts.tools.ids.next(), .time = parts.now, .refs = 1};
    if (store.payload_scope == PayloadScope::organisation)
        commit.payload_scope = organisation_.value;

    HeldPayloads payloads(parts.transaction, commit.payload_scope, store.next_chunk);
    std::vector<std::string> keys;
    std::vector<std::string> values;
    std::vector<tree::Edit> edits;
    keys.reserve(slice_.size());
    values.reserve(slice_.size());
    edits.reserve(slice_.size());
    for (const auto& [digest, text] : slice_) {
        keys.push_back(content::staged_key(digest));
        values.push_back(content::ResourceValue{
            .digest = digest, .size_bytes = static_cast<std::uint32_t>(text.size())}
                             .encode());
        edits.push_back({.key = keys.back(),
                         .value = values.back(),
                         .locator = {payloads.hold(digest, text), id}});
    }
    stored_bytes_ += payloads.new_bytes();
    check_stored_bytes(stored_bytes_, limits_.max_bytes);

    View& view = writer.view();
    NodeBuffer made(store.next_chunk);
    const tree::Shaper shaper{parts.tools.rank, made};
    commit.root = tree::apply(view.nodes(), shaper, {}, edits);
    payloads.write();
    made.append_to(parts.transaction);
    count_documents(parts.transaction, store, commit.payload_scope,
                    static_cast<std::int64_t>(payloads.new_bytes()));
    commit.newest_chunk = store.next_chunk - 1;
    parts.transaction.put(Table::commits, key::commit(id), commit.encode());
    lease = {parts.tools.ids.next(), parts.now + limits_.keep, id, owner_};
    put_lease(parts.transaction, lease);
}

void DocumentStage::keep() {
    if (leases_.empty() || store_.options().clock() < leases_.front().expires_at - limits_.keep / 2)
        return;
    std::vector<LeaseRecord> kept;
    store_.write([&](Writer& writer) {
        kept = leases_;
        const Writer::Parts parts = writer.parts();
        for (LeaseRecord& lease : kept)
            if (!renew_lease(parts.transaction, lease, parts.now + limits_.keep)) fail_not_kept();
    });
    leases_ = std::move(kept);
}

void DocumentStage::give_up() {
    if (leases_.empty()) return;
    const auto released = guarded([&] { store_.write([&](Writer& writer) { release(writer); }); });
    if (released) leases_.clear();
}

void DocumentStage::release(Writer& writer) {
    for (const LeaseRecord& lease : leases_) release_lease(writer.parts().transaction, lease);
}

}  // namespace verso::engine::bundle
