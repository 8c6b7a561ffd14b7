// Goal: a commit that is kept reads as when it was made, whatever becomes of the versions, and
// every way to copy a store copies all of that. Method: random histories of one connection, in
// which versions are edited, cloned, merged, picked from, taken back, leased, limited and removed,
// and garbage goes in between. What each commit held is remembered as text and held against what is
// read of it later: through logs, leases, backups, bundles and what is salvaged.
#include "engine/bundle/bundles.hpp"
#include "engine/merge_base.hpp"
#include "engine/store_state.hpp"
#include "engine/writer.hpp"
#include "less_if_sanitized.hpp"
#include "storage/temporary_folder.hpp"

#include <map>
#include <optional>
#include <set>

using namespace verso;
using namespace verso::engine;
using test::less_if_sanitized;

namespace {

class Life {
public:
    explicit Life(std::uint64_t seed)
        : random_(seed), store_(make(seed)), merges_often_(below(2) == 0) {
        if (below(2) == 0) store_.set_quota(acme(), Quota{}).value();  // verify counts then
        connection_ = store_.create_connection(acme(), {.name = "Pets"}).value().id;
        step();
    }

    void step() {
        clock_.move(one_ms);
        const auto versions = store_.snapshot()->versions(connection_).value();
        if (versions.empty()) {
            store_.create_version(connection_, {.name = some_name()}).value();
            return remember();
        }
        const std::string one = versions[below(versions.size())].name;
        const std::string other = versions[below(versions.size())].name;
        CAPTURE(one, other);
        act({connection_, one}, {connection_, other});
        remember();
    }

    void check_all() const {
        check_is_sound(store_);
        check_same(store_);
        check_leases(store_);
        check_bases();
    }

    void check_copies() {
        const storage::TemporaryFolder folder;
        static_cast<void>(backup(store_, folder / "backup").value());
        {
            const Store copy = open(folder / "backup");
            check_is_sound(copy);
            check_same(copy);
            check_leases(copy);
        }
        REQUIRE(salvage(folder / "backup", folder / "salvaged").value().losses.empty());
        check_copy(open(folder / "salvaged"));

        Store moved = empty_store();
        static_cast<void>(import_text(moved, bundle_of(store_, connection_)).value());
        check_copy(moved);
    }

    /// Nothing is left of what nobody has.
    void check_end() {
        store_.delete_connection(connection_, true).value();
        REQUIRE(collect_garbage(store_).value().is_complete);
        const StoreStats left = stat(store_).value();
        CHECK(left.commits == 0);
        CHECK(left.node_chunks == 0);
        CHECK(left.payload_chunks == 0);
        CHECK(left.payloads == 0);
    }

private:
    Store make(std::uint64_t seed) {
        Options options = with_fixed_secret(seed);
        options.history = {.max_commits = below(3) == 0 ? 0 : 2 + below(4),
                           .published_commits = below(3)};
        options.collect_with_writes = below(2) == 0;
        options.payload_scope = below(3) == 0 ? PayloadScope::store : PayloadScope::organisation;
        options.durability = Durability::none;
        options.clock = clock_.function();
        return Store::temporary(std::move(options)).value();
    }
    [[nodiscard]] Store open(const std::filesystem::path& path) const {
        return Store::open(path, {.durability = Durability::none, .clock = clock_.function()})
            .value();
    }

    std::uint64_t below(std::uint64_t count) { return random_() % count; }
    std::string some_name() { return "v" + std::to_string(below(7)); }
    std::string some_resource() { return std::string(1, static_cast<char>('a' + below(6))); }

    void act(const VersionKey& one, const VersionKey& other) {
        if (merges_often_ && below(2) == 0) return merge(one, other);
        switch (below(20)) {
            case 0: return clone(one);
            case 1: return static_cast<void>(store_.publish(one));
            case 2: return static_cast<void>(store_.unpublish(one));
            case 3: return static_cast<void>(store_.update_version(one, {.name = some_name()}));
            case 4:
            case 5: return merge(one, other);
            case 6: return pick(one, other);
            case 7: return restore(one);
            case 8: return undo(one);
            case 9: return erase(one);
            case 10: return lease(one);
            case 11: return end_lease();
            case 12: return limit();
            case 13: return collect();
            default: return edit(one);
        }
    }

    void edit(const VersionKey& version) {
        const std::uint64_t changes = 1 + below(3);
        static_cast<void>(store_.edit(version, [&](Draft& draft) -> Result<void> {
            for (std::uint64_t left = changes; left > 0; --left) change_one(draft);
            return {};
        }));
    }

    void change_one(Draft& draft) {
        const std::string name = some_resource();
        const std::string said = std::to_string(below(100));
        switch (below(6)) {
            case 0: return static_cast<void>(draft.erase(Kind::parameter, name));
            case 1:
                return static_cast<void>(
                    draft.replace(Kind::parameter, name, parameter(some_resource(), said)));
            case 2: return static_cast<void>(draft.put(Kind::definition, definition(name, said)));
            default: return static_cast<void>(draft.put(Kind::parameter, parameter(name, said)));
        }
    }

