// Goal: diff() visits what differs between two models, in order, and loads in proportion to that.

#include "tree/tree_model.hpp"

namespace verso::tree {

namespace {

/// A difference, owned: the key and the two values.
struct Found {
    std::string key;
    std::optional<std::string> a;
    std::optional<std::string> b;

    friend bool operator==(const Found&, const Found&) = default;
};

std::vector<Found> found_by_diff(Trees& trees, const Root& a, const Root& b,
                                 const Range& range = {}, std::size_t limit = ~std::size_t{0}) {
    std::vector<Found> found;
    diff(trees.nodes, a, b, range, [&](const Difference& difference) {
        Found& each = found.emplace_back();
        each.key = (difference.a ? difference.a : difference.b)->key;
        if (difference.a) each.a = difference.a->value;
        if (difference.b) each.b = difference.b->value;
        return found.size() < limit;
    });
    return found;
}

std::vector<Found> found_by_model(const Model& a, const Model& b, const Range& range = {}) {
    std::map<std::string, Found> both;
    for (const auto& [key, put] : a) both[key].a = put.value;
    for (const auto& [key, put] : b) both[key].b = put.value;
    std::vector<Found> found;
    for (auto& [key, each] : both) {
        each.key = key;
        const bool is_in_range = key >= range.begin && (!range.end || key < *range.end);
        if (is_in_range && each.a != each.b) found.push_back(each);
    }
    return found;
}

Model random_model(Random& random, std::size_t limit) {
    Model model;
    for (std::size_t size = below(random, limit); size > 0; --size)
        model[short_key(random)] = random_value(random);
    return model;
}

}  // namespace

TEST_CASE("diff: equal trees have no difference and load nothing", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(500));
    const Root again = trees.build(numbered_model(500));
    REQUIRE(root.id != again.id);
    trees.nodes.loads = 0;
    CHECK(found_by_diff(trees, root, root).empty());
    CHECK(found_by_diff(trees, root, again).empty());
    CHECK(found_by_diff(trees, {}, {}).empty());
    CHECK(trees.nodes.loads == 0);
}

TEST_CASE("diff: against the empty tree everything differs", "[tree]") {
    Trees trees;
    const Model model = numbered_model(500);
    const Root root = trees.build(model);
    CHECK(found_by_diff(trees, root, {}) == found_by_model(model, {}));
    CHECK(found_by_diff(trees, {}, root) == found_by_model({}, model));
}

TEST_CASE("diff: unrelated trees of any size differ as their models do", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Trees trees(seed);
        const Model a = random_model(random, seed % 3 ? 300 : 10);
        const Model b = random_model(random, seed % 2 ? 300 : 10);
        const Root root_a = trees.build(a);
        const Root root_b = trees.build(b);
        REQUIRE(found_by_diff(trees, root_a, root_b) == found_by_model(a, b));
        for (int i = 0; i < 20; ++i) {
            const std::string begin = i % 4 ? short_key(random) : "";
            const std::string end = short_key(random);
            const Range range = i % 3 ? Range{begin, end} : Range{.begin = begin};
            REQUIRE(found_by_diff(trees, root_a, root_b, range) == found_by_model(a, b, range));
        }
    }
}

TEST_CASE("diff: trees that share most nodes differ as their models do", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Trees trees(seed);
        Model a = numbered_model(400);
        const Root root_a = trees.build(a);
        Model b = a;
        Root root_b = root_a;
        for (int step = 0; step < 8; ++step) {
            ModelEdits edits;
            for (std::size_t left = 1 + below(random, 3); left > 0; --left) {
                const std::string key = number_key(below(random, 450));
                edits[key] = below(random, 2) ? std::optional(random_value(random)) : std::nullopt;
            }
            root_b = trees.apply(root_b, edits);
            edit_model(b, edits);
            REQUIRE(found_by_diff(trees, root_a, root_b) == found_by_model(a, b));
            REQUIRE(found_by_diff(trees, root_b, root_a) == found_by_model(b, a));
        }
    }
}

TEST_CASE("diff: applied as edits it turns one tree into the other", "[tree]") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Trees trees(seed);
        const Root a = trees.build(random_model(random, 300));
        const Root b = trees.build(random_model(random, 300));
        ModelEdits edits;
        for (const Found& each : found_by_diff(trees, a, b))
            edits[each.key] = each.b ? std::optional(ModelValue{*each.b}) : std::nullopt;
        const Root turned = trees.apply(a, edits);
        REQUIRE(turned.digest == b.digest);
        REQUIRE(turned.count == b.count);
    }
}

