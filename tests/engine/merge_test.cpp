// Goal: a merge takes what each side changed, and names every place at which both cannot have their
// way. Method: every kind of conflict on small versions, and random edits on two clones against the
// laws of merging.
#include <verso/maintenance.hpp>

#include "engine/fixture.hpp"
#include "less_if_sanitized.hpp"

#include <random>
#include <set>

using namespace verso;
using namespace verso::engine;
using test::less_if_sanitized;

namespace {

/// An Action that refers to a Definition by name, and has a summary.
Document using_definition(std::string_view name, std::string_view definition,
                          std::string_view summary = "") {
    return document(R"({"name":")" + std::string(name) +
                    R"(","method":"GET","path":"/","responses":[{"status":200,"definitions":)"
                    R"([{"definition":{"name":")" +
                    std::string(definition) + R"("}}]}],"summary":")" + std::string(summary) +
                    "\"}");
}

/// The draft "base" with Parameters "a", "b", "c", and its clones "ours" and "theirs".
struct Merged : Fixture {
    Merged() {
        create("base");
        for (const char* name : {"a", "b", "c"}) made.push_back(put("base", parameter(name)));
    }
    void part() {
        clone("ours", "base");
        clone("theirs", "base");
    }
    MergeReport merge(const MergeOptions& options = {}) {
        const MergeReport preview =
            snapshot().preview_merge(key("ours"), key("theirs"), options).value();
        MergeReport report = store.merge(key("ours"), key("theirs"), options).value();
        CHECK(report.outcome == preview.outcome);
        CHECK(report.conflicts == preview.conflicts);
        CHECK(report.changes == preview.changes);
        return report;
    }
    [[nodiscard]] std::string text(std::string_view version, Kind kind,
                                   std::string_view name) const {
        const auto found = snapshot().find_resource(key(version), kind, name).value();
        return found ? found->document.text() : "none";
    }
    std::vector<Resource> made;
};

/// The only conflict of a report.
Conflict only(const MergeReport& report) {
    REQUIRE(report.conflicts.size() == 1);
    return report.conflicts.front();
}

}  // namespace

TEST_CASE("merge: each side's changes are taken, and merging again does nothing", "[engine]") {
    Merged merged;
    merged.part();
    merged.put("ours", parameter("a", "ours"));
    merged.erase("ours", Kind::parameter, "b");
    merged.put("theirs", parameter("c", "theirs"));
    const Resource added = merged.put("theirs", parameter("d", "theirs"));
    const auto before = merged.version("ours");

    const MergeReport report = merged.merge({.note = {"me", "why"}});
    CHECK(report.outcome == MergeOutcome::merged);
    CHECK(report.conflicts.empty());
    REQUIRE(report.changes.size() == 2);
    CHECK(report.changes[0].type == ChangeType::changed);
    CHECK(report.changes[1] == Change{.type = ChangeType::added,
                                      .kind = Kind::parameter,
                                      .id = added.id,
                                      .name = "d",
                                      .after = parameter("d", "theirs")});
    CHECK(report.version.revision == before.revision + 1);
    CHECK(merged.names("ours") == Names{"a", "c", "d"});
    CHECK(merged.text("ours", Kind::parameter, "a") == parameter("a", "ours").text());
    CHECK(merged.text("ours", Kind::parameter, "c") == parameter("c", "theirs").text());

    const MergeReport again = merged.merge();
    CHECK(again.outcome == MergeOutcome::up_to_date);
    CHECK(again.version == report.version);
    check_is_sound(merged.store);
}

TEST_CASE("merge: after one, only what came since is merged", "[engine]") {
    Merged merged;
    merged.part();
    merged.put("ours", parameter("a", "ours"));
    merged.put("theirs", parameter("a", "theirs"));
    CHECK(merged.merge({.policy = MergePolicy::ours()}).outcome == MergeOutcome::merged);
    merged.put("theirs", parameter("b", "theirs"));
    const MergeReport report = merged.merge();
    CHECK(report.conflicts.empty());
    CHECK(merged.text("ours", Kind::parameter, "a") == parameter("a", "ours").text());
    CHECK(merged.text("ours", Kind::parameter, "b") == parameter("b", "theirs").text());
    // The other way round all of theirs is the base.
    merged.store.merge(merged.key("theirs"), merged.key("ours")).value();
    CHECK(merged.snapshot().digest(merged.key("theirs")).value() ==
          merged.snapshot().digest(merged.key("ours")).value());
    check_is_sound(merged.store);
}

