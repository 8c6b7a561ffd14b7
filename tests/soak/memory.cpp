// Goal: whichever allocation fails, the call that needed it throws std::bad_alloc or answers an
// error, the store is as it was before, nothing is lost of the process, and the same call then does
// its work.
// Method: each of a list of calls is made on a store of its own, again and again, of which each
// time another allocation fails, once: those of LMDB and OpenSSL too, but under a sanitizer, which
// allocates for itself. COUNT: the most allocations of one call that are tried.
#include <verso/bundle.hpp>
#include <verso/http.hpp>
#include <verso/maintenance.hpp>
#include <verso/openapi.hpp>
#include <verso/store.hpp>
#include <verso/sync.hpp>

#include "soak/documents.hpp"
#include "soak/refused_allocations.hpp"
#include "soak/soak.hpp"
#include "soak/worker.hpp"
#include "storage/child_process.hpp"
#include "storage/temporary_folder.hpp"

#include <atomic>
#include <csignal>
#include <functional>
#include <future>
#include <iterator>
#include <new>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

using namespace verso;
using namespace verso::soak;

namespace {

/// What a call is made on.
struct Subject {
    Store& store;
    ConnectionId connection;
    const std::filesystem::path& folder;   // for new files
    const std::filesystem::path& another;  // a store that nobody has open

