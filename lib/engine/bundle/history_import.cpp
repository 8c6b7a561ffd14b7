#include "engine/bundle/history_import.hpp"

#include "engine/collect.hpp"
#include "engine/nodes.hpp"
#include "engine/quotas.hpp"

#include <algorithm>
#include <utility>

namespace verso::engine::bundle {

using storage::Table;

// Commits

tree::Root HistoryImport::tree_before(const PlannedCommit& commit) {
    if (commit.line.parent.is_nil()) return {};
    return this->commit(plan_.id_of(commit.line.parent)).root;
}

void HistoryImport::add(PlannedCommit& planned, const std::vector<ContentEdit>& edits,
                        DocumentIntake& documents) {
    StoreRecord& store = parts_.store;
    const tree::Root before = tree_before(planned);
    planned.id = store.next_commit++;
    std::vector<tree::Edit> tree_edits;
    tree_edits.reserve(edits.size());
    for (const ContentEdit& edit : edits) {
        tree::Edit& made = tree_edits.emplace_back(tree::Edit{edit.key, std::nullopt});
        if (edit.value) made.value = *edit.value;
        if (edit.payload == 0) continue;
        made.locator = {edit.payload, planned.id};
        DocumentIntake::Held& held = documents.find(edit.document, true);
        held.is_held = true;
        ++held.record.holdings;
    }
    NodeBuffer made(store.next_chunk);
    const tree::Shaper shaper{parts_.tools.rank, made};
    CommitRecord record{.uuid = planned.line.id,
                        .connection = plan_.connection(),
                        .payload_scope = scope_,
                        .line = planned.line.line,
                        .root = tree::apply(view_.nodes(), shaper, before, tree_edits),
                        .time = planned.line.time,
                        .counts = planned.line.counts};
    made.append_to(parts_.transaction);
    record.newest_chunk = store.next_chunk - 1;
    record.author = planned.line.author;
    record.message = planned.line.message;
    commits_.emplace(planned.id, std::move(record));
    new_.insert(planned.id);
}

CommitRecord& HistoryImport::commit(CommitId id) {
    const auto found = commits_.find(id);
    if (found != commits_.end()) return found->second;
    return commits_.emplace(id, view_.commit(id)).first->second;
}

void HistoryImport::finish(Timestamp time) {
    tie_commits();
    take_lines();
    if (lines_.empty()) return;
    save_commits();
    save_versions(time);
}

void HistoryImport::tie_commits() {
    for (const PlannedCommit& planned : plan_.commits()) {
        if (!planned.is_new) continue;
        CommitRecord& record = commit(planned.id);
        if (!planned.line.parent.is_nil()) {
            record.prev = plan_.id_of(planned.line.parent);
            CommitRecord& before = commit(record.prev);
            ++before.kids;
            before.kid ^= planned.id;
        }
        for (const MergedLine& merged : planned.line.merged) {
            const CommitId id = plan_.id_of(merged.commit);
            commit(planned.id).merged.push_back({merged.line, id});
            ++commit(id).refs;
        }
    }
}

// Versions

void HistoryImport::take_lines() {
    for (PlannedVersion& planned : plan_.versions()) {
        if (!planned.is_written()) continue;
        line_places_.emplace(planned.line.id, lines_.size());
        Line& line = lines_.emplace_back(Line{&planned, planned.present.value_or(VersionRecord{})});
        line.old_head = line.record.head;
        line.has_new_origin = !planned.present;
        line.record.head = plan_.id_of(planned.line.head);
        if (line.record.head == line.old_head) continue;
        ++commit(line.record.head).refs;
        if (line.old_head != 0) --commit(line.old_head).refs;
    }
    for (Line& line : lines_) take_own(line);
    for (Line& line : lines_) adopt(line);
    for (Line& line : lines_) tie_line(line);
}

/// A new version's own commits are those that are new with it; those of one that moves on are all
/// that follow on its newest. Who loses some of them loses those further down too, since a
/// version's own commits end with its head.
void HistoryImport::take_own(Line& line) {
    const VersionId id = line.planned->line.id;
    const bool moves_on = line.old_head != 0;
    std::set<VersionId> losers;
    for (CommitId at = line.record.head; at != line.old_head; at = commit(at).prev) {
        if (!moves_on && (at == 0 || !is_new(at) || commit(at).line != id)) break;
        CommitRecord& own = commit(at);
        if (!is_new(at) && !own.is_needed()) continue;  // it is about to be dropped
        if (own.line != id && owns(own.line, at))
            losers.insert(own.line);  // which had adopted it
        else
            ++own.refs;
        own.line = id;
        line.own.push_back(at);
    }
    for (CommitId at = line.old_head; at != 0; at = commit(at).prev) {
        if (!losers.contains(commit(at).line) || !owns(commit(at).line, at)) break;
        commit(at).line = id;
        line.own.push_back(at);
        line.has_new_origin = true;
    }
    for (const VersionId loser : losers) take_from(loser);
}

void HistoryImport::take_from(VersionId loser) {
    VersionRecord& version = *find_version(loser);
    CommitId last = 0;
    CommitId at = std::exchange(version.first, 0);
    version.kept = 0;
    while (at != 0) {
        CommitRecord& record = commit(at);
        const CommitId next = record.next;
        if (record.line == loser) {
            (last == 0 ? version.first : commit(last).next) = at;
            last = at;
            ++version.kept;
            record.next = 0;
        }
        at = next;
    }
    if (version.first == 0) version.origin_commit = version.head;
}

void HistoryImport::adopt(Line& line) {
    if (line.old_head != 0) return;
    CommitId at = line.own.empty() ? line.record.head : commit(line.own.back()).prev;
    for (; at != 0 && is_new(at) && !commit(at).is_needed(); at = commit(at).prev) {
        CommitRecord& adopted = commit(at);
        adopted.line = line.planned->line.id;
        ++adopted.refs;
        line.own.push_back(at);
    }
}

void HistoryImport::tie_line(Line& line) {
    VersionRecord& version = line.record;
    CommitId next = 0;
    for (const CommitId id : line.own) {
        commit(id).next = next;
        next = id;
    }
    version.kept += line.own.size();
    if (version.first == 0)
        version.first = next;
    else if (next != 0)
        commit(line.old_head).next = next;
}

/// Whether a version had the commit in its history before the import. A commit may also name one
/// that is back after it was deleted, and has it no more.
bool HistoryImport::owns(VersionId id, CommitId commit) {
    const auto [known, is_new] = owned_.try_emplace(id);
    std::set<CommitId>& own = known->second;
    if (!is_new) return own.contains(commit);
    const VersionRecord* const version = find_version(id);
    if (version == nullptr) return false;
    const auto line = line_places_.find(id);
    CommitId at = line == line_places_.end() ? version->head : lines_[line->second].old_head;
    for (std::uint64_t left = version->kept; left > 0; --left) {
        own.insert(at);
        at = view_.commit(at).prev;
    }
    return own.contains(commit);
}

VersionRecord* HistoryImport::find_version(VersionId id) {
    if (const auto line = line_places_.find(id); line != line_places_.end())
        return &lines_[line->second].record;
    if (const auto known = other_versions_.find(id); known != other_versions_.end())
        return &known->second;
    auto found = plan_.known_versions().find(id, {});
    if (!found) return nullptr;
    return &other_versions_.emplace(id, std::move(*found)).first->second;
}

// What is stored

void HistoryImport::save_commits() {
    for (const auto& [id, record] : commits_) {
        parts_.transaction.put(Table::commits, key::commit(id), record.encode());
        if (!record.is_needed()) queue_drop(parts_.transaction, id);
    }
}

void HistoryImport::save_versions(Timestamp time) {
    ConnectionState state = view_.connection_state(plan_.connection());
    state.updated_at = std::max(state.updated_at, time);
    for (const auto& [id, record] : other_versions_)
        put(key::version(plan_.connection(), name_digest(record.name)), record.encode());
    UsageChange change;
    const OrganisationId organisation = view_.organisation_of(plan_.connection());
    const bool counts = has_quota(parts_.transaction, organisation);
    for (const Line& line : lines_)  // all first, as they may exchange names
        if (const auto& old = line.planned->present)
            erase(key::version(plan_.connection(), name_digest(old->name)));
    for (const Line& line : lines_) {
        save_version(line, state);
        if (counts) count(line, change);
    }
    put(key::connection_state(plan_.connection()), state.encode());
    take_from_quota(parts_.transaction, organisation, change);
}

void HistoryImport::save_version(const Line& line, ConnectionState& state) {
    const ConnectionId connection = plan_.connection();
    const VersionLine& told = line.planned->line;
    VersionRecord version = line.record;
    if (line.planned->present) {
        const VersionRecord& old = *line.planned->present;
        erase(key::update(connection, old.updated_at, old.id));
        if (old.is_published()) erase(key::publication(connection, old.published_at));
    } else {
        ++state.versions;
        version.id = told.id;
        version.created_at = told.created_at;
        version.origin = told.origin;
        if (version.kept > 0) version.let_go = 1;  // perhaps: a bundle does not tell
    }
    if (line.has_new_origin)
        version.origin_commit =
            plan_.knows(told.origin_commit) ? plan_.id_of(told.origin_commit) : 0;
    if (version.first == 0) version.origin_commit = version.head;
    version.name = told.name;
    version.description = told.description;
    version.updated_at = std::max(version.updated_at, told.updated_at);
    version.revision = std::max(version.revision, told.revision);
    const NameDigest name = name_digest(version.name);
    if (told.published_at != Timestamp{}) {
        if (!version.is_published()) version.published_at = free_publication(told.published_at);
        put(key::publication(connection, version.published_at), bytes_of(name));
    }
    put(key::update(connection, version.updated_at, version.id), bytes_of(name));
    put(key::version(connection, name), version.encode());
    state.updated_at = std::max(state.updated_at, version.updated_at);
    state.last_published_at = std::max(state.last_published_at, version.published_at);
    if (told.is_chosen && state.default_version.is_nil()) state.default_version = version.id;
    if (state.default_version == version.id) state.default_name = name;
}

void HistoryImport::count(const Line& line, UsageChange& change) {
    change.resources += count_resources(view_, commit(line.record.head).root);
    if (line.old_head == 0)
        ++change.versions;
    else
        change.resources -= count_resources(view_, commit(line.old_head).root);
}

/// No two versions of a connection are published at one time.
Timestamp HistoryImport::free_publication(Timestamp time) {
    while (parts_.transaction.find(Table::records, key::publication(plan_.connection(), time)))
        time += std::chrono::milliseconds{1};
    return time;
}

void HistoryImport::put(std::string_view key, std::string_view value) {
    parts_.transaction.put(Table::records, key, value);
}

void HistoryImport::erase(std::string_view key) { parts_.transaction.erase(Table::records, key); }

}  // namespace verso::engine::bundle
