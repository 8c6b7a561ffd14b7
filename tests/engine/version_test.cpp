// Goal: versions are created, listed, changed and deleted by the rules of their names, states and
// times.
#include <verso/domain/names.hpp>

#include "engine/fixture.hpp"

using namespace verso;
using namespace verso::engine;

TEST_CASE("version: a new one is an empty draft", "[engine]") {
    Fixture fixture;
    fixture.clock.move(one_ms);
    const ConnectionVersion made =
        fixture.store.create_version(fixture.connection, {.name = "1.0.0", .description = "first"})
            .value();
    CHECK(made.name == "1.0.0");
    CHECK(made.description == "first");
    CHECK(made.is_draft());
    CHECK_FALSE(made.is_latest);
    CHECK_FALSE(made.is_default);
    CHECK(made.revision == 1);
    CHECK(made.created_at == fixture.clock.now());
    CHECK(made.updated_at == made.created_at);
    CHECK(fixture.version("1.0.0") == made);
    for (const Kind kind : all_kinds) {
        CHECK(fixture.names("1.0.0", kind).empty());
        CHECK(fixture.snapshot().count_resources(fixture.key("1.0.0"), kind).value() == 0);
    }
    CHECK(fixture.snapshot().digest(fixture.key("1.0.0")).value() == Digest{});
}

TEST_CASE("version: one created with content is one change", "[engine]") {
    Fixture fixture;
    const auto put = [](const char* name) {
        return [name](Draft& draft) -> Result<void> {
            draft.put(Kind::parameter, parameter(name)).value();
            return {};
        };
    };
    const ConnectionVersion made = fixture.create("1", put("a"));
    CHECK(made == fixture.version("1"));
    CHECK(made.revision == 1);
    CHECK(made.created_at == made.updated_at);
    CHECK(fixture.names("1") == Names{"a"});
    fixture.clock.move(one_ms);
    const ConnectionVersion clone = fixture.create("2", put("b"), "1");
    CHECK(clone == fixture.version("2"));
    CHECK(clone.revision == 1);
    CHECK(clone.created_at == clone.updated_at);
    CHECK(fixture.names("2") == Names{"a", "b"});
    CHECK(fixture.names("1") == Names{"a"});
    CHECK(fixture.version("1") == made);
    CHECK(fixture
              .create(
                  "3", [](Draft&) -> Result<void> { return {}; }, "2")
              .revision == 1);
    CHECK(fixture.snapshot().digest(fixture.key("3")).value() ==
          fixture.snapshot().digest(fixture.key("2")).value());
}

TEST_CASE("version: names follow the rules for free text and the reserved ones are refused",
          "[engine]") {
    Fixture fixture;
    for (const char* name : {"", "..", " 1", "1\t", "a\x7f", "\xc3"}) {
        CAPTURE(name);
        const auto refused = fixture.store.create_version(fixture.connection, {.name = name});
        CHECK(error_of(refused) == Errc::name_invalid);
        CHECK(fields_of(refused) == Names{"name"});
    }
    for (const char* name : {"latest", "default"}) {
        const auto refused = fixture.store.create_version(fixture.connection, {.name = name});
        CHECK(error_of(refused, {name, "reserved"}) == Errc::name_reserved);
        CHECK(fields_of(refused) == Names{"name"});
    }
    for (const char* name : {"Latest", "a/b?c#d", "2026-01", "\xc3\xa9t\xc3\xa9", "e\xcc\x81"})
        CHECK(fixture.create(name).name == name);
    fixture.create(std::string(255, 'x'));
    CHECK(error_of(fixture.store.create_version(
              fixture.connection, {.name = std::string(256, 'x')})) == Errc::name_invalid);
    CHECK(fixture.snapshot().count_versions(fixture.connection).value() == 6);
}

TEST_CASE("version: what is wrong with a new one is found in a fixed order", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const auto create = [&](ConnectionId connection, std::string name) {
        return fixture.store.create_version(connection,
                                            {.name = std::move(name), .from_version = "none"});
    };
    CHECK(error_of(create(numbered<ConnectionId>(9), "")) == Errc::connection_not_found);
    CHECK(error_of(create(fixture.connection, "")) == Errc::name_invalid);
    CHECK(error_of(create(fixture.connection, "latest")) == Errc::name_reserved);
    CHECK(error_of(create(fixture.connection, "1")) == Errc::name_taken);
    const auto last = create(fixture.connection, "2");
    CHECK(error_of(last, {"none"}) == Errc::from_version_not_found);
    CHECK(fields_of(last) == Names{"fromVersion"});
    CHECK(fixture.versions() == Names{"1"});
}