    [[nodiscard]] VersionKey key(std::string_view version) const { return {connection, version}; }
};

struct Call {
    const char* name;
    std::function<Result<void>(const Subject&)> make;
    /// Whether it may fail and have done its work, or a part of it.
    bool may_have_written = false;
    /// Of so many allocations one is refused: calls that make stores of their own take long.
    std::uint64_t stride = 1;
};

template <class T>
Result<void> discarded(const Result<T>& result) {
    if (!result) return result.error();
    return {};
}

Document json(std::string_view text) { return Document::parse(text).value(); }

const std::string openapi =
    R"({"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/pets/{id}":{"get":{)"
    R"("operationId":"getPet","parameters":[{"name":"id","in":"path","required":true,)"
    R"("schema":{"type":"string"}}],"responses":{"200":{"description":"ok","content":)"
    R"({"application/json":{"schema":{"$ref":"#/components/schemas/Pet"}}}}}}}},)"
    R"("components":{"schemas":{"Pet":{"type":"object"}}}})";

Result<void> edit_much(Draft& draft) {
    for (int i = 0; i < 3; ++i) {
        const auto put = draft.put(Kind::parameter, parameter("new-" + std::to_string(i), "new"));
        if (!put) return put.error();
    }
    return draft.erase(Kind::parameter, "old");
}

/// Checks without an allocation refused.
void check_sound_meanwhile(const Store& store) {
    const std::uint64_t left = std::exchange(refused_allocation, 0);
    check_sound(store);
    refused_allocation = left;
}

/// Makes a call that writes into a store of its own, which is sound whatever comes of it.
template <class Write>
Result<void> into_another_store(const Write& write) {
    auto other = Store::temporary({.durability = Durability::none});
    if (!other) return discarded(other);
    try {
        Result<void> written = write(*other);
        check_sound_meanwhile(*other);
        return written;
    } catch (const std::bad_alloc&) {
        check_sound_meanwhile(*other);
        throw;
    }
}

Result<void> move_as_bundle(const Subject& on, Store& other) {
    std::string bundle;
    const auto exported =
        export_bundle(on.store, on.connection, [&](std::string_view bytes) -> Result<void> {
            bundle += bytes;
            return {};
        });
    if (!exported) return exported.error();
    std::istringstream in(bundle);
    return discarded(import_bundle(other, [&](std::span<char> out) -> Result<std::size_t> {
        in.read(out.data(), static_cast<std::streamsize>(out.size()));
        return static_cast<std::size_t>(in.gcount());
    }));
}

Result<void> answered(const Subject& on, std::string_view method, std::string_view rest,
                      std::string_view body = {}) {
    const http::Adapter adapter(on.store, {.authenticator = [](const auto&) {
                                    return http::Principal{.is_member_of_all = true};
                                }});
    const std::string target = "/o/00000000-0000-0000-0000-000000000000/connections/" +
                               to_string(on.connection) + std::string(rest);
    const http::Response response =
        adapter.handle({.method = method,
                        .target = target,
                        .headers = {{"Content-Type", "application/json"}, {"Cookie", "cookie=c"}},
                        .body = body});
    if (response.status < 300) return {};
    return Error{Errc::io_failed, response.body, {}};
}

/// What readers are told of a connection with two versions.
Result<std::string> told(const Subject& on) {
    const auto snapshot = on.store.snapshot();
    if (!snapshot) return snapshot.error();
    std::string told;
    const auto tell = [&](const auto& result, const auto& write) -> Result<void> {
        if (!result) return result.error();
        write(*result);
        return {};
    };
    const auto count = [&](const auto& items) { told += std::to_string(items.size()) + ' '; };
    const auto names = [&](const auto& page) {
        for (const auto& item : page.items) told += item.resource.name + ' ';
    };
    for (const Result<void>& done :
         {tell(snapshot->connection(on.connection), [&](const auto& it) { told += it.name; }),
          tell(snapshot->find_connection({}, "Soak"),
               [&](const auto& it) { told += it ? to_string(it->id) : "none"; }),
          tell(snapshot->page_connections({}, {}),
               [&](const auto& page) { told += std::to_string(page.total_count); }),
          tell(snapshot->usage({}), [&](const auto& it) { told += std::to_string(it.resources); }),
          tell(snapshot->leases(on.connection), count),
          tell(snapshot->lineage(on.connection), count),
          tell(snapshot->page_versions(on.connection, {}),
               [&](const auto& page) { count(page.items); }),
          tell(snapshot->find_resource(on.key("ours"), Kind::parameter, "both"),
               [&](const auto& it) { told += it ? it->document.text() : "none"; }),
          tell(snapshot->page_resources(on.key("theirs"), Kind::parameter, {.name = "d"}), names),
          tell(snapshot->page_changes(on.key("ours"), on.key("theirs"), {}),
               [&](const auto& page) { count(page.items); }),
          tell(snapshot->summarize_changes(on.key("ours"), on.key("theirs")), count),
          tell(snapshot->preview_merge(on.key("ours"), on.key("theirs")),
               [&](const auto& report) { count(report.conflicts); }),
          tell(snapshot->page_log(on.key("theirs"), {}),
               [&](const auto& page) { count(page.items); })})
        if (!done) return done.error();
    return told;
}

/// Reads what can be read: all of it, or an error.
Result<void> read_as_at_first(const Subject& on) {
    const std::uint64_t at = std::exchange(refused_allocation, 0);
    const std::string at_first = told(on).value();
    refused_allocation = at;
    const Result<std::string> now = told(on);
    if (now) expect(*now == at_first, "read " + *now + " for " + at_first);
    return discarded(now);
}

std::vector<Call> calls() {
    return {
        {"create_connection",
         [](const Subject& on) {
             return discarded(on.store.create_connection({}, {.name = "Another"}));
         }},
        {"create_version",
         [](const Subject& on) {
             return discarded(
                 on.store.create_version(on.connection, {.name = "clone", .from_version = "ours"}));
         }},
        {"edit",
         [](const Subject& on) { return discarded(on.store.edit(on.key("ours"), edit_much)); }},
        {"put",
         [](const Subject& on) {
             return discarded(
                 on.store.put(on.key("ours"), Kind::example, "x", json(R"({"a":[1.10]})")));
         }},
        {"submit",
         [](const Subject& on) {
             return on.store
                 .submit([&](Transaction& transaction) {
                     return discarded(transaction.edit(on.key("ours"), edit_much));
                 })
                 .get();
         }},
        {"merge",
         [](const Subject& on) {
             return discarded(on.store.merge(on.key("ours"), on.key("theirs"),
                                             {.policy = MergePolicy::theirs()}));
         }},
        {"restore", [](const Subject& on) { return discarded(on.store.undo(on.key("theirs"))); }},
        {"import_openapi",
         [](const Subject& on) {
             return discarded(
                 import_openapi(on.store, on.connection, {.name = "imported"}, openapi));
         }},
        {"publish", [](const Subject& on) { return discarded(on.store.publish(on.key("ours"))); }},
        {"delete_version",
         [](const Subject& on) { return on.store.delete_version(on.key("theirs")); }},
        {"delete_connection",
         [](const Subject& on) { return on.store.delete_connection(on.connection, true); }},
        {"collect_garbage", [](const Subject& on) { return discarded(collect_garbage(on.store)); },
         true},
        {"write of two things",
         [](const Subject& on) {
             return on.store.write([&](Transaction& transaction) -> Result<void> {
                 auto edited = discarded(transaction.edit(on.key("ours"), edit_much));
                 if (!edited) return edited;
                 return discarded(transaction.create_version(on.connection, {.name = "more"}));
             });
         }},
        {"compare",
         [](const Subject& on) {
             const auto snapshot = on.store.snapshot();
             if (!snapshot) return discarded(snapshot);
             return discarded(snapshot->compare(on.key("ours"), on.key("theirs")));
         }},
        {"verify", [](const Subject& on) { return discarded(verify(on.store)); }},
        {"pick",
         [](const Subject& on) {
             return discarded(on.store.pick(on.key("ours"), on.key("theirs"),
                                            {.resources = {{Kind::parameter, "added"}}}));
         }},
        {"write_once",
         [](const Subject& on) {
             return discarded(on.store.write_once(
                 "request", [&](Transaction& transaction) -> Result<std::string> {
                     const auto edited = transaction.edit(on.key("ours"), edit_much);
                     if (!edited) return edited.error();
                     return std::string("done");
                 }));
         }},
        {"take_lease",
         [](const Subject& on) {
             return discarded(on.store.take_lease(on.key("ours"), std::chrono::hours{1}, "soak"));
         }},
        {"set_quota",
         [](const Subject& on) { return on.store.set_quota({}, Quota{.max_resources = 1'000}); }},
        {"push",
         [](const Subject& on) {
             return into_another_store(
                 [&](Store& other) { return discarded(push(on.store, other, on.connection)); });
         },
         false, 8},
        {"bundle",
         [](const Subject& on) {
             return into_another_store([&](Store& other) { return move_as_bundle(on, other); });
         },
         false, 8},
        {"backup",
         [](const Subject& on) { return discarded(backup(on.store, on.folder / "copy")); }},
        {"salvage",
         [](const Subject& on) { return discarded(salvage(on.store.path(), on.folder / "saved")); },
         false, 16},
        {"export_openapi",
         [](const Subject& on) {
             const auto snapshot = on.store.snapshot();
             if (!snapshot) return discarded(snapshot);
             return discarded(export_openapi(*snapshot, on.key("ours")));
         }},
        {"PUT",
         [](const Subject& on) {
             return answered(on, "PUT", "/versions/ours/parameters/old",
                             R"({"name":"old","in":"query","required":true,"type":"string"})");
         },
         true},
        {"GET",
         [](const Subject& on) {
             return answered(on, "GET", "/versions/ours/parameters?first=5");
         }},
        {"open",
         [](const Subject& on) {
             const Result<Store> store =
                 Store::open(on.another, {.create = false, .durability = Durability::none});
             if (!store) return discarded(store);
             return discarded(store->snapshot());
         }},
        {"read", read_as_at_first},
        {"changes of what is there",
         [](const Subject& on) {
             return on.store.write([&](Transaction& transaction) -> Result<void> {
                 for (const Result<void>& done :
                      {discarded(transaction.update_connection(on.connection, "Renamed", {})),
                       transaction.set_history_limits(on.connection, HistoryLimits{}),
                       discarded(transaction.update_version(on.key("ours"), {.name = "mine"})),
                       discarded(transaction.publish(on.key("mine"))),
                       discarded(transaction.update_version(on.key("mine"), {.is_default = true})),
                       discarded(transaction.unpublish(on.key("mine")))})
                     if (!done) return done;
                 return {};
             });
         }},
        {"a lease from first to last",
         [](const Subject& on) {
             return on.store.write([&](Transaction& transaction) -> Result<void> {
                 const auto lease =
                     transaction.take_lease(on.key("ours"), std::chrono::hours{1}, "soak");
                 if (!lease) return discarded(lease);
                 const auto renewed = transaction.renew_lease(lease->id, std::chrono::hours{2});
                 if (!renewed) return discarded(renewed);
                 return transaction.end_lease(lease->id);
             });
         }},
        {"erase",
         [](const Subject& on) { return on.store.erase(on.key("ours"), Kind::parameter, "old"); }},
        {"bytes_only_here",
         [](const Subject& on) { return discarded(bytes_only_here(on.store, on.key("ours"))); }},
        {"stat", [](const Subject& on) { return discarded(stat(on.store)); }},
        {"backup to a stream",
         [](const Subject& on) {
             return discarded(
                 backup(on.store, [](std::string_view) -> Result<void> { return {}; }));
         }},
    };
}

/// All that a reader finds.
struct Everything {
    explicit Everything(const Store& store) {
        const Snapshot snapshot = store.snapshot().value();
        connections = snapshot.connections({}).value();
        for (const Connection& connection : connections)
            for (const ConnectionVersion& version : snapshot.versions(connection.id).value()) {
                versions.push_back(version);
                digests.push_back(snapshot.digest({connection.id, version.name}).value());
            }
    }
    friend bool operator==(const Everything&, const Everything&) = default;

    std::vector<Connection> connections;
    std::vector<ConnectionVersion> versions;
    std::vector<Digest> digests;
};

/// A store in which there is something to be done by each call.
ConnectionId create(const std::filesystem::path& path) {
    Store store = Store::open(path, {.durability = Durability::none}).value();
    const ConnectionId connection = store.create_connection({}, {.name = "Soak"}).value().id;
    const auto put = [&](std::string_view version, std::string_view name, std::string_view text) {
        store.put({connection, version}, Kind::parameter, parameter(name, text)).value();
    };
    store.create_version(connection, {.name = "ours"}).value();
    put("ours", "old", "base");
    put("ours", "both", "base");
    store.create_version(connection, {.name = "theirs", .from_version = "ours"}).value();
    put("ours", "both", "ours");
    put("theirs", "both", "theirs");
    put("theirs", "added", "theirs");
    store.create_version(connection, {.name = "gone", .from_version = "theirs"}).value();
    put("gone", "more", "garbage");
    store.delete_version({connection, "gone"}).value();
    return connection;
}

/// Whether this thread takes no signals.
bool blocks_signals() {
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    return sigismember(&blocked, SIGTERM) == 1;
}

/// What came of a call.
struct Outcome {
    bool is_done = false;
    std::optional<Error> error = {};  // none: it threw std::bad_alloc, or is done
    bool was_refused = false;         // whether it came to the allocation to be refused
};

/// Makes the call while an allocation is refused.
Outcome make_refused(const Call& call, const Subject& on, std::uint64_t at) {
    Outcome outcome;
    refused_allocation = at;
    try {
        Result<void> result = call.make(on);
        outcome.is_done = result.has_value();
        if (!result) outcome.error = std::move(result).error();
    } catch (const std::bad_alloc&) {
        outcome.is_done = false;
    }
    outcome.was_refused = refused_allocation == 0;
    refused_allocation = 0;
    return outcome;
}

/// Tries the allocations of a call; answers how many it tried.
std::uint64_t exhaust(const Call& call, const std::string& beginning,
                      const std::filesystem::path& path, const std::filesystem::path& another,
                      ConnectionId connection, std::uint64_t most, Random& random) {
    std::uint64_t refused = 0;
    for (std::uint64_t at = 1 + random() % call.stride; at <= most; at += call.stride) {
        write_store(path, beginning);
        Store store = Store::open(path, {.durability = Durability::none,
                                         .observer = std::make_shared<Observer>()})
                          .value();
        const storage::TemporaryFolder folder;
        const Subject on{store, connection, folder.path(), another};
        const std::string where =
            std::string(call.name) + ", refused allocation " + std::to_string(at) + ": ";
        const Everything before(store);
        const Outcome outcome = make_refused(call, on, at);
        expect(!blocks_signals(), where + "the thread takes no more signals");
        if (!outcome.is_done) {
            expect(outcome.was_refused, where + "the call fails by itself");
            expect(call.may_have_written || Everything(store) == before,
                   where + "the call failed and changed something");
            expect(!outcome.error || outcome.error->code != Errc::corrupt,
                   where + "want of memory is taken for damage: " +
                       (outcome.error ? outcome.error->message : std::string()));
            expect(std::filesystem::is_empty(folder.path()),
                   where + "the call failed and left a file");
            const auto again = call.make(on);
            expect(again.has_value(), where + "the call fails for ever: " +
                                          (again ? std::string() : again.error().message));
        }
        check_sound(store);
        if (!outcome.was_refused) break;
        ++refused;
    }
    return refused;
}

/// Lets a thread write, and the store's own write what is submitted, while of their allocations one
/// in so many is refused; answers how many writes failed.
std::uint64_t refuse_to_groups(std::uint64_t one_in) {
    constexpr int each = 20;
    Store store = Store::temporary({.observer = std::make_shared<Observer>()}).value();
    const ConnectionId connection = store.create_connection({}, {.name = "Soak"}).value().id;
    store.create_version(connection, {.name = "1"}).value();
    const auto put = [&](const std::string& name) {
        return [name, key = VersionKey{connection, "1"}](Transaction& transaction) {
            return discarded(transaction.edit(key, [&](Draft& draft) {
                return discarded(draft.put(Kind::parameter, parameter(name, "soak")));
            }));
        };
    };
    std::atomic<std::uint64_t> done = 0;
    const auto count = [&](const auto& write) {
        try {
            if (write().has_value()) ++done;
        } catch (const std::bad_alloc&) {
        }
    };
    std::promise<void> begins;
    std::thread writer([&] {
        begins.get_future().wait();
        for (int i = 0; i < each; ++i)
            count([&] { return store.write(put("written-" + std::to_string(i))); });
    });
    refused_one_in = one_in;
    begins.set_value();
    std::vector<std::future<Result<void>>> submitted;
    for (int i = 0; i < each; ++i)
        submitted.push_back(store.submit(put("submitted-" + std::to_string(i))));
    for (auto& future : submitted) count([&] { return future.get(); });
    writer.join();
    refused_one_in = 0;
    store.submit(put("last")).get().value();
    const std::uint64_t there =
        store.snapshot().value().count_resources({connection, "1"}, Kind::parameter).value();
    expect(there == done + 1, "of " + std::to_string(done) + " writes of groups there are " +
                                  std::to_string(there - 1));
    check_sound(store);
    return 2 * each - done;
}

/// Opens a store in processes that have not used the library before, each of which has another of
/// its allocations refused; answers how many had.
std::uint64_t refuse_to_processes(const std::filesystem::path& path) {
    for (std::uint64_t at = 1;; ++at) {
        const storage::Ended process = storage::in_child([&] {
            refused_allocation = at;
            try {
                static_cast<void>(Store::open(path, {.create = false}));
            } catch (const std::bad_alloc&) {
            }
            const bool was_refused = refused_allocation == 0;
            refused_allocation = 0;
            return std::string(was_refused ? "refused" : "done");
        });
        if (process.report == "done") return at - 1;
        expect(process.report == "refused",
               "a process ended whose first use of the library had "
               "allocation " +
                   std::to_string(at) + " refused");
    }
}

std::string refuse_memory(const Plan& plan) {
    const storage::TemporaryFolder folder;
    const std::filesystem::path another = folder / "another.verso";
    static_cast<void>(storage::in_child([&] {
        create(another);
        return std::string();
    }));
    Random random(plan.seed);
    std::uint64_t count = refuse_to_processes(another);

    const std::filesystem::path path = folder / "run.verso";
    const ConnectionId connection = create(path);
    const std::string beginning = read_file(path);
    for (const Call& call : calls())
        count += exhaust(call, beginning, path, another, connection, plan.count, random);
    expect(count > 1'000, "hardly anything was allocated, so nothing was tried");

    is_spared = true;
    std::uint64_t failed = 0;
    for (std::uint64_t round = 0; round < less_if_sanitized(20, 5); ++round)
        for (const std::uint64_t one_in : {331U, 101U, 53U, 29U, 17U, 11U, 7U, 5U, 3U, 2U})
            failed += refuse_to_groups(one_in + below(random, one_in));
    expect(failed > 0, "all writes of groups were done, so nothing was tried");
    return std::to_string(count) + " allocations of " + std::to_string(calls().size()) +
           " calls and of the first in a process, each refused once; the store was as before, and "
           "went on; " +
           std::to_string(failed) + " writes of groups failed, and the next went on";
}

}  // namespace

int main(int argc, char** argv) { return run(argc, argv, 5'000, refuse_memory); }