TEST_CASE("merge: both changed one resource in different places", "[engine]") {
    Merged merged;
    merged.put("base", Kind::action, action("Get"));
    merged.part();
    merged.put("ours", Kind::action, document(R"({"name":"Get","type":"http","method":"POST",
        "path":"/","parameters":[],"responses":[{"status":200}],"x-rate":1.10})"));
    merged.put("theirs", Kind::action, document(R"({"name":"Get","type":"http","method":"GET",
        "path":"/","parameters":[],"responses":[{"status":200},{"status":404}]})"));
    CHECK(merged.merge().conflicts.empty());
    CHECK(merged.text("ours", Kind::action, "Get") ==
          R"({"name":"Get","type":"http","method":"POST","path":"/","parameters":[],)"
          R"("responses":[{"status":200},{"status":404}],"x-rate":1.10})");
}

TEST_CASE("merge: one place that both changed is a conflict, which a policy decides", "[engine]") {
    Merged merged;
    merged.part();
    merged.put("ours", parameter("a", "ours"));
    merged.put("theirs", parameter("a", "theirs"));
    merged.put("theirs", parameter("b", "theirs"));
    const auto before = merged.version("ours");
    const Conflict conflict{.type = ConflictType::content,
                            .kind = Kind::parameter,
                            .id = merged.made[0].id,
                            .name = "a",
                            .pointer = "/description",
                            .base = R"("")",
                            .ours = R"("ours")",
                            .theirs = R"("theirs")"};
    SECTION("left open, nothing is changed") {
        const MergeReport report = merged.merge();
        CHECK(report.outcome == MergeOutcome::conflicted);
        CHECK(only(report) == conflict);
        CHECK(report.version == before);
        CHECK(merged.version("ours") == before);
        CHECK(merged.text("ours", Kind::parameter, "b") == parameter("b").text());
    }
    SECTION("ours") {
        CHECK(only(merged.merge({.policy = MergePolicy::ours()})).resolution.take == Take::ours);
        CHECK(merged.text("ours", Kind::parameter, "a") == parameter("a", "ours").text());
    }
    SECTION("theirs") {
        merged.merge({.policy = MergePolicy::theirs()});
        CHECK(merged.text("ours", Kind::parameter, "a") == parameter("a", "theirs").text());
    }
    check_is_sound(merged.store);
}

TEST_CASE("merge: what one side removed and the other changed", "[engine]") {
    Merged merged;
    merged.part();
    SECTION("we removed it") {
        merged.erase("ours", Kind::parameter, "a");
        merged.put("theirs", parameter("a", "theirs"));
        const Conflict conflict = only(merged.merge());
        CHECK(conflict.type == ConflictType::deleted_by_ours);
        CHECK(conflict.base == parameter("a").text());
        CHECK_FALSE(conflict.ours);
        CHECK(conflict.theirs == parameter("a", "theirs").text());
        SECTION("ours") {
            CHECK(merged.merge({.policy = MergePolicy::ours()}).outcome == MergeOutcome::merged);
            CHECK(merged.names("ours") == Names{"b", "c"});
        }
        SECTION("theirs") {
            merged.merge({.policy = MergePolicy::theirs()});
            const auto back =
                merged.snapshot().resource(merged.key("ours"), Kind::parameter, "a").value();
            CHECK(back.id == merged.made[0].id);
            CHECK(back.document == parameter("a", "theirs"));
        }
    }
    SECTION("they removed it") {
        merged.put("ours", parameter("a", "ours"));
        merged.erase("theirs", Kind::parameter, "a");
        CHECK(only(merged.merge()).type == ConflictType::deleted_by_theirs);
        SECTION("ours") {
            merged.merge({.policy = MergePolicy::ours()});
            CHECK(merged.text("ours", Kind::parameter, "a") == parameter("a", "ours").text());
        }
        SECTION("theirs") {
            merged.merge({.policy = MergePolicy::theirs()});
            CHECK(merged.names("ours") == Names{"b", "c"});
        }
    }
    SECTION("both removed it") {
        merged.erase("ours", Kind::parameter, "a");
        merged.erase("theirs", Kind::parameter, "a");
        const MergeReport report = merged.merge();
        CHECK(report.outcome == MergeOutcome::merged);
        CHECK(report.changes.empty());
    }
    check_is_sound(merged.store);
}

