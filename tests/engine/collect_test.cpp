// Goal: the collection of garbage frees nothing that is needed and leaves nothing that is not.
// Method: random clones, edits, renames, reverts, prunes, publications, leases and deletions on a
// real store, with garbage worked off in random small slices between. Beside it runs a model of
// every commit that there ever was, which says by full reachability which are needed and what they
// hold; verify() recounts nodes, holdings and links.
#include "engine/fixture.hpp"
#include "engine/store_state.hpp"
#include "engine/writer.hpp"

#include <verso/maintenance.hpp>

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

using namespace verso;
using namespace verso::engine;

namespace {

/// The documents of a version by name, of two kinds.
using Content = std::map<std::pair<Kind, std::string>, std::string>;

struct SimulatedCommit {
    CommitId parent = 0;  ///< that it came from, kept or not
    Content content = {};
};

struct SimulatedVersion {
    ConnectionId connection;
    std::string name;
    CommitId head = 0;
    std::vector<CommitId> own = {};  ///< all that it ever wrote
    bool published = false;
};

class Simulation {
public:
    Simulation(std::uint64_t seed, bool collects_with_writes)
        : random_(seed), store_(make(clock_, collects_with_writes)) {
        for (const char* name : {"GitHub", "GitLab"}) add_connection(name);
    }

    void step() {
        clock_.move(one_ms * below(3));
        const std::size_t kind = below(100);
        if (versions_.empty() || kind < 6)
            create();
        else if (kind < 20)
            clone();
        else if (kind < 63)
            edit();
        else if (kind < 70)
            restore();
        else if (kind < 78)
            prune();
        else if (kind < 84)
            publish();
        else if (kind < 96)
            delete_version();
        else if (kind < 98)
            use_lease();
        else
            replace_connection();
        if (below(2) == 0) collect(1 + below(12));
    }

    /// Holds the store to the model, whatever is queued.
    void check() {
        const auto needed = needed_commits();
        for (const CommitId id : needed) check_content(id);
        for (const Lease& lease : leases_) check_lease(lease);
        for (const SimulatedVersion& version : versions_) {
            const VersionRecord record = read_record(version);
            REQUIRE(record.head == version.head);
            const std::size_t kept = record.kept;
            REQUIRE(kept <= version.own.size());
            REQUIRE(record.first == (kept == 0 ? 0 : *(version.own.end() - long(kept))));
        }
        check_is_sound(store_);
    }

    /// The same once nothing is queued: nothing is left but what is needed.
    void check_collected() {
        while (collect(1 + below(40))) {
        }
        check();
        const auto needed = needed_commits();
        const auto kept = kept_commits();
        REQUIRE(kept.size() == needed.size());
        for (const auto& [id, record] : kept) {
            REQUIRE(needed.contains(id));
            CommitId before = commits_.at(id).parent;
            while (before != 0 && !needed.contains(before)) before = commits_.at(before).parent;
            REQUIRE(record.prev == before);
        }
        const VerifyReport report = verify(store_).value();
        const StoreStats stats = stat(store_).value();
        REQUIRE(stats.node_chunks == report.nodes);
        REQUIRE(stats.commits_to_drop == 0);
    }

    /// Deletes all, and holds that nothing is left.
    void finish() {
        while (!versions_.empty()) {
            delete_version();
            collect(below(5));
        }
        check();
        while (!leases_.empty()) end_lease();
        REQUIRE(collect_garbage(store_).value().is_complete);
        check_is_sound(store_);
        const StoreStats stats = stat(store_).value();
        REQUIRE(stats.commits == 0);
        REQUIRE(stats.payloads == 0);
        REQUIRE(stats.node_chunks == 0);
        REQUIRE(stats.payload_chunks == 0);
    }

    [[nodiscard]] std::size_t below(std::size_t limit) { return random_() % limit; }

private:
    static Store make(const TestClock& clock, bool collects_with_writes) {
        return Store::temporary({.history = {.max_commits = 4},
                                 .collect_with_writes = collects_with_writes,
                                 .clock = clock.function()})
            .value();
    }

    // Steps

    void add_connection(const std::string& name) {
        connections_.push_back(store_.create_connection(acme(), {.name = name}).value().id);
    }

    [[nodiscard]] SimulatedVersion& any_version() { return versions_[below(versions_.size())]; }
    [[nodiscard]] static VersionKey key(const SimulatedVersion& version) {
        return {version.connection, version.name};
    }

