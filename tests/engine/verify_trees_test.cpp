// Goal: verify finds everything wrong in nodes and entries, and says where.
// Method: a sound store, in which nodes go, or the tree of one commit is replaced by one made by
// hand that is sound but for one thing.
#include "engine/patient.hpp"

#include <set>

using namespace verso;
using namespace verso::engine;

namespace {

using storage::ChunkKind;

content::ResourceValue value_of(const OwnedEntry& entry) {
    return content::ResourceValue::decode(entry.value);
}

/// The ids of the leaves of a version's tree.
std::set<tree::NodeId> leaves_of(const Patient& patient, const std::string& version) {
    const auto nodes = patient.chunks(ChunkKind::node);
    std::set<tree::NodeId> leaves;
    std::vector<tree::NodeId> left{patient.commit(patient.head(version)).root.id};
    while (!left.empty()) {
        const tree::NodeView node(left.back(), nodes.at(left.back()));
        left.pop_back();
        if (node.is_leaf()) leaves.insert(node.id());
        for (std::size_t i = 0; !node.is_leaf() && i < node.size(); ++i)
            left.push_back(node.child_id(i));
    }
    return leaves;
}

/// A leaf that "1" and "2" share.
tree::NodeId shared_leaf(const Patient& patient) {
    const auto a = leaves_of(patient, "1");
    const auto b = leaves_of(patient, "2");
    std::vector<tree::NodeId> shared;
    std::ranges::set_intersection(a, b, std::back_inserter(shared));
    REQUIRE_FALSE(shared.empty());
    return shared.front();
}

/// Keys of the section of resources in order, the first of which end a node on that many levels.
std::vector<std::string> names_of_ranks(const Patient& patient,
                                        const std::vector<unsigned>& ranks) {
    std::vector<std::string> names;
    for (int i = 10'000; names.size() < ranks.size(); ++i) {
        const std::string name = "n" + std::to_string(i);
        if (patient.rank(content::resource_key(Kind::parameter, name)) == ranks[names.size()])
            names.push_back(name);
    }
    return names;
}

/// Adds a commit that no version made: what else is wrong with it is not what is looked for.
void add_commit(const Patient& patient, const tree::Root& root) {
    const CommitRecord commit{.connection = patient.connection,
                              .root = root,
                              .prev = patient.leaf_commit,
                              .newest_chunk = root.id};
    patient.put_raw(storage::Table::commits, key::commit(patient.leaf_commit + 1), commit.encode());
}

/// The entry of a resource that is like another, under a new name.
OwnedEntry renamed(OwnedEntry entry, const std::string& name) {
    entry.key = content::resource_key(Kind::parameter, name);
    return entry;
}

}  // namespace

// Commits and their roots

TEST_CASE("verify: a commit's root has the digest that it says", "[engine]") {
    const Patient patient;
    patient.change_commit(patient.leaf_commit,
                          [](CommitRecord& commit) { commit.root.digest.bytes[7] ^= 1; });
    patient.expect_only(Patient::where(patient.leaf_commit), "has another digest");
}

TEST_CASE("verify: a commit counts its entries", "[engine]") {
    const Patient patient;
    patient.change_commit(patient.leaf_commit, [](CommitRecord& commit) { ++commit.root.count; });
    patient.expect_only(Patient::where(patient.leaf_commit), "counts 7 entries");
}

TEST_CASE("verify: a root has more than one child", "[engine]") {
    const Patient patient;
    const Leaf leaf = patient.entries(patient.leaf_commit);
    const tree::Root below = patient.plant_leaf(leaf);
    patient.graft(patient.leaf_commit, patient.plant_inner(1, {{leaf.back().key, below}}));
    patient.expect_only(Patient::where(patient.leaf_commit), "single child");
}

// Nodes

