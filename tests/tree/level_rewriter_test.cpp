// Goal: what a level's edits mean for the level above. Whole trees are apply_test's.

#include "tree/level_rewriter.hpp"
#include "tree/tree_model.hpp"

namespace verso::tree {

namespace {

/// Keys in ascending order of which some end their leaf, and the last does not.
struct Level {
    Level() {
        for (std::size_t i = 0; inner.size() < 40 || is_boundary(number_key(i - 1)); ++i) {
            const std::string key = number_key(i);
            (is_boundary(key) ? boundaries : inner).push_back(key);
            model[key] = {"value"};
        }
        root = trees.build(model);
    }

    bool is_boundary(const std::string& key) { return trees.rank(key) > 0; }

    std::vector<Edit> rewrite(const std::vector<Edit>& edits) {
        old.emplace(trees.nodes, root, edits);
        rewriter.emplace(shaper, *old);
        return rewriter->rewrite(0, edits);
    }

    Trees trees;
    Shaper shaper{trees.rank, trees.nodes};
    Model model;
    std::vector<std::string> boundaries;
    std::vector<std::string> inner;
    Root root;
    std::optional<TouchedNodes> old;
    std::optional<LevelRewriter> rewriter;
};

}  // namespace

TEST_CASE("level rewriter: a new value is one new node above", "[tree]") {
    Level level;
    const std::vector<Edit> above = level.rewrite({{level.inner[10], "new"}});
    REQUIRE(above.size() == 1);
    CHECK(above[0].key == *std::ranges::lower_bound(level.boundaries, level.inner[10]));
    REQUIRE(above[0].value);
    REQUIRE(level.rewriter->new_nodes().size() == 1);
    const NewNode& made = level.rewriter->new_nodes().front();
    CHECK(above[0].locator == Locator{.payload = made.id});
    CHECK(decode_child(made.id, *above[0].value).digest ==
          sha256(NodeView(made.id, made.bytes).digested()));
    CHECK(level.trees.nodes.written.back() < made.id);  // nothing is written yet
}

TEST_CASE("level rewriter: edits without effect mean nothing above", "[tree]") {
    Level level;
    const std::string missing = level.inner[5] + "x";
    CHECK(level.rewrite({{level.inner[5], "value"}, {missing, std::nullopt}}).empty());
    CHECK(level.rewriter->new_nodes().empty());
}

TEST_CASE("level rewriter: without its last key a node takes in the next", "[tree]") {
    Level level;
    const std::vector<Edit> above = level.rewrite({{level.boundaries[0], std::nullopt}});
    REQUIRE(above.size() == 2);
    CHECK(above[0].key == level.boundaries[0]);
    CHECK_FALSE(above[0].value);
    CHECK(above[1].key == level.boundaries[1]);
    CHECK(above[1].value);
}

TEST_CASE("level rewriter: a key that ends its node cuts it in two", "[tree]") {
    Level level;
    std::string key = level.inner[0] + "x";
    while (!level.is_boundary(key)) key += 'x';
    const std::vector<Edit> above = level.rewrite({{key, "new"}});
    REQUIRE(above.size() == 2);
    CHECK(above[0].key == key);
    CHECK(above[0].value);
    CHECK(above[1].value);
}

TEST_CASE("level rewriter: a key behind the last one changes the last node", "[tree]") {
    Level level;
    const std::vector<Edit> above = level.rewrite({{"z", "new"}});
    REQUIRE(above.size() == 2);
    CHECK(above[0].key == level.model.rbegin()->first);
    CHECK_FALSE(above[0].value);
    CHECK(above[1].key == "z");
    CHECK(above[1].value);
}

}  // namespace verso::tree