TEST_CASE("merge: renames meet", "[engine]") {
    Merged merged;
    merged.part();
    const ResourceId a = merged.made[0].id;
    const ResourceId b = merged.made[1].id;
    SECTION("a rename and a change of content") {
        merged.put("ours", parameter(a, "z"));
        merged.put("theirs", parameter("a", "theirs"));
        CHECK(merged.merge().conflicts.empty());
        CHECK(merged.text("ours", Kind::parameter, "z") == parameter("z", "theirs").text());
    }
    SECTION("two names for one") {
        merged.put("ours", parameter(a, "y"));
        merged.put("theirs", parameter(a, "z", "theirs"));
        const Conflict conflict = only(merged.merge());
        CHECK(conflict.type == ConflictType::rename);
        CHECK(conflict.ours == R"("y")");
        CHECK(conflict.theirs == R"("z")");
        merged.merge({.policy = MergePolicy::theirs()});
        CHECK(merged.names("ours") == Names{"b", "c", "z"});
        CHECK(merged.text("ours", Kind::parameter, "z") == parameter("z", "theirs").text());
    }
    SECTION("names change places on one side") {
        merged.put("theirs", parameter(a, "t"));
        merged.put("theirs", parameter(b, "a"));
        merged.put("theirs", parameter(a, "b"));
        merged.put("ours", parameter("a", "ours"));
        CHECK(merged.merge().conflicts.empty());
        CHECK(merged.text("ours", Kind::parameter, "b") == parameter("b", "ours").text());
        CHECK(merged.text("ours", Kind::parameter, "a") == parameter("a").text());
    }
    SECTION("onto a name that we gave to another") {
        merged.put("ours", parameter("n", "new"));
        merged.put("theirs", parameter(a, "n", "theirs"));
        CHECK(only(merged.merge()).type == ConflictType::name);
        SECTION("ours: theirs keeps its name, and its content is taken") {
            merged.merge({.policy = MergePolicy::ours()});
            CHECK(merged.names("ours") == Names{"a", "b", "c", "n"});
            CHECK(merged.text("ours", Kind::parameter, "a") == parameter("a", "theirs").text());
            CHECK(merged.text("ours", Kind::parameter, "n") == parameter("n", "new").text());
        }
        SECTION("theirs: ours goes") {
            merged.merge({.policy = MergePolicy::theirs()});
            CHECK(merged.names("ours") == Names{"b", "c", "n"});
            CHECK(merged.text("ours", Kind::parameter, "n") == parameter("n", "theirs").text());
        }
    }
    SECTION("two onto one name: theirs has it, ours goes back to its own") {
        merged.put("ours", parameter(b, "n", "ours"));
        merged.put("theirs", parameter(a, "n"));
        CHECK(only(merged.merge()).type == ConflictType::name);
        merged.merge({.policy = MergePolicy::theirs()});
        CHECK(merged.names("ours") == Names{"b", "c", "n"});
        CHECK(merged.text("ours", Kind::parameter, "b") == parameter("b", "ours").text());
        CHECK(merged.snapshot().resource(merged.key("ours"), Kind::parameter, "n")->id == a);
    }
    check_is_sound(merged.store);
}

TEST_CASE("merge: both added one name", "[engine]") {
    Merged merged;
    merged.part();
    merged.put("ours", parameter("n", "ours"));
    SECTION("the same: ours is kept") {
        merged.put("theirs", parameter("n", "ours"));
        const MergeReport report = merged.merge();
        CHECK(report.outcome == MergeOutcome::merged);
        CHECK(report.conflicts.empty());
        CHECK(report.changes.empty());
    }
    SECTION("not the same") {
        const Resource theirs = merged.put("theirs", parameter("n", "theirs"));
        const Conflict conflict = only(merged.merge());
        CHECK(conflict.type == ConflictType::name);
        CHECK(conflict.ours == parameter("n", "ours").text());
        CHECK(conflict.theirs == parameter("n", "theirs").text());
        CHECK_FALSE(conflict.base);
        merged.merge({.policy = MergePolicy::theirs()});
        CHECK(merged.snapshot().resource(merged.key("ours"), Kind::parameter, "n").value() ==
              theirs);
    }
    check_is_sound(merged.store);
}

TEST_CASE("merge: one side added what the other renamed something to", "[engine]") {
    Merged merged;
    merged.part();
    const bool is_ours = GENERATE(true, false);
    merged.put(is_ours ? "ours" : "theirs", parameter("n"));
    merged.put(is_ours ? "theirs" : "ours", parameter(merged.made[1].id, "n"));
    const Conflict conflict = only(merged.merge());  // they are two, however equal they look
    CHECK(conflict.type == ConflictType::name);
    CHECK(conflict.ours == conflict.theirs);
}

