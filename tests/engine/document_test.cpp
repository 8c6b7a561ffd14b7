// Goal: a document comes back as it was put, byte for byte but for white space, through every way
// that it goes.
#include "engine/bundle/bundles.hpp"
#include "engine/referring.hpp"
#include "storage/temporary_folder.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

constexpr std::string_view exact_text =
    R"({"zeta":1.10,"name":"Exact","alpha":1e2,"in":"query","big":12345678901234567890123,)"
    R"("required":false,)"
    R"("small":1E-7,"type":"string","nested":{"b":-0.0,"a":[1.0,100,1.00]},"text":"\u00e9\/\n"})";

}  // namespace

TEST_CASE("document: digits and escapes and the order of members survive every way", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "store.verso";
    const auto connection = numbered<ConnectionId>(1);
    const auto get = [&](const Reader& reader, std::string_view version) {
        return reader.resource({connection, version}, Kind::parameter, "Exact")
            .value()
            .document.text();
    };
    {
        Store store = Store::open(path).value();
        store.create_connection(acme(), {.name = "GitHub", .id = connection}).value();
        store.create_version(connection, {.name = "1"}).value();
        store
            .edit({connection, "1"},
                  [](Draft& draft) -> Result<void> {
                      draft.put(Kind::parameter, document(exact_text)).value();
                      CHECK(draft.get(Kind::parameter, "Exact").value().document.text() ==
                            exact_text);
                      return {};
                  })
            .value();
        store.publish({connection, "1"}).value();
        store.create_version(connection, {.name = "2", .from_version = "1"}).value();
        CHECK(get(store.snapshot().value(), "1") == exact_text);
    }
    const Store store = Store::open(path).value();
    const Snapshot snapshot = store.snapshot().value();
    CHECK(get(snapshot, "1") == exact_text);
    CHECK(get(snapshot, "2") == exact_text);
}

TEST_CASE("document: connection properties are kept as they were written", "[engine]") {
    Fixture fixture;
    const Document properties = document(R"({"b":1.10,"a":{"limit":1E2}})");
    fixture.store.update_connection(fixture.connection, "GitHub", properties).value();
    CHECK(fixture.snapshot().connection(fixture.connection).value().properties == properties);
}

TEST_CASE("document: the members that are the library's own are not stored", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const std::string plain = parameter("p").text();
    const Document put = document(R"({"errors":[],"referencedBy":[7],)" + plain.substr(1));
    CHECK(fixture.put("1", put).document.text() == plain);
    const ConnectionVersion before = fixture.version("1");
    fixture.put("1", parameter("p"));
    CHECK(fixture.version("1") == before);
}

TEST_CASE("document: the limits are those of the options", "[engine]") {
    const std::size_t size = parameter("p").text().size();
    Fixture fixture({.document = {.max_bytes = size, .max_depth = 2}});
    fixture.create("1");
    fixture.store
        .edit(fixture.key("1"),
              [](Draft& draft) -> Result<void> {
                  CHECK(draft.put(Kind::parameter, parameter("p")).has_value());
                  CHECK(error_of(draft.put(Kind::parameter, parameter("pp"))) ==
                        Errc::limit_exceeded);
                  CHECK(draft.put(Kind::example, "e", document(R"({"a":{}})")).has_value());
                  CHECK(error_of(draft.put(Kind::example, "f", document(R"({"a":{"b":[]}})"))) ==
                        Errc::limit_exceeded);
                  return {};
              })
        .value();
    CHECK(fixture.names("1") == Names{"p"});
    CHECK(fixture.names("1", Kind::example) == Names{"e"});
}

