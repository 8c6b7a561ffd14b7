// Goal: whatever goes on beside them in other threads and another process, reads answer what was
// written, held snapshots and leases stay as they are, and nothing is lost or left over. Method:
// two processes of four threads run random commands on one store; each thread has versions of its
// own, which it alone changes, and a model of them. They clone published versions of one another,
// prune history, delete, and collect garbage all the while. At the end all is deleted. COUNT:
// commands.
#include <verso/maintenance.hpp>
#include <verso/store.hpp>

#include "soak/documents.hpp"
#include "soak/soak.hpp"
#include "soak/worker.hpp"
#include "storage/child_process.hpp"
#include "storage/temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

using namespace verso;
using namespace verso::soak;

namespace {

constexpr std::uint64_t processes = 2;
constexpr std::uint64_t threads = 4;
constexpr std::uint64_t names = 20;        // of resources
constexpr std::size_t most_versions = 12;  // of a thread, or the run grows without end

using Content = std::map<std::string, std::string>;  // documents by name

struct Version {
    Content content;
    bool is_published = false;
    std::vector<std::pair<std::uint64_t, Content>> past;  // by commit
};
using Versions = std::map<std::string, Version>;

template <class T>
T must_be_done(Result<T>&& result, const char* what) {
    expect(result.has_value(), result ? "" : std::string(what) + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// One thread: its versions, and what they should hold.
class Player {
public:
    Player(Store store, ConnectionId connection, std::string name, std::uint64_t seed)
        : store_(std::move(store)),
          connection_(connection),
          name_(std::move(name)),
          random_(seed) {}

    void play(std::uint64_t commands) {
        for (std::uint64_t done = 0; done < commands; ++done) command();
        for (const Held& held : held_) check(held);
        held_.clear();
        while (!leased_.empty()) let_go();
        check_all(store_.snapshot().value(), versions_);
        while (!versions_.empty()) remove(versions_.begin()->first);
    }

private:
    /// A snapshot, and what it is to hold for ever.
    struct Held {
        Snapshot snapshot;
        Versions versions;
    };

    /// A lease, and what its commit is to hold for as long as it lasts.
    struct Leased {
        Lease lease;
        Content content;
    };

    void command() {
        if (versions_.size() < 2) return create();
        if (versions_.size() > most_versions) return remove(any_name());
        switch (below(random_, 21)) {
            case 0: return create();
            case 1: return clone_own();
            case 2: return clone_foreign();
            case 3: return publish();
            case 4: return remove(any_name());
            case 5: return hold();
            case 6: return restore();
            case 7: return merge();
            case 8: return ask_twice();
            case 9: return maintain();
            case 10: return keep();
            case 11:
            case 12: return read();
            default: return edit();
        }
    }

    [[nodiscard]] VersionKey key(std::string_view version) const { return {connection_, version}; }
    std::string fresh_name() { return name_ + " " + std::to_string(++made_); }
    std::string any_name() {
        return std::next(versions_.begin(),
                         static_cast<std::ptrdiff_t>(below(random_, versions_.size())))
            ->first;
    }
    /// A draft of its own; none: there is none.
    std::optional<std::string> any_draft() {
        std::vector<std::string> drafts;
        for (const auto& [name, version] : versions_)
            if (!version.is_published) drafts.push_back(name);
        if (drafts.empty()) return std::nullopt;
        return drafts[below(random_, drafts.size())];
    }

    // Commands

    void create() {
        const std::string name = fresh_name();
        must_be_done(store_.create_version(connection_, {.name = name}), "create");
        versions_[name];
    }

    void clone_own() {
        const std::string from = any_name();
        clone(from, versions_[from].content);
    }

    void clone(const std::string& from, const Content& content) {
        const std::string name = fresh_name();
        must_be_done(store_.create_version(connection_, {.name = name, .from_version = from}),
                     "clone");
        versions_[name] = {content, false, {}};
    }

    /// What another thread has published does not change; it may be deleted meanwhile.
    void clone_foreign() {
        const Snapshot snapshot = store_.snapshot().value();
        std::vector<std::string> published;
        for (const ConnectionVersion& each : snapshot.versions(connection_).value())
            if (each.is_published() && !versions_.contains(each.name))
                published.push_back(each.name);
        if (published.empty()) return;
        const std::string& from = published[below(random_, published.size())];
        const std::string name = fresh_name();
        const auto made = store_.create_version(connection_, {.name = name, .from_version = from});
        if (made) {
            versions_[name] = {content_of(snapshot, key(from)), false, {}};
            return;
        }
        expect(made.error().code == Errc::from_version_not_found,
               "clone of another's: " + made.error().message);
    }

    void edit() {
        const auto draft = any_draft();
        if (!draft) return create();
        edit(*draft);
    }

    void edit(const std::string& name) {
        Version& version = versions_[name];
        Content after;
        const auto change = [&](Draft& draft) -> Result<void> {
            after = version.content;  // it may run more than once
            for (std::uint64_t left = 1 + below(random_, 4); left > 0; --left)
                if (auto changed = change_one(draft, after); !changed) return changed;
            return {};
        };
        if (below(random_, 2) == 0)
            must_be_done(store_.edit(key(name), change), "edit");
        else
            must_be_done(store_
                             .submit([&](Transaction& transaction) {
                                 return transaction.edit(key(name), change);
                             })
                             .get(),
                         "submitted edit");
        version.content = std::move(after);
        note(name);
    }

    Result<void> change_one(Draft& draft, Content& content) {
        const std::string name = any_resource();
        const std::uint64_t kind = below(random_, 6);
        if (kind == 0 && content.contains(name)) {
            content.erase(name);
            return draft.erase(Kind::parameter, name);
        }
        std::string new_name = name;
        if (kind == 1 && content.contains(name)) {
            const std::string other = any_resource();
            if (!content.contains(other)) new_name = other;
        }
        const Document document = parameter(
            new_name, std::to_string(below(random_, 50)) + std::string(below(random_, 300), 'x'));
        const auto present = draft.find(Kind::parameter, name).value();
        expect(present.has_value() == content.contains(name), "a draft lacks, or has, " + name);
        const auto put =
            draft.put(Kind::parameter, present ? with_id(*present, document) : document);
        if (!put) return put.error();
        content.erase(name);
        content[new_name] = document.text();
        return {};
    }

    /// The document as one of that very resource, whose name it may change.
    static Document with_id(const Resource& resource, const Document& document) {
        return Document::parse(R"({"id":")" + to_string(resource.id) + R"(",)" +
                               document.text().substr(1))
            .value();
    }

    std::string any_resource() { return "r" + std::to_string(below(random_, names)); }

    /// Keeps what the version holds under its newest commit.
    void note(const std::string& name) {
        Version& version = versions_[name];
        const auto log = store_.snapshot().value().page_log(key(name), {.first = 1}).value();
        expect(!log.items.empty(), "the log of " + name + " is empty");
        version.past.emplace_back(log.items.front().number, version.content);
        if (version.past.size() > 8) version.past.erase(version.past.begin());
    }

    void publish() {
        const auto draft = any_draft();
        if (!draft) return;
        must_be_done(store_.publish(key(*draft)), "publish");
        versions_[*draft].is_published = true;
    }

    void remove(const std::string& name) {
        must_be_done(store_.delete_version(key(name), true), "delete");
        versions_.erase(name);
    }

    /// Takes a draft back to what it held, if that commit is still kept.
    void restore() {
        const auto draft = any_draft();
        if (!draft || versions_[*draft].past.empty()) return;
        Version& version = versions_[*draft];
        const auto [commit, content] = version.past[below(random_, version.past.size())];
        const auto restored = store_.restore(key(*draft), commit);
        if (!restored) {
            expect(restored.error().code == Errc::commit_not_found,
                   "restore: " + restored.error().message);
            return;
        }
        version.content = content;
        note(*draft);
    }

    /// What a clone alone has changed comes back by a merge.
    void merge() {
        const auto draft = any_draft();
        if (!draft) return;
        clone(*draft, versions_[*draft].content);
        const std::string changed = name_ + " " + std::to_string(made_);
        edit(changed);
        const auto report = must_be_done(store_.merge(key(*draft), key(changed)), "merge");
        expect(report.outcome != MergeOutcome::conflicted, "a merge of one side has conflicts");
        versions_[*draft].content = versions_[changed].content;
        note(*draft);
        remove(changed);
    }

    /// A write with a request id is done once.
    void ask_twice() {
        const std::string name = fresh_name();
        for (const bool is_repeated : {false, true}) {
            const auto done = must_be_done(
                store_.write_once("request " + name,
                                  [&](Transaction& transaction) -> Result<std::string> {
                                      const auto made =
                                          transaction.create_version(connection_, {.name = name});
                                      if (!made) return made.error();
                                      return made->name;
                                  }),
                "write once");
            expect(done.is_repeated == is_repeated && done.answer == name,
                   "a request was done twice, or not");
        }
        versions_[name];
    }

    void maintain() {
        if (below(random_, 4) == 0) must_be_done(collect_garbage(store_), "collect");
        must_be_done(bytes_only_here(store_, key(any_name())), "measure");
    }

    void hold() {
        if (held_.size() < 2) {
            held_.push_back({store_.snapshot().value(), versions_});
        } else {
            check(held_.front());
            held_.pop_front();
        }
    }

    void keep() {
        if (leased_.size() > 2) return let_go();
        const std::string name = any_name();
        const auto lease = must_be_done(
            store_.take_lease(key(name), std::chrono::hours(24), "player " + name_), "lease");
        leased_.push_back({lease, versions_[name].content});
    }

    /// Looks at what the oldest lease keeps, makes a version of it perhaps, and ends it.
    void let_go() {
        const auto [lease, content] = leased_.front();
        leased_.pop_front();
        expect(content_of(store_.snapshot().value(), lease.key()) == content,
               "lease of commit " + std::to_string(lease.commit) + " holds something else");
        if (below(random_, 2) == 0) {
            const std::string name = fresh_name();
            must_be_done(
                store_.create_version(connection_, {.name = name, .from_commit = lease.commit}),
                "clone of a lease");
            versions_[name] = {content, false, {}};
        }
        must_be_done(store_.renew_lease(lease.id, std::chrono::hours(1)), "renew");
        must_be_done(store_.end_lease(lease.id), "end of a lease");
    }

    void read() {
        const std::string name = any_name();
        check(store_.snapshot().value(), name, versions_[name]);
    }

    // Checks

    [[nodiscard]] static Content content_of(const Reader& reader, const VersionKey& key) {
        Content content;
        must_be_done(reader.each_resource(key, Kind::parameter,
                                          [&](const ResourceView& resource) {
                                              content.emplace(resource.name, resource.document);
                                              return true;
                                          }),
                     "read");
        return content;
    }

    void check(const Reader& reader, const std::string& name, const Version& version) const {
        expect(content_of(reader, key(name)) == version.content, name + " holds something else");
        const auto described = must_be_done(reader.version(key(name)), "describe");
        expect(described.is_published() == version.is_published,
               name + " is published, or not, against expectation");
    }

    void check_all(const Reader& reader, const Versions& versions) const {
        for (const auto& [name, version] : versions) check(reader, name, version);
    }

    void check(const Held& held) const {
        check_all(held.snapshot, held.versions);
        for (const auto& [name, version] : versions_)
            if (!held.versions.contains(name))
                expect(!held.snapshot.find_version(key(name)).value(),
                       "an old snapshot sees " + name + ", which is newer");
    }

    Store store_;
    ConnectionId connection_;
    std::string name_;
    Random random_;
    Versions versions_;
    std::deque<Held> held_;
    std::deque<Leased> leased_;
    std::uint64_t made_ = 0;
};

Options options() { return {.durability = Durability::none, .history = {.max_commits = 5}}; }

/// Runs the threads of one process; answers what the first of them found, if anything.
std::string play(const std::filesystem::path& path, ConnectionId connection, std::uint64_t process,
                 const Plan& plan) {
    const Store store = Store::open(path, options()).value();
    std::mutex mutex;
    std::string found;
    std::vector<std::thread> players;
    for (std::uint64_t thread = 0; thread < threads; ++thread)
        players.emplace_back([&, thread] {
            const std::string name = "p" + std::to_string(process) + "t" + std::to_string(thread);
            try {
                Player(store, connection, name, plan.seed + process * threads + thread)
                    .play(plan.count / (processes * threads));
            } catch (const std::exception& broken) {
                const std::lock_guard lock(mutex);
                if (found.empty()) found = name + ": " + broken.what();
            }
        });
    for (std::thread& player : players) player.join();
    return found;
}

std::string hold_to_models(const Plan& plan) {
    const storage::TemporaryFolder folder;
    const auto path = folder / "soak.verso";
    const ConnectionId connection = [&] {
        Store store = Store::open(path, options()).value();
        store.set_quota({}, Quota{}).value();  // for what there is to be counted
        return store.create_connection({}, {.name = "Soak"}).value().id;
    }();
    std::vector<std::unique_ptr<storage::ChildProcess>> children;
    for (std::uint64_t process = 0; process < processes; ++process)
        children.push_back(std::make_unique<storage::ChildProcess>(
            [&, process] { return play(path, connection, process, plan); }));
    for (const auto& child : children) {
        const storage::Ended ended = child->wait();
        expect(ended.signal == 0, "a process was ended by signal " + std::to_string(ended.signal));
        expect(ended.report.empty(), ended.report);
    }
    Store store = Store::open(path, options()).value();
    must_be_done(collect_garbage(store), "collect");
    check_sound(store);
    const StoreStats left = stat(store).value();
    expect(left.versions + left.commits + left.payloads + left.payload_chunks + left.node_chunks +
                   left.leases ==
               0,
           "something is left when all is deleted");
    const OrganisationUsage counted = store.snapshot().value().usage({}).value();
    expect(counted.versions + counted.resources + counted.unique_bytes == 0,
           "something is counted when all is deleted");
    char text[200];
    std::snprintf(text, sizeof text,
                  "%llu commands of %llu threads in %llu processes; nothing left of them, file "
                  "%.1f MB",
                  static_cast<unsigned long long>(plan.count),
                  static_cast<unsigned long long>(processes * threads),
                  static_cast<unsigned long long>(processes),
                  static_cast<double>(left.file_bytes) / 1e6);
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    return run(argc, argv, less_if_sanitized(400'000, 15'000), hold_to_models);
}
