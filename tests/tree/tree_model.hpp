// What the tests of the tree share: a std::map as the model of a tree, random content for it, and
// what must hold of every tree.
#pragma once

#include "tree/memory_nodes.hpp"
#include "tree/sha256.hpp"

#include <map>
#include <random>
#include <set>
#include <string>

namespace verso::tree {

struct ModelValue {
    std::string value;
    Locator locator = {};

    friend bool operator==(const ModelValue&, const ModelValue&) = default;
};

using Model = std::map<std::string, ModelValue>;
using ModelEdits = std::map<std::string, std::optional<ModelValue>>;

using Random = std::mt19937_64;

inline std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

inline Secret make_secret(std::uint64_t seed) {
    Random random(seed);
    Secret secret;
    for (std::uint8_t& byte : secret) byte = static_cast<std::uint8_t>(random());
    return secret;
}

/// A store of trees: nodes in memory, and what apply() needs to make more of them.
struct Trees {
    explicit Trees(std::uint64_t seed = 1) : Trees(make_secret(seed)) {}
    explicit Trees(const Secret& secret) : rank(secret) {}

    Root apply(const Root& root, const ModelEdits& edits) {
        std::vector<Edit> sorted;
        for (const auto& [key, put] : edits) {
            if (put) sorted.push_back({key, put->value, put->locator});
            if (!put) sorted.push_back({key, std::nullopt});
        }
        return tree::apply(nodes, {rank, nodes}, root, sorted);
    }

    Root build(const Model& model) { return apply({}, {model.begin(), model.end()}); }

    MemoryNodes nodes;
    Rank rank;
};

inline void edit_model(Model& model, const ModelEdits& edits) {
    for (const auto& [key, put] : edits) {
        if (put) model[key] = *put;
        if (!put) model.erase(key);
    }
}

// Keys of several kinds. Few short ones meet again and again, so that boundaries come and go.

inline std::string short_key(Random& random) {
    std::string key(1 + below(random, 4), '\0');
    for (char& c : key) c = BytesView("\0a\x7f\xff", 4)[below(random, 4)];
    return key;
}

inline std::string binary_key(Random& random) {
    std::string key(1 + below(random, 300), '\0');
    for (char& c : key) c = static_cast<char>(random());
    return key;
}

inline std::string number_key(std::size_t number) {
    const std::string digits = std::to_string(number);
    return "key" + std::string(8 - digits.size(), '0') + digits;
}

inline ModelValue random_value(Random& random) {
    return {std::string(below(random, 3) * 20, static_cast<char>('a' + below(random, 3))),
            {below(random, 3), below(random, 3)}};
}

inline Model numbered_model(std::size_t size) {
    Model model;
    for (std::size_t i = 0; i < size; ++i)
        model[number_key(i)] = {"value " + std::to_string(i), {i, 1}};
    return model;
}

/// Everything that a walk over all nodes of a tree finds.
struct Walk {
    Model model;
    std::set<NodeId> ids;
    std::multiset<Digest> digests;
    unsigned levels = 0;
};

namespace detail {

inline void walk_below(Trees& trees, const Root& root, const NodeView& node, bool is_last,
                       Walk& walk) {
    INFO("node " << node.id() << " on level " << node.level());
    REQUIRE_NOTHROW(check_node(node.id(), trees.nodes.stored(node.id())));
    REQUIRE(sha256(node.digested()) == root.digest);
    REQUIRE(node.count() == root.count);
    walk.ids.insert(node.id());
    walk.digests.insert(root.digest);
    for (std::size_t i = 0; i < node.size(); ++i) {
        const bool ends_level = is_last && i + 1 == node.size();
        const bool ends_node = i + 1 == node.size();
        const Entry entry = node.entry(i);
        if (!ends_level) REQUIRE((trees.rank(entry.key) > node.level()) == ends_node);
        if (node.is_leaf()) {
            walk.model[std::string(entry.key)] = {std::string(entry.value), entry.locator};
            continue;
        }
        const Root child_root = decode_child(node.child_id(i), node.value(i));
        const NodeView child(child_root.id, trees.nodes.stored(child_root.id));
        REQUIRE(child.level() + 1 == node.level());
        REQUIRE(child.last_key() == entry.key);
        walk_below(trees, child_root, child, ends_level, walk);
    }
}

}  // namespace detail

/// Walks a whole tree and holds it to the rules: of ranks, levels, keys, digests and counts.
inline Walk walk(Trees& trees, const Root& root) {
    Walk result;
    if (root.id == 0) {
        REQUIRE(root == Root{});
        return result;
    }
    const NodeView top(root.id, trees.nodes.stored(root.id));
    if (!top.is_leaf()) REQUIRE(top.size() > 1);
    result.levels = top.level() + 1;
    detail::walk_below(trees, root, top, true, result);
    REQUIRE(result.model.size() == root.count);
    return result;
}

}  // namespace verso::tree
