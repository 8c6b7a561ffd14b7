// Goal: a snapshot reads one moment of the store, whatever is written while it lives.
#include "engine/fixture.hpp"

#include <atomic>
#include <thread>

using namespace verso;
using namespace verso::engine;

TEST_CASE("snapshot: it keeps reading its moment while the store goes on", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const Resource put = fixture.put("1", parameter("p", "old"));
    const Snapshot old = fixture.snapshot();
    const ConnectionVersion version = old.version(fixture.key("1")).value();
    const Digest digest = old.digest(fixture.key("1")).value();

    fixture.put("1", parameter("p", "new"));
    fixture.put("1", parameter("q"));
    fixture.publish("1");
    fixture.clone("2", "1");
    fixture.store.delete_version(fixture.key("1"), true).value();

    CHECK(old.version(fixture.key("1")).value() == version);
    CHECK(old.digest(fixture.key("1")).value() == digest);
    CHECK(old.resource(fixture.key("1"), Kind::parameter, "p").value() == put);
    CHECK(old.count_resources(fixture.key("1"), Kind::parameter).value() == 1);
    CHECK(old.versions(fixture.connection).value().size() == 1);
    CHECK_FALSE(old.find_version(fixture.key("2")).value());
    CHECK_FALSE(old.find_version(fixture.key("latest")).value());
    CHECK(fixture.names("2") == Names{"p", "q"});
}

TEST_CASE("snapshot: it keeps the store open", "[engine]") {
    auto fixture = std::make_unique<Fixture>();
    fixture->create("1");
    const VersionKey key = fixture->key("1");
    const Snapshot snapshot = fixture->snapshot();
    fixture.reset();
    CHECK(snapshot.version(key).value().name == "1");
}

TEST_CASE("snapshot: one that was moved reads on", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    Snapshot first = fixture.snapshot();
    CHECK(first.version(fixture.key("1")).has_value());
    fixture.create("2");
    Snapshot second = std::move(first);
    CHECK(second.versions(fixture.connection).value().size() == 1);
    second = fixture.snapshot();
    CHECK(second.versions(fixture.connection).value().size() == 2);
}

TEST_CASE("snapshot: resources are visited in order until the visit answers false", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    for (const char* name : {"c", "a", "b"}) fixture.put("1", parameter(name));
    const Snapshot snapshot = fixture.snapshot();
    Names seen;
    const auto visit = [&](const ResourceView& each) {
        seen.emplace_back(each.name);
        CHECK(each.kind == Kind::parameter);
        CHECK(each.document == parameter(each.name).text());
        CHECK(snapshot.find_resource(fixture.key("1"), each.id).value().value().name == each.name);
        return seen.size() < 2;
    };
    snapshot.each_resource(fixture.key("1"), Kind::parameter, visit).value();
    CHECK(seen == Names{"a", "b"});
    const ListOptions two{.first = 2};
    CHECK(snapshot.resources(fixture.key("1"), Kind::parameter, two).value().size() == 2);
    CHECK(snapshot.resources(fixture.key("1"), Kind::parameter, {.first = 0}).value().empty());
}

TEST_CASE("snapshot: absence is no error where a thing is looked for", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const Snapshot snapshot = fixture.snapshot();
    CHECK_FALSE(snapshot.find_resource(fixture.key("1"), Kind::action, "none").value());
    CHECK_FALSE(snapshot.find_resource(fixture.key("1"), numbered<ResourceId>(1)).value());
    CHECK_FALSE(snapshot.find_version(fixture.key("none")).value());
    CHECK_FALSE(snapshot.find_connection(acme(), "none").value());
    CHECK(error_of(snapshot.resource(fixture.key("1"), Kind::action, "none"),
                   {"action", "\"none\""}) == Errc::resource_not_found);
    CHECK(error_of(snapshot.find_resource(fixture.key("none"), Kind::action, "a"), {"\"none\""}) ==
          Errc::version_not_found);
}

TEST_CASE("snapshot: more versions are read through one than it remembers", "[engine]") {
    Fixture fixture;
    constexpr int count = 600;
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            for (int i = 0; i < count; ++i) {
                const std::string name = std::to_string(i);
                transaction.create_version(fixture.connection, {.name = name}).value();
                Draft draft = transaction.draft(fixture.key(name)).value();
                draft.put(Kind::parameter, parameter("p" + name)).value();
            }
            return {};
        })
        .value();
    const Snapshot snapshot = fixture.snapshot();
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < count; ++i) {
            const std::string name = std::to_string(i);
            REQUIRE(snapshot.find_resource(fixture.key(name), Kind::parameter, "p" + name).value());
        }
}

TEST_CASE("snapshot: threads read while another writes and each sees whole changes",
          "[engine][threads]") {
    Fixture fixture;
    fixture.create("1");
    std::atomic<bool> done{false};
    std::atomic<int> torn{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i)
        readers.emplace_back([&] {
            while (!done) {
                const Snapshot snapshot = fixture.snapshot();
                const auto count =
                    snapshot.count_resources(fixture.key("1"), Kind::parameter).value();
                const auto revision = snapshot.version(fixture.key("1")).value().revision;
                if (count != 2 * (revision - 1)) ++torn;
            }
        });
    for (int i = 0; i < 100; ++i)
        fixture.store
            .edit(fixture.key("1"),
                  [&](Draft& draft) -> Result<void> {
                      draft.put(Kind::parameter, parameter("a" + std::to_string(i))).value();
                      draft.put(Kind::parameter, parameter("b" + std::to_string(i))).value();
                      return {};
                  })
            .value();
    done = true;
    for (std::thread& each : readers) each.join();
    CHECK(torn == 0);
}