TEST_CASE("merge: who gets no new name takes the old one back from the next", "[engine]") {
    Merged merged;
    constexpr std::size_t passed_on = 2000;
    const auto name = [](std::size_t number) { return "p" + std::to_string(number); };
    std::vector<Resource> made;
    const auto make = [&](Draft& draft) -> Result<void> {
        for (std::size_t i = 0; i < passed_on; ++i)
            made.push_back(draft.put(Kind::parameter, parameter(name(i))).value());
        return {};
    };
    const auto pass_on = [&](Draft& draft) -> Result<void> {
        for (std::size_t i = passed_on; i-- > 0;)
            draft.put(Kind::parameter, parameter(made[i].id, name(i + 1))).value();
        return {};
    };
    merged.store.edit(merged.key("base"), make).value();
    merged.part();
    merged.store.edit(merged.key("theirs"), pass_on).value();
    const ResourceId last = merged.put("ours", parameter(name(passed_on))).id;

    SECTION("as long as the last has to give way") {
        const MergeReport report = merged.merge({.policy = MergePolicy::ours()});
        CHECK(report.changes.empty());
        REQUIRE(report.conflicts.size() == passed_on);
        ResourceId holder = last;
        for (std::size_t i = passed_on; i-- > 0;) {
            const Conflict& conflict = report.conflicts[passed_on - 1 - i];
            CHECK(conflict.name == name(i + 1));
            CHECK(conflict.id == holder);
            CHECK(conflict.other == made[i].id);
            holder = made[i].id;
        }
    }
    SECTION("else nobody does") {
        const Conflict conflict = only(merged.merge({.policy = MergePolicy::theirs()}));
        CHECK(conflict.id == last);
        CHECK(!merged.snapshot().find_resource(merged.key("ours"), last).value());
        CHECK(merged.snapshot().compare(merged.key("ours"), merged.key("theirs")).value().empty());
    }
}

TEST_CASE("merge: references follow the renames of both sides", "[engine]") {
    Merged merged;
    const ResourceId pet = merged.put("base", Kind::definition, definition("Pet")).id;
    merged.put("base", Kind::action, using_definition("Get", "Pet"));
    merged.part();
    const auto rename = [&](std::string_view version, const std::string& name) {
        merged.store
            .edit(merged.key(version),
                  [&](Draft& draft) -> Result<void> {
                      CHECK(draft.replace(Kind::definition, "Pet", definition(name)).has_value());
                      return {};
                  })
            .value();
    };
    SECTION("ours renamed, theirs refers anew and changed a referrer") {
        rename("ours", "Animal");
        merged.put("theirs", Kind::action, using_definition("List", "Pet"));
        merged.put("theirs", Kind::action, using_definition("Get", "Pet", "theirs"));
    }
    SECTION("theirs renamed, ours refers anew and changed a referrer") {
        rename("theirs", "Animal");
        merged.put("ours", Kind::action, using_definition("List", "Pet"));
        merged.put("ours", Kind::action, using_definition("Get", "Pet", "theirs"));
    }
    CHECK(merged.merge().conflicts.empty());
    CHECK(merged.text("ours", Kind::action, "Get") ==
          using_definition("Get", "Animal", "theirs").text());
    CHECK(merged.text("ours", Kind::action, "List") == using_definition("List", "Animal").text());
    CHECK(merged.snapshot().resource(merged.key("ours"), Kind::definition, "Animal")->id == pet);
    check_is_sound(merged.store);
}

TEST_CASE("merge: references follow our rename also where its new name was disputed", "[engine]") {
    Merged merged;
    const ResourceId pet = merged.put("base", Kind::definition, definition("Pet")).id;
    merged.part();
    merged.store
        .edit(merged.key("ours"),
              [](Draft& draft) -> Result<void> {
                  CHECK(draft.replace(Kind::definition, "Pet", definition("Animal")).has_value());
                  return {};
              })
        .value();
    merged.put("theirs", Kind::definition, definition("Animal", "theirs"));
    merged.put("theirs", Kind::action, using_definition("List", "Pet"));
    const MergeReport report = merged.merge({.policy = MergePolicy::ours()});
    CHECK(only(report).type == ConflictType::name);
    CHECK(merged.text("ours", Kind::action, "List") == using_definition("List", "Animal").text());
    CHECK(merged.snapshot().resource(merged.key("ours"), Kind::definition, "Animal")->id == pet);
    check_is_sound(merged.store);
}

TEST_CASE("merge: a version is merged as it was at a commit, into one as it is now", "[engine]") {
    Merged merged;
    merged.part();
    merged.put("theirs", Kind::definition, definition("Pet"));
    const VersionKey then = [&] {
        VersionKey key = merged.key("theirs");
        key.commit = merged.snapshot().page_log(key, {}).value().items.front().number;
        return key;
    }();
    merged.put("theirs", Kind::definition, definition("Tree"));
    CHECK(merged.store.merge(then, merged.key("ours")).error().code == Errc::option_invalid);
    const MergeReport report = merged.store.merge(merged.key("ours"), then).value();
    CHECK(report.outcome == MergeOutcome::merged);
    CHECK(merged.names("ours", Kind::definition) == Names{"Pet"});
    CHECK(merged.store.merge(merged.key("ours"), then)->outcome == MergeOutcome::up_to_date);
    CHECK(merged.merge({}).outcome == MergeOutcome::merged);
    CHECK(merged.names("ours", Kind::definition) == Names{"Pet", "Tree"});
    check_is_sound(merged.store);
}

