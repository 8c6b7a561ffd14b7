// Goal: what threads write at once goes to the disk together, and nobody notices but by the time it
// takes: each change is all there or not at all, whatever becomes of its neighbours.
// Method: a storage that counts commits and fails when told to; a first change that ends only when
// all the others wait behind it, so that they are of one group.
#include <verso/maintenance.hpp>

#include "engine/counting_storage.hpp"
#include "engine/fixture.hpp"
#include "engine/group_commit.hpp"
#include "storage/expectations.hpp"
#include "storage/lmdb/lmdb_storage.hpp"
#include "storage/temporary_folder.hpp"

#include <atomic>
#include <exception>
#include <thread>

using namespace verso;
using namespace verso::engine;
using storage::get;
using storage::Table;
using Origin = GroupCommit::Origin;

namespace {

struct Grouped {
    Calls calls{};
    verso::storage::TemporaryFolder folder{};
    CountingStorage storage{
        verso::storage::open_lmdb({.path = folder / "store.verso",
                                   .map_size_bytes = 1U << 28U,
                                   .durability = verso::storage::Durability::none}),
        calls};
    std::vector<std::uint64_t> told{};  ///< Of each group: how many changes were stored.
    GroupCommit writing{storage,
                        [this](const std::optional<GroupCommit::Facts>& facts) {
                            told.push_back(facts ? facts->changes : 0);
                            return std::function<void()>();
                        },
                        std::chrono::hours{1}};

    /// Runs the changes at once, as one group, if the storage lets them: they begin in this order,
    /// while the first one goes on. Answers what each of them failed with.
    std::vector<std::exception_ptr> run(
        const std::vector<std::pair<Origin, GroupCommit::Change>>& changes) {
        std::vector<std::exception_ptr> failures(changes.size());
        std::vector<std::thread> threads;
        std::atomic<bool> has_begun = false;
        std::atomic<bool> go_on = false;
        for (std::size_t at = 0; at < changes.size(); ++at) {
            threads.emplace_back([&, at] {
                const GroupCommit::Change change =
                    [&](verso::storage::WriteTransaction& transaction) {
                        has_begun = true;
                        while (!go_on) std::this_thread::yield();
                        changes[at].second(transaction);
                    };
                try {
                    writing.run(change, changes[at].first);
                } catch (...) {
                    failures[at] = std::current_exception();
                }
            });
            while (!has_begun || writing.waiting() < at) std::this_thread::yield();
        }
        go_on = true;
        for (std::thread& thread : threads) thread.join();
        return failures;
    }

    [[nodiscard]] std::string value() { return get(storage, "key").value_or("nothing"); }
};

/// Appends to what is under "key".
GroupCommit::Change append(const std::string& text) {
    return [text](storage::WriteTransaction& transaction) {
        std::string value(transaction.find(Table::records, "key").value_or(""));
        transaction.put(Table::records, "key", value + text);
    };
}

/// Changes something, and fails.
GroupCommit::Change failing(Errc code) {
    return [code](storage::WriteTransaction& transaction) {
        transaction.put(Table::records, "key", "trace");
        fail(code, "as told");
    };
}

Errc code_of(const std::exception_ptr& failure) {
    REQUIRE(failure);
    try {
        std::rethrow_exception(failure);
    } catch (const Failure& its) {
        return its.error.code;
    }
}

}  // namespace

TEST_CASE("group commit: those who wait are committed together, in the order they came",
          "[engine][threads]") {
    Grouped grouped;
    const Origin origin = GENERATE(Origin::host, Origin::library);
    const auto failures = grouped.run({{origin, append("a")},
                                       {origin, append("b")},
                                       {Origin::library, append("c")},
                                       {Origin::host, append("d")},
                                       {origin, append("e")}});
    for (const auto& failure : failures) CHECK_FALSE(failure);
    CHECK(grouped.value() == "abcde");
    CHECK(grouped.calls.commits == 1);
}

