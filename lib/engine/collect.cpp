#include "engine/collect.hpp"

#include "engine/content.hpp"
#include "engine/payloads.hpp"

#include <algorithm>

namespace verso::engine {

using storage::ChunkKind;
using storage::Table;

tree::Between between(const CommitRecord& commit, const CommitRecord* before,
                      const CommitRecord* after) {
    tree::Between between{.tree = commit.root};
    if (after != nullptr) between.after = after->root;
    if (before != nullptr) {
        between.newest_before = before->newest_chunk;
        between.since_before = commit.prev;
    }
    return between;
}

void queue_drop(storage::WriteTransaction& transaction, CommitId id) {
    const std::string key = key::dropped(id);
    if (!transaction.find(Table::records, key)) transaction.put(Table::records, key, {});
}

void release_commit(storage::WriteTransaction& transaction, CommitId id, CommitRecord commit) {
    if (commit.refs == 0)
        fail(Errc::corrupt, "commit " + std::to_string(id) + " is held by nobody; run verify");
    --commit.refs;
    transaction.put(Table::commits, key::commit(id), commit.encode());
    if (!commit.is_needed()) queue_drop(transaction, id);
}

void release_version(storage::WriteTransaction& transaction, View& view,
                     const VersionRecord& version) {
    for (CommitId own = version.first; own != 0;) {
        const CommitRecord commit = view.commit(own);
        release_commit(transaction, own, commit);
        own = commit.next;
    }
    release_commit(transaction, version.head, view.commit(version.head));
}

bool Collector::run(std::uint64_t max_changes, OnDamage on_damage) {
    queue_begin_ = 0;
    const std::uint64_t begin = transaction_.changes();
    for (std::uint64_t made = 0; made < max_changes; made = transaction_.changes() - begin) {
        std::optional<Slice> slice;
        try {
            slice = find_slice(max_changes - made);
        } catch (const Failure& failure) {
            if (on_damage == OnDamage::fail || failure.error.code != Errc::corrupt) throw;
            return true;
        }
        if (!slice) return false;
        drop(*slice);
    }
    return first_queued().has_value();
}

// What goes next

std::optional<CommitId> Collector::first_queued() {
    std::optional<CommitId> first;
    const std::string prefix = key::drops();
    const std::string from = key::dropped(queue_begin_);
    transaction_.scan(Table::records, {.prefix = prefix, .from = from}, [&](BytesView key, auto) {
        first = ByteReader(key.substr(prefix.size())).be<CommitId>();
        return false;
    });
    if (first) queue_begin_ = *first;
    return first;
}

std::optional<CommitId> Collector::next_drop() {
    const auto first = first_queued();
    if (!first) return std::nullopt;
    const CommitRecord commit = view_.commit(*first);
    const bool kid_is_half_gone = commit.kids == 1 && !queued(commit.kid).empty();
    return kid_is_half_gone ? commit.kid : *first;
}

BytesView Collector::queued(CommitId id) {
    return transaction_.find(Table::records, key::dropped(id)).value_or(BytesView{});
}

Collector::Drop Collector::read_drop(CommitId id) {
    Drop drop{.id = id, .commit = view_.commit(id)};
    const CommitRecord& commit = drop.commit;
    if (commit.is_needed())
        fail(Errc::corrupt, "commit " + std::to_string(id) +
                                " is queued to be dropped, but still needed; run verify");
    drop.from = decode_place(queued(id));
    if (commit.prev != 0) drop.before = view_.commit(commit.prev);
    if (commit.kids == 1) drop.after = view_.commit(commit.kid);
    if (drop.after && drop.after->prev != id)
        fail(Errc::corrupt, "commit " + std::to_string(commit.kid) +
                                " does not come after commit " + std::to_string(id) +
                                ", which says so; run verify");
    return drop;
}

/// Finds what goes with a walk, for nothing may be changed while it runs. A step is a change of the
/// store, so that one slice takes all that it may. A further entry with a document that was met is
/// none, but its leaf is one.
class Collector::SliceFinder final : public tree::DropVisitor {
public:
    SliceFinder(storage::ReadTransaction& transaction, Slice& slice)
        : transaction_(transaction), slice_(slice) {}

    std::uint64_t node(tree::NodeId id) override {
        slice_.nodes.push_back(id);
        return 1;
    }

