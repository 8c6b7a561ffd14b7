#include "engine/repaired_history.hpp"

#include "domain/failure.hpp"
#include "engine/content.hpp"
#include "engine/payloads.hpp"
#include "engine/verify/entries.hpp"
#include "tree/node.hpp"
#include "tree/sha256.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace verso::engine {

using storage::Table;
using tree::NodeId;
using tree::NodeView;

namespace {

bool is_resource(const tree::Entry& entry) {
    return entry.key.starts_with(static_cast<char>(content::Section::resources));
}

verification::Commits read_all_commits(storage::ReadTransaction& transaction) {
    const VerifyOptions options;
    VerifyReport ignored;
    verification::Report report(options, ignored);
    return verification::read_commits(transaction, report);
}

}  // namespace

// Makes the tree of the commit before that of a commit, as far as this can be read. Nodes that are
// older than the commit before are in its tree too, and what they hold has been repaired there,
// unless that tree did not lead to them any more.
class RepairedHistory::ContentRepair {
public:
    ContentRepair(RepairedHistory& history, CommitId before)
        : history_(history),
          nodes_(history.writing().view.nodes()),
          gaps_before_(history.gaps_[before]) {
        if (before == 0) return;
        const CommitRecord& commit = history.commits_.records.at(before);
        before_ = commit.root;
        newest_before_ = commit.newest_chunk;
    }

    tree::Root run(const tree::Root& root) {
        visit(root.id, bytes_of(root.digest), std::nullopt);
        std::vector<tree::Edit> edits;
        for (const OwnedEdit& edit : edits_) edits.push_back({edit.key, edit.value, edit.locator});
        NodeBuffer made(history_.next_chunk_);
        const tree::Shaper shaper{history_.rank_, made};
        const tree::Root repaired = tree::apply(nodes_, shaper, before_, edits);
        made.append_to(*history_.writing().transaction);
        return repaired;
    }

    [[nodiscard]] std::vector<Span> gaps() && { return std::move(gaps_); }

private:
    struct OwnedEdit {
        std::string key;
        std::optional<std::string> value;
        tree::Locator locator;
    };

    /// The node behind what is done, up to its last key; none: the root, with all that follows.
    void visit(NodeId id, BytesView digest, const std::optional<std::string>& last) {
        if (is_known(id, last)) {
            if (last) done_ = *last;
            return;
        }
        if (id == 0) return replace(last, {});
        if (!history_.is_readable(id, digest)) {
            gaps_.push_back({done_, last});
            return replace(last, {});
        }
        const NodeView node = tree::load(history_.view_.nodes(), id);
        std::vector<tree::Entry> kept;
        for (std::size_t i = 0; i < node.size(); ++i) {
            if (!node.is_leaf()) {
                visit(node.child_id(i), node.child_digest(i), std::string(node.key(i)));
            } else if (const tree::Entry entry = node.entry(i);
                       is_resource(entry) && history_.is_readable(entry)) {
                kept.push_back(entry);
            }
        }
        if (node.is_leaf() || !last) replace(last, kept);
    }

    /// Whether the commit before has the node, and what it holds.
    [[nodiscard]] bool is_known(NodeId id, const std::optional<std::string>& last) const {
        return id != 0 && id <= newest_before_ &&
               std::ranges::none_of(gaps_before_, [&](const Span& gap) {
                   return (!last || gap.after < *last) && (!gap.last || done_ < *gap.last);
               });
    }

    /// Lets there be these, and nothing else, behind what is done and up to `last`.
    void replace(const std::optional<std::string>& last, const std::vector<tree::Entry>& kept) {
        const content::KeyRange all = content::section(content::Section::resources);
        const auto behind = [](const std::string& key) { return key + '\0'; };
        const std::string begin = std::max(behind(done_), all.begin);
        const std::string end = last ? std::min(behind(*last), all.end) : all.end;
        if (last) done_ = *last;
        auto next = kept.begin();
        const auto put = [&] {
            edits_.push_back({std::string(next->key), std::string(next->value), next->locator});
            ++next;
        };
        if (begin < end)
            tree::scan(nodes_, before_, {begin, end}, [&](const tree::Entry& entry) {
                while (next != kept.end() && next->key < entry.key) put();
                if (next != kept.end() && next->key == entry.key)
                    put();
                else
                    edits_.push_back({std::string(entry.key), std::nullopt, {}});
                return true;
            });
        while (next != kept.end()) put();
    }