    void create() {
        const ConnectionId connection = connections_[below(connections_.size())];
        const std::string name = "v" + std::to_string(++names_);
        store_.create_version(connection, {.name = name}).value();
        SimulatedVersion& made = versions_.emplace_back(SimulatedVersion{connection, name});
        made.head = read_record(made).head;
        made.own = {made.head};
        commits_[made.head] = {};
    }

    /// Of a head or of an older commit.
    void clone() {
        const SimulatedVersion source = any_version();
        const CommitId from = any_commit_of(source);
        const std::string name = "v" + std::to_string(++names_);
        const NewVersion clone{
            .name = name, .from_version = source.name, .from_commit = below(4) == 0 ? 0 : from};
        store_.create_version(source.connection, clone).value();
        SimulatedVersion made{source.connection, name};
        made.head = clone.from_commit == 0 ? source.head : from;
        versions_.push_back(made);
    }

    /// One that is kept, the head or one before it.
    [[nodiscard]] CommitId any_commit_of(const SimulatedVersion& version) {
        CommitId id = version.head;
        const auto needed = needed_commits();
        for (std::size_t back = below(6); back > 0; --back) {
            CommitId older = commits_.at(id).parent;
            while (older != 0 && !needed.contains(older)) older = commits_.at(older).parent;
            if (older != 0) id = older;
        }
        return id;
    }

    void restore() {
        SimulatedVersion& version = any_version();
        if (version.published) return;
        const CommitId from = any_commit_of(version);
        const Digest then = digest_of_commit(from);  // which the restoring may let go of
        store_.restore(key(version), from).value();
        const Snapshot snapshot = store_.snapshot().value();
        REQUIRE(snapshot.digest(key(version)).value() == then);
        const CommitId head = read_record(version).head;
        if (head == version.head) return;
        commits_[head] = {version.head, commits_.at(from).content};
        version.own.push_back(head);
        version.head = head;
    }

    /// One to three commits in one write.
    void edit() {
        SimulatedVersion& version = any_version();
        if (version.published) return;
        std::vector<Content> contents(below(8) == 0 ? 3 : 1);
        store_
            .write([&](Transaction& transaction) -> Result<void> {
                const Content* before = &commits_.at(version.head).content;
                for (Content& content : contents) {
                    content = *before;
                    const auto change = [&](Draft& draft) -> Result<void> {
                        change_some(draft, content);
                        return {};
                    };
                    transaction.edit(key(version), change).value();
                    before = &content;
                }
                return {};
            })
            .value();
        CommitId next = read_record(version).head - contents.size();
        for (Content& content : contents) {
            commits_[++next] = {version.head, std::move(content)};
            version.own.push_back(next);
            version.head = next;
        }
    }

    /// Puts, renames and erases; the last put is one that there never was, so that each edit makes
    /// a commit.
    void change_some(Draft& draft, Content& content) {
        for (std::size_t left = below(20) == 0 ? 80 : below(4); left > 0; --left) {
            const std::size_t kind = below(10);
            if (kind < 5) put(draft, content, "p" + std::to_string(below(90)), below(4));
            if (kind == 5) put_large(draft, content);
            if (kind == 6 || kind == 7) erase(draft, content);
            if (kind == 8) rename(draft, content);
            if (kind == 9) revert(draft, content);
        }
        put(draft, content, "p" + std::to_string(below(90)), 1000 + ++unique_);
    }

