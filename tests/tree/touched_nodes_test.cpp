// Goal: the nodes that edits fall on are found, each loaded once, and the next ones on demand.

#include "tree/touched_nodes.hpp"
#include "tree/tree_model.hpp"

namespace verso::tree {

TEST_CASE("touched nodes: one edit touches one node of each level", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(2'000));
    const unsigned levels = walk(trees, root).levels;
    trees.nodes.loads = 0;
    const std::string key = number_key(1'234);
    const std::vector<Edit> edits = {{key, std::nullopt}};
    TouchedNodes touched(trees.nodes, root, edits);
    CHECK(touched.levels() == levels);
    CHECK(trees.nodes.loads == levels);
    for (unsigned level = 0; level < levels; ++level) {
        REQUIRE(touched.first(level) != nullptr);
        CHECK(touched.first(level)->next == nullptr);
        CHECK(touched.first(level)->node.level() == level);
    }
    const NodeView& leaf = touched.first(0)->node;
    CHECK(leaf.key(leaf.lower_bound(key)) == key);
    CHECK(touched.first(levels) == nullptr);
}

TEST_CASE("touched nodes: each is loaded once whatever the number of edits", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(2'000));
    trees.nodes.loads = 0;
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < 2'000; i += 2) keys.push_back(number_key(i));
    std::vector<Edit> edits;
    for (const std::string& key : keys) edits.push_back({key, std::nullopt});
    TouchedNodes touched(trees.nodes, root, edits);
    const std::size_t loads = trees.nodes.loads;
    CHECK(loads <= walk(trees, root).ids.size());

    std::size_t assigned = 0;
    for (TouchedNode* node = touched.first(0); node != nullptr; node = node->next)
        for (const Edit& edit : node->edits) {
            ++assigned;
            CHECK((edit.key <= node->node.last_key() || TouchedNodes::is_last(*node)));
        }
    CHECK(assigned == edits.size());
}

TEST_CASE("touched nodes: the whole level can be walked from its first node", "[tree]") {
    Trees trees;
    const Model model = numbered_model(1'500);
    const Root root = trees.build(model);
    const std::string key = number_key(0);
    const std::vector<Edit> edits = {{key, std::nullopt}};
    trees.nodes.loads = 0;
    TouchedNodes touched(trees.nodes, root, edits);
    std::size_t entries = touched.first(0)->node.size();
    for (TouchedNode* node = touched.first(0); !TouchedNodes::is_last(*node);) {
        TouchedNode* const next = &touched.next_on_level(*node);
        REQUIRE(node->next == next);
        REQUIRE(node->node.last_key() < next->node.last_key());
        REQUIRE(&touched.next_on_level(*node) == next);
        node = next;
        entries += node->node.size();
    }
    CHECK(entries == model.size());
    CHECK(trees.nodes.loads == walk(trees, root).ids.size());
}

TEST_CASE("touched nodes: those of a level are asked for together", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(2'000));
    const std::vector<std::string> keys = {number_key(1), number_key(1'000), number_key(1'999)};
    std::vector<Edit> edits;
    for (const std::string& key : keys) edits.push_back({key, std::nullopt});
    trees.nodes.loads = 0;
    trees.nodes.prefetched.clear();
    const TouchedNodes touched(trees.nodes, root, edits);
    CHECK(trees.nodes.prefetched.size() >= 3);
    CHECK(trees.nodes.prefetched.size() < trees.nodes.loads);
}

}  // namespace verso::tree
