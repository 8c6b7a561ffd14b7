// Goal: find, position, at and count answer what the model does.

#include "tree/tree_model.hpp"

namespace verso::tree {

namespace {

std::uint64_t model_position(const Model& model, const std::string& key) {
    return static_cast<std::uint64_t>(std::distance(model.begin(), model.lower_bound(key)));
}

void check_key(Trees& trees, const Root& root, const Model& model, const std::string& key) {
    const auto expected = model.find(key);
    const std::optional<Entry> found = find(trees.nodes, root, key);
    REQUIRE(found.has_value() == (expected != model.end()));
    if (found) {
        REQUIRE(found->key == key);
        REQUIRE(found->value == expected->second.value);
        REQUIRE(found->locator == expected->second.locator);
    }
    REQUIRE(position(trees.nodes, root, key) == model_position(model, key));
}

}  // namespace

TEST_CASE("find: an empty tree has nothing", "[tree]") {
    Trees trees;
    CHECK_FALSE(find(trees.nodes, {}, "a"));
    CHECK_FALSE(at(trees.nodes, {}, 0));
    CHECK(position(trees.nodes, {}, "a") == 0);
    CHECK(count(trees.nodes, {}, {}) == 0);
    CHECK(trees.nodes.loads == 0);
}

TEST_CASE("find: it agrees with a map for keys of all kinds", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Trees trees(seed);
        Model model;
        for (std::size_t size = below(random, 400); size > 0; --size)
            model[seed % 2 ? short_key(random) : binary_key(random)] = random_value(random);
        const Root root = trees.build(model);
        for (const auto& [key, put] : model) check_key(trees, root, model, key);
        for (int i = 0; i < 200; ++i) check_key(trees, root, model, short_key(random));
        check_key(trees, root, model, "");
        check_key(trees, root, model, std::string(400, '\xff'));

        std::uint64_t index = 0;
        for (const auto& [key, put] : model) {
            const std::optional<Entry> found = at(trees.nodes, root, index++);
            REQUIRE(found);
            REQUIRE(found->key == key);
        }
        REQUIRE_FALSE(at(trees.nodes, root, index));
        REQUIRE_FALSE(at(trees.nodes, root, ~std::uint64_t{0}));

        for (int i = 0; i < 100; ++i) {
            const std::string begin = short_key(random);
            const std::string end = short_key(random);
            const auto b = model_position(model, begin);
            const auto e = model_position(model, end);
            REQUIRE(count(trees.nodes, root, {begin, end}) == (e < b ? 0 : e - b));
            REQUIRE(count(trees.nodes, root, {begin}) == model.size() - b);
        }
    }
}

TEST_CASE("find: each lookup loads one node of a level", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(5'000));
    const unsigned levels = walk(trees, root).levels;
    REQUIRE(levels >= 4);
    trees.nodes.loads = 0;
    REQUIRE(find(trees.nodes, root, number_key(4'321)));
    CHECK(trees.nodes.loads == levels);
    trees.nodes.loads = 0;
    REQUIRE(at(trees.nodes, root, 4'321)->key == number_key(4'321));
    CHECK(trees.nodes.loads == levels);
    trees.nodes.loads = 0;
    CHECK(position(trees.nodes, root, number_key(4'321)) == 4'321);
    CHECK(trees.nodes.loads == levels);
}

TEST_CASE("find: a root that counts more entries than there are is corrupt", "[tree]") {
    Trees trees;
    Root root = trees.build(numbered_model(100));
    ++root.count;
    try {
        static_cast<void>(at(trees.nodes, root, 100));
        FAIL("an entry was found");
    } catch (const Failure& failure) {
        CHECK(failure.error.code == Errc::corrupt);
    }
}

}  // namespace verso::tree
