// Goal: a write is one change: all of it or nothing, one after another, whichever way it ends.
// Method: each way of failing is tried in the middle of a write; threads and a second process write
// at once.
#include "engine/fixture.hpp"
#include "storage/child_process.hpp"
#include "storage/temporary_folder.hpp"

#include <thread>

using namespace verso;
using namespace verso::engine;

namespace {

/// Changes one of everything, and leaves a draft with edits pending.
Draft change_much(Fixture& fixture, Transaction& transaction) {
    transaction.update_connection(fixture.connection, "Renamed", {}).value();
    transaction.create_connection(acme(), {.name = "Other"}).value();
    transaction.create_version(fixture.connection, {.name = "2", .from_version = "1"}).value();
    transaction.update_version(fixture.key("1"), {.description = "changed"}).value();
    transaction.publish(fixture.key("2")).value();
    Draft draft = transaction.draft(fixture.key("1")).value();
    draft.put(Kind::parameter, parameter("q")).value();
    return draft;
}

/// All that a reader finds in the fixture's store.
struct Everything {
    explicit Everything(const Fixture& fixture) {
        const Snapshot snapshot = fixture.snapshot();
        connections = snapshot.connections(acme()).value();
        versions = snapshot.versions(fixture.connection).value();
        for (const ConnectionVersion& each : versions)
            digests.push_back(snapshot.digest(fixture.key(each.name)).value());
    }
    friend bool operator==(const Everything&, const Everything&) = default;

    std::vector<Connection> connections;
    std::vector<ConnectionVersion> versions;
    std::vector<Digest> digests;
};

}  // namespace

TEST_CASE("write: its own reads see what it did and others see it once it is done", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            static_cast<void>(change_much(fixture, transaction));
            CHECK(transaction.find_connection(acme(), "Renamed").value());
            CHECK(transaction.version(fixture.key("latest")).value().name == "2");
            CHECK(transaction.versions(fixture.connection).value().size() == 2);
            CHECK(fixture.versions() == Names{"1"});
            return {};
        })
        .value();
    CHECK(fixture.version("latest").name == "2");
    CHECK(fixture.names("1") == Names{"q"});
    CHECK(fixture.names("2").empty());
}

TEST_CASE("write: it answers what its function answers", "[engine]") {
    Fixture fixture;
    const auto answer =
        fixture.store.write([](Transaction&) -> Result<std::string> { return "yes"; });
    CHECK(answer.value() == "yes");
    const auto refused = fixture.store.write([](Transaction&) -> Result<std::string> {
        return Error{Errc::import_invalid, "no", {{"field", "no"}}};
    });
    CHECK(refused.error() == Error{Errc::import_invalid, "no", {{"field", "no"}}});
}

TEST_CASE("write: an error or an exception leaves nothing behind", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.put("1", parameter("p"));
    const Everything before(fixture);
    const auto answered = fixture.store.write([&](Transaction& transaction) -> Result<void> {
        static_cast<void>(change_much(fixture, transaction));
        return Error{Errc::option_invalid, "given up", {}};
    });
    CHECK(error_of(answered, {"given up"}) == Errc::option_invalid);
    CHECK(Everything(fixture) == before);

    const auto value_taken = fixture.store.write([&](Transaction& transaction) -> Result<void> {
        Draft draft = change_much(fixture, transaction);
        draft.erase(Kind::action, "none").value();
        return {};
    });
    CHECK(error_of(value_taken) == Errc::resource_not_found);
    CHECK(Everything(fixture) == before);

    const auto foreign = [&] {
        static_cast<void>(fixture.store.write([&](Transaction& transaction) -> Result<void> {
            static_cast<void>(change_much(fixture, transaction));
            throw std::out_of_range("the host's own");
        }));
    };
    CHECK_THROWS_AS(foreign(), std::out_of_range);
    CHECK(Everything(fixture) == before);
    fixture.create("3");
    CHECK(fixture.versions().front() == "3");
}

