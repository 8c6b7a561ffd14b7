// Goal: walk_drop() meets exactly what only the tree between has, however it is cut and whatever is
// gone meanwhile. Method: a line of random trees, of which random ones go one after the other, as
// the engine drops commits; what must be left is found by walking all the others whole.

#include "tree/drop.hpp"

#include "tree/tree_model.hpp"

namespace verso::tree {

namespace {

/// A tree of the line, as a commit has it: its number is the `since` of what it put.
struct Commit {
    Root root;
    std::uint64_t number = 0;
    NodeId newest = 0;
};

/// An entry that holds its payload.
using Put = std::tuple<std::string, std::uint64_t, std::uint64_t>;

/// Takes what a walk meets, each thing once.
struct Met final : DropVisitor {
    std::uint64_t node(NodeId id) override {
        REQUIRE(nodes.insert(id).second);
        return 1;
    }
    std::uint64_t entry(const Entry& entry) override {
        const Put put{entry.key, entry.locator.payload, entry.locator.since};
        REQUIRE(puts.insert(put).second);
        return steps_of_entry;
    }

    std::set<NodeId> nodes;
    std::set<Put> puts;
    std::uint64_t steps_of_entry = 1;
};

class Line {
public:
    explicit Line(std::uint64_t seed) : trees_(seed), random_(seed) {}

    void commit(const ModelEdits& edits) {
        const Root root = trees_.apply(commits_.empty() ? Root{} : commits_.back().root, edits);
        const NodeId newest = trees_.nodes.written.empty() ? 0 : trees_.nodes.written.back();
        commits_.push_back({root, ++number_, newest});
    }

    [[nodiscard]] ModelEdits random_edits(std::size_t most) {
        ModelEdits edits;
        for (std::size_t left = 1 + below(random_, most); left > 0; --left) {
            const std::string key = short_key(random_);
            if (below(random_, 3) == 0)
                edits[key] = std::nullopt;
            else
                edits[key] = ModelValue{std::string(1, static_cast<char>('a' + below(random_, 3))),
                                        {below(random_, 3) + 1, number_ + 1}};
        }
        return edits;
    }

    /// Drops one of the line in slices, and holds what that met to what the others have.
    void drop(std::size_t index, std::size_t most_steps) {
        Between between{.tree = commits_[index].root};
        if (index > 0) between.newest_before = commits_[index - 1].newest;
        if (index > 0) between.since_before = commits_[index - 1].number;
        if (index + 1 < commits_.size()) between.after = commits_[index + 1].root;
        const Met before = all();
        Met met;
        std::optional<DropPlace> place;
        do {
            Met slice;
            const std::size_t steps = 1 + below(random_, most_steps);
            place = walk_drop(trees_.nodes, between, place, steps, slice);
            REQUIRE(slice.nodes.size() + slice.puts.size() <= steps + 1);
            for (const NodeId id : slice.nodes) trees_.nodes.erase(id);
            met.nodes.merge(slice.nodes);
            met.puts.merge(slice.puts);
            REQUIRE(slice.nodes.empty());
            REQUIRE(slice.puts.empty());
        } while (place);
        commits_.erase(commits_.begin() + static_cast<std::ptrdiff_t>(index));
        const Met after = all();
        Met kept = after;
        kept.nodes.merge(met.nodes);
        kept.puts.merge(met.puts);
        REQUIRE(met.nodes.empty());  // else something went that another has
        REQUIRE(met.puts.empty());
        REQUIRE((kept.nodes == before.nodes));  // else something stayed that nobody has
        REQUIRE((kept.puts == before.puts));
        REQUIRE(trees_.nodes.size() == after.nodes.size());
    }

    [[nodiscard]] std::size_t size() const noexcept { return commits_.size(); }
    [[nodiscard]] Random& random() noexcept { return random_; }
    [[nodiscard]] Trees& trees() noexcept { return trees_; }
    [[nodiscard]] const Commit& operator[](std::size_t index) const { return commits_[index]; }

private:
    /// What all trees of the line have.
    [[nodiscard]] Met all() {
        Met all;
        for (const Commit& commit : commits_) {
            const Walk walked = walk(trees_, commit.root);
            all.nodes.insert(walked.ids.begin(), walked.ids.end());
            for (const auto& [key, put] : walked.model)
                all.puts.insert({key, put.locator.payload, put.locator.since});
        }
        return all;
    }

    Trees trees_;
    Random random_;
    std::vector<Commit> commits_;
    std::uint64_t number_ = 0;
};

}  // namespace

TEST_CASE("drop: any order of dropping leaves exactly what the others have", "[tree]") {
    const std::size_t most_edits = GENERATE(1U, 4U, 40U);
    const std::size_t most_steps = GENERATE(1U, 5U, 1000U);
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        INFO("edits " << most_edits << ", steps " << most_steps << ", seed " << seed);
        Line line(seed * 100 + most_edits * 7 + most_steps);
        line.commit(line.random_edits(150));
        for (int step = 0; step < 40; ++step) {
            if (line.size() == 0 || below(line.random(), 2) == 0)
                line.commit(line.random_edits(below(line.random(), 8) == 0 ? 150 : most_edits));
            else
                line.drop(below(line.random(), line.size()), most_steps);
        }
        while (line.size() > 0) line.drop(below(line.random(), line.size()), most_steps);
        REQUIRE(line.trees().nodes.size() == 0);
    }
}

