// Goal: the laws that tie clones, comparisons and digests together.
//   a clone equals its source             compare(a, a) is empty
//   a changed by compare(a, b) equals b   the same puts in any order give the same digest
// Method: random pairs of versions that share a past, with fixed seeds.
#include "engine/fixture.hpp"

#include <algorithm>
#include <random>

using namespace verso;
using namespace verso::engine;

namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t count) { return random() % count; }

/// Changes a draft at random: puts, erases and renames of Parameters.
Result<void> change_randomly(Draft& draft, Random& random) {
    for (std::size_t left = 1 + below(random, 20); left > 0; --left) {
        const std::string name = "p" + std::to_string(below(random, 40));
        const std::string text = std::to_string(below(random, 1000));
        const auto found = draft.find(Kind::parameter, name).value();
        const std::size_t choice = below(random, 10);
        if (found && choice < 3) {
            draft.erase(Kind::parameter, name).value();
        } else if (found && choice < 6) {
            const std::string other = "p" + std::to_string(below(random, 40));
            if (!draft.find(Kind::parameter, other).value())
                draft.put(Kind::parameter, parameter(found->id, other, text)).value();
        } else {
            draft.put(Kind::parameter, parameter(name, text)).value();
        }
    }
    return {};
}

void change_randomly(Fixture& fixture, std::string_view version, Random& random) {
    fixture.store
        .edit(fixture.key(version), [&](Draft& draft) { return change_randomly(draft, random); })
        .value();
}

Document with_id(const Change& change) {
    return document(R"({"id":")" + to_string(change.id) + R"(",)" + change.after->text().substr(1));
}

/// Makes the changes in a draft. What goes or is renamed makes room first, since names may go round
/// in a circle.
Result<void> apply(Draft& draft, const std::vector<Change>& changes) {
    for (const Change& each : changes)
        if (each.type == ChangeType::removed) draft.erase(each.kind, each.name).value();
    for (const Change& each : changes)
        if (each.type == ChangeType::renamed) draft.erase(each.kind, *each.old_name).value();
    for (const Change& each : changes)
        if (each.after) draft.put(each.kind, with_id(each)).value();
    return {};
}

Digest digest(const Fixture& fixture, std::string_view version) {
    return fixture.snapshot().digest(fixture.key(version)).value();
}

}  // namespace

TEST_CASE("laws: a clone equals its source and compares empty", "[engine]") {
    Random random(GENERATE(1U, 2U, 3U));
    Fixture fixture;
    fixture.create("0");
    for (int i = 0; i < 10; ++i) {
        const std::string source = std::to_string(i);
        const std::string clone = std::to_string(i + 1);
        change_randomly(fixture, source, random);
        fixture.clone(clone, source);
        CHECK(digest(fixture, source) == digest(fixture, clone));
        CHECK(fixture.snapshot().compare(fixture.key(source), fixture.key(clone)).value().empty());
        CHECK(fixture.snapshot().compare(fixture.key(source), fixture.key(source)).value().empty());
    }
}

TEST_CASE("laws: what a comparison says turns the one into the other", "[engine]") {
    const auto seed = GENERATE(range(10, 20));
    CAPTURE(seed);
    Random random(static_cast<std::uint64_t>(seed));
    Fixture fixture;
    fixture.create("base");
    change_randomly(fixture, "base", random);
    for (const char* side : {"a", "b"}) {
        fixture.clone(side, "base");
        for (int i = 0; i < 4; ++i) change_randomly(fixture, side, random);
    }
    for (const auto& [from, to] :
         {std::pair{"a", "b"}, std::pair{"b", "a"}, std::pair{"a", "base"}}) {
        const std::string name = std::string(from) + " to " + to;
        const auto changes = fixture.snapshot().compare(fixture.key(from), fixture.key(to)).value();
        fixture.clone(name, from);
        fixture.store.edit(fixture.key(name), [&](Draft& draft) { return apply(draft, changes); })
            .value();
        CHECK(digest(fixture, name) == digest(fixture, to));
        CHECK(fixture.snapshot().compare(fixture.key(name), fixture.key(to)).value().empty());
    }
}

TEST_CASE("laws: the same puts in any order and in any batches give one digest", "[engine]") {
    Random random(7);
    std::vector<Document> documents;
    for (std::uint8_t i = 0; i < 200; ++i)
        documents.push_back(parameter(numbered<ResourceId>(i), "p" + std::to_string(i)));
    Fixture fixture;
    std::optional<Digest> first;
    for (int round = 0; round < 5; ++round) {
        const std::string name = std::to_string(round);
        fixture.create(name);
        std::ranges::shuffle(documents, random);
        for (std::size_t done = 0; done < documents.size();) {
            const std::size_t end = std::min(documents.size(), done + 1 + below(random, 60));
            const auto put = [&](Draft& draft) -> Result<void> {
                for (; done < end; ++done) draft.put(Kind::parameter, documents[done]).value();
                return {};
            };
            fixture.store.edit(fixture.key(name), put).value();
        }
        if (!first) first = digest(fixture, name);
        CHECK(digest(fixture, name) == *first);
    }
}
