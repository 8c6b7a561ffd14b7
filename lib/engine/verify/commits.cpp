#include "engine/verify/commits.hpp"

#include "engine/verify/tables.hpp"

#include <algorithm>

namespace verso::engine::verification {

namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

class ForestCheck {
public:
    ForestCheck(const Commits& commits, const Catalogue& catalogue, const Affected& affected,
                Report& report)
        : commits_(commits), catalogue_(catalogue), affected_(affected), report_(report) {}

    void run() {
        check_counters();
        for (const auto& [id, commit] : commits_.records) count_links_of(id, commit);
        for (const auto& [connection, facts] : catalogue_.connections)
            for (const auto& [name, version] : facts.versions) count_version(connection, version);
        for (const CommitId id : catalogue_.leased) count_lease(id);
        for (const auto& [id, commit] : commits_.records) check_counts(id, commit);
        if (!is_whole()) return;
        for (const auto& [id, place] : catalogue_.dropped)
            if (find(id) == nullptr) add(id, "it is queued to be dropped, but it is not there");
    }

private:
    /// What the other records say of a commit.
    struct Counted {
        std::uint64_t refs = 0;
        std::uint64_t kids = 0;
        CommitId kid = 0;
    };

    [[nodiscard]] bool is_whole() const { return commits_.whole && catalogue_.whole; }

    [[nodiscard]] const CommitRecord* find(CommitId id) const { return commits_.find(id); }

    void add(CommitId id, const std::string& message) {
        report_.add(where_is(id), message + "; " + affected_.by(id));
    }

    void check_counters() {
        if (!catalogue_.store) {
            report_.add("store", "its own record is missing; nothing can be written any more");
            return;
        }
        const StoreRecord& store = *catalogue_.store;
        if (store.payload_scope != PayloadScope::organisation &&
            store.payload_scope != PayloadScope::store)
            report_.add("store", "its payload scope is none that there is");
        if (commits_.records.empty()) return;
        const CommitId newest = commits_.records.rbegin()->first;
        if (newest >= store.next_commit)
            report_.add("store", "its next commit is to be " + number(store.next_commit) +
                                     ", but there is " + where_is(newest) +
                                     "; the next change may overwrite a commit");
    }

    void count_links_of(CommitId id, const CommitRecord& commit) {
        check_scope_of(id, commit);
        check_chunks_of(id, commit);
        for (const MergedLine& line : commit.merged) {
            if (line.commit >= id)
                add(id, "it merged commit " + number(line.commit) + ", which is not older");
            ++counted_[line.commit].refs;
            if (commits_.whole && find(line.commit) == nullptr)
                add(id, "it merged commit " + number(line.commit) + ", which is missing");
        }
        if (commit.prev == 0) return;
        Counted& prev = counted_[commit.prev];
        ++prev.kids;
        prev.kid ^= id;
        const CommitRecord* const before = find(commit.prev);
        if (commit.prev >= id) {
            add(id,
                "the commit before it is to be " + number(commit.prev) + ", which is not older");
        } else if (before == nullptr) {
            if (commits_.whole)
                add(id, "the commit before it, " + number(commit.prev) + ", is missing");
        } else if (before->connection != commit.connection) {
            add(id, "the commit before it, " + number(commit.prev) + ", is another connection's");
        }
    }

    void check_scope_of(CommitId id, const CommitRecord& commit) {
        if (!catalogue_.store) return;
        const auto connection = catalogue_.connections.find(commit.connection);
        const bool is_known =
            connection != catalogue_.connections.end() && connection->second.record;
        const bool is_shared = catalogue_.store->payload_scope == PayloadScope::store;
        if (!is_shared && !is_known) return;
        const Uuid scope = is_shared ? Uuid{} : connection->second.record->organisation.value;
        if (commit.payload_scope != scope)
            add(id, "its documents are to be kept for another organisation than its connection's");
    }

    void check_chunks_of(CommitId id, const CommitRecord& commit) {
        if (catalogue_.store && commit.newest_chunk >= catalogue_.store->next_chunk)
            add(id, "its newest chunk is to be " + number(commit.newest_chunk) +
                        ", which the store has not given out yet");
        if (commit.root.id > commit.newest_chunk)
            add(id, "its root, node " + number(commit.root.id) +
                        ", is newer than its newest chunk, " + number(commit.newest_chunk));
        if (commit.root.id == 0 && commit.root != tree::Root{})
            add(id, "it has no root, but a digest or a count of one");
        std::uint64_t& newest = newest_chunk_[commit.connection];
        if (commit.newest_chunk < newest)
            add(id, "its newest chunk, " + number(commit.newest_chunk) +
                        ", is older than that of a commit before it in its connection");
        newest = std::max(newest, commit.newest_chunk);
    }