TEST_CASE("drop: trees that grow and lose levels between one another", "[tree]") {
    const std::size_t index = GENERATE(0U, 1U, 2U, 3U, 4U);
    Line line(index + 1);
    const Model large = numbered_model(2000);
    const auto grow = [&](std::uint64_t number) {
        ModelEdits edits;
        for (const auto& [key, put] : large)
            edits[key] = ModelValue{put.value, {put.locator.payload, number}};
        return edits;
    };
    const auto all_but = [&](std::size_t kept) {
        ModelEdits edits;
        for (auto at = std::next(large.begin(), static_cast<std::ptrdiff_t>(kept));
             at != large.end(); ++at)
            edits[at->first] = std::nullopt;
        return edits;
    };
    line.commit({{number_key(7), ModelValue{"small", {1, 1}}}});
    line.commit(grow(2));
    line.commit(all_but(3));
    line.commit(grow(4));
    line.commit(all_but(0));
    line.drop(index, 100);
    while (line.size() > 0) line.drop(line.size() / 2, 100);
    CHECK(line.trees().nodes.size() == 0);
}

TEST_CASE("drop: it loads what the tree has alone, not what it shares", "[tree]") {
    Line line(1);
    const Model large = numbered_model(20'000);
    line.commit({large.begin(), large.end()});
    line.commit({{number_key(10'000), ModelValue{"edited", {1, 2}}}});
    line.commit({{number_key(10'000), ModelValue{"again", {1, 3}}}});
    line.trees().nodes.loads = 0;
    Met met;
    const Between between{line[1].root, line[2].root, line[0].newest, line[0].number};
    CHECK_FALSE(walk_drop(line.trees().nodes, between, std::nullopt, 1000, met));
    CHECK(met.nodes.size() == line[1].newest - line[0].newest);
    CHECK(met.puts == std::set<Put>{{number_key(10'000), 1, 2}});
    CHECK(line.trees().nodes.loads <= 4 * met.nodes.size());
}

TEST_CASE("drop: what only the tree after shares is not loaded either", "[tree]") {
    Line line(1);
    const Model large = numbered_model(20'000);
    line.commit({large.begin(), large.end()});
    line.commit({{number_key(10'000), ModelValue{"edited", {1, 2}}}});
    line.trees().nodes.loads = 0;
    Met met;
    const Between oldest{line[0].root, line[1].root};
    CHECK_FALSE(walk_drop(line.trees().nodes, oldest, std::nullopt, 1000, met));
    CHECK(met.nodes.size() == line[1].newest - line[0].newest);
    CHECK(line.trees().nodes.loads <= 2 * met.nodes.size());
}

TEST_CASE("drop: a slice may end within a leaf", "[tree]") {
    Line line(1);
    const Model large = numbered_model(500);
    line.commit({large.begin(), large.end()});
    const Between between{.tree = line[0].root};
    Met met;
    std::optional<DropPlace> place;
    for (std::size_t puts = 1; puts <= 500; ++puts) {
        place = walk_drop(line.trees().nodes, between, place, 1, met);
        REQUIRE(met.puts.size() <= puts);
        REQUIRE(place);
    }
    while (place) place = walk_drop(line.trees().nodes, between, place, 1, met);
    CHECK(met.puts.size() == 500);
    CHECK(met.nodes.size() == line.trees().nodes.size());
}

TEST_CASE("drop: a visitor says how many steps it was", "[tree]") {
    Line line(1);
    const Model large = numbered_model(500);
    line.commit({large.begin(), large.end()});
    Met met;
    met.steps_of_entry = 7;
    CHECK(walk_drop(line.trees().nodes, {.tree = line[0].root}, std::nullopt, 70, met));
    const std::size_t steps = met.nodes.size() + 7 * met.puts.size();
    CHECK(steps >= 70);
    CHECK(steps <= 70 + 7);
}

TEST_CASE("drop: a slice visits no more than it may and says where it stands", "[tree]") {
    Line line(1);
    const Model large = numbered_model(500);
    line.commit({large.begin(), large.end()});
    const Between between{.tree = line[0].root};
    Met first;
    const auto place = walk_drop(line.trees().nodes, between, std::nullopt, 20, first);
    REQUIRE(place);
    CHECK(first.nodes.size() + first.puts.size() >= 20);
    CHECK(first.nodes.size() + first.puts.size() <= 21);
    CHECK(place->level == 0);
    Met rest;
    CHECK_FALSE(walk_drop(line.trees().nodes, between, place, 10'000, rest));
    CHECK(first.nodes.size() + rest.nodes.size() == line.trees().nodes.size());
    CHECK(first.puts.size() + rest.puts.size() == 500);
    CHECK(*first.puts.rbegin() < *rest.puts.begin());
}

}  // namespace verso::tree