TEST_CASE("write: a call that fails in the middle leaves what was before it", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            Draft draft = change_much(fixture, transaction);
            CHECK(transaction.create_version(fixture.connection, {.name = "2"}).has_error());
            CHECK(transaction.publish(fixture.key("none")).has_error());
            CHECK(transaction.update_version(fixture.key("2"), {.name = "3", .description = "d"})
                      .has_error());
            CHECK(transaction.delete_version(fixture.key("2")).has_error());
            CHECK(transaction.delete_connection(fixture.connection).has_error());
            CHECK(transaction.create_connection(acme(), {.name = "Other"}).has_error());
            CHECK(draft.put(Kind::parameter, document("{}")).has_error());
            return {};
        })
        .value();
    CHECK(fixture.versions().size() == 2);
    CHECK(fixture.version("2").description.empty());
    CHECK(fixture.names("1") == Names{"q"});
}

TEST_CASE("write: an edit that fails within it takes back its own part", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            Draft draft = transaction.draft(fixture.key("1")).value();
            draft.put(Kind::parameter, parameter("kept")).value();
            const auto refused =
                transaction.edit(fixture.key("1"), [](Draft& edited) -> Result<void> {
                    edited.put(Kind::parameter, parameter("lost")).value();
                    edited.erase(Kind::parameter, "kept").value();
                    return Error{Errc::option_invalid, "given up", {}};
                });
            CHECK(error_of(refused) == Errc::option_invalid);
            CHECK(draft.list(Kind::parameter).value().size() == 1);
            const auto throwing = [&] {
                return transaction.edit(fixture.key("1"), [](Draft& edited) -> Result<void> {
                    edited.put(Kind::parameter, parameter("lost")).value();
                    throw std::out_of_range("the host's own");
                });
            };
            CHECK_THROWS_AS(throwing(), std::out_of_range);
            draft.put(Kind::parameter, parameter("later")).value();
            return {};
        })
        .value();
    CHECK(fixture.names("1") == Names{"kept", "later"});
}

TEST_CASE("write: a version whose content fails is not there and its name is free", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const NewVersion wanted{.name = "2", .from_version = "1"};
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            const auto refused =
                transaction.create_version(fixture.connection, wanted, [](Draft& draft) {
                    draft.put(Kind::parameter, parameter("lost")).value();
                    return Result<void>(Error{Errc::option_invalid, "given up", {}});
                });
            CHECK(error_of(refused) == Errc::option_invalid);
            const auto throwing = [&] {
                return transaction.create_version(
                    fixture.connection, wanted,
                    [](Draft&) -> Result<void> { throw std::out_of_range("the host's own"); });
            };
            CHECK_THROWS_AS(throwing(), std::out_of_range);
            CHECK(transaction.versions(fixture.connection).value().size() == 1);
            const auto filled =
                transaction.create_version(fixture.connection, wanted, [&](Draft& draft) {
                    CHECK(error_of(transaction.publish(fixture.key("1"))) == Errc::nested_write);
                    draft.put(Kind::parameter, parameter("kept")).value();
                    return Result<void>();
                });
            CHECK(filled.value().revision == 1);
            Draft draft = transaction.draft(fixture.key("2")).value();
            CHECK(draft.list(Kind::parameter).value().size() == 1);
            draft.put(Kind::parameter, parameter("later")).value();
            return {};
        })
        .value();
    CHECK(fixture.names("2") == Names{"kept", "later"});
    CHECK(fixture.version("2").revision == 2);
    CHECK(fixture.names("1").empty());
}

TEST_CASE("write: several edits in it are several commits that build on each other", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            for (const char* name : {"a", "b", "c"}) {
                const auto put = [&](Draft& draft) -> Result<void> {
                    return draft.put(Kind::parameter, parameter(name)).has_value() ? Result<void>{}
                                                                                   : Error{};
                };
                transaction.edit(fixture.key("1"), put).value();
            }
            CHECK(transaction.version(fixture.key("1")).value().revision == 4);
            return {};
        })
        .value();
    CHECK(fixture.names("1") == Names{"a", "b", "c"});
    CHECK(fixture.version("1").revision == 4);
}