    /// One of few texts, so that equal documents meet.
    static void put(Draft& draft, Content& content, const std::string& name, std::size_t text) {
        const Document document = parameter(name, std::to_string(text));
        draft.put(Kind::parameter, document).value();
        content[{Kind::parameter, name}] = document.text();
    }
    /// A document of several chunks.
    void put_large(Draft& draft, Content& content) {
        const std::string name = "d" + std::to_string(below(3));
        const Document document = definition(name, std::string(20'000 + below(2) * 20'000, 'x'));
        draft.put(Kind::definition, document).value();
        content[{Kind::definition, name}] = document.text();
    }
    void erase(Draft& draft, Content& content) {
        if (content.empty()) return;
        const std::size_t most = below(10) == 0 ? content.size() : 1;
        for (std::size_t i = 0; i < most; ++i) {
            const auto at = std::next(content.begin(), long(below(content.size())));
            draft.erase(at->first.first, at->first.second).value();
            content.erase(at);
        }
    }
    void rename(Draft& draft, Content& content) {
        const std::string name = "p" + std::to_string(below(90));
        if (content.empty() || content.contains({Kind::parameter, name})) return;
        const auto at = std::next(content.begin(), long(below(content.size())));
        if (at->first.first != Kind::parameter) return;
        const Resource found = draft.get(Kind::parameter, at->first.second).value();
        draft.put(Kind::parameter, parameter(found.id, name, "0")).value();
        content.erase(at);
        content[{Kind::parameter, name}] = parameter(name, "0").text();
    }
    /// Puts what some commit had.
    void revert(Draft& draft, Content& content) {
        const auto at = std::next(commits_.begin(), long(below(commits_.size())));
        for (const auto& [key, text] : at->second.content) {
            if (below(3) != 0) continue;
            draft.put(key.first, document(text)).value();
            content[key] = text;
        }
    }

    void prune() {
        const ConnectionId connection = connections_[below(connections_.size())];
        if (below(3) == 0)
            store_.set_history_limits(connection, std::nullopt).value();
        else
            store_.set_history_limits(connection, HistoryLimits{.max_commits = below(6)}).value();
    }
    void publish() {
        SimulatedVersion& version = any_version();
        if (version.published)
            store_.unpublish(key(version)).value();
        else
            store_.publish(key(version)).value();
        version.published = !version.published;
    }
    void delete_version() {
        const std::size_t index = below(versions_.size());
        store_.delete_version(key(versions_[index]), true).value();
        versions_.erase(versions_.begin() + long(index));
    }
    /// Deletes a connection with its versions and makes another one.
    void replace_connection() {
        const std::size_t index = below(connections_.size());
        const ConnectionId gone = connections_[index];
        store_.delete_connection(gone, true).value();
        connections_.erase(connections_.begin() + long(index));
        std::erase_if(versions_, [&](const auto& each) { return each.connection == gone; });
        std::erase_if(leases_, [&](const auto& each) { return each.connection == gone; });
        add_connection("c" + std::to_string(++names_));
    }
    void use_lease() {
        if (leases_.empty() || below(2) == 0) return take_lease();
        below(2) == 0 ? clone_leased() : end_lease();
    }
    void take_lease() {
        const SimulatedVersion version = any_version();
        const VersionKey held{version.connection, version.name, any_commit_of(version)};
        leases_.push_back(store_.take_lease(held, std::chrono::hours(1), "a test").value());
        REQUIRE(leases_.back().commit == held.commit);
    }
    void clone_leased() {
        const Lease& from = leases_[below(leases_.size())];
        const std::string name = "v" + std::to_string(++names_);
        store_.create_version(from.connection, {.name = name, .from_commit = from.commit}).value();
        versions_.push_back({from.connection, name, from.commit});
    }
    void end_lease() {
        const std::size_t index = below(leases_.size());
        store_.end_lease(leases_[index].id).value();
        leases_.erase(leases_.begin() + long(index));
    }
    bool collect(std::size_t max_steps) {
        if (max_steps == 0) return true;
        bool more = false;
        StoreAccess::state(store_).write([&](Writer& writer) { more = writer.collect(max_steps); });
        return more;
    }

    // The model's word

    /// The heads, what the lines and the leases keep, and where two lines that are needed part.
    [[nodiscard]] std::set<CommitId> needed_commits() const {
        std::set<CommitId> needed;
        for (const SimulatedVersion& version : versions_) {
            needed.insert(version.head);
            const auto kept = long(read_record(version).kept);
            needed.insert(version.own.end() - kept, version.own.end());
        }
        for (const Lease& lease : leases_) needed.insert(lease.commit);
        // From the newest down: what each commit has below it that is needed comes before it.
        std::map<CommitId, std::set<CommitId>> lines;  // that reach a commit from different sides
        for (auto at = commits_.rbegin(); at != commits_.rend(); ++at) {
            const auto& [id, commit] = *at;
            if (lines[id].size() > 1) needed.insert(id);
            if (needed.contains(id))
                lines[commit.parent].insert(id);
            else
                lines[commit.parent].merge(lines[id]);
        }
        return needed;
    }

    // The store's