    RepairedHistory& history_;
    NodeCache& nodes_;  // those that were repaired, too
    tree::Root before_;
    std::uint64_t newest_before_ = 0;
    const std::vector<Span>& gaps_before_;
    std::string done_;
    std::vector<OwnedEdit> edits_;
    std::vector<Span> gaps_;
};

RepairedHistory::RepairedHistory(storage::Storage& scratch, IdSource& ids)
    : scratch_(scratch),
      ids_(ids),
      moment_(scratch.begin_read()),
      view_(*moment_),
      commits_(read_all_commits(*moment_)),
      rank_({}) {
    for (const auto& [id, commit] : commits_.records) ids_of_[commit.connection].push_back(id);
    const auto store = guarded([&] {
        const auto found = moment_->find(Table::records, key::store());
        if (!found) fail(Errc::corrupt, "the store's own record is missing");
        return StoreRecord::decode(*found);
    });
    makes_anew_ = !store.has_value();
    if (store) rank_ = tree::Rank(store->secret);
    moment_->each_chunk(storage::ChunkKind::node, [&](NodeId id, BytesView) {
        next_chunk_ = id + 1;
        return true;
    });
}

// What can be read

RepairedHistory::Node RepairedHistory::look_at(NodeId id) {
    if (const auto known = nodes_.find(id); known != nodes_.end()) return known->second;
    Node seen;
    const auto looked = guarded([&] {
        const BytesView bytes = view_.nodes().node(id);
        tree::check_node(id, bytes);  // so its children are older, and this has an end
        const NodeView node(id, bytes);
        bool is_whole = true;
        for (std::size_t i = 0; i < node.size(); ++i)
            is_whole &= node.is_leaf() ? is_readable(node.entry(i))
                                       : this->is_whole(node.child_id(i), node.child_digest(i));
        seen = {true, is_whole, tree::sha256(node.digested())};
    });
    if (!looked && looked.error().code != Errc::corrupt) fail(looked.error());
    nodes_.emplace(id, seen);
    return seen;
}

bool RepairedHistory::is_readable(NodeId id, BytesView digest) {
    const Node node = look_at(id);
    return node.is_readable && bytes_of(node.digest) == digest;
}

bool RepairedHistory::is_whole(NodeId id, BytesView digest) {
    return is_readable(id, digest) && look_at(id).is_whole;
}

bool RepairedHistory::is_readable(const tree::Entry& entry) {
    if (!is_resource(entry)) return true;
    const auto value = guarded([&] {
        static_cast<void>(content::read_resource_key(entry.key));
        return content::ResourceValue::decode(entry.value);
    });
    if (!value) return false;
    const auto [known, is_new] = documents_.try_emplace(entry.locator.payload);
    if (is_new) {
        const auto digest = guarded([&] {
            return visit_payload(*moment_, entry.locator.payload, value->size_bytes,
                                 [](BytesView text) { return tree::sha256(text); });
        });
        if (!digest && digest.error().code != Errc::corrupt) fail(digest.error());
        if (digest) known->second = *digest;
    }
    return known->second == value->digest;
}

// Repairing

void RepairedHistory::repair(ConnectionId connection) {
    for (const CommitId id : ids_of_[connection]) repair(id, commits_.records.at(id));
    finish_writing();
}

RepairedHistory::Writing& RepairedHistory::writing() {
    if (!writing_) writing_ = std::make_unique<Writing>(scratch_);
    return *writing_;
}