TEST_CASE("diff: other locators are no difference", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(300));
    const Root moved = trees.apply(root, {{number_key(150), ModelValue{"value 150", {9, 9}}},
                                          {number_key(200), ModelValue{"other", {9, 9}}}});
    CHECK(found_by_diff(trees, root, moved) ==
          std::vector<Found>{{number_key(200), "value 200", "other"}});
}

TEST_CASE("diff: it stops where the visitor says so", "[tree]") {
    Trees trees;
    const Model a = numbered_model(300);
    const Root root_a = trees.build(a);
    const Root root_b = trees.build({{"other", {"v"}}});
    const std::vector<Found> all = found_by_model(a, {{"other", {"v"}}});
    for (const std::size_t limit : std::array<std::size_t, 5>{1, 2, 299, 300, 301}) {
        const std::vector<Found> first(all.begin(),
                                       all.begin() + static_cast<std::ptrdiff_t>(limit));
        CHECK(found_by_diff(trees, root_a, root_b, {}, limit) == first);
    }
    CHECK(found_by_diff(trees, {}, root_a, {}, 2).size() == 2);
    CHECK(found_by_diff(trees, root_a, {}, {}, 2).size() == 2);
}

TEST_CASE("diff: few changes of a large tree load few nodes", "[tree]") {
    Random random(5);
    Trees trees;
    const Root root = trees.build(numbered_model(20'000));
    const unsigned levels = walk(trees, root).levels;
    for (const std::size_t changes : std::array<std::size_t, 4>{1, 4, 16, 64}) {
        ModelEdits edits;
        while (edits.size() < changes) {
            std::string key = number_key(below(random, 20'000));
            if (edits.size() % 3 == 0)
                edits[key] = ModelValue{"new"};
            else if (edits.size() % 3 == 1)
                edits[key] = std::nullopt;
            else
                edits[key + "x"] = ModelValue{"new"};
        }
        const Root next = trees.apply(root, edits);
        INFO(changes << " changes");
        trees.nodes.loads = 0;
        REQUIRE(found_by_diff(trees, root, next).size() == changes);
        CHECK(trees.nodes.loads <= 3 * changes * levels + 2 * levels);
    }
}

TEST_CASE("diff: a removed boundary of each rank loads few nodes", "[tree]") {
    Trees trees;
    const Root root = trees.build(numbered_model(20'000));
    const unsigned levels = walk(trees, root).levels;
    std::vector<bool> seen(levels + 1, false);
    for (std::size_t i = 0; i < 20'000; ++i) {
        const unsigned rank = std::min(trees.rank(number_key(i)), levels);
        if (seen[rank]) continue;
        seen[rank] = true;
        const Root next = trees.apply(root, {{number_key(i), std::nullopt}});
        INFO("key " << i << " of rank " << rank);
        trees.nodes.loads = 0;
        REQUIRE(found_by_diff(trees, root, next).size() == 1);
        CHECK(trees.nodes.loads <= 6 * levels);
    }
}

TEST_CASE("diff: nodes are asked for once and before they are loaded", "[tree]") {
    Trees trees;
    const Root a = trees.build(numbered_model(3'000));
    Model other = numbered_model(3'000);
    for (auto& [key, put] : other) put.value += "!";
    const Root b = trees.build(other);
    const std::size_t nodes = trees.nodes.size();
    for (const auto& [left, right] :
         {std::pair{a, b}, std::pair{a, Root{}}, std::pair{Root{}, b}}) {
        const std::size_t expected = left.id != 0 && right.id != 0 ? nodes : nodes / 2;
        trees.nodes.loads = 0;
        trees.nodes.prefetched.clear();
        CHECK(found_by_diff(trees, left, right).size() == 3'000);
        CHECK(trees.nodes.loads == expected);
        const std::set<NodeId> once(trees.nodes.prefetched.begin(), trees.nodes.prefetched.end());
        CHECK(once.size() == trees.nodes.prefetched.size());
        CHECK(once.size() > expected * 8 / 10);
    }
}

TEST_CASE("diff: a narrow range loads few nodes however much differs", "[tree]") {
    Trees trees;
    const Root a = trees.build(numbered_model(10'000));
    Model other = numbered_model(10'000);
    for (auto& [key, put] : other) put.value += "!";
    const Root b = trees.build(other);
    const unsigned levels = walk(trees, a).levels;
    const std::string begin = number_key(5'000);
    const std::string end = number_key(5'010);
    trees.nodes.loads = 0;
    CHECK(found_by_diff(trees, a, b, {begin, end}).size() == 10);
    CHECK(trees.nodes.loads <= 2 * (10 + 2 * levels));
}

}  // namespace verso::tree