TEST_CASE("document: what the library writes for others keeps within the limits", "[engine]") {
    const Document user = using_definitions("user", {by_name("D")});
    const Document head = document(R"({"a":1})");
    Fixture fixture({.document = {.max_bytes = user.text().size() + 2, .max_depth = 9}});
    fixture.create("1");
    fixture.put("1", Kind::definition, definition("D"));
    fixture.put("1", Kind::action, user);
    const std::string before = content_of(fixture.store, fixture.key("1"));
    const auto rename = [&](std::string_view version, std::string_view from, std::string_view to) {
        return fixture.store.edit(fixture.key(version), [&](Draft& draft) {
            return outcome(draft.replace(Kind::definition, from, definition(to)));
        });
    };

    SECTION("a reference that follows its target's new name") {
        CHECK(error_of(rename("1", "D", "Dddd"), {"action \"user\"", "new name", "max_bytes"}) ==
              Errc::limit_exceeded);
        CHECK(content_of(fixture.store, fixture.key("1")) == before);
        CHECK(rename("1", "D", "Ddd").has_value());
    }
    SECTION("a resource that is picked") {
        fixture.clone("2", "1");
        fixture.erase("2", Kind::action, "user");
        rename("2", "D", "Dddd").value();
        const Pick user_of_1{.resources = {{Kind::action, "user"}}};
        CHECK(error_of(fixture.store.pick(fixture.key("2"), fixture.key("1"), user_of_1),
                       {"action \"user\"", "max_bytes"}) == Errc::limit_exceeded);
    }
    SECTION("a document that is merged") {
        const std::string half(user.text().size() / 2, 'x');
        const auto put = [&](std::string_view version, std::string_view member) {
            const auto example = Document::from_object({{"a", 1}, {member, half}}).value();
            fixture.store.put(fixture.key(version), Kind::example, "e", example).value();
        };
        fixture.store.put(fixture.key("1"), Kind::example, "e", head).value();
        fixture.clone("2", "1");
        put("1", "ours");
        put("2", "theirs");
        const std::string ours = content_of(fixture.store, fixture.key("1"));
        CHECK(error_of(fixture.store.merge(fixture.key("1"), fixture.key("2")),
                       {"example \"e\"", "max_bytes"}) == Errc::limit_exceeded);
        CHECK(content_of(fixture.store, fixture.key("1")) == ours);
    }
    SECTION("what a policy decides") {
        const auto put = [&](std::string_view version, int value) {
            const auto example = Document::from_object({{"a", value}}).value();
            fixture.store.put(fixture.key(version), Kind::example, "e", example).value();
        };
        put("1", 1);
        fixture.clone("2", "1");
        put("1", 2);
        put("2", 3);
        const MergePolicy deep([](const Conflict&) {
            return Resolution{Take::value, R"([[[[[[[[["ten levels"]]]]]]]]])"};
        });
        CHECK(error_of(fixture.store.merge(fixture.key("1"), fixture.key("2"), {.policy = deep}),
                       {"example \"e\"", "max_depth"}) == Errc::limit_exceeded);
    }
    check_is_sound(fixture.store);
}