TEST_CASE("verify: every node is there", "[engine]") {
    const Patient patient;
    for (const auto& [id, bytes] : patient.chunks(ChunkKind::node)) {
        const Patient another;
        another.drop_chunk(ChunkKind::node, id);
        another.expect_only(Patient::where_node(id), "is missing");
    }
}

TEST_CASE("verify: a missing node names all versions that have it", "[engine]") {
    Patient patient;
    patient.clone("4", "2");
    patient.drop_chunk(ChunkKind::node, shared_leaf(patient));
    CHECK_THAT(patient.only_finding().message, Catch::Contains("version \"1\"") &&
                                                   Catch::Contains("version \"2\"") &&
                                                   Catch::Contains("version \"4\""));
}

TEST_CASE("verify: a node's bytes are those of its digest", "[engine]") {
    const Patient patient;
    const tree::NodeId id = shared_leaf(patient);
    std::string bytes = patient.chunks(ChunkKind::node).at(id);
    const BytesView value = tree::NodeView(id, bytes).value(0);
    const auto at = static_cast<std::size_t>(value.data() - bytes.data());
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    patient.rewrite_chunk(ChunkKind::node, id, bytes);
    const VerifyReport report = patient.verify();
    CHECK(std::ranges::any_of(report.findings, [&](const Damage& finding) {
        return finding.message.starts_with("its child, " + Patient::where_node(id) +
                                           ", has another digest");
    }));
}

TEST_CASE("verify: a node is well-formed", "[engine]") {
    const Patient patient;
    const tree::NodeId id = patient.commit(patient.leaf_commit).root.id;
    patient.rewrite_chunk(ChunkKind::node, id, "no node");
    patient.expect_only(Patient::where_node(id), "shorter than its header");
}

TEST_CASE("verify: a node's entries are in order", "[engine]") {
    const Patient patient;
    const tree::NodeId id = patient.change_leaf([](Leaf& leaf) { std::swap(leaf[0], leaf[1]); });
    patient.expect_only(Patient::where_node(id), "out of order");
}

TEST_CASE("verify: a node ends where the rank of an entry says", "[engine]") {
    const Patient patient;
    const std::string name = names_of_ranks(patient, {1}).front();
    const tree::NodeId id = patient.change_leaf([&](Leaf& leaf) {
        leaf[2] = renamed(leaf[2], name);
        std::ranges::sort(leaf, {}, &OwnedEntry::key);
    });
    patient.expect(Patient::where_node(id), "\"" + name + "\" ends the node");
}

TEST_CASE("verify: a node does not end where no rank says", "[engine]") {
    const Patient patient;
    const Leaf leaf = patient.entries(patient.leaf_commit);
    const tree::Root first = patient.plant_leaf({leaf.begin(), leaf.begin() + 3});
    const tree::Root second = patient.plant_leaf({leaf.begin() + 3, leaf.end()});
    const tree::Root root = patient.plant_inner(1, {{leaf[2].key, first}, {leaf[5].key, second}});
    patient.graft(patient.leaf_commit, root);
    patient.expect_only(Patient::where_node(root.id),
                        Patient::where_node(first.id) + ", ends with a key");
}

namespace {

/// A tree of two leaves that is sound, by whose making a test makes one that is not.
class TwoLeaves {
public:
    explicit TwoLeaves(const Patient& host)
        : patient_(host), entries(host.entries(host.leaf_commit)) {
        const std::string name = names_of_ranks(patient_, {1}).front();
        entries[2] = renamed(entries[2], name);
        for (OwnedEntry& entry : entries)
            if (entry.key == content::id_key(value_of(entries[2]).id))
                entry.value = content::id_value(Kind::parameter, name);
        REQUIRE(std::ranges::is_sorted(entries, {}, &OwnedEntry::key));
        first = patient_.plant_leaf({entries.begin(), entries.begin() + 3});
        second = patient_.plant_leaf({entries.begin() + 3, entries.end()});
    }