    std::uint64_t entry(const tree::Entry& entry) override {
        const Digest digest = content::ResourceValue::decode(entry.value).digest;
        const auto [found, is_first] =
            slice_.payloads.try_emplace(key::payload(slice_.drop.commit.payload_scope, digest));
        PayloadRecord& record = found->second;
        if (is_first) record = find(found->first);
        if (record.holdings == 0)
            fail(Errc::corrupt, "payload " + std::to_string(record.id) +
                                    " is held more often than it counts; run verify");
        --record.holdings;
        return (is_first ? 1 : 0) + (record.holdings == 0 ? piece_count(record.size_bytes) : 0);
    }

private:
    [[nodiscard]] PayloadRecord find(const std::string& key) {
        const auto found = transaction_.find(Table::payload_index, key);
        if (!found) fail(Errc::corrupt, "a document that is to go is not in the index; run verify");
        return PayloadRecord::decode(*found);
    }

    storage::ReadTransaction& transaction_;
    Slice& slice_;
};

std::optional<Collector::Slice> Collector::find_slice(std::uint64_t max_changes) {
    const auto id = next_drop();
    if (!id) return std::nullopt;
    Slice slice{.drop = read_drop(*id)};
    const auto& [dropped, commit, from, before, after] = slice.drop;
    const CommitRecord* const its_before = before ? &*before : nullptr;
    const CommitRecord* const its_after = after ? &*after : nullptr;
    const tree::Between range = between(commit, its_before, its_after);
    SliceFinder finder(transaction_, slice);
    slice.rest = tree::walk_drop(view_.nodes(), range, from, max_changes, finder);
    if (!slice.rest) slice.merged = let_go_of_merged(view_, *id, commit, its_before, its_after);
    for (const MergedChange& change : slice.merged)
        for (const auto* ids : {&change.named, &change.released})
            for (const CommitId each : *ids) static_cast<void>(view_.commit(each));  // it is there
    return slice;
}

// Its going

void Collector::drop(const Slice& slice) {
    for (const tree::NodeId id : slice.nodes) transaction_.drop(ChunkKind::node, id);
    collected_.nodes += slice.nodes.size();
    for (const auto& [key, record] : slice.payloads)
        let_go(slice.drop.commit.payload_scope, key, record);
    if (slice.rest)
        transaction_.put(Table::records, key::dropped(slice.drop.id), encode_place(*slice.rest));
    else
        unlink(slice.drop, slice.merged);
}

void Collector::let_go(const Uuid& scope, const std::string& key, const PayloadRecord& record) {
    if (record.holdings > 0) return transaction_.put(Table::payload_index, key, record.encode());
    for (std::uint64_t piece = 0; piece < piece_count(record.size_bytes); ++piece)
        transaction_.drop(ChunkKind::payload, record.id + piece);
    transaction_.erase(Table::payload_index, key);
    ++collected_.payloads;
    collected_.payload_bytes += record.size_bytes;
    freed_[scope] += record.size_bytes;
}

/// Takes the commit out of the forest: the one after it comes after the one before it.
void Collector::unlink(const Drop& drop, const std::vector<MergedChange>& merged) {
    const CommitRecord& commit = drop.commit;
    if (drop.after) {
        CommitRecord after = *drop.after;
        after.prev = commit.prev;
        put(commit.kid, after);
    }
    if (drop.before) {
        CommitRecord before = *drop.before;
        before.kid ^= drop.id ^ commit.kid;
        if (!drop.after) --before.kids;
        put(commit.prev, before);
        if (!before.is_needed()) {
            queue_drop(transaction_, commit.prev);
            queue_begin_ = std::min(queue_begin_, commit.prev);
        }
    }
    transaction_.erase(Table::commits, key::commit(drop.id));
    transaction_.erase(Table::records, key::dropped(drop.id));
    ++collected_.commits;
    for (const MergedChange& change : merged) name(change);
    for (const MergedChange& change : merged)
        for (const CommitId id : change.released) {
            release_commit(transaction_, id, view_.commit(id));
            queue_begin_ = std::min(queue_begin_, id);
        }
}

void Collector::name(const MergedChange& change) {
    for (const CommitId id : change.named) {
        CommitRecord named = view_.commit(id);
        ++named.refs;
        put(id, named);
    }
    if (change.commit == 0) return;
    CommitRecord commit = view_.commit(change.commit);
    commit.merged = change.lines;
    put(change.commit, commit);
}

void Collector::put(CommitId id, const CommitRecord& record) {
    transaction_.put(Table::commits, key::commit(id), record.encode());
}

}  // namespace verso::engine
