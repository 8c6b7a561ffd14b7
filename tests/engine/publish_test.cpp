// Goal: publishing freezes a version, and latest and default are what the rules derive, whatever
// the clock does.
#include "engine/fixture.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

/// A fixture whose versions "1", "2", "3" are published in this order.
struct Published : Fixture {
    Published() {
        for (const char* name : {"1", "2", "3"}) {
            create(name);
            put(name, parameter("p" + std::string(name)));
            clock.move(one_ms);
            publish(name);
        }
    }
    [[nodiscard]] std::string alias(std::string_view name) const {
        const auto found = snapshot().find_version(key(name)).value();
        return found ? found->name : "none";
    }
    /// The versions that say of themselves that they are latest, then those that say default.
    [[nodiscard]] Names flags() const {
        Names flags(2);
        for (const ConnectionVersion& each : snapshot().versions(connection).value()) {
            if (each.is_latest) flags[0] += each.name;
            if (each.is_default) flags[1] += each.name;
        }
        return flags;
    }
    Result<ConnectionVersion> choose(std::string_view name, bool chosen = true) {
        return store.update_version(key(name), {.is_default = chosen});
    }
};

}  // namespace

TEST_CASE("publish: the first published version is latest and default", "[engine]") {
    Fixture fixture;
    const ConnectionVersion draft = fixture.create("1");
    for (const char* alias : {"latest", "default"}) {
        CHECK_FALSE(fixture.snapshot().find_version(fixture.key(alias)).value());
        CHECK(error_of(fixture.snapshot().version(fixture.key(alias)),
                       {alias, "publish one first"}) == Errc::version_not_found);
    }
    fixture.clock.move(one_ms);
    const ConnectionVersion published = fixture.store.publish(fixture.key("1")).value();
    CHECK(published.published_at == fixture.clock.now());
    CHECK(published.updated_at == fixture.clock.now());
    CHECK(published.is_latest);
    CHECK(published.is_default);
    CHECK(published.revision == draft.revision + 1);
    CHECK(fixture.version("1") == published);
    CHECK(fixture.version("latest") == published);
    CHECK(fixture.version("default") == published);
}

TEST_CASE("publish: a published version is published again without a change", "[engine]") {
    Published fixture;
    const ConnectionVersion before = fixture.version("2");
    const Timestamp connection = fixture.connection_updated_at();
    fixture.clock.move(one_ms);
    CHECK(fixture.store.publish(fixture.key("2")).value() == before);
    CHECK(fixture.store.publish(fixture.key("latest")).value().name == "3");
    CHECK(fixture.connection_updated_at() == connection);
}

TEST_CASE("publish: what is published does not change", "[engine]") {
    Published fixture;
    const Snapshot before = fixture.snapshot();
    const auto edit = [&](std::string_view name,
                          const std::function<Result<void>(Draft&)>& change) {
        return error_of(fixture.store.edit(fixture.key(name), change), {"published", "clone"});
    };
    CHECK(edit("1", [](Draft& draft) { return draft.erase(Kind::parameter, "p1"); }) ==
          Errc::version_published);
    CHECK(edit("latest", [](Draft&) -> Result<void> { return {}; }) == Errc::version_published);
    CHECK(error_of(fixture.store.update_version(fixture.key("1"), {.name = "1b"})) ==
          Errc::version_published);
    CHECK(error_of(fixture.store.delete_version(fixture.key("1"))) == Errc::version_published);
    for (const char* name : {"1", "2", "3"})
        CHECK(before.version(fixture.key(name)).value() == fixture.version(name));
}

TEST_CASE("publish: the description of a published version may change", "[engine]") {
    Published fixture;
    const ConnectionVersion before = fixture.version("1");
    fixture.clock.move(one_ms);
    const auto after = fixture.store.update_version(fixture.key("1"), {.description = "d"}).value();
    CHECK(after.description == "d");
    CHECK(after.published_at == before.published_at);
    CHECK(after.updated_at == fixture.clock.now());
    CHECK(after.revision == before.revision + 1);
}

TEST_CASE("publish: latest is the last published and default follows it until one is chosen",
          "[engine]") {
    Published fixture;
    CHECK(fixture.flags() == Names{"3", "3"});
    fixture.choose("1").value();
    CHECK(fixture.flags() == Names{"3", "1"});
    CHECK(fixture.alias("default") == "1");
    CHECK(fixture.alias("latest") == "3");
    CHECK(fixture.names("default") == Names{"p1"});
    fixture.create("4");
    fixture.publish("4");
    CHECK(fixture.flags() == Names{"4", "1"});
    fixture.choose("1", false).value();
    CHECK(fixture.flags() == Names{"4", "4"});
}

