// Goal: a merge leaves nothing dangling that the side which has its way could keep. Method:
// Definitions that refer to one another, and Actions that refer to them, removed on one side and
// needed on the other: in chains, long ones too, and at random.
#include <verso/maintenance.hpp>

#include "engine/referring.hpp"
#include "less_if_sanitized.hpp"

#include <algorithm>
#include <random>
#include <span>

using namespace verso;
using namespace verso::engine;
using test::less_if_sanitized;

namespace {

/// A Definition that refers to these.
Document referring_to(const std::string& name, const Names& targets) {
    std::string all;
    for (const std::string& target : targets)
        all += (all.empty() ? "" : ",") + (R"({\"$ref\":\"#/$defs/)" + target + R"(\"})");
    return document(R"({"name":")" + name +
                    R"(","accept":["application/json"],"schema":{"contentType":)"
                    R"("application/schema+json","content":"{\"allOf\":[)" +
                    all + R"(]}"}})");
}

bool refers_to(const Resource& definition, const std::string& target) {
    return definition.document.text().find("#/$defs/" + target + "\\\"") != std::string::npos;
}

bool contains(const Names& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

/// The draft "base" with Definitions of which each refers to the next, and its clones "ours" and
/// "theirs".
struct Chain : Fixture {
    explicit Chain(Names chain) : links(std::move(chain)) {
        create("base", [&](Draft& draft) -> Result<void> {
            for (std::size_t at = links.size(); at-- > 0;) {
                const bool is_last = at + 1 == links.size();
                auto done =
                    draft.put(Kind::definition,
                              referring_to(links[at], is_last ? Names{} : Names{links[at + 1]}));
                if (!done) return done.error();
            }
            return {};
        });
        clone("ours", "base");
        clone("theirs", "base");
    }
    /// Removes all of them from one version, and has another refer to the first.
    void part(std::string_view remover, std::string_view referrer) {
        store
            .edit(key(remover),
                  [&](Draft& draft) -> Result<void> {
                      for (const std::string& name : links)
                          if (auto done = draft.erase(Kind::definition, name); !done) return done;
                      return {};
                  })
            .value();
        put(referrer, Kind::definition, referring_to("user", {links.front()}));
    }
    MergeReport merge(const MergePolicy& policy) {
        return store.merge(key("ours"), key("theirs"), {.policy = policy}).value();
    }
    Names links;
};

}  // namespace

TEST_CASE("merge: what they removed stays with all that it refers to", "[engine]") {
    Chain chain({"a", "b", "c"});
    chain.part("theirs", "ours");
    const auto conflicts = chain.merge(MergePolicy::fail()).conflicts;
    REQUIRE(conflicts.size() == 3);
    for (std::size_t at = 0; at < 3; ++at) {
        CHECK(conflicts[at].type == ConflictType::reference);
        CHECK(conflicts[at].name == chain.links[at]);
        const std::string referrer = at == 0 ? "user" : chain.links[at - 1];
        const auto found = chain.snapshot().resource(chain.key("ours"), Kind::definition, referrer);
        CHECK(conflicts[at].other == found.value().id);
    }
    SECTION("ours") {
        CHECK(chain.merge(MergePolicy::ours()).conflicts.size() == 3);
        CHECK(chain.names("ours", Kind::definition) == Names{"a", "b", "c", "user"});
        chain.publish("ours");
    }
    SECTION("theirs") {
        CHECK(chain.merge(MergePolicy::theirs()).conflicts.size() == 1);
        CHECK(chain.names("ours", Kind::definition) == Names{"user"});
    }
    SECTION("ours, but for one in the midst of it") {
        const MergePolicy all_but_b([](const Conflict& conflict) {
            return Resolution{conflict.name == "b" ? Take::theirs : Take::ours};
        });
        CHECK(chain.merge(all_but_b).conflicts.size() == 2);
        CHECK(chain.names("ours", Kind::definition) == Names{"a", "user"});
    }
}

TEST_CASE("merge: what we removed comes back with all that it refers to", "[engine]") {
    Chain chain({"a", "b", "c"});
    chain.part("ours", "theirs");
    CHECK(chain.merge(MergePolicy::theirs()).conflicts.size() == 3);
    CHECK(chain.names("ours", Kind::definition) == Names{"a", "b", "c", "user"});
    chain.publish("ours");
}