TEST_CASE("merge: a reference to what the other side removed is a conflict", "[engine]") {
    Merged merged;
    merged.put("base", Kind::definition, definition("Pet"));
    merged.part();
    const auto errors = [&] {
        const auto described =
            merged.snapshot().describe_resource(merged.key("ours"), Kind::action, "Get");
        return described.value().errors->size();
    };
    SECTION("they removed it") {
        merged.put("ours", Kind::action, using_definition("Get", "Pet"));
        merged.erase("theirs", Kind::definition, "Pet");
        const Conflict conflict = only(merged.merge());
        CHECK(conflict.type == ConflictType::reference);
        CHECK(conflict.name == "Pet");
        CHECK(conflict.other ==
              merged.snapshot().resource(merged.key("ours"), Kind::action, "Get")->id);
        CHECK(conflict.ours == definition("Pet").text());
        CHECK_FALSE(conflict.theirs);
        SECTION("ours: it stays") {
            merged.merge({.policy = MergePolicy::ours()});
            CHECK(merged.names("ours", Kind::definition) == Names{"Pet"});
            CHECK(errors() == 0);
        }
        SECTION("theirs: the reference dangles") {
            merged.merge({.policy = MergePolicy::theirs()});
            CHECK(merged.names("ours", Kind::definition).empty());
            CHECK(errors() == 1);
        }
    }
    SECTION("we removed it") {
        merged.erase("ours", Kind::definition, "Pet");
        merged.put("theirs", Kind::action, using_definition("Get", "Pet"));
        CHECK(only(merged.merge()).theirs == definition("Pet").text());
        SECTION("ours: the reference dangles") {
            merged.merge({.policy = MergePolicy::ours()});
            CHECK(merged.names("ours", Kind::definition).empty());
            CHECK(errors() == 1);
        }
        SECTION("theirs: it comes back") {
            merged.merge({.policy = MergePolicy::theirs()});
            CHECK(merged.names("ours", Kind::definition) == Names{"Pet"});
            CHECK(errors() == 0);
        }
    }
    check_is_sound(merged.store);
}

TEST_CASE("merge: what was removed and referred to twice is one conflict", "[engine]") {
    Merged merged;
    merged.put("base", Kind::definition, definition("Pet"));
    merged.part();
    const bool is_ours = GENERATE(true, false);
    merged.erase(is_ours ? "ours" : "theirs", Kind::definition, "Pet");
    for (const char* name : {"Get", "List"})
        merged.put(is_ours ? "theirs" : "ours", Kind::action, using_definition(name, "Pet"));
    CHECK(only(merged.merge()).type == ConflictType::reference);
}

TEST_CASE("merge: who removed what it refers to itself is not asked about that", "[engine]") {
    Merged merged;
    merged.put("base", Kind::definition, definition("Pet"));
    merged.put("base", Kind::action, using_definition("Get", "Pet"));
    merged.part();
    const bool is_ours = GENERATE(true, false);
    merged.store
        .edit(merged.key(is_ours ? "ours" : "theirs"),
              [](Draft& draft) { return draft.erase(Kind::definition, "Pet", true); })
        .value();
    merged.put(is_ours ? "theirs" : "ours", Kind::action, using_definition("Get", "Pet", "new"));
    CHECK(merged.merge().conflicts.empty());
    CHECK(merged.names("ours", Kind::definition).empty());
    CHECK(merged.text("ours", Kind::action, "Get") == using_definition("Get", "Pet", "new").text());
    check_is_sound(merged.store);
}

TEST_CASE("merge: a name that is removed and added again is still there to refer to", "[engine]") {
    Merged merged;
    merged.put("base", Kind::definition, definition("Pet"));
    merged.put("base", Kind::action, using_definition("Get", "Pet"));
    merged.part();
    const std::string side = GENERATE("ours", "theirs");
    merged.store
        .edit(merged.key(side),
              [](Draft& draft) -> Result<void> {
                  draft.erase(Kind::definition, "Pet", true).value();
                  draft.put(Kind::definition, definition("Pet", "another")).value();
                  return {};
              })
        .value();
    merged.put("ours", parameter("d"));
    merged.put(side == "ours" ? "theirs" : "ours", Kind::action,
               using_definition("Get", "Pet", "changed"));
    const MergeReport report = merged.merge({.policy = MergePolicy::ours()});
    CHECK(report.conflicts.empty());
    CHECK(merged.text("ours", Kind::definition, "Pet") == definition("Pet", "another").text());
    check_is_sound(merged.store);
}