TEST_CASE("publish: order of publishing and not of creation makes the latest", "[engine]") {
    Fixture fixture;
    for (const char* name : {"1", "2"}) fixture.create(name);
    fixture.publish("2");
    fixture.publish("1");
    CHECK(fixture.version("latest").name == "1");
}

TEST_CASE("publish: choosing moves the version acted on and its connection alone", "[engine]") {
    Published fixture;
    const Snapshot before = fixture.snapshot();
    fixture.clock.move(one_ms);
    const ConnectionVersion chosen = fixture.choose("1").value();
    CHECK(chosen.is_default);
    CHECK(chosen.updated_at == fixture.clock.now());
    CHECK(chosen.revision == before.version(fixture.key("1")).value().revision + 1);
    CHECK(fixture.connection_updated_at() == fixture.clock.now());
    for (const char* other : {"2", "3"}) {
        const auto was = before.version(fixture.key(other)).value();
        CHECK(fixture.version(other).updated_at == was.updated_at);
        CHECK(fixture.version(other).revision == was.revision);
    }
}

TEST_CASE("publish: a choice that is answered already changes nothing", "[engine]") {
    Published fixture;
    fixture.clock.move(one_ms);
    const ConnectionVersion latest = fixture.version("3");
    CHECK(fixture.choose("3").value() == latest);
    CHECK(fixture.choose("1", false).value() == fixture.version("1"));
    fixture.create("4");
    fixture.publish("4");
    CHECK(fixture.flags() == Names{"4", "4"});
    fixture.choose("2").value();
    const ConnectionVersion chosen = fixture.version("2");
    fixture.clock.move(one_ms);
    CHECK(fixture.choose("2").value() == chosen);
    CHECK(fixture.choose("3", false).value() == fixture.version("3"));
    CHECK(fixture.flags() == Names{"4", "2"});
}

TEST_CASE("publish: that the latest is not to be the default changes nothing while none is chosen",
          "[engine]") {
    Published fixture;
    const ConnectionVersion before = fixture.version("3");
    fixture.clock.move(one_ms);
    CHECK(fixture.choose("3", false).value() == before);
    CHECK(fixture.flags() == Names{"3", "3"});
}

TEST_CASE("publish: a draft cannot be the default", "[engine]") {
    Published fixture;
    const ConnectionVersion draft = fixture.create("4");
    CHECK(error_of(fixture.choose("4"), {"\"4\"", "publish it first"}) ==
          Errc::version_not_published);
    CHECK(fixture.choose("4", false).value() == draft);
    CHECK(fixture.flags() == Names{"3", "3"});
}

TEST_CASE("publish: deleting the chosen default clears the choice", "[engine]") {
    Published fixture;
    fixture.choose("1").value();
    fixture.store.delete_version(fixture.key("default"), true).value();
    CHECK(fixture.versions() == Names{"3", "2"});
    CHECK(fixture.flags() == Names{"3", "3"});
    fixture.store.delete_version(fixture.key("latest"), true).value();
    CHECK(fixture.flags() == Names{"2", "2"});
    fixture.store.delete_version(fixture.key("2"), true).value();
    CHECK(fixture.alias("latest") == "none");
    CHECK(fixture.alias("default") == "none");
}

TEST_CASE("publish: publishedAt rises also when the clock stands still or steps back", "[engine]") {
    Fixture fixture;
    Timestamp last{};
    for (int i = 0; i < 6; ++i) {
        const std::string name = std::to_string(i);
        fixture.create(name);
        if (i == 3) fixture.clock.move(-one_ms * 10'000);
        const auto published = fixture.store.publish(fixture.key(name)).value();
        CHECK(*published.published_at >= last + one_ms);
        CHECK(published.is_latest);
        last = *published.published_at;
        if (i == 4) fixture.store.delete_version(fixture.key(name), true).value();
    }
    CHECK(fixture.version("latest").name == "5");
}

TEST_CASE("publish: what a draft holds in the same write is published with it", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            Draft draft = transaction.draft(fixture.key("1")).value();
            draft.put(Kind::parameter, parameter("p")).value();
            transaction.publish(fixture.key("1")).value();
            CHECK(error_of(draft.put(Kind::parameter, parameter("q")), {"published"}) ==
                  Errc::version_published);
            CHECK(error_of(draft.erase(Kind::parameter, "p")) == Errc::version_published);
            CHECK(draft.get(Kind::parameter, "p").has_value());
            CHECK(error_of(transaction.draft(fixture.key("1"))) == Errc::version_published);
            return {};
        })
        .value();
    CHECK(fixture.names("1") == Names{"p"});
    CHECK(fixture.version("1").is_published());
}