    [[nodiscard]] tree::Root plant() const {
        const tree::Root root = patient_.plant_inner(
            1, {{first_key.value_or(entries[2].key), first}, {entries[5].key, second}});
        patient_.graft(patient_.leaf_commit, root);
        return root;
    }

private:
    const Patient& patient_;

public:
    Leaf entries;
    tree::Root first;
    tree::Root second;
    std::optional<std::string> first_key;
};

}  // namespace

TEST_CASE("verify: a tree that was made by hand by the rules is clean", "[engine]") {
    const Patient patient;
    static_cast<void>(TwoLeaves(patient).plant());
    const VerifyReport report = patient.verify();
    for (const Damage& each : report.findings) UNSCOPED_INFO(each.where << ": " << each.message);
    CHECK(report.is_clean());
}

TEST_CASE("verify: a child has the digest that its parent says", "[engine]") {
    const Patient patient;
    TwoLeaves tree(patient);
    tree.first.digest.bytes[0] ^= 1;
    const tree::Root root = tree.plant();
    patient.expect_only(Patient::where_node(root.id),
                        Patient::where_node(tree.first.id) + ", has another digest");
}

TEST_CASE("verify: a child has as many entries as its parent says", "[engine]") {
    const Patient patient;
    TwoLeaves tree(patient);
    ++tree.first.count;
    const tree::Root root = tree.plant();
    patient.expect_only(Patient::where_node(root.id),
                        Patient::where_node(tree.first.id) + ", has more or fewer");
}

TEST_CASE("verify: a child ends with the key that its parent says", "[engine]") {
    const Patient patient;
    TwoLeaves tree(patient);
    tree.first_key = tree.entries[2].key + "x";
    const tree::Root root = tree.plant();
    patient.expect(Patient::where_node(root.id),
                   Patient::where_node(tree.first.id) + ", ends with another key");
}

TEST_CASE("verify: a child is on the level below its parent", "[engine]") {
    const Patient patient;
    TwoLeaves tree(patient);
    const tree::Root root = patient.plant_inner(
        2, {{tree.entries[2].key, tree.first}, {tree.entries[5].key, tree.second}});
    patient.graft(patient.leaf_commit, root);
    patient.expect(Patient::where_node(root.id),
                   Patient::where_node(tree.first.id) + ", is on another level");
}

TEST_CASE("verify: a node that was the last of its level does not end where others follow",
          "[engine]") {
    const Patient patient;
    // The leaf of "3" ends by no rank. It is the whole tree of one commit, and a part of the next
    // one's.
    const std::string last = content::id_key(numbered<ResourceId>(0xff));
    const tree::Root shared = patient.commit(patient.leaf_commit).root;
    const tree::Root other = patient.plant_leaf({{last, "x"}});
    const tree::Root root = patient.plant_inner(
        1, {{patient.entries(patient.leaf_commit).back().key, shared}, {last, other}});
    add_commit(patient, root);
    patient.expect(Patient::where_node(root.id),
                   Patient::where_node(shared.id) + ", ends with a key");
}

TEST_CASE("verify: no node is there that no tree has", "[engine]") {
    const Patient patient;
    const tree::Root lone = patient.plant_leaf(patient.entries(patient.leaf_commit));
    patient.expect_only(Patient::where_node(lone.id), "no commit's tree has it");
}

// Entries

TEST_CASE("verify: an entry is in a section that there is", "[engine]") {
    const Patient patient;
    const std::string key = GENERATE("", "\x09x");
    const tree::NodeId id = patient.change_leaf([&](Leaf& leaf) {
        leaf.push_back({key, "value"});
        std::ranges::sort(leaf, {}, &OwnedEntry::key);
    });
    patient.expect(Patient::where_node(id), "no section");
}

