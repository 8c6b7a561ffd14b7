// Goal: scans visit what the model has in a range, in order, both ways, and load no more than that.

#include "tree/tree_model.hpp"

#include <set>

namespace verso::tree {

namespace {

using Keys = std::vector<std::string>;

Keys keys_of(const Model& model, const Range& range) {
    Keys keys;
    for (const auto& [key, put] : model)
        if (key >= range.begin && (!range.end || key < *range.end)) keys.push_back(key);
    return keys;
}

using Scan = void(NodeSource&, const Root&, const Range&, Visitor<const Entry&>);

/// The first `limit` keys that a scan visits.
Keys visited(Scan& scan, Trees& trees, const Root& root, const Range& range,
             std::size_t limit = ~std::size_t{0}) {
    Keys keys;
    scan(trees.nodes, root, range, [&](const Entry& entry) {
        keys.emplace_back(entry.key);
        return keys.size() < limit;
    });
    return keys;
}

}  // namespace

TEST_CASE("scan: an empty tree has nothing to visit", "[tree]") {
    Trees trees;
    CHECK(visited(scan, trees, {}, {}).empty());
    CHECK(visited(scan_back, trees, {}, {}).empty());
}

TEST_CASE("scan: it visits the range of a map both ways", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Trees trees(seed);
        Model model;
        for (std::size_t size = below(random, 300); size > 0; --size)
            model[short_key(random)] = random_value(random);
        const Root root = trees.build(model);
        for (int i = 0; i < 60; ++i) {
            const std::string begin = i % 5 ? short_key(random) : "";
            const std::string end = short_key(random);
            const Range range = i % 3 ? Range{begin, end} : Range{.begin = begin};
            Keys expected = keys_of(model, range);
            REQUIRE(visited(scan, trees, root, range) == expected);
            std::reverse(expected.begin(), expected.end());
            REQUIRE(visited(scan_back, trees, root, range) == expected);
        }
    }
}

TEST_CASE("scan: entries come with their values and locators", "[tree]") {
    Trees trees;
    const Model model = numbered_model(500);
    const Root root = trees.build(model);
    Model seen;
    scan(trees.nodes, root, {}, [&](const Entry& entry) {
        seen[std::string(entry.key)] = {std::string(entry.value), entry.locator};
        return true;
    });
    CHECK(seen == model);
}

TEST_CASE("scan: it stops where the visitor says so", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(1'000));
    const std::string begin = number_key(300);
    const unsigned levels = walk(trees, root).levels;
    trees.nodes.loads = 0;
    CHECK(visited(scan, trees, root, {begin}, 2) == Keys{number_key(300), number_key(301)});
    CHECK(visited(scan_back, trees, root, {{}, begin}, 2) ==
          Keys{number_key(299), number_key(298)});
    CHECK(trees.nodes.loads <= 2 * (levels + levels));
}

TEST_CASE("scan: each node is loaded once and asked for before", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(3'000));
    const std::size_t nodes = walk(trees, root).ids.size();
    for (Scan* const each : {scan, scan_back}) {
        trees.nodes.loads = 0;
        trees.nodes.prefetched.clear();
        CHECK(visited(*each, trees, root, {}).size() == 3'000);
        CHECK(trees.nodes.loads == nodes);
        // All but the root and only children.
        CHECK(trees.nodes.prefetched.size() > nodes * 8 / 10);
    }
}

TEST_CASE("scan: a narrow range of a large tree loads few nodes", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(10'000));
    const unsigned levels = walk(trees, root).levels;
    trees.nodes.loads = 0;
    const std::string begin = number_key(5'000);
    const std::string end = number_key(5'010);
    CHECK(visited(scan, trees, root, {begin, end}).size() == 10);
    CHECK(trees.nodes.loads < 10 + 3 * levels);
}

}  // namespace verso::tree