    [[nodiscard]] storage::Storage& storage() const { return StoreAccess::state(store_).storage(); }
    [[nodiscard]] VersionRecord read_record(const SimulatedVersion& version) const {
        const auto reading = storage().begin_read();
        return View(*reading).version(key(version));
    }
    [[nodiscard]] std::map<CommitId, CommitRecord> kept_commits() const {
        std::map<CommitId, CommitRecord> kept;
        storage().begin_read()->scan(
            storage::Table::commits, {}, [&](BytesView key, BytesView value) {
                kept[ByteReader(key).be<CommitId>()] = CommitRecord::decode(value);
                return true;
            });
        return kept;
    }
    [[nodiscard]] Digest digest_of_commit(CommitId id) const {
        const auto reading = storage().begin_read();
        return View(*reading).commit(id).root.digest;
    }
    void check_content(CommitId id) const {
        const auto reading = storage().begin_read();
        View view(*reading);
        Content content;
        for (const Kind kind : {Kind::parameter, Kind::definition})
            view.each_resource(view.commit(id).root, kind, [&](const ResourceView& each) {
                content[{kind, std::string(each.name)}] = each.document;
                return true;
            });
        INFO("commit " << id);
        REQUIRE((content == commits_.at(id).content));
    }
    /// What it keeps is read like a version, whatever has become of that.
    void check_lease(const Lease& lease) const {
        const Snapshot snapshot = store_.snapshot().value();
        std::size_t count = 0;
        for (const Kind kind : {Kind::parameter, Kind::definition})
            for (const Resource& each : snapshot.resources(lease.key(), kind).value()) {
                REQUIRE(commits_.at(lease.commit).content.at({kind, each.name}) ==
                        each.document.text());
                ++count;
            }
        REQUIRE(count == commits_.at(lease.commit).content.size());
    }

    std::mt19937_64 random_;
    TestClock clock_;
    Store store_;
    std::vector<ConnectionId> connections_;
    std::vector<SimulatedVersion> versions_;
    std::map<CommitId, SimulatedCommit> commits_;
    std::vector<Lease> leases_;
    std::size_t unique_ = 0;
    int names_ = 0;
};

}  // namespace

TEST_CASE("collect: any history leaves exactly what is needed, and in the end nothing",
          "[engine]") {
    const bool collects_with_writes = GENERATE(false, true);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        INFO("seed " << seed << ", with writes " << collects_with_writes);
        Simulation simulation(seed, collects_with_writes);
        for (int step = 1; step <= 150; ++step) {
            INFO("step " << step);
            simulation.step();
            if (step % 5 == 0) simulation.check();
            if (step % 30 == 0) simulation.check_collected();
        }
        simulation.finish();
    }
}

// Run by name: verso_engine_tests "collect: a long history"
TEST_CASE("collect: a long history", "[.soak]") {
    for (std::uint64_t seed = 100; seed < 140; ++seed) {
        INFO("seed " << seed);
        Simulation simulation(seed, seed % 2 == 0);
        for (int step = 1; step <= 600; ++step) {
            INFO("step " << step);
            simulation.step();
            if (simulation.below(4) == 0) simulation.check();
            if (simulation.below(20) == 0) simulation.check_collected();
        }
        simulation.finish();
    }
}

namespace {

/// A store in which nothing goes but when it is told to.
struct Held : Fixture {
    Held() : Fixture({.collect_with_writes = false}) {}

    void put_numbered(std::string_view version, int first, int last, const char* text) {
        const auto put = [&](Draft& draft) -> Result<void> {
            for (int i = first; i < last; ++i)
                draft.put(Kind::parameter, parameter("p" + std::to_string(i), text)).value();
            return {};
        };
        store.edit(key(version), put).value();
    }
    /// Answers whether anything is left.
    bool collect(std::uint64_t max_changes) {
        bool more = false;
        StoreAccess::state(store).write(
            [&](Writer& writer) { more = writer.collect(max_changes); });
        return more;
    }
    [[nodiscard]] bool is_queued(CommitId id) const {
        const auto reading = StoreAccess::state(store).storage().begin_read();
        return reading->find(storage::Table::records, key::dropped(id)).has_value();
    }
    [[nodiscard]] StoreStats stats() const { return stat(store).value(); }
};

}  // namespace