TEST_CASE("verify: a resource's value has its form", "[engine]") {
    const Patient patient;
    const auto [change, words] =
        GENERATE(std::pair(1, "not one of a resource"), std::pair(-1, "ends too soon"),
                 std::pair(0, "not one of a resource"));
    const tree::NodeId id = patient.change_leaf([&](Leaf& leaf) {
        std::string& value = leaf[0].value;
        if (change == 0)
            value[0] = 9;
        else
            value.resize(value.size() + static_cast<std::size_t>(change));
    });
    patient.expect_only(Patient::where_node(id), words);
}

TEST_CASE("verify: a resource's name is one that it may have", "[engine]") {
    const Patient patient;
    const tree::NodeId id =
        patient.change_leaf([](Leaf& leaf) { leaf[0] = renamed(leaf[0], " "); });
    patient.expect(Patient::where_node(id), "its name is none");
}

TEST_CASE("verify: a resource's kind is one that there is", "[engine]") {
    const Patient patient;
    const tree::NodeId id = patient.change_leaf([](Leaf& leaf) {
        leaf[2].key[1] = 99;
        std::ranges::sort(leaf, {}, &OwnedEntry::key);
    });
    patient.expect(Patient::where_node(id), "kind 99");
}

TEST_CASE("verify: a resource was put by a commit before the one that has it", "[engine]") {
    const Patient patient;
    const CommitId since = GENERATE_COPY(CommitId{0}, patient.leaf_commit + 1);
    const tree::NodeId id = patient.change_leaf([&](Leaf& leaf) { leaf[0].locator.since = since; });
    patient.expect_only(Patient::where_node(id), "or one before");
}

TEST_CASE("verify: what one commit put is the same in every node", "[engine]") {
    const Patient patient;
    Leaf leaf = patient.entries(patient.leaf_commit);
    content::ResourceValue value = value_of(leaf[0]);
    value.size_bytes += 1;
    leaf[0].value = value.encode();
    const tree::Root root = patient.plant_leaf(leaf);
    add_commit(patient, root);
    patient.expect(Patient::where_node(root.id), "another node has another value");
}

TEST_CASE("verify: a resource's document is in the index", "[engine]") {
    const Patient patient;
    const auto gone = value_of(patient.entries(patient.leaf_commit)[0]);
    patient.erase_raw(storage::Table::payload_index, key::payload(acme().value, gone.digest));
    patient.expect(Patient::where_node(patient.commit(patient.leaf_commit).root.id),
                   "is not in the index");
}

TEST_CASE("verify: a resource's document has the digest that it says", "[engine]") {
    const Patient patient;
    const tree::NodeId id = patient.change_leaf([](Leaf& leaf) {
        content::ResourceValue value = value_of(leaf[0]);
        value.digest.bytes[0] ^= 1;
        leaf[0].value = value.encode();
    });
    patient.expect_only(Patient::where_node(id), "has another digest");
}

TEST_CASE("verify: a resource's document has the size that it says", "[engine]") {
    const Patient patient;
    const tree::NodeId id = patient.change_leaf([](Leaf& leaf) {
        content::ResourceValue value = value_of(leaf[0]);
        ++value.size_bytes;
        leaf[0].value = value.encode();
    });
    patient.expect_only(Patient::where_node(id), "has another size");
}

TEST_CASE("verify: a resource's document is kept for its organisation", "[engine]") {
    const Patient patient;
    const auto value = value_of(patient.entries(patient.leaf_commit)[0]);
    const std::string own = key::payload(acme().value, value.digest);
    const auto record = patient.read<PayloadRecord>(storage::Table::payload_index, own);
    patient.erase_raw(storage::Table::payload_index, own);
    const Uuid scope = GENERATE(umbrella().value, Uuid{});
    patient.put_raw(storage::Table::payload_index, key::payload(scope, value.digest),
                    record.encode());
    patient.expect_only(Patient::where_node(patient.commit(patient.leaf_commit).root.id),
                        "another organisation");
}

// The index of ids