TEST_CASE("group commit: what is submitted is committed together, in order", "[engine][threads]") {
    Grouped grouped;
    constexpr std::uint64_t changes = 26;
    std::atomic<bool> go_on = false;
    std::atomic<std::uint64_t> done = 0;
    std::atomic<bool> has_failed = false;
    const auto submit = [&](const GroupCommit::Change& change) {
        grouped.writing.submit(change, [&](const std::exception_ptr& failure) {
            if (failure) has_failed = true;
            ++done;
        });
    };
    submit([&](storage::WriteTransaction& transaction) {
        while (!go_on) std::this_thread::yield();
        append("a")(transaction);
    });
    for (std::uint64_t at = 1; at < changes; ++at)
        submit(append(std::string(1, static_cast<char>('a' + at))));
    go_on = true;
    while (done < changes) std::this_thread::yield();
    CHECK_FALSE(has_failed);
    CHECK(grouped.value() == "abcdefghijklmnopqrstuvwxyz");
    CHECK(grouped.told == std::vector<std::uint64_t>{changes});
}

TEST_CASE("group commit: a change that fails leaves no trace and fails nobody else",
          "[engine][threads]") {
    Grouped grouped;
    const Origin origin = GENERATE(Origin::host, Origin::library);
    const std::size_t at = GENERATE(0U, 1U, 3U);
    std::vector<std::pair<Origin, GroupCommit::Change>> changes{
        {Origin::host, append("a")}, {Origin::library, append("b")}, {Origin::host, append("c")}};
    changes.insert(changes.begin() + static_cast<std::ptrdiff_t>(at),
                   {origin, failing(Errc::name_taken)});
    const auto failures = grouped.run(changes);
    for (std::size_t each = 0; each < failures.size(); ++each)
        if (each != at) CHECK_FALSE(failures[each]);
    CHECK(code_of(failures[at]) == Errc::name_taken);
    if (origin == Origin::host && at > 0) CHECK(grouped.calls.commits == 1);
    CHECK_THAT(grouped.value(), Catch::Contains("a") && Catch::Contains("b") &&
                                    Catch::Contains("c") && !Catch::Contains("trace"));
    CHECK(grouped.value().size() == 3);
}

TEST_CASE("group commit: what found no room beside others runs again alone", "[engine][threads]") {
    Grouped grouped;
    int runs = 0;
    const auto picky = [&](storage::WriteTransaction& transaction) {
        if (++runs == 1) fail(Errc::store_full, "together with others");
        append("b")(transaction);
    };
    const Origin origin = GENERATE(Origin::host, Origin::library);
    const auto failures = grouped.run(
        {{Origin::library, append("a")}, {origin, picky}, {Origin::library, append("c")}});
    for (const auto& failure : failures) CHECK_FALSE(failure);
    CHECK(runs == 2);
    CHECK(grouped.value() == "abc");
    CHECK(grouped.calls.commits == 3);
}

TEST_CASE("group commit: what finds no room alone fails", "[engine][threads]") {
    Grouped grouped;
    const auto failures = grouped.run({{Origin::library, append("a")},
                                       {Origin::host, failing(Errc::store_full)},
                                       {Origin::library, append("c")}});
    CHECK(code_of(failures[1]) == Errc::store_full);
    CHECK(grouped.value() == "ac");
}

TEST_CASE("group commit: a commit that lacks room is tried for each alone", "[engine][threads]") {
    Grouped grouped;
    int commits = 0;
    grouped.storage.before_commit([&] {
        // The first is the group's; then that of the second member does not fit by itself either.
        if (const int now = ++commits; now == 1 || now == 3) fail(Errc::disk_full, "as told");
    });
    const auto failures = grouped.run({{Origin::library, append("a")},
                                       {Origin::host, append("b")},
                                       {Origin::library, append("c")}});
    CHECK_FALSE(failures[0]);
    CHECK(code_of(failures[1]) == Errc::disk_full);
    CHECK_FALSE(failures[2]);
    CHECK(grouped.value() == "ac");
    CHECK(grouped.told == std::vector<std::uint64_t>{0, 1, 0, 1});
}

