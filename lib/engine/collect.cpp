#include "engine/collect.hpp"

#include "engine/content.hpp"
#include "engine/payloads.hpp"

#include <algorithm>

namespace verso::engine {

using storage::ChunkKind;
using storage::Table;

namespace {

/// Keeps what a walk meets, for nothing may be changed while it runs.
class MetByWalk final : public tree::DropVisitor {
public:
    explicit MetByWalk(const Uuid& payload_scope) : payload_scope_(payload_scope) {}

    void node(tree::NodeId id) override { nodes.push_back(id); }
    void entry(const tree::Entry& entry) override {
        const Digest digest = content::ResourceValue::decode(entry.value).digest;
        ++holdings[key::payload(payload_scope_, digest)];
    }

    std::vector<tree::NodeId> nodes;
    std::map<std::string, std::uint64_t> holdings;  // by key of the payload index

private:
    Uuid payload_scope_;
};

/// The merged lines of a commit and of the one before it, which is dropped: of each line the newer
/// commit. Answers those that nobody names any more.
std::vector<CommitId> take_over(std::vector<MergedLine>& merged,
                                const std::vector<MergedLine>& dropped) {
    std::vector<CommitId> released;
    for (const MergedLine& line : dropped) {
        const auto same = std::ranges::find(merged, line.line, &MergedLine::line);
        if (same == merged.end()) {
            merged.push_back(line);
            continue;
        }
        const auto [older, newer] = std::minmax({same->commit, line.commit});
        released.push_back(older);
        same->commit = newer;
    }
    return released;
}

}  // namespace

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

bool Collector::run(std::size_t max_steps, OnDamage on_damage) {
    for (std::size_t left = max_steps; left > 0;) {
        std::optional<Slice> slice;
        try {
            slice = find_slice(left);
        } catch (const Failure& failure) {
            if (on_damage == OnDamage::fail || failure.error.code != Errc::corrupt) throw;
            return true;
        }
        if (!slice) return false;
        drop(*slice);
        left -= std::min(left, slice->nodes.size() + slice->releases.size() + 1);
    }
    return first_queued().has_value();
}

// What goes next

std::optional<CommitId> Collector::first_queued() {
    std::optional<CommitId> first;
    const std::string prefix = key::drops();
    transaction_.scan(Table::records, {.prefix = prefix}, [&](BytesView key, BytesView) {
        first = ByteReader(key.substr(prefix.size())).be<CommitId>();
        return false;
    });
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

std::optional<Collector::Slice> Collector::find_slice(std::size_t max_steps) {
    const auto id = next_drop();
    if (!id) return std::nullopt;
    Slice slice{.drop = read_drop(*id)};
    const auto& [dropped, commit, from, before, after] = slice.drop;
    const tree::Between range =
        between(commit, before ? &*before : nullptr, after ? &*after : nullptr);
    MetByWalk met(commit.payload_scope);
    slice.rest = tree::walk_drop(view_.nodes(), range, from, max_steps, met);
    slice.nodes = std::move(met.nodes);
    for (const auto& [key, holdings] : met.holdings) {
        const auto found = transaction_.find(Table::payload_index, key);
        if (!found) fail(Errc::corrupt, "a document that is to go is not in the index; run verify");
        const PayloadRecord record = PayloadRecord::decode(*found);
        if (record.holdings < holdings)
            fail(Errc::corrupt, "payload " + std::to_string(record.id) +
                                    " is held more often than it counts; run verify");
        slice.releases.insert({key, {record, holdings}});
    }
    return slice;
}

// Its going

void Collector::drop(const Slice& slice) {
    for (const tree::NodeId id : slice.nodes) transaction_.drop(ChunkKind::node, id);
    collected_.nodes += slice.nodes.size();
    for (const auto& [key, release] : slice.releases)
        drop_payload(slice.drop.commit.payload_scope, key, release);
    if (slice.rest)
        transaction_.put(Table::records, key::dropped(slice.drop.id), encode_place(*slice.rest));
    else
        unlink(slice.drop);
}

void Collector::drop_payload(const Uuid& scope, const std::string& key, const Release& release) {
    PayloadRecord record = release.record;
    record.holdings -= release.holdings;
    if (record.holdings > 0) return transaction_.put(Table::payload_index, key, record.encode());
    for (std::uint64_t piece = 0; piece < piece_count(record.size_bytes); ++piece)
        transaction_.drop(ChunkKind::payload, record.id + piece);
    transaction_.erase(Table::payload_index, key);
    ++collected_.payloads;
    collected_.payload_bytes += record.size_bytes;
    freed_[scope] += record.size_bytes;
}

/// Takes the commit out of the forest: the one after it comes after the one before it.
void Collector::unlink(const Drop& drop) {
    const CommitRecord& commit = drop.commit;
    std::vector<CommitId> released;
    if (drop.after) {
        CommitRecord after = *drop.after;
        after.prev = commit.prev;
        released = take_over(after.merged, commit.merged);
        put(commit.kid, after);
    } else {
        for (const MergedLine& line : commit.merged) released.push_back(line.commit);
    }
    if (drop.before) {
        CommitRecord before = *drop.before;
        before.kid ^= drop.id ^ commit.kid;
        if (!drop.after) --before.kids;
        put(commit.prev, before);
        if (!before.is_needed()) queue_drop(transaction_, commit.prev);
    }
    transaction_.erase(Table::commits, key::commit(drop.id));
    transaction_.erase(Table::records, key::dropped(drop.id));
    ++collected_.commits;
    for (const CommitId id : released) release_commit(transaction_, id, view_.commit(id));
}

void Collector::put(CommitId id, const CommitRecord& record) {
    transaction_.put(Table::commits, key::commit(id), record.encode());
}

}  // namespace verso::engine