TEST_CASE("version: names are unique in a connection and free again after a delete", "[engine]") {
    Fixture fixture;
    const ConnectionVersion first = fixture.create("1");
    const auto taken = fixture.store.create_version(fixture.connection, {.name = "1"});
    CHECK(error_of(taken, {"\"1\""}) == Errc::name_taken);
    CHECK(fields_of(taken) == Names{"name"});
    const auto other = fixture.store.create_connection(acme(), {.name = "Jira"}).value().id;
    CHECK(fixture.store.create_version(other, {.name = "1"}).has_value());
    fixture.store.delete_version(fixture.key("1")).value();
    CHECK(fixture.create("1").id != first.id);
}

TEST_CASE("version: the most recently updated is listed first and ties go by id descending",
          "[engine]") {
    Fixture fixture;
    for (const char* name : {"1", "2", "3"}) fixture.create(name);
    CHECK(fixture.versions() == Names{"3", "2", "1"});
    fixture.clock.move(one_ms);
    fixture.put("1", parameter("p"));
    CHECK(fixture.versions() == Names{"1", "3", "2"});
    fixture.clock.move(one_ms);
    fixture.store.update_version(fixture.key("2"), {.description = "d"}).value();
    CHECK(fixture.versions() == Names{"2", "1", "3"});
    const auto first = fixture.snapshot().versions(fixture.connection, {.first = 2}).value();
    REQUIRE(first.size() == 2);
    CHECK(first[1].name == "1");
    CHECK(fixture.snapshot().versions(fixture.connection, {.first = 0}).value().empty());
    CHECK(fixture.snapshot().count_versions(fixture.connection).value() == 3);
}

TEST_CASE("version: listing answers each as reading it does", "[engine]") {
    Fixture fixture;
    for (const char* name : {"1", "2", "3"}) fixture.create(name);
    fixture.publish("1");
    fixture.publish("2");
    fixture.store.update_version(fixture.key("1"), {.is_default = true}).value();
    const Snapshot snapshot = fixture.snapshot();
    const auto listed = snapshot.versions(fixture.connection).value();
    REQUIRE(listed.size() == 3);
    for (const ConnectionVersion& each : listed)
        CHECK(each == snapshot.version(fixture.key(each.name)).value());
}

TEST_CASE("version: each change moves revision and updatedAt and no change leaves them",
          "[engine]") {
    Fixture fixture;
    std::uint64_t revision = fixture.create("1").revision;
    const auto moved = [&](const std::function<void()>& change) {
        const ConnectionVersion before = fixture.version("1");
        fixture.clock.move(one_ms);
        change();
        const ConnectionVersion after = fixture.version("1");
        CHECK(after.created_at == before.created_at);
        if (after == before) return false;
        CHECK(after.revision == ++revision);
        CHECK(after.updated_at == fixture.clock.now());
        return true;
    };
    const auto update = [&](const VersionUpdate& given) {
        return [&fixture, given] { fixture.store.update_version(fixture.key("1"), given).value(); };
    };
    CHECK(moved([&] { fixture.put("1", parameter("p")); }));
    CHECK_FALSE(moved([&] { fixture.put("1", parameter("p")); }));
    CHECK(moved([&] { fixture.erase("1", Kind::parameter, "p"); }));
    CHECK(moved(update({.description = "d"})));
    CHECK_FALSE(moved(update({.description = "d"})));
    CHECK_FALSE(moved(update({.name = "1"})));
    CHECK_FALSE(moved(update({})));
    CHECK_FALSE(moved([&] { fixture.clone("2", "1"); }));
    CHECK_FALSE(moved([&] { fixture.put("2", parameter("q")); }));
    CHECK_FALSE(moved([&] { fixture.publish("2"); }));
    CHECK(moved([&] { fixture.publish("1"); }));
    CHECK_FALSE(moved([&] { fixture.publish("1"); }));
    CHECK(moved(update({.description = "of a published one"})));
}

