#include "engine/writer.hpp"

#include "engine/leases.hpp"
#include "engine/requests.hpp"

#include <algorithm>

namespace verso::engine {

using storage::Table;

namespace {

/// Of requests, by one write beside its own work.
constexpr std::size_t max_expired_at_once = 16;

/// What a write drops beyond what it adds, so that what waits gets less. Units: changes.
constexpr std::uint64_t changes_more = 2;

}  // namespace

void Writer::finish() {
    flush();
    if (options().collect_with_writes && !is_collecting_) collect_a_little();
    if (store_) put(key::store(), store_->encode());
}

void Writer::keep_request(std::string_view request, std::string_view answer) {
    if (find_request(transaction_, request))
        fail(Errc::id_taken, "request \"" + std::string(request) +
                                 "\" has been done already; look for its answer first");
    const auto lasts = options().keep_requests;
    const Timestamp from = std::min(clock_now_, Timestamp::max() - lasts);
    engine::keep_request(transaction_, request, answer, from + lasts);
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
        release_commit(transaction_, commit.prev, before);
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
        release_commit(transaction_, id, commit);
    }
}

bool Writer::collect(std::uint64_t max_changes) {
    is_collecting_ = true;
    const bool are_forgotten = forget_expired(max_changes);
    return collect(max_changes, Collector::OnDamage::fail) || !are_forgotten;
}

bool Writer::collect(std::uint64_t max_changes, Collector::OnDamage on_damage) {
    Collector collector(transaction_, view_);
    const bool more = collector.run(max_changes, on_damage);
    collected_ += collector.collected();
    for (const auto& [scope, bytes] : collector.freed())
        count_bytes(scope, -static_cast<std::int64_t>(bytes));
    return more;
}

bool Writer::forget_expired(std::size_t most_requests) {
    release_expired_leases(transaction_, clock_now_);
    return forget_expired_requests(transaction_, clock_now_, most_requests);
}

void Writer::collect_a_little() {
    const std::uint64_t changes = transaction_.changes() - changes_before_;
    static_cast<void>(forget_expired(max_expired_at_once));
    // A write does not fail because of damage that it has nothing to do with.
    collect(changes + changes_more, Collector::OnDamage::stop);
}

void Writer::put_commit(CommitId id, const CommitRecord& record) {
    transaction_.put(Table::commits, key::commit(id), record.encode());
}

void Writer::put(std::string_view key, std::string_view value) {
    transaction_.put(Table::records, key, value);
}

void Writer::erase(std::string_view key) { transaction_.erase(Table::records, key); }

StoreRecord& Writer::store() {
    if (!store_) {
        const auto found = transaction_.find(Table::records, key::store());
        if (!found) fail(Errc::corrupt, "the store's own record is missing; run verify");
        store_ = StoreRecord::decode(*found);
    }
    return *store_;
}

}  // namespace verso::engine