TEST_CASE("collect: a commit waits while the one after it is half gone", "[engine]") {
    Held held;
    held.create("a");
    held.put_numbered("a", 0, 300, "first");
    held.put_numbered("a", 100, 120, "second");
    held.store.create_version(held.connection, {.name = "b", .from_version = "a", .from_commit = 2})
        .value();
    held.store.delete_version(held.key("a")).value();
    REQUIRE(held.collect(2));  // commit 1 is gone, commit 3 half
    CHECK_FALSE(held.is_queued(1));
    CHECK(held.is_queued(3));
    check_is_sound(held.store);
    CHECK(held.names("b").size() == 300);
    held.store.delete_version(held.key("b")).value();
    CHECK(held.is_queued(2));
    while (held.collect(1)) check_is_sound(held.store);
    CHECK(held.stats().node_chunks == 0);
    CHECK(held.stats().payload_chunks == 0);
    CHECK(held.stats().commits == 0);
}

TEST_CASE("collect: what was merged in waits for what is still to go before it", "[engine]") {
    Held held;
    held.create("a");
    held.put_numbered("a", 0, 40, "first");
    const NewVersion clone{.name = "b", .from_version = "a", .from_commit = 1};
    held.store.create_version(held.connection, clone).value();
    held.put_numbered("b", 50, 150, "third");
    held.put_numbered("b", 100, 250, "fourth");
    REQUIRE(held.store.merge(held.key("a"), held.key("b"))->outcome == MergeOutcome::merged);
    const Lease lease =
        held.store.take_lease({held.connection, "a", 2}, std::chrono::hours(1), "a test").value();
    held.store.set_history_limits(held.connection, HistoryLimits{.max_commits = 1}).value();
    held.put_numbered("a", 50, 250, "sixth");
    REQUIRE(held.collect(1));  // commit 5 is half gone
    check_is_sound(held.store);
    held.store.end_lease(lease.id).value();
    held.store.delete_version(held.key("b")).value();
    for (const CommitId queued : {2U, 5U}) CHECK(held.is_queued(queued));
    while (held.collect(1)) check_is_sound(held.store);
    held.put_numbered("a", 0, 1, "seventh");
    while (held.collect(1)) check_is_sound(held.store);
    CHECK(held.stats().commits == 1);
}

TEST_CASE("collect: a snapshot reads on what has gone meanwhile", "[engine]") {
    Held held;
    held.create("1");
    held.put_numbered("1", 0, 50, "text");
    const Snapshot before = held.snapshot();
    held.store.delete_version(held.key("1")).value();
    CHECK(collect_garbage(held.store).value().is_complete);
    CHECK(before.resources(held.key("1"), Kind::parameter).value().size() == 50);
}