TEST_CASE("version: a draft is renamed and found by its new name only", "[engine]") {
    Fixture fixture;
    const ConnectionVersion before = fixture.create("1");
    fixture.put("1", parameter("p"));
    fixture.create("2");
    const auto renamed = fixture.store.update_version(fixture.key("1"), {.name = "1b"}).value();
    CHECK(renamed.id == before.id);
    CHECK(renamed.name == "1b");
    CHECK(fixture.names("1b") == Names{"p"});
    CHECK(error_of(fixture.snapshot().version(fixture.key("1")), {"\"1\""}) ==
          Errc::version_not_found);
    CHECK_FALSE(fixture.snapshot().find_version(fixture.key("1")).value());
    CHECK(fixture.versions() == Names{"2", "1b"});

    const auto rename = [&](std::string name) {
        return fixture.store.update_version(fixture.key("1b"), {.name = std::move(name)});
    };
    CHECK(error_of(rename("2")) == Errc::name_taken);
    CHECK(error_of(rename("latest")) == Errc::name_reserved);
    CHECK(error_of(rename(" ")) == Errc::name_invalid);
    CHECK(fixture.version("1b") == renamed);
}

TEST_CASE("version: an update that fails changes no member", "[engine]") {
    Fixture fixture;
    const ConnectionVersion before = fixture.create("1");
    CHECK(error_of(fixture.store.update_version(
              fixture.key("1"), {.name = "2", .description = "d", .is_default = true})) ==
          Errc::version_not_published);
    CHECK(fixture.version("1") == before);
}

TEST_CASE("version: a draft is deleted at once and a published one by force", "[engine]") {
    Fixture fixture;
    for (const char* name : {"1", "2"}) fixture.create(name);
    fixture.publish("1");
    fixture.store.delete_version(fixture.key("2")).value();
    CHECK(error_of(fixture.store.delete_version(fixture.key("2"))) == Errc::version_not_found);
    CHECK(error_of(fixture.store.delete_version(fixture.key("1")), {"force"}) ==
          Errc::version_published);
    CHECK(fixture.versions() == Names{"1"});
    fixture.store.delete_version(fixture.key("1"), true).value();
    CHECK(fixture.versions().empty());
    CHECK(fixture.snapshot().count_versions(fixture.connection).value() == 0);
    CHECK(error_of(fixture.snapshot().version(fixture.key("latest"))) == Errc::version_not_found);
}

TEST_CASE("version: a clock before 1970 counts as 1970", "[engine]") {
    Fixture fixture;
    fixture.clock.set(Timestamp{-one_ms * 5});
    const auto connection = fixture.store.create_connection(acme(), {.name = "old"}).value();
    CHECK(connection.created_at == Timestamp{});
    const auto made = fixture.store.create_version(connection.id, {.name = "1"}).value();
    CHECK(made.updated_at == Timestamp{});
    CHECK(made.is_draft());
    CHECK(fixture.store.publish({connection.id, "1"}).value().published_at == Timestamp{one_ms});
}

TEST_CASE("version: a clock after the last time counts as that", "[engine]") {
    Fixture fixture;
    fixture.clock.set(Timestamp::max());
    fixture.create("1");
    CHECK(fixture.version("1").created_at == latest_timestamp);
    CHECK(fixture.store
              .write_once("request",
                          [](Transaction&) -> Result<std::string> { return std::string("done"); })
              .has_value());
    CHECK(fixture.store.publish(fixture.key("1")).value().published_at == latest_timestamp);
}

TEST_CASE("version: a description that is no UTF-8 or too long is refused", "[engine]") {
    Fixture fixture;
    const auto described = [&](std::string description) {
        return fixture.store.create_version(fixture.connection,
                                            {.name = "1", .description = std::move(description)});
    };
    CHECK(error_of(described("\xff")) == Errc::text_invalid);
    CHECK(error_of(described(std::string(max_text_bytes + 1, 'd'))) == Errc::text_invalid);
    CHECK(fixture.versions().empty());
    CHECK(described(std::string(max_text_bytes, 'd')).has_value());
    const auto before = fixture.version("1");
    CHECK(error_of(fixture.store.update_version(fixture.key("1"), {.description = "\xc3"})) ==
          Errc::text_invalid);
    CHECK(fixture.version("1") == before);
}