TEST_CASE("verify: an id's key is one", "[engine]") {
    const Patient patient;
    const tree::NodeId id = patient.change_leaf([](Leaf& leaf) { leaf.back().key += "x"; });
    patient.expect_only(Patient::where_node(id), "not one of an id");
}

TEST_CASE("verify: an id stands for a kind that there is", "[engine]") {
    const Patient patient;
    const tree::NodeId id = patient.change_leaf([](Leaf& leaf) { leaf.back().value[0] = 99; });
    patient.expect_only(Patient::where_node(id), "kind 99");
}

TEST_CASE("verify: an id has no document", "[engine]") {
    const Patient patient;
    const tree::NodeId id =
        patient.change_leaf([](Leaf& leaf) { leaf.back().locator = leaf.front().locator; });
    patient.expect_only(Patient::where_node(id), "which ids have not");
}

TEST_CASE("verify: every resource is found by its id", "[engine]") {
    const Patient patient;
    patient.change_leaf([](Leaf& leaf) { leaf.pop_back(); });
    patient.expect_only(Patient::where(patient.leaf_commit), "is not in it");
}

TEST_CASE("verify: every id stands for a resource", "[engine]") {
    const Patient patient;
    std::string name;
    patient.change_leaf([&](Leaf& leaf) {
        name = content::read_id_value(leaf.back().value).name;
        leaf.back().value += "x";
    });
    patient.expect_only(Patient::where(patient.leaf_commit), name + "x\", which is not there");
}

TEST_CASE("verify: every id stands for the resource that has it", "[engine]") {
    const Patient patient;
    patient.change_leaf([](Leaf& leaf) { std::swap(leaf[4].value, leaf[5].value); });
    patient.expect_only(Patient::where(patient.leaf_commit), "which has another id");
}

TEST_CASE("verify: what goes from both sections in two places is found", "[engine]") {
    // As many ids as resources are left, and each node that is left was right before.
    const Patient patient;
    patient.change_leaf([](Leaf& leaf) {
        const content::ResourceValue kept = value_of(leaf[1]);
        leaf.erase(leaf.begin());
        std::erase_if(
            leaf, [&](const OwnedEntry& entry) { return entry.key == content::id_key(kept.id); });
    });
    patient.expect(Patient::where(patient.leaf_commit), "index of ids");
}

// What a commit has of the one before it

TEST_CASE("verify: an old node is in the commit before", "[engine]") {
    const Patient patient;
    // The newest commit of "2" takes the tree of another connection's commit.
    const tree::Root foreign = patient.commit(patient.record_of(patient.mirror, "1").head).root;
    patient.change_commit(patient.leaf_commit - 1,
                          [&](CommitRecord& commit) { commit.newest_chunk = foreign.id; });
    const tree::NodeId own = patient.commit(patient.leaf_commit).root.id;
    patient.change_commit(patient.leaf_commit,
                          [&](CommitRecord& commit) { commit.root = foreign; });
    patient.drop_chunk(ChunkKind::node, own);
    patient.expect(Patient::where(patient.leaf_commit), "does not have it");
}

TEST_CASE("verify: an old entry is in the commit before", "[engine]") {
    const Patient patient;
    patient.change_leaf([&](Leaf& leaf) { leaf[0].locator.since = patient.leaf_commit - 1; });
    patient.expect_only(Patient::where(patient.leaf_commit), "does not");
}

TEST_CASE("verify: the index of references has what documents say, and no more", "[engine]") {
    const Patient patient;
    patient.change_leaf([&](Leaf& leaf) {
        for (std::uint8_t i = 1;; ++i) {
            const std::string key =
                content::reference_key(numbered<ResourceId>(i), numbered<ResourceId>(200));
            if (patient.rank(key) != 0) continue;
            leaf.push_back({key, ""});
            return;
        }
    });
    patient.expect(Patient::where(patient.leaf_commit), "which no document says");
}
