// Goal: the shape of a tree is a function of its content, and an edit writes what it must and no
// more.
//
// Method: random batches of edits run beside a std::map. After each the tree must be, node for
// node, the one that building from the map gives. Few short keys and many secrets make boundaries
// appear and vanish all the time, at the ends of nodes, of parents and of levels.

#include "tree/tree_model.hpp"

namespace verso::tree {

namespace {

/// A batch of edits: puts, puts of what is there, removals, some of missing keys and often of
/// boundaries.
ModelEdits random_edits(Random& random, Trees& trees, const Model& model, std::size_t limit) {
    ModelEdits edits;
    for (std::size_t left = 1 + below(random, limit); left > 0; --left) {
        std::string key = short_key(random);
        const auto near = model.lower_bound(key);
        const bool there = near != model.end();
        switch (below(random, 8)) {
            case 0:
                if (there) edits[near->first] = near->second;
                break;
            case 1:
                if (there) edits[near->first] = std::nullopt;
                break;
            case 2:
                if (there && trees.rank(near->first) > 0) edits[near->first] = std::nullopt;
                break;
            case 3: edits[key] = std::nullopt; break;
            default: edits[key] = random_value(random);
        }
    }
    return edits;
}

/// Applies edits to a tree and its model, and holds the new tree to everything that is promised.
Root checked_apply(Trees& trees, const Root& root, Model& model, const ModelEdits& edits) {
    const Walk before = walk(trees, root);
    const Model model_before = model;
    const std::size_t written_before = trees.nodes.written.size();
    const Root next = trees.apply(root, edits);
    edit_model(model, edits);

    const Walk after = walk(trees, next);
    REQUIRE(after.model == model);
    if (model == model_before) REQUIRE(next == root);
    std::vector<NodeId> only_new;
    std::ranges::set_difference(after.ids, before.ids, std::back_inserter(only_new));
    const std::vector<NodeId> written(
        trees.nodes.written.begin() + static_cast<std::ptrdiff_t>(written_before),
        trees.nodes.written.end());
    REQUIRE(written == only_new);
    return next;
}

/// The tree of the same content and secret, built in one go.
Walk walk_built(std::uint64_t seed, const Model& model) {
    Trees trees(seed);
    return walk(trees, trees.build(model));
}

void check_history(std::uint64_t seed, std::size_t steps, std::size_t edits_limit) {
    INFO("seed " << seed);
    Random random(seed);
    Trees trees(seed);
    Model model;
    Root root;
    std::vector<std::pair<Root, Model>> kept;
    for (std::size_t step = 0; step < steps; ++step) {
        INFO("step " << step);
        root = checked_apply(trees, root, model, random_edits(random, trees, model, edits_limit));
        REQUIRE(walk(trees, root).digests == walk_built(seed, model).digests);
        kept.emplace_back(root, model);
    }
    for (const auto& [old_root, old_model] : kept)
        REQUIRE(walk(trees, old_root).model == old_model);
}

}  // namespace

TEST_CASE("apply: single edits in any order give the tree that a build gives", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) check_history(seed, 200, 1);
}

TEST_CASE("apply: small batches give the tree that a build gives", "[tree]") {
    for (std::uint64_t seed = 100; seed < 150; ++seed) check_history(seed, 40, 8);
}

TEST_CASE("apply: large batches give the tree that a build gives", "[tree]") {
    for (std::uint64_t seed = 200; seed < 240; ++seed) check_history(seed, 15, 200);
}

TEST_CASE("apply: removing all keys in any order ends in the empty tree", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Trees trees(seed);
        Model model = numbered_model(100 + below(random, 200));
        Root root = trees.build(model);
        while (!model.empty()) {
            ModelEdits edits;
            for (std::size_t left = 1 + below(random, 12); left > 0; --left)
                edits[std::next(model.begin(), static_cast<long>(below(random, model.size())))
                          ->first] = {};
            root = checked_apply(trees, root, model, edits);
            REQUIRE(walk(trees, root).digests == walk_built(seed, model).digests);
        }
        CHECK(root == Root{});
    }
}

TEST_CASE("apply: removing a run of keys joins what is left of both sides", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Trees trees(seed);
        Model model = numbered_model(600);
        const Root root = trees.build(model);
        std::size_t first = below(random, 600);
        std::size_t last = below(random, 601);
        if (first > last) std::swap(first, last);
        ModelEdits edits;
        for (; first < last; ++first) edits[number_key(first)] = std::nullopt;
        const Root next = checked_apply(trees, root, model, edits);
        REQUIRE(walk(trees, next).digests == walk_built(seed, model).digests);
    }
}

TEST_CASE("apply: a tree that keeps one key of many is one leaf", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Trees trees(seed);
        Model model = numbered_model(300);
        const Root root = trees.build(model);
        const std::string key = number_key(below(random, 300));
        ModelEdits edits;
        for (const auto& [each, put] : model)
            if (each != key) edits[each] = std::nullopt;
        const Root next = checked_apply(trees, root, model, edits);
        REQUIRE(walk(trees, next).levels == 1);
    }
}

TEST_CASE("apply: a root that is an old node is taken as it is", "[tree]") {
    // Keep just the keys of the first leaf: when its last key ends it, the leaf itself becomes the
    // root.
    Trees trees;
    Model model = numbered_model(300);
    const Root root = trees.build(model);
    NodeView node(root.id, trees.nodes.stored(root.id));
    while (!node.is_leaf()) node = load_child(trees.nodes, node, 0);
    ModelEdits edits;
    for (auto each = model.upper_bound(std::string(node.last_key())); each != model.end(); ++each)
        edits[each->first] = std::nullopt;
    const std::size_t written = trees.nodes.written.size();
    const Root next = checked_apply(trees, root, model, edits);
    CHECK(next.id == node.id());
    CHECK(trees.nodes.written.size() == written);
}