TEST_CASE("merge: what cannot be merged is refused", "[engine]") {
    Merged merged;
    merged.part();
    merged.create("alone");
    merged.put("alone", parameter("x"));
    CHECK(error_of(merged.store.merge(merged.key("ours"), merged.key("alone")), {"common"}) ==
          Errc::no_common_commit);
    const MergeOptions unrelated{.allow_unrelated = true};
    const ConnectionId other = merged.store.create_connection(acme(), {.name = "Other"}).value().id;
    merged.store.create_version(other, {.name = "1"}).value();
    CHECK(error_of(merged.store.merge(merged.key("ours"), {other, "1"}, unrelated),
                   {"another connection", "pick"}) == Errc::option_invalid);
    CHECK(error_of(merged.snapshot().preview_merge(merged.key("ours"), {other, "1"}, unrelated)) ==
          Errc::option_invalid);
    CHECK(merged.store.merge(merged.key("ours"), merged.key("alone"), unrelated).has_value());
    CHECK(merged.names("ours") == Names{"a", "b", "c", "x"});
    CHECK(merged.store.merge(merged.key("ours"), merged.key("ours"))->outcome ==
          MergeOutcome::up_to_date);
    CHECK(error_of(merged.store.merge(merged.key("none"), merged.key("ours"))) ==
          Errc::version_not_found);
    CHECK(error_of(merged.store.merge(merged.key("ours"), merged.key("none"))) ==
          Errc::version_not_found);
    merged.publish("ours");
    CHECK(error_of(merged.store.merge(merged.key("ours"), merged.key("theirs"))) ==
          Errc::version_published);
    check_is_sound(merged.store);
}

TEST_CASE("merge: a policy is asked for each conflict", "[engine]") {
    Merged merged;
    merged.part();
    for (const char* name : {"a", "b"}) {
        merged.put("ours", parameter(name, "ours"));
        merged.put("theirs", parameter(name, "theirs"));
    }
    const MergePolicy policy([](const Conflict& conflict) {
        return Resolution{conflict.name == "a" ? Take::ours : Take::theirs};
    });
    const MergeReport report = merged.merge({.policy = policy});
    CHECK(report.conflicts.size() == 2);
    CHECK(merged.text("ours", Kind::parameter, "a") == parameter("a", "ours").text());
    CHECK(merged.text("ours", Kind::parameter, "b") == parameter("b", "theirs").text());
}

TEST_CASE("merge: a policy may give a name or a document of its own", "[engine]") {
    Merged merged;
    merged.part();
    const auto giving = [](const std::string& value) {
        return MergePolicy([value](const Conflict&) { return Resolution{Take::value, value}; });
    };
    const auto merge = [&](const std::string& value) {
        return merged.store.merge(merged.key("ours"), merged.key("theirs"),
                                  {.policy = giving(value)});
    };
    SECTION("where both renamed one resource") {
        merged.put("ours", parameter(merged.made[0].id, "x"));
        merged.put("theirs", parameter(merged.made[0].id, "y"));
        CHECK(error_of(merge("7"), {"give a JSON string"}) == Errc::name_invalid);
        CHECK(error_of(merge(R"("no name")")) == Errc::name_invalid);
        CHECK(error_of(merge("oops")) == Errc::document_invalid);
        CHECK(merged.names("ours") == Names{"b", "c", "x"});
        merge(R"("z")").value();
        CHECK(merged.names("ours") == Names{"b", "c", "z"});
    }
    SECTION("where both gave one name to two") {
        merged.put("ours", parameter("n", "ours"));
        merged.put("theirs", parameter("n", "theirs"));
        CHECK(error_of(merge(R"("a")"), {"several resources"}) == Errc::name_taken);
        merge(R"("m")").value();
        CHECK(merged.text("ours", Kind::parameter, "n") == parameter("n", "ours").text());
        CHECK(merged.text("ours", Kind::parameter, "m") == parameter("m", "theirs").text());
    }
    SECTION("where one removed what the other changed") {
        merged.erase("ours", Kind::parameter, "a");
        merged.put("theirs", parameter("a", "theirs"));
        CHECK(merge("[]").has_error());
        merge(parameter("a", "neither's").text()).value();
        CHECK(merged.text("ours", Kind::parameter, "a") == parameter("a", "neither's").text());
    }
    check_is_sound(merged.store);
}