TEST_CASE("merge: what a reference keeps may have lost its name to another", "[engine]") {
    const bool is_ours = GENERATE(true, false);
    Chain chain({"a"});
    const ResourceId old_id =
        chain.snapshot().resource(chain.key("base"), Kind::definition, "a").value().id;
    const std::string_view remover = is_ours ? "theirs" : "ours";
    chain.erase(remover, Kind::definition, "a");
    const ResourceId new_id = chain.put(remover, Kind::definition, referring_to("a", {"a"})).id;
    chain.put(is_ours ? "ours" : "theirs", Kind::action, using_definitions("Get", {by_id(old_id)}));
    const auto id_of_a = [&] {
        return chain.snapshot().resource(chain.key("ours"), Kind::definition, "a").value().id;
    };
    SECTION("who needs it has its way") {
        const auto report = chain.merge(is_ours ? MergePolicy::ours() : MergePolicy::theirs());
        REQUIRE(report.conflicts.size() == 2);
        CHECK(report.conflicts[0].type == ConflictType::reference);
        CHECK(report.conflicts[0].id == old_id);
        CHECK(report.conflicts[1].type == ConflictType::name);
        CHECK(id_of_a() == old_id);
        chain.publish("ours");
    }
    SECTION("who removed it has") {
        CHECK(chain.merge(is_ours ? MergePolicy::theirs() : MergePolicy::ours()).conflicts.size() ==
              1);
        CHECK(id_of_a() == new_id);
    }
    SECTION("nobody has") {
        const auto report = chain.merge(MergePolicy::fail());
        CHECK(report.outcome == MergeOutcome::conflicted);
        CHECK(report.conflicts.size() == (is_ours ? 2 : 1));
    }
}

TEST_CASE("merge: of what both added alike, the one that is referred to by its id", "[engine]") {
    Chain chain({});
    const ResourceId ours = chain.put("ours", Kind::definition, referring_to("a", {})).id;
    const ResourceId theirs = chain.put("theirs", Kind::definition, referring_to("a", {})).id;
    const auto id_of_a = [&] {
        return chain.snapshot().resource(chain.key("ours"), Kind::definition, "a").value().id;
    };
    SECTION("nobody refers to it so") {
        CHECK(chain.merge(MergePolicy::fail()).conflicts.empty());
        CHECK(id_of_a() == ours);
    }
    SECTION("one of theirs does") {
        chain.put("theirs", Kind::action, using_definitions("Get", {by_id(theirs)}));
        CHECK(chain.merge(MergePolicy::theirs()).conflicts.size() == 2);
        CHECK(id_of_a() == theirs);
        chain.publish("ours");
    }
}

TEST_CASE("merge: what both added alike dangles as it does where its target was removed",
          "[engine]") {
    Fixture fixture;
    fixture.create("base");
    fixture.put("base", Kind::definition, definition("Target"));
    fixture.clone("removes", "base");
    fixture.clone("keeps", "base");
    for (const char* version : {"removes", "keeps"})
        fixture.put(version, Kind::action, using_definitions("user", {by_name("Target")}));
    fixture.store
        .edit(fixture.key("removes"),
              [](Draft& draft) { return draft.erase(Kind::definition, "Target", true); })
        .value();
    const auto [into, from] =
        GENERATE(std::pair("removes", "keeps"), std::pair("keeps", "removes"));
    CAPTURE(into);
    const MergeReport report = fixture.store.merge(fixture.key(into), fixture.key(from)).value();
    CHECK(report.conflicts.empty());
    CHECK(fixture.names(into, Kind::definition).empty());
    CHECK(fixture.names(into, Kind::action) == Names{"user"});
    check_is_sound(fixture.store);
}