    void clone(const VersionKey& from) {
        const auto log = commits_of(store_, from);
        const std::uint64_t commit = below(2) == 0 ? 0 : log[below(log.size())].number;
        const std::string expected = content_of(store_, {connection_, from.name, commit});
        const NewVersion wanted{
            .name = some_name(), .from_version = std::string(from.name), .from_commit = commit};
        if (const auto made = store_.create_version(connection_, wanted))
            CHECK(content_of(store_, {connection_, made->name}) == expected);
    }

    void merge(const VersionKey& into, const VersionKey& from) {
        const MergeOptions options{.policy = below(3) == 0   ? MergePolicy()
                                             : below(2) == 0 ? MergePolicy::ours()
                                                             : MergePolicy::theirs(),
                                   .allow_unrelated = true};
        const auto preview = store_.snapshot()->preview_merge(into, from, options);
        const auto merged = store_.merge(into, from, options);
        REQUIRE(preview.has_value() == merged.has_value());
        if (!merged) return;
        CHECK(preview->outcome == merged->outcome);
        CHECK(preview->conflicts.size() == merged->conflicts.size());
        CHECK(preview->changes.size() == merged->changes.size());
        if (merged->outcome == MergeOutcome::conflicted) return;
        const std::string after = content_of(store_, into);
        CHECK(store_.merge(into, from, options)->outcome == MergeOutcome::up_to_date);
        CHECK(content_of(store_, into) == after);
    }

    void pick(const VersionKey& into, const VersionKey& from) {
        const auto there = store_.snapshot()->resources(from, Kind::parameter).value();
        if (there.empty()) return;
        const Resource& picked = there[below(there.size())];
        if (!store_.pick(into, from, {.resources = {{Kind::parameter, picked.name}}})) return;
        const auto found = store_.snapshot()->resource(into, Kind::parameter, picked.name);
        CHECK(found->id == picked.id);
        CHECK(found->document.text() == picked.document.text());
    }

    void restore(const VersionKey& version) {
        const auto log = commits_of(store_, version);
        const Commit& wanted = log[below(log.size())];
        if (store_.restore(version, wanted.number))
            CHECK(content_of(store_, version) == contents_.at(wanted.id));
    }

    void undo(const VersionKey& version) {
        const std::string before = content_of(store_, version);
        if (!store_.undo(version)) return;
        CHECK(content_of(store_, version) != before);
        remember();
        if (store_.undo(version)) CHECK(content_of(store_, version) == before);
    }

    void erase(const VersionKey& version) {
        const bool by_force = below(2) == 0;
        if (below(2) == 0) return static_cast<void>(store_.delete_version(version, by_force));
        const std::uint64_t predicted = bytes_only_here(store_, version).value();
        REQUIRE(collect_garbage(store_).value().is_complete);
        const std::uint64_t before = bytes_in(store_);
        if (!store_.delete_version(version, by_force)) return;
        REQUIRE(collect_garbage(store_).value().is_complete);
        CHECK(before - bytes_in(store_) == predicted);
    }

    void lease(const VersionKey& version) {
        const auto log = commits_of(store_, version);
        const Commit& wanted = log[below(log.size())];
        const VersionKey key{connection_, version.name, wanted.number};
        const auto taken =
            store_.take_lease(key, std::chrono::milliseconds{1 + below(60)}, "a job");
        REQUIRE(taken.has_value());
        leased_[taken->id] = wanted.id;
    }

    void end_lease() {
        const auto leases = store_.snapshot()->leases(connection_).value();
        if (leases.empty()) return;
        store_.end_lease(leases[below(leases.size())].id).value();
    }

    void limit() {
        if (below(3) == 0) return store_.set_history_limits(connection_, std::nullopt).value();
        const HistoryLimits limits{.max_commits = below(6), .published_commits = below(4)};
        store_.set_history_limits(connection_, limits).value();
    }

    void collect() {
        if (below(4) == 0) {
            REQUIRE(collect_garbage(store_).value().is_complete);
            return;
        }
        StoreAccess::state(store_).write(
            [&](Writer& writer) { static_cast<void>(writer.collect(1 + below(6))); });
    }

    /// What the newest commits hold; those that are known already must hold what they did.
    void remember() {
        const Snapshot snapshot = store_.snapshot().value();
        for (const ConnectionVersion& each : snapshot.versions(connection_).value()) {
            const VersionKey key{connection_, each.name};
            const std::string content = content_of(store_, key);
            const Commit newest = commits_of(store_, key).front();
            const auto [known, is_new] = contents_.emplace(newest.id, content);
            CHECK(known->second == content);
            if (!is_new) continue;
            came_from_[newest.number] = {newest.merged.begin(), newest.merged.end()};
            came_from_[newest.number].insert(newest.parent);
        }
    }