TEST_CASE("document: what the limits of a store allow, every way takes", "[engine]") {
    const std::string nested = std::string(500, '[') + std::string(500, ']');
    const auto deep = [&](std::string_view first, int last, std::string_view name = "d") {
        return Document::parse(R"({"name":")" + std::string(name) +
                                   R"(","accept":[],"schema":{"contentType":"text/plain",)" +
                                   R"("content":""},"first":)" + std::string(first) +
                                   R"(,"last":)" + std::to_string(last) + R"(,"deep":)" + nested +
                                   "}",
                               {.max_depth = 1000})
            .value();
    };
    const DocumentLimits limits{.max_bytes = 40'000'000,
                                .max_depth = std::numeric_limits<unsigned>::max()};
    const Document deepest =
        Document::parse(R"({"a":)" + std::string(999, '[') + std::string(999, ']') + "}", limits)
            .value();
    Fixture fixture({.document = limits});
    CHECK(fixture.store.options().document.max_depth == 1000);
    fixture.create("1");
    fixture.put("1", Kind::definition, deep("0", 0));
    const std::string user = using_definitions("user", {by_name("d")}).text();
    fixture.put("1", Kind::action,
                Document::parse(R"({"deep":)" + nested + "," + user.substr(1), {.max_depth = 1000})
                    .value());
    check_is_sound(fixture.store);

    SECTION("merging") {
        fixture.clone("2", "1");
        fixture.put("1", Kind::definition, deep("1", 0));
        fixture.put("2", Kind::definition, deep("0", 2));
        const auto merged = fixture.store.merge(fixture.key("1"), fixture.key("2")).value();
        CHECK(merged.outcome == MergeOutcome::merged);
        CHECK(fixture.snapshot().resource(fixture.key("1"), Kind::definition, "d")->document ==
              deep("1", 2));
    }
    SECTION("a typed struct") {
        Definition typed = Definition::from_document(deep("0", 0)).value();
        typed.description = "deep";
        fixture.store
            .edit(fixture.key("1"), [&](Draft& draft) { return outcome(draft.put(typed)); })
            .value();
        const auto stored =
            fixture.snapshot().resource(fixture.key("1"), Kind::definition, "d").value();
        CHECK_THAT(stored.document.text(),
                   Catch::Contains(R"("description":"deep")") && Catch::Contains(nested));
    }
    SECTION("references in a schema of over 16 MiB") {
        const std::string padding(17'000'000, ' ');
        const auto large = schema("large", padding + sibling("d"));
        fixture.put("1", Kind::definition, large);
        fixture.put("1", Kind::definition, deep("0", 1));
        fixture.store
            .edit(fixture.key("1"),
                  [&](Draft& draft) {
                      return outcome(draft.replace(Kind::definition, "d", deep("0", 1, "renamed")));
                  })
            .value();
        const auto stored =
            fixture.snapshot().resource(fixture.key("1"), Kind::definition, "large").value();
        CHECK_THAT(stored.document.text().substr(padding.size()),
                   Catch::Contains("#/$defs/renamed"));
        const auto described =
            fixture.snapshot().describe_resource(fixture.key("1"), Kind::definition, "large");
        CHECK(described.value().errors == std::vector<Finding>{});
    }
    SECTION("another store with the same limits") {
        fixture.store.update_connection(fixture.connection, "GitHub", deepest).value();
        Store moved = Store::temporary({.document = limits}).value();
        static_cast<void>(import_text(moved, bundle_of(fixture.store, fixture.connection)).value());
        check_is_sound(moved);
        CHECK(content_of(moved, fixture.key("1")) == content_of(fixture.store, fixture.key("1")));
        CHECK(moved.snapshot()->connection(fixture.connection)->properties == deepest);
    }
    SECTION("a store that is made of what a file still has") {
        const storage::TemporaryFolder folder;
        const auto report = salvage(fixture.store.path(), folder / "salvaged").value();
        CHECK(report.losses_total == 0);
        const Store salvaged = Store::open(folder / "salvaged").value();
        CHECK(content_of(salvaged, fixture.key("1")) ==
              content_of(fixture.store, fixture.key("1")));
    }
    check_is_sound(fixture.store);
}

TEST_CASE("document: sizes around the cut into pieces come back whole", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const std::size_t empty = definition("D").text().size();
    for (const std::size_t size : {16'383U, 16'384U, 16'385U, 32'768U, 32'769U, 1'000'000U}) {
        CAPTURE(size);
        std::string content(size - empty, 'x');
        for (std::size_t i = 0; i < content.size(); i += 7)
            content[i] = static_cast<char>('a' + i % 26);
        const Document put = definition("D", content);
        REQUIRE(put.text().size() == size);
        fixture.put("1", Kind::definition, put);
        const Snapshot snapshot = fixture.snapshot();
        CHECK(snapshot.resource(fixture.key("1"), Kind::definition, "D").value().document == put);
        std::size_t visited = 0;
        const auto visit = [&](const ResourceView& each) {
            CHECK(each.document == put.text());
            return ++visited > 0;
        };
        snapshot.each_resource(fixture.key("1"), Kind::definition, visit).value();
        CHECK(visited == 1);
    }
}