TEST_CASE("write: within an edit only drafts change", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            const auto change = [&](Draft& draft) -> Result<void> {
                draft.put(Kind::parameter, parameter("p")).value();
                CHECK(error_of(transaction.publish(fixture.key("1"))) == Errc::nested_write);
                CHECK(error_of(transaction.create_version(fixture.connection, {.name = "2"})) ==
                      Errc::nested_write);
                CHECK(error_of(transaction.delete_connection(fixture.connection, true)) ==
                      Errc::nested_write);
                CHECK(error_of(transaction.edit(fixture.key("1"), [](Draft&) -> Result<void> {
                          return {};
                      })) == Errc::nested_write);
                return {};
            };
            CHECK(transaction.edit(fixture.key("1"), change).value().revision == 2);
            transaction.publish(fixture.key("1")).value();
            return {};
        })
        .value();
    CHECK(fixture.names("1") == Names{"p"});
}

TEST_CASE("write: one within another is refused and the outer goes on", "[engine]") {
    Fixture fixture;
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            CHECK(error_of(fixture.store.create_version(fixture.connection, {.name = "inner"})) ==
                  Errc::nested_write);
            transaction.create_version(fixture.connection, {.name = "outer"}).value();
            return {};
        })
        .value();
    CHECK(fixture.versions() == Names{"outer"});
}

TEST_CASE("write: an edit answers the version after it", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.clock.move(one_ms);
    const auto after = fixture.store.edit(fixture.key("1"), [](Draft& draft) -> Result<void> {
        if (auto put = draft.put(Kind::parameter, parameter("p")); !put) return put.error();
        return {};
    });
    CHECK(after.value() == fixture.version("1"));
    CHECK(after.value().revision == 2);
    CHECK(after.value().updated_at == fixture.clock.now());
    const auto refused = fixture.store.edit(
        fixture.key("1"), [](Draft& draft) { return draft.erase(Kind::action, "none"); });
    CHECK(error_of(refused) == Errc::resource_not_found);
    CHECK(error_of(fixture.store.edit(fixture.key("none"), [](Draft&) -> Result<void> {
              return {};
          })) == Errc::version_not_found);
    CHECK(fixture.version("1") == after.value());
}

TEST_CASE("write: two threads write one after another", "[engine][threads]") {
    Fixture fixture;
    fixture.create("1");
    const auto put_many = [&](const std::string& prefix) {
        for (int i = 0; i < 100; ++i) fixture.put("1", parameter(prefix + std::to_string(i)));
    };
    std::thread other(put_many, "a");
    put_many("b");
    other.join();
    CHECK(fixture.names("1").size() == 200);
    CHECK(fixture.version("1").revision == 201);
}

TEST_CASE("write: two processes write one after another", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "shared.verso";
    constexpr int puts = 50;
    const auto connection = numbered<ConnectionId>(1);
    const auto put_many = [&](const std::string& prefix) -> Result<void> {
        auto store = Store::open(path, {.durability = Durability::none});
        if (!store) return store.error();
        for (int i = 0; i < puts; ++i) {
            const auto put = [&](Draft& draft) -> Result<void> {
                auto answer = draft.put(Kind::parameter, parameter(prefix + std::to_string(i)));
                return answer ? Result<void>{} : answer.error();
            };
            if (auto edited = store->edit({connection, "1"}, put); !edited) return edited.error();
        }
        return {};
    };
    {
        Store store = Store::open(path).value();
        store.create_connection(acme(), {.name = "GitHub", .id = connection}).value();
        store.create_version(connection, {.name = "1"}).value();
    }
    storage::ChildProcess child([&] {
        const auto done = put_many("a");
        return done ? std::string("done") : done.error().message;
    });
    put_many("b").value();
    CHECK(child.wait().report == "done");
    const Store store = Store::open(path).value();
    const Snapshot snapshot = store.snapshot().value();
    CHECK(snapshot.count_resources({connection, "1"}, Kind::parameter).value() == 2 * puts);
    CHECK(snapshot.version({connection, "1"}).value().revision == 2 * puts + 1);
}