    void count_version(ConnectionId connection, const VersionRecord& version) {
        const auto add = [&](const std::string& message) {
            report_.add(where_is(catalogue_.where_is(connection), version), message);
        };
        ++counted_[version.head].refs;
        const CommitRecord* const head = find(version.head);
        if (head == nullptr) {
            if (commits_.whole)
                add("its head, commit " + number(version.head) +
                    ", is missing; its content cannot be read");
        } else if (head->connection != connection) {
            add("its head, commit " + number(version.head) + ", is another connection's");
        }
        if (version.first == 0 && version.head != version.origin_commit)
            add("it has no commit of its own, but its head, " + number(version.head) +
                ", is not the commit that it was cloned from, " + number(version.origin_commit));
        if (version.first != 0) count_line(connection, version);
    }

    void count_lease(CommitId id) {
        ++counted_[id].refs;
        if (commits_.whole && find(id) == nullptr) add(id, "a lease keeps it, but it is missing");
    }

    /// Follows a version's own commits from its oldest to its head.
    void count_line(ConnectionId connection, const VersionRecord& version) {
        const auto add = [&](const std::string& message) {
            report_.add(where_is(catalogue_.where_is(connection), version),
                        "its history: " + message);
        };
        std::uint64_t length = 0;
        CommitId last = 0;
        for (CommitId own = version.first; own != 0;) {
            const CommitRecord* const commit = find(own);
            if (own <= last) return add("commit " + number(last) + " is followed by an older one");
            if (commit == nullptr) {
                if (commits_.whole) add("commit " + number(own) + " is missing");
                return;
            }
            if (commit->line != version.id || commit->connection != connection)
                add("commit " + number(own) + " was written by another version");
            ++counted_[own].refs;
            ++length;
            last = own;
            own = commit->next;
        }
        if (last != version.head)
            add("it ends with commit " + number(last) + ", not with its head, " +
                number(version.head));
        if (length != version.kept)
            add("it has " + number(length) + " commits, and is to have " + number(version.kept));
    }

    void check_counts(CommitId id, const CommitRecord& commit) {
        if (!is_whole()) return;
        const Counted& counted = counted_[id];
        if (commit.refs != counted.refs)
            add(id, "it is held by " + number(counted.refs) + ", but counts " +
                        number(commit.refs) + " (refs), so it may be dropped too early or never");
        if (commit.kids != counted.kids)
            add(id, "it is the commit before " + number(counted.kids) + " others, but counts " +
                        number(commit.kids) + " (kids)");
        if (commit.kid != counted.kid)
            add(id, "what it keeps of the commits after it, " + number(commit.kid) + ", is to be " +
                        number(counted.kid) + " (kid)");
        const bool is_garbage = counted.refs == 0 && counted.kids <= 1;
        if (is_garbage && !catalogue_.dropped.contains(id))
            add(id, "nobody needs it, but it is not queued to be dropped; it takes space for ever");
        if (!is_garbage && catalogue_.dropped.contains(id))
            add(id, "it is queued to be dropped, but still needed");
        if (catalogue_.is_being_dropped(id) && catalogue_.is_being_dropped(commit.prev))
            add(id, "it is half dropped, and so is the commit before it, " + number(commit.prev) +
                        "; what both had may stay for ever");
    }

    const Commits& commits_;
    const Catalogue& catalogue_;
    const Affected& affected_;
    Report& report_;
    std::map<CommitId, Counted> counted_;
    std::map<ConnectionId, std::uint64_t> newest_chunk_;
};

}  // namespace

Commits read_commits(storage::ReadTransaction& transaction, Report& report) {
    Commits commits;
    bool all_decoded = true;
    const auto read = [&](BytesView key, BytesView value) {
        const bool is_id = key.size() == sizeof(CommitId) && load_be<CommitId>(key.data()) != 0;
        if (!is_id) report.add("table commits", "a record's key is no commit's id");
        const CommitId id = is_id ? load_be<CommitId>(key.data()) : 0;
        all_decoded &=
            is_id && report.check([&] { return where_is(id); },
                                  [&] {
                                      CommitRecord record = CommitRecord::decode(value);
                                      record.author.clear();  // nothing is held against them
                                      record.message.clear();
                                      commits.records.insert({id, std::move(record)});
                                  });
        return true;
    };
    const bool all_read = read_table(transaction, storage::Table::commits, report, read);
    commits.whole = all_read && all_decoded;
    return commits;
}

std::string where_is(CommitId commit) { return "commit " + std::to_string(commit); }

void check_commits(const Commits& commits, const Catalogue& catalogue, const Affected& affected,
                   Report& report) {
    ForestCheck(commits, catalogue, affected, report).run();
}

}  // namespace verso::engine::verification
