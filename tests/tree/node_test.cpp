// Goal: nodes are the bytes of the stored format, read back as they were written, and every
// malformed one is refused.

#include "tree/tree_model.hpp"

namespace verso::tree {

namespace {

using namespace std::string_literals;

std::string leaf_of(const Model& model) {
    std::vector<Entry> entries;
    for (const auto& [key, put] : model) entries.push_back({key, put.value, put.locator});
    return encode_node(0, entries);
}

bool is_corrupt(NodeId id, BytesView bytes) {
    try {
        check_node(id, bytes);
    } catch (const Failure& failure) {
        REQUIRE(failure.error.code == Errc::corrupt);
        return true;
    }
    return false;
}

}  // namespace

TEST_CASE("node: a leaf has the bytes of the stored format", "[tree]") {
    const std::string bytes = leaf_of({{"a", {"xyz", {1, 2}}}, {"bc", {"", {0x0102, 0}}}});
    CHECK(bytes ==
          "\0\0\0\0\2\0\0\0"
          "\x19\0\0\0\x1b\0\0\0\x1e\0\0\0\x1e\0\0\0"
          "abcxyz"
          "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0"
          "\2\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0"s);
    CHECK(NodeView(7, bytes).digested().size() == 0x1e);
}

TEST_CASE("node: an inner node has the bytes of the stored format", "[tree]") {
    Digest digest;
    digest.bytes.fill('d');
    const ChildValue value = encode_child(digest, 9);
    const Entry entry{"k", {value.data(), value.size()}, {.payload = 5}};
    const std::string bytes = encode_node(3, {&entry, 1});
    CHECK(bytes == "\3\0\0\0\1\0\0\0"s + "\x11\0\0\0\x39\0\0\0"s + "k" + std::string(32, 'd') +
                       "\x09\0\0\0\0\0\0\0"s + "\5\0\0\0\0\0\0\0"s);
    const NodeView node(6, bytes);
    CHECK(node.level() == 3);
    CHECK(node.child_id(0) == 5);
    CHECK(node.locator(0) == Locator{.payload = 5});
    CHECK(node.child_count(0) == 9);
    CHECK(decode_child(node.child_id(0), node.value(0)) == Root{5, digest, 9});
    CHECK_NOTHROW(check_node(6, bytes));
}

TEST_CASE("node: what is written is read back", "[tree]") {
    Random random(2);
    for (int round = 0; round < 200; ++round) {
        INFO("round " << round);
        Model model;
        for (std::size_t i = 1 + below(random, 20); i > 0; --i)
            model[round % 2 ? short_key(random) : binary_key(random)] = random_value(random);
        const std::string bytes = leaf_of(model);
        const NodeView node(1, bytes);
        REQUIRE_NOTHROW(check_node(1, bytes));
        REQUIRE(node.is_leaf());
        REQUIRE(node.size() == model.size());
        REQUIRE(node.count() == model.size());
        std::size_t i = 0;
        for (const auto& [key, put] : model) {
            REQUIRE(node.key(i) == key);
            REQUIRE(node.value(i) == put.value);
            REQUIRE(node.locator(i) == put.locator);
            REQUIRE(node.lower_bound(key) == i);
            REQUIRE(node.lower_bound(key + '\0') == i + 1);
            ++i;
        }
        REQUIRE(node.last_key() == model.rbegin()->first);
    }
}

TEST_CASE("node: the digest does not cover locators", "[tree]") {
    const std::string one = leaf_of({{"a", {"x", {1, 2}}}});
    const std::string other = leaf_of({{"a", {"x", {3, 4}}}});
    CHECK(one != other);
    CHECK(NodeView(1, one).digested() == NodeView(2, other).digested());
}

TEST_CASE("node: every cut and every longer form of a node is refused", "[tree]") {
    const std::string bytes = leaf_of({{"a", {"x"}}, {"b", {"yy"}}});
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        INFO("cut to " << size);
        const std::vector<char> cut(bytes.begin(),
                                    bytes.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(is_corrupt(1, {cut.data(), cut.size()}));
    }
    CHECK(is_corrupt(1, bytes + '\0'));
    CHECK_FALSE(is_corrupt(1, bytes));
}

TEST_CASE("node: keys out of order or twice are refused", "[tree]") {
    const std::vector<Entry> falling = {{"b", "", {}}, {"a", "", {}}};
    const std::vector<Entry> twice = {{"a", "", {}}, {"a", "", {}}};
    CHECK(is_corrupt(1, encode_node(0, falling)));
    CHECK(is_corrupt(1, encode_node(0, twice)));
}

TEST_CASE("node: a child that cannot be is refused", "[tree]") {
    const auto inner = [](BytesView value, NodeId child) {
        const Entry entry{"k", value, {.payload = child}};
        return encode_node(1, {&entry, 1});
    };
    const ChildValue good = encode_child({}, 1);
    const ChildValue empty = encode_child({}, 0);
    const BytesView good_value(good.data(), good.size());
    CHECK_FALSE(is_corrupt(6, inner(good_value, 5)));
    CHECK(is_corrupt(5, inner(good_value, 5)));  // not older than its parent
    CHECK(is_corrupt(6, inner(good_value, 0)));
    CHECK(is_corrupt(6, inner({empty.data(), empty.size()}, 5)));
    CHECK(is_corrupt(6, inner("short", 5)));
}

TEST_CASE("node: counts that overflow are refused", "[tree]") {
    const ChildValue many = encode_child({}, ~std::uint64_t{0});
    const ChildValue one = encode_child({}, 1);
    const std::vector<Entry> entries = {{"a", {many.data(), many.size()}, {.payload = 1}},
                                        {"b", {one.data(), one.size()}, {.payload = 2}}};
    CHECK(is_corrupt(3, encode_node(1, entries)));
}

TEST_CASE("node: an unknown level and reserved bytes that are set are refused", "[tree]") {
    std::string bytes = leaf_of({{"a", {"x"}}});
    bytes[0] = static_cast<char>(max_level + 1);
    CHECK(is_corrupt(1, bytes));
    bytes[0] = 0;
    bytes[2] = 1;
    CHECK(is_corrupt(1, bytes));
}

TEST_CASE("node: one beyond 4 GiB is refused before a byte of it is copied", "[tree]") {
    const Entry entry{"key", BytesView("short", std::size_t{1} << 32), {}};
    try {
        static_cast<void>(encode_node(0, {&entry, 1}));
        FAIL("it was made");
    } catch (const Failure& failure) {
        CHECK(failure.error.code == Errc::limit_exceeded);
    }
}

TEST_CASE("node: a failure names the node and what to do", "[tree]") {
    try {
        check_node(4711, "short");
        FAIL("it was accepted");
    } catch (const Failure& failure) {
        CHECK(failure.error.code == Errc::corrupt);
        CHECK_THAT(failure.error.message, Catch::Contains("4711"));
        CHECK_THAT(failure.error.message, Catch::Contains("run verify"));
    }
}

}  // namespace verso::tree
