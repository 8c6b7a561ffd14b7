// Goal: damaged nodes are reported or read as other content, never read beyond their bytes.
//
// Method: each byte of some nodes is changed in turn, nodes are cut, and every operation runs over
// the tree. Each node lies in memory of its exact size, so that the sanitizers see a read beyond
// it.

#include "tree/tree_model.hpp"

namespace verso::tree {

namespace {

template <class Operation>
void expect_corrupt_at_most(Operation operation) {
    try {
        operation();
    } catch (const Failure& failure) {
        if (failure.error.code != Errc::corrupt) FAIL("another error: " << failure.error.message);
    }
}

void run_everything(Trees& trees, const Root& root, const Root& other) {
    const std::string middle = number_key(30);
    const auto read = [&](const Entry& entry) {
        return entry.key.size() + entry.value.size() < 1'000;
    };
    expect_corrupt_at_most([&] { static_cast<void>(find(trees.nodes, root, middle)); });
    expect_corrupt_at_most([&] { static_cast<void>(position(trees.nodes, root, middle)); });
    expect_corrupt_at_most([&] { static_cast<void>(at(trees.nodes, root, 30)); });
    expect_corrupt_at_most([&] { scan(trees.nodes, root, {}, read); });
    expect_corrupt_at_most([&] { scan_back(trees.nodes, root, {}, read); });
    expect_corrupt_at_most(
        [&] { diff(trees.nodes, root, other, {}, [](const Difference&) { return true; }); });
    expect_corrupt_at_most([&] {
        static_cast<void>(trees.apply(root, {{middle, std::nullopt},
                                             {number_key(31) + "x", ModelValue{"v"}},
                                             {number_key(50), std::nullopt}}));
    });
}

struct DamagedTree {
    DamagedTree() {
        root = trees.build(numbered_model(60));
        other = trees.apply(root, {{number_key(10), ModelValue{"new"}}});
        for (const NodeId id : walk(trees, root).ids) ids.push_back(id);
        trees.nodes.is_strict = false;
    }

    Trees trees;
    Root root;
    Root other;
    std::vector<NodeId> ids;
};

}  // namespace

TEST_CASE("damage: a flipped byte is never followed out of a node", "[tree]") {
    DamagedTree tree;
    REQUIRE(tree.ids.size() >= 4);
    for (const NodeId id : tree.ids) {
        const std::string good(tree.trees.nodes.stored(id));
        for (std::size_t i = 0; i < good.size(); ++i) {
            for (const int mask : {0x01, 0x40, 0xff}) {
                std::string bad = good;
                bad[i] = static_cast<char>(bad[i] ^ mask);
                tree.trees.nodes.replace(id, bad);
                run_everything(tree.trees, tree.root, tree.other);
                expect_corrupt_at_most([&] { check_node(id, tree.trees.nodes.stored(id)); });
            }
        }
        tree.trees.nodes.replace(id, good);
    }
}

TEST_CASE("damage: a cut node is corrupt", "[tree]") {
    DamagedTree tree;
    for (const NodeId id : tree.ids) {
        const std::string good(tree.trees.nodes.stored(id));
        for (std::size_t size = 0; size < good.size(); ++size) {
            tree.trees.nodes.replace(id, BytesView(good).substr(0, size));
            run_everything(tree.trees, tree.root, tree.other);
            CHECK_THROWS_AS(check_node(id, tree.trees.nodes.stored(id)), Failure);
        }
        tree.trees.nodes.replace(id, good);
    }
}

TEST_CASE("damage: random bytes are never followed out of a node", "[tree]") {
    DamagedTree tree;
    Random random(11);
    for (int round = 0; round < 2'000; ++round) {
        const NodeId id = tree.ids[below(random, tree.ids.size())];
        const std::string good(tree.trees.nodes.stored(id));
        std::string bad = good;
        for (std::size_t left = 1 + below(random, 12); left > 0; --left)
            bad[below(random, std::min<std::size_t>(bad.size(), 80))] = static_cast<char>(random());
        tree.trees.nodes.replace(id, bad);
        run_everything(tree.trees, tree.root, tree.other);
        tree.trees.nodes.replace(id, good);
    }
}

TEST_CASE("damage: a node in the place of another is corrupt", "[tree]") {
    DamagedTree tree;
    std::size_t refused = 0;
    for (const NodeId id : tree.ids) {
        if (id == tree.root.id) continue;
        const std::string good(tree.trees.nodes.stored(id));
        for (const NodeId wrong : tree.ids) {
            if (wrong == id) continue;
            tree.trees.nodes.replace(id, tree.trees.nodes.stored(wrong));
            CHECK_THROWS_AS(
                scan(tree.trees.nodes, tree.root, {}, [](const Entry&) { return true; }), Failure);
            ++refused;
        }
        tree.trees.nodes.replace(id, good);
    }
    CHECK(refused > 0);
}

TEST_CASE("damage: nothing is written when a node cannot be read", "[tree]") {
    DamagedTree tree;
    const std::size_t written = tree.trees.nodes.written.size();
    tree.trees.nodes.replace(tree.ids.front(), "damaged");
    CHECK_THROWS_AS(tree.trees.apply(tree.root, {{number_key(0), std::nullopt}}), Failure);
    CHECK(tree.trees.nodes.written.size() == written);
}

}  // namespace verso::tree
