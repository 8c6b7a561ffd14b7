#include "engine/history.hpp"
#include "engine/merge.hpp"
#include "engine/payloads.hpp"
#include "engine/writer.hpp"

#include <set>

namespace verso::engine {

namespace {

/// How many resources a draft's pending entries change.
ChangeCounts count_changes(const Overlay::PendingEntries& entries) {
    ChangeCounts counts;
    const auto is_in = [](std::string_view key, content::Section section) {
        return key.front() == static_cast<char>(section);
    };
    for (const auto& [key, entry] : entries) {
        const auto& [value, payload, base] = entry;
        if (is_in(key, content::Section::ids)) {
            const bool stays =
                base && value &&
                content::read_id_value(*base).kind == content::read_id_value(*value).kind;
            counts.renamed += stays;
            counts.added += !stays && value;
            counts.removed += !stays && base;
        } else if (is_in(key, content::Section::resources) && base && value) {
            const auto before = content::ResourceValue::decode(*base);
            const auto after = content::ResourceValue::decode(*value);
            if (before.id == after.id && !before.is_same_resource(after)) ++counts.changed;
        }
    }
    return counts;
}

/// How many resources more there are then.
std::int64_t net_of(const ChangeCounts& counts) {
    return std::int64_t{counts.added} - std::int64_t{counts.removed};
}

/// Says, for as long as it lives, that an edit is under way.
class Editing {
public:
    explicit Editing(bool& flag) : flag_(flag) { flag_ = true; }
    ~Editing() { flag_ = false; }
    Editing(const Editing&) = delete;
    Editing& operator=(const Editing&) = delete;

private:
    bool& flag_;
};

}  // namespace

DraftContent& Writer::draft(const VersionKey& key) {
    check_now(key);
    const OpenVersion& version = view_.open(key);
    if (version.record.is_published())
        fail(published(version.record, "clone it and edit the clone"));
    auto& draft = drafts_[version.record.id];
    if (!draft) draft = std::make_unique<DraftContent>(view_, tools_.ids, options(), version);
    return *draft;
}

ConnectionVersion Writer::edit(const VersionKey& key,
                               const std::function<void(DraftContent&)>& change) {
    flush();
    DraftContent& edited = draft(key);
    const CommitNote note = change_draft(edited, change);
    flush();
    edited.annotate(note);
    return view_.describe(key.connection, edited.version().record);
}

CommitNote Writer::change_draft(DraftContent& draft,
                                const std::function<void(DraftContent&)>& change,
                                const UsageChange& beside) {
    CommitNote note = draft.note();
    draft.annotate({});
    try {
        {
            const Editing editing(editing_);
            change(draft);
        }
        check_quota_of(draft, beside);
    } catch (...) {
        draft.discard();
        draft.annotate(std::move(note));
        throw;
    }
    return note;
}

void Writer::check_quota_of(const DraftContent& draft, const UsageChange& beside) {
    const OrganisationId organisation = view_.organisation_of(draft.version().connection);
    if (!has_quota(transaction_, organisation)) return;
    UsageChange change = beside;
    change.resources += net_of(count_changes(draft.pending()));
    change.unique_bytes += new_bytes(draft);
    check_quota(transaction_, organisation, change);
}

std::int64_t Writer::new_bytes(const DraftContent& draft) {
    if (store().payload_scope == PayloadScope::store) return 0;
    std::int64_t bytes = 0;
    std::set<Digest> met;
    for (const auto& [key, pending] : draft.pending()) {
        if (pending.payload.empty()) continue;
        const Digest digest = content::ResourceValue::decode(*pending.value).digest;
        if (!met.insert(digest).second) continue;
        const std::string at = key::payload(draft.version().payload_scope, digest);
        if (!transaction_.find(storage::Table::payload_index, at))
            bytes += static_cast<std::int64_t>(pending.payload.size());
    }
    return bytes;
}

MergeReport Writer::merge(const VersionKey& into, const VersionKey& from,
                          const MergeOptions& options) {
    flush();
    PlannedMerge planned = plan_merge(view_, into, from, options);
    MergeReport& report = planned.report;
    if (report.outcome == MergeOutcome::merged) {
        DraftContent& merged = draft(into);
        const CommitNote note = change_draft(merged, [&](DraftContent& content) {
            content.change(planned.plan->erases());
            content.change(planned.plan->puts());
            content.annotate(options.note);
        });
        CommitRecord head = view_.commit(planned.merged.commit);
        ++head.refs;
        put_commit(planned.merged.commit, head);
        Subject changed = subject(into);
        commit(changed, merged, {planned.merged});
        save_changed(changed);
        merged.annotate(note);
    }
    report.version = view_.describe(into.connection, view_.version(into));
    return std::move(report);
}

ConnectionVersion Writer::pick(const VersionKey& into, const VersionKey& from, const Pick& pick) {
    return edit(into, [&](DraftContent& content) {
        const tree::Root theirs = view_.open(from).root;
        std::vector<Resource> picked;
        for (const auto& [kind, name] : pick.resources) {
            auto found = view_.find_resource(theirs, kind, name);
            if (!found) fail(unknown_resource(from, kind, name));
            picked.push_back(std::move(*found));
        }
        content.pick(theirs, picked);
        content.annotate(pick.note);
    });
}

ConnectionVersion Writer::restore(const VersionKey& key, CommitId commit, const CommitNote& note) {
    flush();
    check_now(key);
    const tree::Root root = view_.commit(view_.history_commit(view_.version(key), commit)).root;
    return edit(key, [&](DraftContent& content) {
        content.annotate(note);
        content.restore(root);
    });
}

ConnectionVersion Writer::undo(const VersionKey& key, const CommitNote& note) {
    flush();
    check_now(key);
    return restore(key, commit_before_last_change(view_, view_.version(key)), note);
}

void Writer::flush() {
    if (editing_)
        fail(Errc::nested_write,
             "an edit is under way, in which only drafts may change; call this after it");
    for (const auto& [id, draft] : drafts_) flush(*draft);
}

void Writer::flush(DraftContent& draft) {
    if (draft.pending().empty()) return;
    const ConnectionId connection = draft.version().connection;
    Subject changed{connection, view_.connection_state(connection), draft.version().record};
    commit(changed, draft);
    save_changed(changed);
}

void Writer::commit(Subject& changed, DraftContent& draft, std::vector<MergedLine> merged) {
    const CommitId id = store().next_commit++;
    CommitRecord commit{.uuid = tools_.ids.next(),
                        .connection = changed.connection,
                        .payload_scope = draft.version().payload_scope,
                        .line = changed.version.id,
                        .time = now(changed.state),
                        .counts = count_changes(draft.pending())};
    commit.author = draft.note().author;
    commit.message = draft.note().message;
    commit.merged = std::move(merged);
    count(changed.connection, {.resources = net_of(commit.counts)});
    const tree::Root root = commit.root = write_content(draft, id);
    append_commit(changed.version, std::move(commit), id);
    draft.rebase(changed.version, root);
}

tree::Root Writer::write_content(const DraftContent& draft, CommitId commit) {
    const Uuid& scope = draft.version().payload_scope;
    StoreRecord& store = this->store();
    HeldPayloads payloads(transaction_, scope, store.next_chunk);
    std::vector<tree::Edit> edits;
    edits.reserve(draft.pending().size());
    for (const auto& [key, pending] : draft.pending()) {
        tree::Edit edit{.key = key, .value = std::nullopt};
        if (pending.value) edit.value = *pending.value;
        if (!pending.payload.empty()) {
            const Digest digest = content::ResourceValue::decode(*pending.value).digest;
            edit.locator = {payloads.hold(digest, pending.payload), commit};
        }
        edits.push_back(edit);
    }
    NodeBuffer made(store.next_chunk);
    const tree::Shaper shaper{tools_.rank, made};
    const tree::Root root = tree::apply(view_.nodes(), shaper, draft.version().root, edits);
    payloads.write();
    made.append_to(transaction_);
    count_bytes(scope, static_cast<std::int64_t>(payloads.new_bytes()));
    return root;
}

Uuid Writer::payload_scope(ConnectionId connection) {
    if (store().payload_scope == PayloadScope::store) return {};
    return view_.organisation_of(connection).value;
}

}  // namespace verso::engine