void RepairedHistory::finish_writing() {
    if (const auto writing = std::move(writing_)) writing->transaction->commit();
}

void RepairedHistory::repair(CommitId id, CommitRecord& commit) {
    const CommitRecord* const before = commit.prev < id ? commits_.find(commit.prev) : nullptr;
    const bool is_cut = commit.prev != 0 && before == nullptr;
    if (is_cut) commit.prev = 0;
    if (is_cut || cut_off_.contains(commit.prev)) cut_off_.insert(id);
    const auto lost_merges =
        std::erase_if(commit.merged, [&](const MergedLine& merged) { return !has(merged.commit); });
    const bool is_whole =
        commit.root.id == 0 || this->is_whole(commit.root.id, bytes_of(commit.root.digest));
    if (!is_whole && !each_lost(commit.root, {}, [](const std::string&) { return false; })) {
        incomplete_.emplace(id, commit.root);
        if (commit.is_needed()) ++incomplete_of_[commit.line];
        commit.uuid = ids_.next();
    }
    if (!is_whole || makes_anew_) {
        ContentRepair content(*this, commit.prev);
        commit.root = content.run(commit.root);
        gaps_[id] = std::move(content).gaps();
    }
    if (is_cut || lost_merges > 0 || !is_whole || makes_anew_) save(id, commit);
}

void RepairedHistory::save(CommitId id, const CommitRecord& repaired) {
    CommitRecord record = view_.commit(id);
    record.uuid = repaired.uuid;
    record.root = repaired.root;
    record.prev = repaired.prev;
    record.merged = repaired.merged;
    writing().transaction->put(Table::commits, key::commit(id), record.encode());
    constexpr std::size_t commits_at_once = 1000;
    if (++writing().commits == commits_at_once) finish_writing();
}

CommitId RepairedHistory::make_empty(ConnectionId connection, const VersionRecord& version) {
    const CommitId id = next_empty_++;
    const CommitRecord made{.uuid = ids_.next(),
                            .connection = connection,
                            .line = version.id,
                            .time = version.updated_at,
                            .refs = 1};
    writing().transaction->put(Table::commits, key::commit(id), made.encode());
    finish_writing();
    return id;
}

// What was lost

void RepairedHistory::each_lost(CommitId id, const std::function<void(const std::string&)>& lost) {
    const auto found = incomplete_.find(id);
    if (found == incomplete_.end()) return;
    each_lost(found->second, {}, [&](const std::string& what) {
        lost(what);
        return true;
    });
}

bool RepairedHistory::each_lost(const tree::Root& node, const Span& keys,
                                Visitor<const std::string&> lost) {
    if (!is_readable(node.id, bytes_of(node.digest))) {
        const content::KeyRange resources = content::section(content::Section::resources);
        const bool had_none =
            keys.after >= resources.end || (keys.last && *keys.last < resources.begin);
        return had_none || lost("node " + std::to_string(node.id) + " of its tree, which has " +
                                std::to_string(node.count) + " entries");
    }
    const NodeView view = tree::load(view_.nodes(), node.id);
    std::string after = keys.after;
    for (std::size_t i = 0; i < view.size(); ++i) {
        if (view.is_leaf()) {
            if (!is_readable(view.entry(i)) && !lost(verification::describe_entry(view.key(i)) +
                                                     ": its document is missing or damaged"))
                return false;
            continue;
        }
        std::string last(view.key(i));
        if (!is_whole(view.child_id(i), view.child_digest(i)) &&
            !each_lost(tree::decode_child(view.child_id(i), view.value(i)), {after, last}, lost))
            return false;
        after = std::move(last);
    }
    return true;
}

std::size_t RepairedHistory::count_incomplete(const VersionRecord& version) const {
    const auto found = incomplete_of_.find(version.id);
    if (found == incomplete_of_.end()) return 0;
    const bool has_newest =
        is_incomplete(version.head) && commits_.records.at(version.head).line == version.id;
    return found->second - (has_newest ? 1 : 0);
}

}  // namespace verso::engine