TEST_CASE("group commit: a commit that fails otherwise fails for all, and the next goes on",
          "[engine][threads]") {
    Grouped grouped;
    grouped.storage.before_commit([] { fail(Errc::io_failed, "as told"); });
    const auto failures = grouped.run({{Origin::library, append("a")},
                                       {Origin::host, append("b")},
                                       {Origin::library, append("c")}});
    for (const auto& failure : failures) CHECK(code_of(failure) == Errc::io_failed);
    CHECK(grouped.value() == "nothing");
    grouped.storage.before_commit([] {});
    grouped.writing.run(append("d"), Origin::library);
    CHECK(grouped.value() == "d");
    CHECK(grouped.told == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("group commit: a host's change runs on its own thread", "[engine][threads]") {
    Grouped grouped;
    std::vector<std::thread::id> ran(3);
    const auto note_thread = [&](std::size_t at) {
        return std::pair(Origin::host, GroupCommit::Change([&ran, at](storage::WriteTransaction&) {
                             ran[at] = std::this_thread::get_id();
                         }));
    };
    const auto failures = grouped.run({note_thread(0), note_thread(1), note_thread(2)});
    CHECK(grouped.calls.commits == 1);
    CHECK(ran[0] != ran[1]);
    CHECK(ran[1] != ran[2]);
    CHECK(ran[0] != ran[2]);
}

TEST_CASE("group commit: one within another is refused, also on a thread that does not lead",
          "[engine][threads]") {
    Grouped grouped;
    const auto nested = [&](storage::WriteTransaction&) {
        grouped.writing.run(append("b"), Origin::library);
    };
    const auto failures = grouped.run(
        {{Origin::host, append("a")}, {Origin::host, nested}, {Origin::host, append("c")}});
    CHECK(code_of(failures[1]) == Errc::nested_write);
    CHECK(grouped.value() == "ac");
    CHECK(storage::failure_of([&] {
              grouped.writing.run(nested, Origin::host);
              return 0;
          })->code == Errc::nested_write);
}

TEST_CASE("group commit: many threads lose no change, and keep none that failed",
          "[engine][threads]") {
    Fixture fixture;
    constexpr int threads = 16;
    constexpr int edits = 40;
    const std::vector<std::string> versions{"1", "2", "3", "4"};
    for (const std::string& version : versions) fixture.create(version);
    std::vector<std::thread> writers;
    std::atomic<int> unexpected = 0;
    std::vector<std::atomic<std::size_t>> kept(versions.size());
    for (int thread = 0; thread < threads; ++thread)
        writers.emplace_back([&, thread] {
            const std::size_t at = static_cast<std::size_t>(thread) % versions.size();
            const VersionKey version = fixture.key(versions[at]);
            for (int i = 0; i < edits; ++i) {
                const Document document =
                    parameter(std::to_string(thread) + '-' + std::to_string(i));
                const bool fails = i % 5 == 4;
                const auto edit = [&](Draft& draft) -> Result<void> {
                    draft.put(Kind::parameter, document).value();
                    if (fails) return Error{Errc::request_invalid, "changed its mind", {}};
                    return {};
                };
                const bool done =
                    i % 2 == 0 ? fixture.store.edit(version, edit).has_value()
                               : fixture.store.put(version, Kind::parameter, document).has_value();
                unexpected += done != (i % 2 != 0 || !fails);
                kept[at] += done;
                const NewVersion taken{.name = "1"};
                unexpected += fixture.store.create_version(fixture.connection, taken).has_value();
            }
        });
    for (std::thread& writer : writers) writer.join();
    CHECK(unexpected == 0);
    for (std::size_t at = 0; at < versions.size(); ++at)
        CHECK(fixture.names(versions[at]).size() == kept[at]);
    check_is_sound(fixture.store);
}

TEST_CASE("group commit: single puts and erasures are commits with a note", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const VersionKey version = fixture.key("1");
    const CommitNote note{"ann", "why"};
    const Resource made = fixture.store.put(version, Kind::parameter, parameter("p"), note).value();
    CHECK(made.name == "p");
    fixture.store.put(version, Kind::example, "x", document("{}"), note).value();
    CHECK(error_of(fixture.store.erase(version, Kind::parameter, "q")) == Errc::resource_not_found);
    fixture.store.erase(version, Kind::parameter, "p", false, note).value();
    CHECK(fixture.names("1").empty());
    int count = 0;
    fixture.snapshot()
        .each_commit(version,
                     [&](const Commit& commit) {
                         count += commit.author == "ann" && commit.message == "why";
                         return true;
                     })
        .value();
    CHECK(count == 3);
}