TEST_CASE("merge: picked resources come as they are in the other version", "[engine]") {
    Merged merged;
    merged.part();
    merged.put("theirs", parameter(merged.made[0].id, "z", "theirs"));
    merged.put("theirs", parameter("b", "theirs"));
    merged.put("theirs", Kind::definition, definition("Pet"));
    merged.put("theirs", Kind::action, using_definition("Get", "Pet"));
    const auto pick = [&](std::vector<std::pair<Kind, std::string>> resources) {
        return merged.store.pick(merged.key("ours"), merged.key("theirs"),
                                 {.resources = std::move(resources)});
    };
    CHECK(error_of(pick({{Kind::action, "none"}})) == Errc::resource_not_found);
    CHECK(error_of(pick({{Kind::action, "Get"}}), {"Pet"}) == Errc::reference_not_found);
    merged.put("ours", Kind::definition, definition("Pet"));
    CHECK(error_of(pick({{Kind::definition, "Pet"}}), {"rename or delete it first"}) ==
          Errc::id_invalid);
    merged.erase("ours", Kind::definition, "Pet");
    CHECK(merged.names("ours") == Names{"a", "b", "c"});
    CHECK(pick({{Kind::parameter, "z"}, {Kind::action, "Get"}, {Kind::definition, "Pet"}})
              .has_value());
    CHECK(merged.names("ours") == Names{"b", "c", "z"});
    CHECK(merged.text("ours", Kind::parameter, "b") == parameter("b").text());
    CHECK(merged.snapshot().compare(merged.key("ours"), merged.key("theirs"))->size() == 1);
    check_is_sound(merged.store);
}

namespace {

/// Random edits of a version's Parameters and of Actions that refer to them.
class Editor {
public:
    explicit Editor(std::uint64_t seed) : random_(seed) {}

    void edit(Fixture& fixture, std::string_view version) {
        for (std::size_t left = below(4); left > 0; --left) one(fixture, version);
    }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

private:
    void one(Fixture& fixture, std::string_view version) {
        const std::string name(1, static_cast<char>('a' + below(6)));
        const std::string other(1, static_cast<char>('a' + below(6)));
        const auto done =
            fixture.store.edit(fixture.key(version), [&](Draft& draft) -> Result<void> {
                switch (below(5)) {
                    case 0: return draft.erase(Kind::parameter, name, true);
                    case 1: return ignored(draft.replace(Kind::parameter, name, some(other)));
                    case 2: return ignored(draft.put(Kind::action, referring(name, other)));
                    case 3: return draft.erase(Kind::action, name);
                    default: return ignored(draft.put(Kind::parameter, some(name)));
                }
            });
        static_cast<void>(done);  // a name may be taken, or nobody's
    }

    static Result<void> ignored(const Result<Resource>& result) {
        if (!result) return result.error();
        return {};
    }
    Document some(const std::string& name) {
        return document(R"({"name":")" + name + R"(","in":"query","type":"string","x":)" +
                        std::to_string(below(3)) + R"(,"y":)" + std::to_string(below(3)) + "}");
    }
    Document referring(const std::string& name, const std::string& target) {
        return document(R"({"name":")" + name + R"(","method":"GET","path":"/","responses":[{}],)" +
                        R"("x":)" + std::to_string(below(3)) +
                        R"(,"parameters":[{"parameter":{"name":")" + target + "\"}}]}");
    }

    std::mt19937_64 random_;
};

using Documents = std::vector<Resource>;

Documents documents_of(const Fixture& fixture, std::string_view version) {
    Documents all;
    const Snapshot snapshot = fixture.snapshot();
    for (const Kind kind : {Kind::action, Kind::parameter})
        for (Resource& each : snapshot.resources(fixture.key(version), kind).value())
            all.push_back(std::move(each));
    return all;
}

/// What there is by name. Without ids: where both added the same, each side keeps its own.
std::vector<std::string> texts(const Fixture& fixture, std::string_view version) {
    std::vector<std::string> all;
    for (const Resource& each : documents_of(fixture, version))
        all.push_back(std::string(to_string(each.kind)) + ' ' + each.name + ' ' +
                      each.document.text());
    return all;
}

/// The conflicts as the other side has them.
std::vector<Conflict> mirrored(std::vector<Conflict> conflicts) {
    for (Conflict& each : conflicts) {
        std::swap(each.ours, each.theirs);
        if (each.type == ConflictType::deleted_by_ours)
            each.type = ConflictType::deleted_by_theirs;
        else if (each.type == ConflictType::deleted_by_theirs)
            each.type = ConflictType::deleted_by_ours;
        else if (each.type == ConflictType::name)
            std::swap(each.id, *each.other);
    }
    return conflicts;
}

/// Those that follow from no other. Which names and references clash depends on how the others
/// went, and an open conflict goes the way of the side that is merged into.
std::vector<Conflict> first_of(std::vector<Conflict> conflicts) {
    std::erase_if(conflicts, [](const Conflict& each) {
        return each.type == ConflictType::name || each.type == ConflictType::reference;
    });
    return conflicts;
}