TEST_CASE("apply: appending key after key grows the tree as a build would", "[tree]") {
    Trees trees(3);
    Model model;
    Root root;
    unsigned levels = 0;
    for (std::size_t i = 0; i < 700; ++i) {
        root = checked_apply(trees, root, model, {{number_key(i), ModelValue{"v"}}});
        levels = std::max(levels, walk(trees, root).levels);
    }
    CHECK(levels >= 3);
    CHECK(walk(trees, root).digests == walk_built(3, model).digests);
}

TEST_CASE("apply: keys in front of the first grow the tree as a build would", "[tree]") {
    Trees trees(4);
    Model model;
    Root root;
    for (std::size_t i = 500; i-- > 0;)
        root = checked_apply(trees, root, model, {{number_key(i), ModelValue{"v"}}});
    CHECK(walk(trees, root).digests == walk_built(4, model).digests);
}

TEST_CASE("apply: long binary keys and empty values are kept", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Trees trees(seed);
        Model model;
        Root root;
        for (int step = 0; step < 30; ++step) {
            ModelEdits edits;
            for (int i = 0; i < 10; ++i) edits[binary_key(random)] = random_value(random);
            if (!model.empty()) edits[model.begin()->first] = std::nullopt;
            root = checked_apply(trees, root, model, edits);
        }
        REQUIRE(walk(trees, root).digests == walk_built(seed, model).digests);
    }
}

TEST_CASE("apply: edits that do nothing answer the same root and write nothing", "[tree]") {
    Trees trees;
    const Model model = numbered_model(500);
    const Root root = trees.build(model);
    const std::size_t written = trees.nodes.written.size();
    CHECK(trees.apply(root, {}) == root);
    CHECK(trees.apply(root, {{"missing", std::nullopt}, {"zzz", std::nullopt}}) == root);
    CHECK(trees.apply(root, {model.begin(), model.end()}) == root);
    CHECK(trees.apply({}, {{"missing", std::nullopt}}) == Root{});
    CHECK(trees.apply({}, {}) == Root{});
    CHECK(trees.nodes.written.size() == written);
}

TEST_CASE("apply: undoing an edit gives the old digest again", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(500));
    const Root with = trees.apply(root, {{"key00000100x", ModelValue{"v"}}});
    CHECK(with.digest != root.digest);
    const Root without = trees.apply(with, {{"key00000100x", std::nullopt}});
    CHECK(without.digest == root.digest);
    CHECK(without.count == root.count);
}

TEST_CASE("apply: the digest does not depend on locators but a new locator is stored", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(500));
    const std::string key = number_key(250);
    const Root moved = trees.apply(root, {{key, ModelValue{"value 250", {77, 88}}}});
    CHECK(moved.digest == root.digest);
    CHECK(moved.id != root.id);
    CHECK(find(trees.nodes, moved, key)->locator == Locator{77, 88});
    CHECK(find(trees.nodes, root, key)->locator == Locator{250, 1});
}

TEST_CASE("apply: the root digest is that of the stored format", "[tree]") {
    // Computed by another implementation, from the format.
    const auto digest_of = [](std::size_t size) {
        Trees trees(Secret{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
        Model model;
        for (std::size_t i = 0; i < size; ++i)
            model["key" + std::to_string(i)] = {"value " + std::to_string(i), {i, i}};
        return to_string(trees.build(model).digest);
    };
    CHECK(digest_of(1) == "05585f04c375492c8856e2e3e4aa22daeed710b7ae3067a336122553490cd20a");
    CHECK(digest_of(10) == "4f7e7f0b945b0515c96927702c592fce595c7b9d32cadfed74b8a77f7556f32b");
    CHECK(digest_of(1'000) == "d470d7db27134942fd6336472bd4e02c5ce6a396ff3a2000c0edfb62f74b5d9f");
    CHECK(digest_of(5'000) == "0d940f3bf2c3e8792ec2b1640f2eb020f2a5a1dde975b448cc1f8bd7df10d44c");
}

TEST_CASE("apply: a single edit loads and writes about one node a level", "[tree]") {
    Random random(9);
    Trees trees;
    Model model = numbered_model(5'000);
    Root root = trees.build(model);
    const unsigned levels = walk(trees, root).levels;
    constexpr std::size_t edits = 500;
    trees.nodes.loads = 0;
    trees.nodes.written.clear();
    for (std::size_t i = 0; i < edits; ++i)
        root = trees.apply(root, {{number_key(below(random, 5'000)) + "x", ModelValue{"v"}}});
    CHECK(trees.nodes.loads <= edits * (levels + 1));
    CHECK(trees.nodes.written.size() <= edits * (levels + 1));
}

TEST_CASE("apply: a batch loads no node twice", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(3'000));
    const std::size_t nodes = trees.nodes.size();
    ModelEdits edits;
    for (std::size_t i = 0; i < 3'000; ++i)
        edits[number_key(i)] = i % 3 ? std::optional(ModelValue{"new"}) : std::nullopt;
    trees.nodes.loads = 0;
    static_cast<void>(trees.apply(root, edits));
    CHECK(trees.nodes.loads <= nodes);
}

}  // namespace verso::tree