TEST_CASE("unpublish: a draft again, and no alias is left on it", "[engine]") {
    Published fixture;
    fixture.choose("3").value();
    const ConnectionVersion before = fixture.version("3");
    fixture.clock.move(one_ms);
    const ConnectionVersion draft = fixture.store.unpublish(fixture.key("3")).value();
    CHECK(draft.is_draft());
    CHECK_FALSE(draft.is_latest);
    CHECK_FALSE(draft.is_default);
    CHECK(draft.revision == before.revision + 1);
    CHECK(draft.updated_at == fixture.clock.now());
    CHECK(fixture.alias("latest") == "2");
    CHECK(fixture.alias("default") == "2");
    CHECK(fixture.store.unpublish(fixture.key("3")).value() == draft);
    fixture.put("3", parameter("edited"));

    // Published again it is the latest, later than it ever was, though the clock stands still.
    const ConnectionVersion again = fixture.store.publish(fixture.key("3")).value();
    CHECK(again.published_at > before.published_at);
    CHECK(again.is_latest);
    CHECK(fixture.flags() == Names{"3", "3"});
}

TEST_CASE("unpublish: within one transaction a draft closes and opens again", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            Draft draft = transaction.draft(fixture.key("1")).value();
            transaction.publish(fixture.key("1")).value();
            CHECK(error_of(draft.put(Kind::parameter, parameter("a"))) == Errc::version_published);
            transaction.unpublish(fixture.key("1")).value();
            CHECK(draft.put(Kind::parameter, parameter("a")).has_value());
            return {};
        })
        .value();
    CHECK(fixture.names("1") == Names{"a"});
}

TEST_CASE("publish: the host's say keeps a version in use as it is", "[engine]") {
    std::vector<std::string> asked;
    bool in_use = true;
    Options options;
    options.version_in_use = [&](ConnectionId, const ConnectionVersion& version) {
        asked.push_back(version.name);
        return in_use;
    };
    Fixture fixture(std::move(options));
    fixture.create("draft");
    fixture.create("1");
    fixture.publish("1");
    const auto before = fixture.snapshot().versions(fixture.connection).value();

    CHECK(error_of(fixture.store.unpublish(fixture.key("1")), {"in use"}) == Errc::version_in_use);
    CHECK(error_of(fixture.store.delete_version(fixture.key("1"))) == Errc::version_published);
    CHECK(error_of(fixture.store.delete_version(fixture.key("1"), true)) == Errc::version_in_use);
    CHECK(error_of(fixture.store.delete_connection(fixture.connection, true)) ==
          Errc::version_in_use);
    CHECK(fixture.snapshot().versions(fixture.connection).value() == before);
    CHECK(asked == Names{"1", "1", "1"});

    in_use = false;
    CHECK(fixture.store.unpublish(fixture.key("1")).has_value());
    CHECK(fixture.store.delete_connection(fixture.connection, true).has_value());
    CHECK(asked.size() == 4);  // drafts are nobody's to use
}

TEST_CASE("publish: an error keeps the version a draft, a warning does not", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const Document flawed = document(R"({"name":"Get","method":"GET","path":"/","responses":[]})");
    fixture.put("1", Kind::action, flawed);
    fixture.put("1", Kind::definition,
                document(R"({"name":"D","accept":[],"schema":)"
                         R"({"contentType":"application/json","content":"no json"}})"));
    const ConnectionVersion before = fixture.version("1");
    const auto refused = fixture.store.publish(fixture.key("1"));
    CHECK(error_of(refused, {"1 error", "Get"}) == Errc::version_invalid);
    CHECK(fields_of(refused) == Names{"action/Get/responses"});
    CHECK(fixture.version("1") == before);
    const auto described = [&](Kind kind, const char* name) {
        return fixture.snapshot().describe_resource(fixture.key("1"), kind, name).value();
    };
    CHECK(described(Kind::action, "Get").errors->front().field == "/responses");

    fixture.put("1", Kind::action, action("Get"));
    CHECK(described(Kind::action, "Get").errors->empty());
    CHECK(fixture.store.publish(fixture.key("1")).has_value());
    CHECK(described(Kind::definition, "D").errors->front().severity == Severity::warning);
}

TEST_CASE("publish: an expected revision that has passed refuses the write", "[engine]") {
    Fixture fixture;
    const ConnectionVersion seen = fixture.create("1");
    const auto publish_as_seen = [&] {
        return fixture.store.write([&](Transaction& transaction) -> Result<ConnectionVersion> {
            if (auto held = transaction.expect_revision(fixture.key("1"), seen.revision); !held)
                return held.error();
            return transaction.publish(fixture.key("1"));
        });
    };
    fixture.put("1", parameter("a"));
    CHECK(error_of(publish_as_seen(), {"revision 2", "not 1"}) == Errc::revision_mismatch);
    CHECK(fixture.version("1").is_draft());
}