    /// That any two versions would be merged from the newest commit that both came of, whatever has
    /// gone of what led there.
    void check_bases() const {
        std::map<VersionId, std::set<CommitId>> histories;
        const auto versions = store_.snapshot()->versions(connection_).value();
        for (const ConnectionVersion& each : versions)
            histories[each.id] = history_of(head_of(each));
        const auto moment = StoreAccess::state(store_).storage().begin_read();
        View view(*moment);
        for (const ConnectionVersion& a : versions)
            for (const ConnectionVersion& b : versions) {
                std::vector<CommitId> common;
                std::ranges::set_intersection(histories[a.id], histories[b.id],
                                              std::back_inserter(common));
                CHECK(merge_base(view, head_of(a), head_of(b)).value_or(0) ==
                      (common.empty() ? 0 : common.back()));
            }
    }
    [[nodiscard]] CommitId head_of(const ConnectionVersion& version) const {
        return commits_of(store_, {connection_, version.name}).front().number;
    }
    /// All that it came of, kept or not, with itself.
    [[nodiscard]] std::set<CommitId> history_of(CommitId newest) const {
        std::set<CommitId> history;
        std::vector<CommitId> open{newest};
        while (!open.empty()) {
            const CommitId id = open.back();
            open.pop_back();
            if (id == 0 || !history.insert(id).second) continue;
            const auto& before = came_from_.at(id);
            open.insert(open.end(), before.begin(), before.end());
        }
        return history;
    }

    /// That every commit of every log reads as it did.
    void check_contents(const Store& store) const {
        for (const ConnectionVersion& each : store.snapshot()->versions(connection_).value())
            for (const Commit& commit : commits_of(store, {connection_, each.name}))
                CHECK(content_of(store, {connection_, each.name, commit.number}) ==
                      contents_.at(commit.id));
    }

    void check_same(const Store& store) const {
        check_contents(store);
        const auto versions = store_.snapshot()->versions(connection_).value();
        CHECK(store.snapshot()->versions(connection_).value() == versions);
        for (const ConnectionVersion& each : versions)
            CHECK(log_of(store, {connection_, each.name}) ==
                  log_of(store_, {connection_, each.name}));
    }

    /// Of a copy that has numbers of its own.
    void check_copy(const Store& store) const {
        check_is_sound(store);
        check_contents(store);
        const auto versions = store_.snapshot()->versions(connection_).value();
        REQUIRE(store.snapshot()->versions(connection_)->size() == versions.size());
        // Else a version may have a fork point in its log one of whose branches is no version's.
        const StoreStats stats = stat(store_).value();
        const bool is_settled = stats.commits_to_drop == 0 && stats.leases == 0;
        for (const ConnectionVersion& each : versions) {
            const VersionKey key{connection_, each.name};
            CHECK(content_of(store, key) == content_of(store_, key));
            CHECK(store.snapshot()->version(key)->revision == each.revision);
            if (is_settled) check_log(store, key);
        }
    }

    /// A version's own history is the same. Of what is kept before that for others, the copy may
    /// lack what is known there already not to be needed.
    void check_log(const Store& store, const VersionKey& key) const {
        const auto moment = StoreAccess::state(store_).storage().begin_read();
        std::uint64_t own = View(*moment).version(key).kept;
        std::set<Uuid> copied;
        for (const Commit& each : commits_of(store, key)) copied.insert(each.id);
        std::size_t found = 0;
        for (const Commit& each : commits_of(store_, key)) {
            found += copied.contains(each.id) ? 1U : 0U;
            if (own > 0) CHECK(copied.contains(each.id));
            if (own > 0) --own;
        }
        CHECK(found == copied.size());
    }

    void check_leases(const Store& store) const {
        for (const Lease& lease : store.snapshot()->leases(connection_).value())
            if (lease.expires_at > clock_.now())
                CHECK(content_of(store, lease.key()) == contents_.at(leased_.at(lease.id)));
    }

    std::mt19937_64 random_;
    TestClock clock_;
    Store store_;
    bool merges_often_;
    ConnectionId connection_;
    std::map<Uuid, std::string> contents_;  ///< of each commit that there has been
    std::map<CommitId, std::set<CommitId>> came_from_;
    std::map<LeaseId, Uuid> leased_;
};

}  // namespace

TEST_CASE("history: whatever happens, commits read as they did, and copies have them all",
          "[engine]") {
    for (std::uint64_t seed = 0; seed < less_if_sanitized(100, 20); ++seed) {
        CAPTURE(seed);
        Life life(seed);
        for (int step = 0; step < 120; ++step) {
            CAPTURE(step);
            life.step();
            if (step % 12 == 11) life.check_all();
            if (step % 40 == 39) life.check_copies();
        }
        life.check_end();
    }
}
