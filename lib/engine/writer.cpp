#include "engine/writer.hpp"

#include "engine/history.hpp"
#include "engine/limits.hpp"
#include "engine/merge.hpp"
#include "engine/publishing.hpp"

#include <verso/domain/names.hpp>

#include "domain/json_parser.hpp"
#include "engine/payloads.hpp"

#include <algorithm>

namespace verso::engine {

using storage::Table;

namespace {

Error name_taken(std::string_view what, const std::string& name) {
    const std::string message =
        std::string(what) + " \"" + name + "\" exists already; choose another name";
    return {Errc::name_taken, message, {{"name", message}}};
}

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

// Connections

Connection Writer::create_connection(OrganisationId organisation, const NewConnection& connection) {
    must(check_connection_name(connection.name));
    check_name_length(options(), connection.name);
    must(check_limits(connection.properties, options().document));
    check_connection_name_free(organisation, connection.name);
    const ConnectionId id = connection.id.value_or(ConnectionId{});
    if (connection.id && transaction_.find(Table::records, key::connection_state(id)))
        fail(Errc::id_taken,
             "connection " + to_string(id) + " exists already; give another id, or none");

    const ConnectionId made = connection.id ? id : ConnectionId{tools_.ids.next()};
    const ConnectionRecord record{organisation, connection.name, connection.properties.text(),
                                  clock_now_};
    put(key::connection_record(made), record.encode());
    put(key::connection_state(made), ConnectionState{.updated_at = clock_now_}.encode());
    put(key::organisation_connection(organisation, made), {});
    put(key::connection_name(organisation, connection.name), bytes_of(made.value));
    return view_.connection(made);
}

Connection Writer::update_connection(ConnectionId id, std::string name,
                                     const Document& properties) {
    ConnectionRecord record = view_.connection_record(id);
    ConnectionState state = view_.connection_state(id);
    must(check_connection_name(name));
    check_name_length(options(), name);
    must(check_limits(properties, options().document));
    if (record.name == name && record.properties == properties.text()) return view_.connection(id);
    if (record.name != name) {
        check_connection_name_free(record.organisation, name);
        erase(key::connection_name(record.organisation, record.name));
        put(key::connection_name(record.organisation, name), bytes_of(id.value));
    }
    record.name = std::move(name);
    record.properties = properties.text();
    state.updated_at = now(state);
    put(key::connection_record(id), record.encode());
    put(key::connection_state(id), state.encode());
    return view_.connection(id);
}

void Writer::delete_connection(ConnectionId id, bool force) {
    flush();
    const ConnectionRecord record = view_.connection_record(id);
    const ConnectionState state = view_.connection_state(id);
    if (state.versions > 0 && !force)
        fail(Errc::connection_has_versions, "connection \"" + record.name + "\" has " +
                                                std::to_string(state.versions) +
                                                " version(s); delete them first, or force it");
    for (const ConnectionVersion& version : view_.versions(id, state.versions)) {
        check_not_in_use(id, version);
        Subject gone = subject({id, version.name});
        remove_version(gone);
    }
    erase(key::connection_record(id));
    erase(key::connection_state(id));
    erase(key::history(id));
    erase(key::organisation_connection(record.organisation, id));
    erase(key::connection_name(record.organisation, record.name));
}

void Writer::check_connection_name_free(OrganisationId organisation, const std::string& name) {
    if (view_.find_connection(organisation, name)) fail(name_taken("connection", name));
}

void Writer::set_history_limits(ConnectionId id, const std::optional<HistoryLimits>& limits) {
    static_cast<void>(view_.connection_state(id));
    if (!limits) return erase(key::history(id));
    check_history_limits("limits", *limits);
    put(key::history(id), encode_history(*limits));
}

// Versions

ConnectionVersion Writer::create_version(ConnectionId connection, const NewVersion& version) {
    flush();
    Subject made = new_version(connection, version);
    begin_line(made);
    save_changed(made);
    return view_.describe(connection, made.version);
}

ConnectionVersion Writer::create_version(ConnectionId connection, const NewVersion& version,
                                         const std::function<void(DraftContent&)>& fill) {
    flush();
    Subject made = new_version(connection, version);
    OpenVersion opened{connection, made.version, {}, {}, made.version.head};
    if (made.version.head != 0) {
        CommitRecord head = view_.commit(made.version.head);
        opened.root = head.root;
        opened.payload_scope = head.payload_scope;
    } else {
        opened.payload_scope = payload_scope(connection);
    }
    auto draft = std::make_unique<DraftContent>(view_, tools_.ids, options(), std::move(opened));
    {
        const Editing editing(editing_);
        fill(*draft);
    }
    begin_line(made);
    if (!draft->pending().empty()) commit(made, *draft);
    draft->annotate({});
    drafts_.emplace(made.version.id, std::move(draft));
    save_changed(made);
    return view_.describe(connection, made.version);
}

Writer::Subject Writer::new_version(ConnectionId connection, const NewVersion& version) {
    Subject made{connection, view_.connection_state(connection), {}};
    if (version.from_commit != 0 && !version.from_version)
        fail(Errc::option_invalid, "from_commit is of no version; give from_version with it");
    must(check_version_name(version.name));
    check_name_length(options(), version.name);
    must(check_text("description", version.description));
    check_version_name_free(connection, version.name);
    std::optional<VersionRecord> source;
    CommitId source_commit = 0;
    if (version.from_version) {
        const VersionKey from{connection, *version.from_version};
        source = view_.find_version(from);
        if (!source) {
            const std::string why = unknown_version(from).message;
            fail({Errc::from_version_not_found, why, {{"fromVersion", why}}});
        }
        source_commit = view_.history_commit(*source, version.from_commit);
    }

    VersionRecord& record = made.version;
    record.id = {tools_.ids.next()};
    record.name = version.name;
    record.description = version.description;
    record.created_at = record.updated_at = now(made.state);
    record.revision = 0;
    if (source) {
        record.origin = source->id;
        record.head = record.origin_commit = source_commit;
    }
    ++made.state.versions;
    return made;
}

void Writer::begin_line(Subject& made) {
    VersionRecord& record = made.version;
    if (record.head != 0) {
        CommitRecord head = view_.commit(record.head);
        ++head.refs;
        put_commit(record.head, head);
    } else {
        CommitRecord empty{.uuid = tools_.ids.next(),
                           .connection = made.connection,
                           .payload_scope = payload_scope(made.connection),
                           .line = record.id,
                           .root = {},
                           .time = record.created_at};
        append_commit(record, std::move(empty), store().next_commit++);
    }
}

ConnectionVersion Writer::update_version(const VersionKey& key, const VersionUpdate& update) {
    flush();
    Subject changed = subject(key);
    VersionRecord& version = changed.version;
    const ConnectionVersion now_answered = view_.describe(key.connection, version);
    const bool renames = update.name && *update.name != version.name;
    const bool describes = update.description && *update.description != version.description;
    const bool chooses = update.is_default && *update.is_default != now_answered.is_default;
    const bool is_chosen = changed.state.default_version == version.id;
    if (renames) {
        if (version.is_published())
            fail(published(version, "clone it to go on under another name"));
        must(check_version_name(*update.name));
        check_name_length(options(), *update.name);
        check_version_name_free(key.connection, *update.name);
    }
    if (describes) must(check_text("description", *update.description));
    if (chooses && *update.is_default && !version.is_published())
        fail(Errc::version_not_published,
             "version \"" + version.name +
                 "\" is a draft and cannot be the default; publish it first");
    const bool unchooses = chooses && !*update.is_default && is_chosen;
    if (!renames && !describes && !(chooses && *update.is_default) && !unchooses)
        return now_answered;

    if (renames) rename(changed, *update.name);
    if (describes) version.description = *update.description;
    if (chooses && *update.is_default) {
        changed.state.default_version = version.id;
        changed.state.default_name = name_digest(version.name);
    }
    if (unchooses) forget_choice(changed);
    save_changed(changed);
    return view_.describe(key.connection, version);
}

ConnectionVersion Writer::publish(const VersionKey& key) {
    flush();
    Subject changed = subject(key);
    VersionRecord& version = changed.version;
    if (version.is_published()) return view_.describe(key.connection, version);
    check_publishable(view_, version.name, view_.open(key).root);
    const Timestamp at = std::max(now(changed.state),
                                  changed.state.last_published_at + std::chrono::milliseconds{1});
    version.published_at = changed.state.last_published_at = at;
    put(key::publication(key.connection, at), bytes_of(name_digest(version.name)));
    let_go(version, history_limits(key.connection).published_commits, {});
    save_changed(changed);
    if (const auto open = drafts_.find(version.id); open != drafts_.end())
        open->second->close(published(version, "clone it and edit the clone"));
    return view_.describe(key.connection, version);
}

ConnectionVersion Writer::unpublish(const VersionKey& key) {
    flush();
    Subject changed = subject(key);
    VersionRecord& version = changed.version;
    if (!version.is_published()) return view_.describe(key.connection, version);
    check_not_in_use(key.connection, view_.describe(key.connection, version));
    erase(key::publication(key.connection, version.published_at));
    version.published_at = {};
    forget_choice(changed);
    save_changed(changed);
    if (const auto closed = drafts_.find(version.id); closed != drafts_.end())
        closed->second->reopen();
    return view_.describe(key.connection, version);
}

void Writer::delete_version(const VersionKey& key, bool force) {
    flush();
    Subject gone = subject(key);
    if (gone.version.is_published() && !force)
        fail(Errc::version_published,
             "version \"" + gone.version.name +
                 "\" is published and may be in use; force it to delete it all the same");
    check_not_in_use(key.connection, view_.describe(key.connection, gone.version));
    remove_version(gone);
    gone.state.updated_at = now(gone.state);
    put(key::connection_state(key.connection), gone.state.encode());
}

Writer::Subject Writer::subject(const VersionKey& key) {
    check_now(key);
    return {key.connection, view_.connection_state(key.connection), view_.version(key)};
}

void Writer::save_changed(Subject& subject) {
    VersionRecord& version = subject.version;
    const NameDigest name = name_digest(version.name);
    erase(key::update(subject.connection, version.updated_at, version.id));
    version.updated_at = subject.state.updated_at = now(subject.state);
    ++version.revision;
    put(key::update(subject.connection, version.updated_at, version.id), bytes_of(name));
    put(key::version(subject.connection, name), version.encode());
    put(key::connection_state(subject.connection), subject.state.encode());
    if (const auto open = drafts_.find(version.id); open != drafts_.end())
        open->second->rebase(version);
}

void Writer::rename(Subject& subject, const std::string& name) {
    erase(key::version(subject.connection, name_digest(subject.version.name)));
    subject.version.name = name;
}

void Writer::remove_version(Subject& subject) {
    VersionRecord& version = subject.version;
    erase(key::version(subject.connection, name_digest(version.name)));
    erase(key::update(subject.connection, version.updated_at, version.id));
    if (version.is_published()) erase(key::publication(subject.connection, version.published_at));
    forget_choice(subject);
    --subject.state.versions;
    if (const auto open = drafts_.find(version.id); open != drafts_.end())
        open->second->close(unknown_version({subject.connection, version.name}));
    for (CommitId own = version.first; own != 0;) {
        const CommitRecord commit = view_.commit(own);
        release(own, commit);
        own = commit.next;
    }
    release(version.head, view_.commit(version.head));
}

void Writer::forget_choice(Subject& subject) {
    if (subject.state.default_version != subject.version.id) return;
    subject.state.default_version = {};
    subject.state.default_name = {};
}

void Writer::check_not_in_use(ConnectionId connection, const ConnectionVersion& version) const {
    if (!version.is_published() || !options().version_in_use) return;
    if (!options().version_in_use(connection, version)) return;
    fail(Errc::version_in_use,
         "version \"" + version.name + "\" is in use, its host says; stop using it first");
}

Timestamp Writer::now(const ConnectionState& state) const {
    return std::max(clock_now_, state.updated_at);
}

void Writer::check_version_name_free(ConnectionId connection, const std::string& name) {
    if (view_.find_named(connection, name_digest(name))) fail(name_taken("version", name));
}

// Content

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
                                const std::function<void(DraftContent&)>& change) {
    CommitNote note = draft.note();
    draft.annotate({});
    try {
        const Editing editing(editing_);
        change(draft);
    } catch (...) {
        draft.discard();
        draft.annotate(std::move(note));
        throw;
    }
    return note;
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
        Batch batch;
        for (const auto& [kind, name] : pick.resources) {
            const auto found = view_.find_resource(theirs, kind, name);
            if (!found) fail(unknown_resource(from, kind, name));
            batch.puts.push_back({kind, found->id, name, found->document.text()});
        }
        content.change(std::move(batch));
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
    return restore(key, commit_before_head(view_, view_.version(key)), note);
}

void Writer::flush() {
    if (editing_)
        fail(Errc::nested_write,
             "an edit is under way, in which only drafts may change; call this after it");
    for (const auto& [id, draft] : drafts_) flush(*draft);
}

void Writer::finish() {
    flush();
    if (options().collect_with_writes) collect_a_little();
    if (store_) put(key::store(), store_->encode());
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
    const tree::Root root = commit.root = write_content(draft, id);
    append_commit(changed.version, std::move(commit), id);
    draft.rebase(changed.version, root);
}

tree::Root Writer::write_content(const DraftContent& draft, CommitId commit) {
    const Uuid& scope = draft.version().payload_scope;
    StoreRecord& store = this->store();
    std::vector<tree::Edit> edits;
    edits.reserve(draft.pending().size());
    for (const auto& [key, pending] : draft.pending()) {
        tree::Edit edit{.key = key, .value = std::nullopt};
        if (pending.value) edit.value = *pending.value;
        if (!pending.payload.empty()) {
            const Digest digest = content::ResourceValue::decode(*pending.value).digest;
            edit.locator = {
                hold_payload(transaction_, scope, digest, pending.payload, store.next_chunk),
                commit};
        }
        edits.push_back(edit);
    }
    view_.nodes().forget();
    NodeBuffer made(store.next_chunk);
    const tree::Shaper shaper{tools_.rank, tools_.sha256, made};
    const tree::Root root = tree::apply(view_.nodes(), shaper, draft.version().root, edits);
    made.append_to(transaction_);
    view_.nodes().forget();
    return root;
}

Uuid Writer::payload_scope(ConnectionId connection) {
    if (store().payload_scope == PayloadScope::store) return {};
    return view_.organisation_of(connection).value;
}

void Writer::append_commit(VersionRecord& version, CommitRecord commit, CommitId id) {
    commit.newest_chunk = store().next_chunk - 1;
    commit.refs = 2;  // it is the version's head, and in its history
    commit.prev = version.head;
    put_commit(id, commit);
    if (commit.prev != 0) {
        CommitRecord before = view_.commit(commit.prev);
        ++before.kids;
        before.kid ^= id;
        if (before.line == version.id) before.next = id;
        release(commit.prev, before);
    }
    if (version.first == 0) version.first = id;
    ++version.kept;
    version.head = id;
    keep_history(version, commit);
}

HistoryLimits Writer::history_limits(ConnectionId connection) {
    return view_.history_limits(connection).value_or(options().history);
}

void Writer::keep_history(VersionRecord& version, const CommitRecord& head) {
    const HistoryLimits limits = history_limits(head.connection);
    const std::uint64_t most = limits.max_commits;
    const bool has_many =
        most > 0 && version.kept >= most + std::clamp<std::uint64_t>(most / 4, 1, 16);
    const Timestamp oldest = limits.max_age.count() > 0 ? head.time - limits.max_age : Timestamp{};
    if (has_many || oldest > Timestamp{}) let_go(version, has_many ? most : 0, oldest);
}

void Writer::let_go(VersionRecord& version, std::uint64_t most, Timestamp oldest) {
    while (version.kept > 1) {
        const CommitId id = version.first;
        const CommitRecord commit = view_.commit(id);
        if ((most == 0 || version.kept <= most) && commit.time >= oldest) return;
        version.first = commit.next;
        --version.kept;
        ++version.let_go;
        release(id, commit);
    }
}

void Writer::release(CommitId id, const CommitRecord& commit) {
    release_commit(transaction_, id, commit);
    view_.nodes().forget();
}

bool Writer::collect(std::size_t max_steps, Collected& collected) {
    Collector collector(transaction_, view_);
    const bool more = collector.run(max_steps);
    collected = collector.collected();
    return more;
}

void Writer::collect_a_little() {
    const std::uint64_t written = store_ ? store_->next_chunk - first_chunk_ : 0;
    // A write does not fail because of damage that it has nothing to do with.
    Collector(transaction_, view_).run(written + 16, Collector::OnDamage::stop);
}

void Writer::put_commit(CommitId id, const CommitRecord& record) {
    transaction_.put(Table::commits, key::commit(id), record.encode());
    view_.nodes().forget();
}

void Writer::put(std::string_view key, std::string_view value) {
    transaction_.put(Table::records, key, value);
    view_.nodes().forget();
}

void Writer::erase(std::string_view key) {
    transaction_.erase(Table::records, key);
    view_.nodes().forget();
}

StoreRecord& Writer::store() {
    if (!store_) {
        const auto found = transaction_.find(Table::records, key::store());
        if (!found) fail(Errc::corrupt, "the store's own record is missing; run verify");
        store_ = StoreRecord::decode(*found);
        first_chunk_ = store_->next_chunk;
    }
    return *store_;
}

}  // namespace verso::engine