TEST_CASE("collect: what goes is told, and it can be stopped and run again", "[engine]") {
    Held held;
    held.create("1");
    held.put_numbered("1", 0, 10'000, "text");
    const StoreStats before = held.stats();
    held.store.delete_version(held.key("1")).value();
    CHECK(held.stats().commits_to_drop == 2);
    std::stop_source stop;
    std::uint64_t told = 0;
    const auto first = collect_garbage(held.store, {.progress =
                                                        [&](const CollectReport& report) {
                                                            told = report.nodes;
                                                            stop.request_stop();
                                                        },
                                                    .stop = stop.get_token()})
                           .value();
    CHECK_FALSE(first.is_complete);
    CHECK(first.nodes == told);
    check_is_sound(held.store);
    const auto rest = collect_garbage(held.store).value();
    CHECK(rest.is_complete);
    CHECK(first.commits + rest.commits == 2);
    CHECK(first.nodes + rest.nodes == before.node_chunks);
    CHECK(first.payloads + rest.payloads == before.payloads);
    CHECK(first.payload_bytes + rest.payload_bytes == before.payload_bytes);
    CHECK(collect_garbage(held.store).value().commits == 0);
}

TEST_CASE("collect: all that goes is told, though writes drop a little too", "[engine]") {
    const int count = GENERATE(range(1, 200, 7));
    CAPTURE(count);
    Fixture fixture;
    fixture.create("1");
    fixture.store
        .edit(fixture.key("1"),
              [&](Draft& draft) -> Result<void> {
                  for (int i = 0; i < count; ++i)
                      draft
                          .put(Kind::parameter,
                               parameter("p" + std::to_string(i), std::to_string(i)))
                          .value();
                  return {};
              })
        .value();
    fixture.store.delete_version(fixture.key("1")).value();
    const StoreStats before = stat(fixture.store).value();
    const CollectReport report = collect_garbage(fixture.store).value();
    CHECK(report.is_complete);
    CHECK(report.commits == before.commits);
    CHECK(report.nodes == before.node_chunks);
    CHECK(report.payloads == before.payloads);
}

TEST_CASE("collect: no slice drops more documents than its steps", "[engine]") {
    Held held;
    held.create("1");
    held.put_numbered("1", 0, 200, "text");
    held.store.delete_version(held.key("1")).value();
    std::uint64_t left = held.stats().payloads;
    REQUIRE(left == 200);
    for (bool more = true; more;) {
        more = held.collect(3);
        const std::uint64_t now = held.stats().payloads;
        CHECK(left - now <= 3);
        check_is_sound(held.store);
        left = now;
    }
    CHECK(left == 0);
}

TEST_CASE("collect: it comes to an end beside one who writes, whoever drops", "[engine][threads]") {
    const bool drops_with_writes = GENERATE(true, false);
    Fixture fixture({.collect_with_writes = drops_with_writes});
    fixture.create("1");
    fixture.create("gone");
    fixture.store
        .edit(fixture.key("gone"),
              [](Draft& draft) -> Result<void> {
                  for (int i = 0; i < 1000; ++i)
                      draft.put(Kind::parameter, parameter("p" + std::to_string(i))).value();
                  return {};
              })
        .value();
    fixture.store.delete_version(fixture.key("gone")).value();
    std::atomic<bool> is_over = false;
    std::thread writer([&] {
        for (int i = 0; !is_over; ++i) fixture.put("1", parameter("q", std::to_string(i)));
    });
    const auto report = collect_garbage(fixture.store);
    is_over = true;
    writer.join();
    if (!report) FAIL(report.error().message);
    CHECK(report->is_complete);
    if (!drops_with_writes) CHECK(report->payloads >= 1000);
    collect_garbage(fixture.store).value();
    CHECK(stat(fixture.store).value().payloads <= 1 + 100 + 16);
    check_is_sound(fixture.store);
}

TEST_CASE("collect: steady edits leave a store that does not grow", "[engine]") {
    Fixture fixture({.history = {.max_commits = 10}});
    fixture.create("1");
    const auto put_round = [&] {
        for (int i = 0; i < 150; ++i)
            fixture.put("1", parameter("p" + std::to_string(i % 50), std::to_string(i)));
        return stat(fixture.store).value();
    };
    put_round();
    const StoreStats first = put_round();
    for (int round = 0; round < 3; ++round) {
        const StoreStats stats = put_round();
        CHECK(stats.commits <= 10 + 3 + 6);
        CHECK(stats.node_chunks <= first.node_chunks + first.node_chunks / 2);
        CHECK(stats.payloads <= 50 + 20);
    }
    check_is_sound(fixture.store);
}

TEST_CASE("collect: writes keep up with what they leave, also where they add no document",
          "[engine]") {
    Fixture fixture({.history = {.max_commits = 10}});
    const auto fill = [&](const std::string& version, const std::string& text) {
        fixture.store
            .edit(fixture.key(version),
                  [&](Draft& draft) -> Result<void> {
                      for (int i = 0; i < 100; ++i)
                          draft.put(Kind::parameter, parameter("p" + std::to_string(i), text))
                              .value();
                      return {};
                  })
            .value();
    };
    for (const std::string name : {"held", "held too", "1"}) fixture.create(name);
    fill("held", "even");
    fill("held too", "odd");
    for (int i = 0; i < 60; ++i) fill("1", i % 2 == 0 ? "even" : "odd");
    CHECK(stat(fixture.store).value().commits <= 2 * 2 + 10 + 3 + 6);
    check_is_sound(fixture.store);
}

TEST_CASE("collect: writes keep up with what they leave, also where many hold one document",
          "[engine]") {
    Fixture fixture({.history = {.max_commits = 10}});
    fixture.create("1");
    for (int i = 0; i < 200; ++i)
        fixture.store
            .edit(fixture.key("1"),
                  [&](Draft& draft) -> Result<void> {
                      const Document same = document("{\"turn\":" + std::to_string(i) + "}");
                      for (int name = 0; name < 100; ++name)
                          draft.put(Kind::example, "x" + std::to_string(name), same).value();
                      return {};
                  })
            .value();
    CHECK(stat(fixture.store).value().commits <= 10 + 3 + 6);
    check_is_sound(fixture.store);
}

namespace {

/// A version "main", whose history keeps three commits, and others that are merged into it.
struct Merging : Fixture {
    Merging()
        : Fixture({.history = {.max_commits = 3}, .collect_with_writes = GENERATE(false, true)}) {
        create("main");
        edit("main");
    }

    void edit(std::string_view version) {
        ++changes_;
        put(version, parameter("p" + std::to_string(changes_ % 40), std::to_string(changes_)));
    }
    void branch(std::string_view name, std::string_view from) {
        store
            .create_version(connection,
                            {.name = std::string(name), .from_version = std::string(from)})
            .value();
        edit(name);
    }
    void merge(std::string_view from, std::string_view into = "main") {
        const MergeOptions theirs{.policy = MergePolicy::theirs()};
        REQUIRE(store.merge(key(into), key(from), theirs)->outcome == MergeOutcome::merged);
    }
    [[nodiscard]] CommitId head(std::string_view version) const {
        const auto reading = StoreAccess::state(store).storage().begin_read();
        return View(*reading).version(key(version)).head;
    }
    /// How many commits there are when nothing is left to go, once main has changed so often.
    [[nodiscard]] std::uint64_t commits_after(int edits) {
        for (int i = 0; i < edits; ++i) edit("main");
        REQUIRE(collect_garbage(store).value().is_complete);
        check_is_sound(store);
        return stat(store)->commits;
    }

private:
    int changes_ = 0;
};

}  // namespace

TEST_CASE("collect: what was merged in goes when nobody can be merged with it any more",
          "[engine]") {
    Merging fixture;
    SECTION("one version after the other, deleted at once") {
        for (int i = 0; i < 30; ++i) {
            fixture.branch("work", "main");
            fixture.edit("main");
            fixture.merge("work");
            fixture.store.delete_version(fixture.key("work")).value();
        }
        CHECK(fixture.commits_after(3) == 3);
    }
    SECTION("each of what became of the one before, some of them deleted late") {
        const int kept = GENERATE(1, 2, 7);
        const auto name = [](int i) { return "v" + std::to_string(i); };
        constexpr int count = 60;
        for (int i = 0; i < count; ++i) {
            fixture.branch(name(i), "main");
            fixture.edit("main");
            if (i >= kept) fixture.store.delete_version(fixture.key(name(i - kept))).value();
            fixture.merge(name(i));
        }
        CHECK(fixture.commits_after(3) <= 3U + 4U * static_cast<unsigned>(kept));
        for (int i = count - kept; i < count; ++i)
            fixture.store.delete_version(fixture.key(name(i))).value();
        CHECK(fixture.commits_after(20) == 3);
    }
    SECTION("many of one commit, deleted when all have been merged") {
        std::vector<std::string> names;
        for (int i = 0; i < 30; ++i)
            fixture.branch(names.emplace_back("v" + std::to_string(i)), "main");
        for (const std::string& name : names) fixture.merge(name);
        CHECK(fixture.commits_after(3) == 3 + 30 + 1);
        const auto erase = [&](int first, int last) {
            for (int i = first; i < last; ++i)
                fixture.store.delete_version(fixture.key(names[static_cast<std::size_t>(i)]))
                    .value();
        };
        erase(0, 10);
        CHECK(fixture.commits_after(8) == 3 + 20 + 1);
        erase(10, 30);
        CHECK(fixture.commits_after(8) == 3);
    }
    SECTION("one version after the other, each kept up with main before") {
        for (int i = 0; i < 30; ++i) {
            fixture.branch("work", "main");
            fixture.edit("main");
            fixture.merge("main", "work");
            fixture.edit("work");
            fixture.edit("main");
            fixture.merge("work");
            fixture.store.delete_version(fixture.key("work")).value();
        }
        CHECK(fixture.commits_after(20) == 3);
    }
    SECTION("two that are merged into one another for ever") {
        fixture.branch("work", "main");
        for (int i = 0; i < 60; ++i) {
            fixture.edit("main");
            fixture.merge("main", "work");
            fixture.edit("work");
            fixture.merge("work");
        }
        CHECK(fixture.commits_after(0) <= 20);
        fixture.store.delete_version(fixture.key("work")).value();
        CHECK(fixture.commits_after(20) == 3);
    }
    SECTION("three that are merged into one another in a circle") {
        fixture.branch("work", "main");
        fixture.branch("more", "main");
        for (int i = 0; i < 60; ++i) {
            fixture.edit("main");
            fixture.merge("main", "work");
            fixture.merge("work", "more");
            fixture.merge("more");
        }
        CHECK(fixture.commits_after(0) <= 30);
    }
    SECTION("but not while a history has the merge") {
        fixture.branch("work", "main");
        fixture.edit("main");
        fixture.merge("work");
        fixture.branch("clone", "main");
        fixture.store.delete_version(fixture.key("work")).value();
        for (int i = 0; i < 5; ++i) fixture.edit("clone");
        CHECK(fixture.commits_after(0) == 3 + 3 + 1);  // what was merged
        CHECK(fixture.commits_after(2) == 3 + 3 + 2);  // and where it had parted
        CHECK(fixture.commits_after(2) == 3 + 3 + 1);  // where the clone parted
    }
    SECTION("one that came of another, which is gone") {
        fixture.branch("first", "main");
        fixture.branch("second", "first");
        fixture.edit("first");
        fixture.merge("first");
        fixture.store.delete_version(fixture.key("first")).value();
        // That of second, where it parted from first, and where this had parted from main.
        CHECK(fixture.commits_after(4) == 3 + 3);
        fixture.merge("second");
        fixture.store.delete_version(fixture.key("second")).value();
        CHECK(fixture.commits_after(5) == 3);
    }
    SECTION("one that had been merged with others itself") {
        fixture.branch("first", "main");
        fixture.branch("second", "main");
        fixture.edit("main");
        for (const char* from : {"second", "main"}) fixture.merge(from, "first");
        fixture.merge("first");
        fixture.store.delete_version(fixture.key("first")).value();
        fixture.store.delete_version(fixture.key("second")).value();
        CHECK(fixture.commits_after(5) == 3);
    }
}

TEST_CASE("collect: what was merged in and cannot be read fails no write", "[engine]") {
    Merging fixture;
    fixture.branch("work", "main");
    fixture.edit("main");
    fixture.merge("work");
    const CommitId merged = fixture.head("work");
    fixture.store.delete_version(fixture.key("work")).value();
    const auto raw = StoreAccess::state(fixture.store).storage().begin_write({});
    raw->erase(storage::Table::commits, key::commit(merged));
    raw->commit();
    for (int i = 0; i < 6; ++i) fixture.edit("main");
    fixture.store.delete_version(fixture.key("main"), true).value();
    for (int i = 0; i < 20; ++i) fixture.create("v" + std::to_string(i));
    CHECK(error_of(collect_garbage(fixture.store)) == Errc::corrupt);
}

TEST_CASE("collect: damage to what is to go fails no write, and is told when asked", "[engine]") {
    Fixture fixture({.collect_with_writes = true});
    fixture.create("1");
    const Resource gone = fixture.put("1", parameter("p", "only here"));
    const auto raw = StoreAccess::state(fixture.store).storage().begin_write({});
    std::vector<std::string> keys;
    raw->scan(storage::Table::payload_index, {}, [&](BytesView key, BytesView) {
        keys.emplace_back(key);
        return true;
    });
    REQUIRE(keys.size() == 1);
    raw->erase(storage::Table::payload_index, keys.front());
    raw->commit();
    fixture.store.delete_version(fixture.key("1")).value();
    fixture.create("2");
    fixture.put("2", parameter("q"));
    CHECK(fixture.names("2") == Names{"q"});
    CHECK(error_of(collect_garbage(fixture.store), {"run verify"}) == Errc::corrupt);
}

TEST_CASE("verify: a wrong place in a half dropped commit is found", "[engine]") {
    Held held;
    held.create("1");
    held.put_numbered("1", 0, 100, "text");
    held.store.delete_version(held.key("1")).value();
    REQUIRE(held.collect(2));
    check_is_sound(held.store);
    const auto raw = StoreAccess::state(held.store).storage().begin_write({});
    raw->put(storage::Table::records, key::dropped(2),
             encode_place({.key = content::resource_key(Kind::parameter, "p7")}));
    raw->commit();
    const VerifyReport report = verify(held.store).value();
    REQUIRE_FALSE(report.is_clean());
    CHECK_THAT(report.findings.front().message, Catch::Contains("it only takes space"));
}
