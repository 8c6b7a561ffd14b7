// Conflicts and who decides them.
#include <verso/domain/conflict.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <string_view>

using namespace verso;

TEST_CASE("conflict: every type and every side has a name of its own", "[domain][merge]") {
    std::set<std::string_view> names;
    for (const ConflictType type :
         {ConflictType::content, ConflictType::deleted_by_ours, ConflictType::deleted_by_theirs,
          ConflictType::rename, ConflictType::name, ConflictType::reference})
        names.insert(to_string(type));
    CHECK(names.size() == 6);
    CHECK(names.count("deleted_by_ours") == 1);
    names.clear();
    for (const Take take : {Take::unresolved, Take::base, Take::ours, Take::theirs, Take::value})
        names.insert(to_string(take));
    CHECK(names.size() == 5);
    CHECK(names.count("theirs") == 1);
    CHECK(to_string(static_cast<ConflictType>(99)) == "unknown");
    CHECK(to_string(static_cast<Take>(99)) == "unknown");
}

TEST_CASE("conflict: a policy decides", "[domain][merge]") {
    const Conflict conflict{.pointer = "/a"};
    CHECK(MergePolicy().resolve(conflict) == Resolution{});
    CHECK(MergePolicy::fail().resolve(conflict).take == Take::unresolved);
    CHECK(MergePolicy::ours().resolve(conflict).take == Take::ours);
    CHECK(MergePolicy::theirs().resolve(conflict).take == Take::theirs);
    const MergePolicy asked([](const Conflict& each) {
        return Resolution{Take::value, '"' + each.pointer + '"'};
    });
    CHECK(asked.resolve(conflict) == Resolution{Take::value, "\"/a\""});
}