TEST_CASE("merge: a chain of references may be long", "[engine]") {
    Names links;
    for (int i = 0; i < 20'000; ++i) links.push_back("link" + std::to_string(i));
    Chain chain(std::move(links));
    const bool is_ours = GENERATE(true, false);
    chain.part(is_ours ? "ours" : "theirs", is_ours ? "theirs" : "ours");
    const MergePolicy policy = is_ours ? MergePolicy::theirs() : MergePolicy::ours();
    CHECK(chain.merge(policy).conflicts.size() == chain.links.size());
    CHECK(chain.names("ours", Kind::definition).size() == chain.links.size() + 1);
}

TEST_CASE("merge: one resource may refer to many that are gone or renamed", "[engine]") {
    constexpr int count = 10'000;  // read once for each of them it would take minutes
    Names names;
    for (int i = 0; i < count; ++i) names.push_back("d" + std::to_string(i));
    Fixture fixture;
    const auto put_all = [](Draft& draft, std::span<const Document> documents) -> Result<void> {
        auto done = draft.put(Kind::definition, documents);
        if (!done) return done.error();
        return {};
    };
    fixture.create("base", [&](Draft& draft) {
        std::vector<Document> documents;
        for (const std::string& name : names) documents.push_back(referring_to(name, {}));
        return put_all(draft, documents);
    });
    fixture.clone("ours", "base");
    fixture.clone("theirs", "base");
    fixture.put("ours", Kind::definition, referring_to("user", names));
    const auto rename_theirs = [&](auto new_name) {
        std::vector<Document> documents;
        for (const Resource& each :
             fixture.snapshot().resources(fixture.key("base"), Kind::definition).value())
            documents.push_back(document(R"({"id":")" + to_string(each.id) + R"(",)" +
                                         referring_to(new_name(each.name), {}).text().substr(1)));
        fixture.store
            .edit(fixture.key("theirs"), [&](Draft& draft) { return put_all(draft, documents); })
            .value();
    };
    SECTION("gone") {
        fixture.store
            .edit(fixture.key("theirs"),
                  [&](Draft& draft) {
                      return draft.erase(Kind::definition, std::span<const std::string>(names));
                  })
            .value();
        const auto merged = fixture.store.merge(fixture.key("ours"), fixture.key("theirs"),
                                                {.policy = MergePolicy::ours()});
        CHECK(merged->conflicts.size() == count);
        CHECK(fixture.names("ours", Kind::definition).size() == count + 1);
    }
    SECTION("renamed") {
        rename_theirs([](const std::string& name) { return "new" + name; });
        const auto merged = fixture.store.merge(fixture.key("ours"), fixture.key("theirs"));
        CHECK(merged->conflicts.empty());
        const Resource user =
            fixture.snapshot().resource(fixture.key("ours"), Kind::definition, "user").value();
        CHECK(std::ranges::all_of(
            names, [&](const std::string& name) { return refers_to(user, "new" + name); }));
    }
    SECTION("called as another one was") {
        fixture.put("theirs", Kind::definition, referring_to("user_of_theirs", names));
        rename_theirs([&](const std::string& name) {
            return names[(std::stoul(name.substr(1)) + 1) % count];
        });
        const auto merged = fixture.store.merge(fixture.key("ours"), fixture.key("theirs"));
        CHECK(merged->conflicts.empty());
        for (const char* name : {"user", "user_of_theirs"})
            CHECK(fixture.snapshot()
                      .resource(fixture.key("ours"), Kind::definition, name)
                      ->document.text()
                      .find("#/$defs/d1\\\"},{\\\"$ref\\\":\\\"#/$defs/d2\\") != std::string::npos);
        fixture.publish("ours");
    }
}

TEST_CASE("merge: nothing dangles that the side which has its way could keep", "[engine]") {
    for (std::uint64_t seed = 0; seed < less_if_sanitized(400, 150); ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        Fixture fixture;
        const auto edit = [&](std::string_view version) {
            for (auto left = random() % 12; left > 0; --left) {
                const Names present = fixture.names(version, Kind::definition);
                const std::string name(1, static_cast<char>('a' + random() % 7));
                Names targets;
                for (auto more = present.empty() ? 0 : random() % 3; more > 0; --more)
                    targets.push_back(present[random() % present.size()]);
                Names ids;
                for (const std::string& target : targets)
                    ids.push_back(
                        by_id(fixture.snapshot()
                                  .resource(fixture.key(version), Kind::definition, target)
                                  .value()
                                  .id));
                const auto dice = random() % 4;
                static_cast<void>(
                    fixture.store.edit(fixture.key(version), [&](Draft& draft) -> Result<void> {
                        if (dice < 2) return draft.erase(Kind::definition, name);
                        auto done =
                            dice == 2
                                ? draft.put(Kind::definition, referring_to(name, targets))
                                : draft.put(Kind::action, using_definitions("use" + name, ids));
                        if (!done) return done.error();
                        return {};
                    }));  // what others refer to, or is not there, is not erased
            }
        };
        fixture.create("base");
        edit("base");
        edit("base");
        for (const char* side : {"ours", "theirs"}) {
            fixture.clone(side, "base");
            edit(side);
        }
        for (const char* side : {"ours", "theirs"}) {
            CAPTURE(side);
            const std::string merged = std::string("with ") + side;
            fixture.clone(merged, "ours");
            const bool is_ours = std::string_view(side) == "ours";
            fixture.store
                .merge(fixture.key(merged), fixture.key("theirs"),
                       {.policy = is_ours ? MergePolicy::ours() : MergePolicy::theirs()})
                .value();
            const Names kept = fixture.names(merged, Kind::definition);
            const Names wanted = fixture.names(side, Kind::definition);
            const Snapshot now = fixture.snapshot();
            for (const Resource& each :
                 now.resources(fixture.key(merged), Kind::definition).value())
                for (const std::string& target : wanted)
                    CHECK((!refers_to(each, target) || contains(kept, target)));
            for (const Resource& each : now.resources(fixture.key(merged), Kind::action).value())
                for (const Resource& target :
                     now.resources(fixture.key(side), Kind::definition).value()) {
                    const bool refers =
                        each.document.text().find(to_string(target.id)) != std::string::npos;
                    CHECK((!refers ||
                           now.find_resource(fixture.key(merged), target.id)->has_value()));
                }
        }
        check_is_sound(fixture.store);
    }
}

TEST_CASE("merge: paths follow the Parameters that the other side renamed", "[engine]") {
    const bool are_ours = GENERATE(true, false);
    const std::string renamer = are_ours ? "ours" : "theirs";
    const std::string other = are_ours ? "theirs" : "ours";
    Fixture fixture;
    ResourceId id;
    fixture.create("base", [&](Draft& draft) -> Result<void> {
        id = draft.put(Kind::parameter, in_path("pet")).value().id;
        draft.put(Kind::parameter, in_path("Sent", "sent")).value();
        draft.put(Kind::parameter, in_path("Same", "old")).value();
        draft.put(Kind::action, at_path("Kept", "/{{ param.pet }}", {shared("pet")})).value();
        draft.put(Kind::action, at_path("Moved", "/{{ param.pet }}", {shared("pet")})).value();
        return {};
    });
    fixture.clone("ours", "base");
    fixture.clone("theirs", "base");
    fixture.store
        .edit(fixture.key(renamer),
              [&](Draft& draft) -> Result<void> {
                  draft.replace(Kind::parameter, "pet", in_path("animal")).value();
                  draft.replace(Kind::parameter, "Sent", in_path("Passed", "passed")).value();
                  draft.replace(Kind::parameter, "Same", in_path("Same", "new")).value();
                  return {};
              })
        .value();
    fixture.put(other, Kind::action, at_path("Moved", "/pets/{{ param.pet }}", {shared("pet")}));
    fixture.put(other, Kind::action,
                at_path("Added", "/{{ param.sent }}/{{ param.old }}/{{ param.pet }}",
                        {shared("Sent"), shared("Same"), R"({"parameter":)" + by_id(id) + "}"}));
    fixture.put(other, Kind::action, at_path("Own", "/{{ param.pet }}", {own_in_path("pet")}));

    CHECK(fixture.store.merge(fixture.key("ours"), fixture.key("theirs"))->conflicts.empty());
    const auto path = [&](std::string_view action) {
        const auto found = fixture.snapshot().resource(fixture.key("ours"), Kind::action, action);
        return Action::from_document(found.value().document).value().path;
    };
    CHECK(path("Kept") == "/{{ param.animal }}");
    CHECK(path("Moved") == "/pets/{{ param.animal }}");
    CHECK(path("Added") == "/{{ param.passed }}/{{ param.new }}/{{ param.animal }}");
    CHECK(path("Own") == "/{{ param.pet }}");
    fixture.publish("ours");
}

TEST_CASE("merge: a name may mean another resource while the text is as it was", "[engine]") {
    const bool are_ours = GENERATE(true, false);
    const bool both_changed_it = GENERATE(true, false);
    const std::string side = are_ours ? "ours" : "theirs";
    const std::string other = are_ours ? "theirs" : "ours";
    const Document get = using_definitions("Get", {by_name("Pet")});
    Fixture fixture;
    fixture.create("base", [&](Draft& draft) -> Result<void> {
        draft.put(Kind::definition, definition("Pet", "the first")).value();
        draft.put(Kind::action, get).value();
        return {};
    });
    fixture.clone("ours", "base");
    fixture.clone("theirs", "base");
    fixture.store
        .edit(fixture.key(side),
              [&](Draft& draft) -> Result<void> {
                  draft.replace(Kind::definition, "Pet", definition("Animal", "the first")).value();
                  draft.put(Kind::definition, definition("Pet", "the second")).value();
                  draft.put(Kind::action, get).value();  // the second is meant
                  return {};
              })
        .value();
    fixture.put(other, parameter("p"));
    if (both_changed_it)
        fixture.put(other, Kind::action, document(R"({"x":1,)" + get.text().substr(1)));
    const auto merged = fixture.store.merge(fixture.key("ours"), fixture.key("theirs")).value();
    CHECK(merged.conflicts.empty());
    const auto referrers = [&](std::string_view name) {
        return fixture.snapshot().referrers(fixture.key("ours"), Kind::definition, name)->size();
    };
    CHECK(referrers("Animal") == 0);
    CHECK(referrers("Pet") == 1);
    fixture.publish("ours");
}

TEST_CASE("merge: a policy that gives a name twice is told so before it is done", "[engine]") {
    Fixture fixture;
    fixture.create("base");
    fixture.put("base", parameter("x"));
    const ResourceId id =
        fixture.snapshot().resource(fixture.key("base"), Kind::parameter, "x").value().id;
    fixture.clone("ours", "base");
    fixture.clone("theirs", "base");
    fixture.put("ours", parameter(id, "y"));
    fixture.put("theirs", parameter(id, "z"));
    fixture.put("theirs", parameter("x", "another"));
    const MergeOptions options{
        .policy = MergePolicy([](const Conflict&) { return Resolution{Take::base}; })};
    const auto preview =
        fixture.snapshot().preview_merge(fixture.key("ours"), fixture.key("theirs"), options);
    CHECK(error_of(preview, {"\"x\"", "decide otherwise"}) == Errc::name_taken);
    CHECK(error_of(fixture.store.merge(fixture.key("ours"), fixture.key("theirs"), options)) ==
          Errc::name_taken);
    CHECK(fixture.names("ours") == Names{"y"});
}

TEST_CASE("pick: references and paths follow what the draft calls their targets", "[engine]") {
    Fixture fixture;
    ResourceId id;
    fixture.create("base", [&](Draft& draft) -> Result<void> {
        id = draft.put(Kind::definition, definition("Pet")).value().id;
        draft.put(Kind::parameter, in_path("pet")).value();
        return {};
    });
    fixture.clone("ours", "base");
    fixture.clone("theirs", "base");
    fixture.store
        .edit(fixture.key("ours"),
              [&](Draft& draft) -> Result<void> {
                  draft.replace(Kind::definition, "Pet", definition("Animal")).value();
                  draft.replace(Kind::parameter, "pet", in_path("animal")).value();
                  return {};
              })
        .value();
    fixture.put("theirs", Kind::definition, referring_to("Pets", {"Pet"}));
    fixture.put("theirs", Kind::action, at_path("Get", "/{{ param.pet }}", {shared("pet")}));
    const auto pick = [&](const Pick& picked) {
        fixture.store.pick(fixture.key("ours"), fixture.key("theirs"), picked).value();
    };
    const auto referrers = [&](std::string_view name) {
        Names names;
        for (const Referrer& each :
             fixture.snapshot().referrers(fixture.key("ours"), Kind::definition, name).value())
            names.push_back(each.name);
        return names;
    };
    SECTION("which another has taken meanwhile") {
        fixture.put("ours", Kind::definition, definition("Pet", "another"));
        pick({.resources = {{Kind::definition, "Pets"}, {Kind::action, "Get"}}});
        CHECK(referrers("Animal") == Names{"Pets"});
        CHECK(referrers("Pet").empty());
    }
    SECTION("and no longer once that is picked too") {
        pick({.resources = {{Kind::definition, "Pets"}, {Kind::action, "Get"}}});
        CHECK(referrers("Animal") == Names{"Pets"});
        pick({.resources = {{Kind::definition, "Pet"}, {Kind::parameter, "pet"}}});
        CHECK(referrers("Pet") == Names{"Pets"});
        pick({.resources = {{Kind::definition, "Pet"}, {Kind::definition, "Pets"}}});
        CHECK(referrers("Pet") == Names{"Pets"});
    }
    fixture.publish("ours");
}