/// Each conflict in words, but for what depends on the side that is merged into: its name; the base
/// of a name, which is that of our resource; and which of several referrers is told.
std::multiset<std::string> described(const std::vector<Conflict>& conflicts) {
    std::multiset<std::string> all;
    for (const Conflict& each : conflicts)
        all.insert(std::string(to_string(each.type)) + ' ' + to_string(each.id) + ' ' +
                   (each.type == ConflictType::name
                        ? to_string(*each.other)
                        : each.pointer + ' ' + each.base.value_or("none")) +
                   ' ' + each.ours.value_or("none") + ' ' + each.theirs.value_or("none"));
    return all;
}

}  // namespace

TEST_CASE("merge: the laws hold under random edits of two clones", "[engine]") {
    for (std::uint64_t seed = 0; seed < less_if_sanitized(2500, 800); ++seed) {
        CAPTURE(seed);
        Editor editor(seed);
        Fixture fixture;
        fixture.create("base");
        for (int i = 0; i < 3; ++i) editor.edit(fixture, "base");
        fixture.clone("a", "base");
        fixture.clone("b", "base");
        fixture.clone("same", "base");
        editor.edit(fixture, "a");
        editor.edit(fixture, "b");
        const auto merge = [&](std::string_view into, std::string_view from,
                               const MergePolicy& policy) {
            return fixture.store.merge(fixture.key(into), fixture.key(from), {.policy = policy})
                .value();
        };
        // Who changed nothing becomes what the other is.
        CHECK(merge("same", "b", MergePolicy::fail()).conflicts.empty());
        CHECK(documents_of(fixture, "same") == documents_of(fixture, "b"));
        CHECK(merge("same", "b", MergePolicy::fail()).outcome == MergeOutcome::up_to_date);

        // Either way round the same clashes, and without any the result is the same.
        fixture.clone("ab", "a");
        fixture.clone("ba", "b");
        const auto ours = documents_of(fixture, "ab");
        const MergeReport ab = merge("ab", "b", MergePolicy::fail());
        const MergeReport ba = merge("ba", "a", MergePolicy::fail());
        CHECK(ab.conflicts.empty() == ba.conflicts.empty());
        CHECK(described(first_of(ab.conflicts)) == described(first_of(mirrored(ba.conflicts))));
        if (ab.conflicts.size() == 1 && ba.conflicts.size() == 1)
            CHECK(described(ab.conflicts) == described(mirrored(ba.conflicts)));
        if (ab.outcome == MergeOutcome::conflicted) {
            CHECK(documents_of(fixture, "ab") == ours);
            CHECK(merge("ab", "b", MergePolicy::ours()).outcome != MergeOutcome::conflicted);
            CHECK(merge("ba", "a", MergePolicy::theirs()).outcome != MergeOutcome::conflicted);
        } else {
            CHECK(texts(fixture, "ab") == texts(fixture, "ba"));
        }
        CHECK(merge("ab", "b", MergePolicy::fail()).outcome == MergeOutcome::up_to_date);
        check_is_sound(fixture.store);
    }
}

TEST_CASE("merge: what merges hold is collected like all else", "[engine]") {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        Editor editor(seed);
        Fixture fixture(
            {.history = {.max_commits = 1 + seed % 3}, .collect_with_writes = seed % 2 == 0});
        std::vector<std::string> names{"v0"};
        fixture.create("v0");
        for (int step = 1; step <= 40; ++step) {
            const std::string any = names[editor.below(names.size())];
            const std::string other = names[editor.below(names.size())];
            const std::size_t dice = editor.below(10);
            if (dice < 4) {
                editor.edit(fixture, any);
            } else if (dice < 6) {
                names.push_back("v" + std::to_string(step));
                fixture.clone(names.back(), any);
            } else if (dice < 9) {
                const MergeOptions options{
                    .policy = editor.below(2) == 0 ? MergePolicy::ours() : MergePolicy::theirs(),
                    .allow_unrelated = true};
                CHECK(
                    fixture.store.merge(fixture.key(any), fixture.key(other), options).has_value());
            } else if (names.size() > 1) {
                fixture.store.delete_version(fixture.key(any)).value();
                std::erase(names, any);
            }
            if (editor.below(5) == 0) CHECK(collect_garbage(fixture.store).value().is_complete);
            check_is_sound(fixture.store);
        }
        for (const std::string& name : names)
            fixture.store.delete_version(fixture.key(name)).value();
        CHECK(collect_garbage(fixture.store).value().is_complete);
        check_is_sound(fixture.store);
        const StoreStats stats = stat(fixture.store).value();
        CHECK(stats.commits == 0);
        CHECK(stats.payloads == 0);
        CHECK(stats.node_chunks == 0);
        CHECK(stats.payload_chunks == 0);
    }
}
