#include "engine/history.hpp"
#include "engine/limits.hpp"
#include "engine/publishing.hpp"
#include "engine/writer.hpp"

#include <verso/domain/names.hpp>

#include <algorithm>

namespace verso::engine {

ConnectionVersion Writer::create_version(ConnectionId connection, const NewVersion& version) {
    flush();
    Subject made = new_version(connection, version);
    count(connection, usage_of(connection, made.version));
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
    const UsageChange usage = usage_of(connection, made.version);
    const CommitNote note = change_draft(*draft, fill, usage);
    count_usage(transaction_, view_.organisation_of(connection), usage);  // checked with the rest
    begin_line(made);
    if (!draft->pending().empty()) commit(made, *draft);
    draft->annotate(note);
    drafts_.emplace(made.version.id, std::move(draft));
    save_changed(made);
    return view_.describe(connection, made.version);
}

Writer::Subject Writer::new_version(ConnectionId connection, const NewVersion& version) {
    Subject made{connection, view_.connection_state(connection), {}};
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
    } else if (version.from_commit != 0) {
        source_commit = view_.leased_commit(connection, version.from_commit);
    }

    VersionRecord& record = made.version;
    record.id = {tools_.ids.next()};
    record.name = version.name;
    record.description = version.description;
    record.created_at = record.updated_at = now(made.state);
    record.revision = 0;
    record.head = record.origin_commit = source_commit;
    if (source)
        record.origin = source->id;
    else if (source_commit != 0)
        record.origin = view_.commit(source_commit).line;
    ++made.state.versions;
    return made;
}

UsageChange Writer::usage_of(ConnectionId connection, const VersionRecord& version) {
    if (!has_quota(transaction_, view_.organisation_of(connection))) return {};
    UsageChange usage{.versions = 1};
    if (version.head != 0)
        usage.resources = count_resources(view_, view_.commit(version.head).root);
    return usage;
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
    ConnectionVersion now_answered = view_.describe(key.connection, version);
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
    const UsageChange gone = usage_of(subject.connection, version);
    count(subject.connection, {.versions = -gone.versions, .resources = -gone.resources});
    if (const auto open = drafts_.find(version.id); open != drafts_.end())
        open->second->close(unknown_version({subject.connection, version.name}));
    release_version(transaction_, view_, version);
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

}  // namespace verso::engine
