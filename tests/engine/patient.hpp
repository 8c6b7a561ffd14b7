// A store that a test damages: some of everything in it, always the same ids and secret, and ways
// to change single records, chunks and trees beneath the library.
#pragma once

#include <verso/maintenance.hpp>

#include "engine/content.hpp"
#include "engine/fixture.hpp"
#include "engine/store_state.hpp"
#include "tree/node.hpp"
#include "tree/rank.hpp"
#include "tree/sha256.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <span>

namespace verso::engine {

/// Options whose ids and secret are always the same.
inline Options repeatable() {
    auto engine = std::make_shared<std::mt19937_64>(20'260'131);
    Options options{.history = {.published_commits = 0}, .collect_with_writes = false};
    options.random = [engine](std::span<std::byte> bytes) {
        for (std::byte& byte : bytes) byte = static_cast<std::byte>((*engine)());
    };
    return options;
}

/// A leaf entry that owns its bytes.
struct OwnedEntry {
    std::string key;
    std::string value;
    tree::Locator locator = {};

    [[nodiscard]] tree::Entry view() const { return {key, value, locator}; }
};
using Leaf = std::vector<OwnedEntry>;

/// Version "1" is published and the chosen default, with 40 Parameters; "2" is a clone that was
/// edited, renamed in, erased from and has a Definition of several chunks; "3" is the latest, one
/// leaf of three Parameters; "gone" was deleted. "Mirror", of the same organisation, and "Foreign",
/// of another one, hold some equal documents.
class Patient : public Fixture {
public:
    Patient() : Fixture(repeatable()) {
        fill();
        mirror = store.create_connection(acme(), {.name = "Mirror"}).value().id;
        foreign = store.create_connection(umbrella(), {.name = "Foreign"}).value().id;
        for (const ConnectionId other : {mirror, foreign}) {
            store.create_version(other, {.name = "1"}).value();
            store.edit({other, "1"}, [](Draft& draft) { return put_numbered(draft, 0, 5); })
                .value();
        }
        create("gone");
        put("gone", parameter("gone"));
        store.delete_version(key("gone")).value();
        clock.move(one_ms);
        grow_leaf();
    }

    [[nodiscard]] static Result<void> put_numbered(Draft& draft, int first, int last) {
        for (int i = first; i < last; ++i) {
            auto put = draft.put(Kind::parameter, parameter("p" + std::to_string(i)));
            if (!put) return put.error();
        }
        return {};
    }

    [[nodiscard]] VerifyReport verify(const VerifyOptions& options = {}) const {
        return verso::verify(store, options).value();
    }

    /// The one finding that there is to be.
    [[nodiscard]] Damage only_finding() const {
        const VerifyReport report = verify();
        for (const Damage& each : report.findings)
            UNSCOPED_INFO(each.where << ": " << each.message);
        REQUIRE(report.findings.size() == 1);
        return report.findings.front();
    }

    /// REQUIREs that verify finds something there, in a message with these words.
    void expect(const std::string& where, const std::string& words) const {
        const VerifyReport report = verify();
        bool found = false;
        for (const Damage& each : report.findings) {
            UNSCOPED_INFO(each.where << ": " << each.message);
            found |= each.where == where && each.message.find(words) != std::string::npos;
        }
        INFO("expected: " << where << ": ..." << words << "...");
        REQUIRE(found);
    }
    /// As expect(), and that it finds nothing else.
    void expect_only(const std::string& where, const std::string& words) const {
        const Damage finding = only_finding();
        CHECK(finding.where == where);
        CHECK_THAT(finding.message, Catch::Contains(words));
    }

    // Records

    [[nodiscard]] storage::Storage& storage() const { return StoreAccess::state(store).storage(); }

    void write_raw(const std::function<void(storage::WriteTransaction&)>& change) const {
        const auto transaction = storage().begin_write({});
        change(*transaction);
        transaction->commit();
    }
    void put_raw(storage::Table table, const std::string& key, BytesView value = {}) const {
        write_raw([&](storage::WriteTransaction& raw) { raw.put(table, key, value); });
    }
    void put_raw(const std::string& key, BytesView value = {}) const {
        put_raw(storage::Table::records, key, value);
    }
    void erase_raw(storage::Table table, const std::string& key) const {
        write_raw([&](storage::WriteTransaction& raw) { REQUIRE(raw.erase(table, key)); });
    }
    void erase_raw(const std::string& key) const { erase_raw(storage::Table::records, key); }

    template <class Record>
    [[nodiscard]] Record read(storage::Table table, const std::string& key) const {
        const auto transaction = storage().begin_read();
        const auto found = transaction->find(table, key);
        REQUIRE(found.has_value());
        return Record::decode(*found);
    }
    template <class Record>
    void change(storage::Table table, const std::string& key,
                const std::function<void(Record&)>& how) const {
        Record record = read<Record>(table, key);
        how(record);
        put_raw(table, key, record.encode());
    }
    void change_store(const std::function<void(StoreRecord&)>& how) const {
        change<StoreRecord>(storage::Table::records, key::store(), how);
    }
    void change_state(const std::function<void(ConnectionState&)>& how) const {
        change<ConnectionState>(storage::Table::records, key::connection_state(connection), how);
    }
    void change_version(const std::string& name,
                        const std::function<void(VersionRecord&)>& how) const {
        change<VersionRecord>(storage::Table::records, key::version(connection, name_digest(name)),
                              how);
    }
    void change_commit(CommitId id, const std::function<void(CommitRecord&)>& how) const {
        change<CommitRecord>(storage::Table::commits, key::commit(id), how);
    }

    [[nodiscard]] StoreRecord store_record() const {
        return read<StoreRecord>(storage::Table::records, key::store());
    }
    [[nodiscard]] VersionRecord record_of(const std::string& name) const {
        return record_of(connection, name);
    }
    [[nodiscard]] VersionRecord record_of(ConnectionId id, const std::string& name) const {
        return read<VersionRecord>(storage::Table::records, key::version(id, name_digest(name)));
    }
    [[nodiscard]] CommitRecord commit(CommitId id) const {
        return read<CommitRecord>(storage::Table::commits, key::commit(id));
    }
    [[nodiscard]] CommitId head(const std::string& version) const {
        return record_of(version).head;
    }

    [[nodiscard]] std::string where(const std::string& version) const {
        return where() + ", version \"" + version + "\"";
    }
    [[nodiscard]] std::string where() const {
        return "connection \"GitHub\" (" + to_string(connection) + ')';
    }
    [[nodiscard]] static std::string where(CommitId commit) {
        return "commit " + std::to_string(commit);
    }
    [[nodiscard]] static std::string where_node(tree::NodeId node) {
        return "node " + std::to_string(node);
    }

    // Chunks

    [[nodiscard]] std::map<storage::ChunkId, std::string> chunks(storage::ChunkKind kind) const {
        std::map<storage::ChunkId, std::string> all;
        storage().begin_read()->each_chunk(kind, [&](storage::ChunkId id, BytesView bytes) {
            all[id] = bytes;
            return true;
        });
        return all;
    }
    /// Writes a chunk under an id that is there: it and all behind it are written anew.
    void rewrite_chunk(storage::ChunkKind kind, storage::ChunkId id, BytesView bytes) const {
        auto all = chunks(kind);
        all.at(id) = bytes;
        write_raw([&](storage::WriteTransaction& raw) {
            for (auto at = all.find(id); at != all.end(); ++at) raw.drop(kind, at->first);
            for (auto at = all.find(id); at != all.end(); ++at)
                raw.append(kind, at->first, at->second);
        });
    }
    void drop_chunk(storage::ChunkKind kind, storage::ChunkId id) const {
        write_raw([&](storage::WriteTransaction& raw) { raw.drop(kind, id); });
    }
    /// Stores a chunk under a new id, which it answers.
    storage::ChunkId append_chunk(storage::ChunkKind kind, BytesView bytes) const {
        StoreRecord record = store_record();
        const storage::ChunkId id = record.next_chunk++;
        write_raw([&](storage::WriteTransaction& raw) {
            raw.append(kind, id, bytes);
            raw.put(storage::Table::records, key::store(), record.encode());
        });
        return id;
    }

    // Trees

    [[nodiscard]] unsigned rank(BytesView key) const {
        return tree::Rank(store_record().secret)(key);
    }
    /// The entries of a commit's tree.
    [[nodiscard]] Leaf entries(CommitId id) const {
        Leaf entries;
        const auto transaction = storage().begin_read();
        NodeCache nodes(*transaction);
        tree::scan(nodes, commit(id).root, {}, [&](const tree::Entry& entry) {
            entries.push_back({std::string(entry.key), std::string(entry.value), entry.locator});
            return true;
        });
        return entries;
    }
    /// Stores a node, well-formed or not; answers it as the root of a tree.
    tree::Root plant_node(unsigned level, const std::vector<tree::Entry>& entries) const {
        const std::string bytes = tree::encode_node(level, entries);
        const tree::NodeId id = append_chunk(storage::ChunkKind::node, bytes);
        const tree::NodeView node(id, bytes);
        return {.id = id, .digest = tree::sha256(node.digested()), .count = node.count()};
    }
    tree::Root plant_leaf(const Leaf& entries) const {
        std::vector<tree::Entry> views;
        for (const OwnedEntry& entry : entries) views.push_back(entry.view());
        return plant_node(0, views);
    }
    /// Stores an inner node over others, each with the last key that it is to have.
    tree::Root plant_inner(unsigned level,
                           const std::vector<std::pair<std::string, tree::Root>>& children) const {
        std::vector<tree::ChildValue> values;
        std::vector<tree::Entry> entries;
        for (const auto& [key, child] : children)
            values.push_back(tree::encode_child(child.digest, child.count));
        for (std::size_t i = 0; i < children.size(); ++i)
            entries.push_back({children[i].first,
                               {values[i].data(), values[i].size()},
                               {children[i].second.id, 0}});
        return plant_node(level, entries);
    }
    /// Gives a commit that tree, whose nodes are the newest of all, instead of its own of one leaf.
    void graft(CommitId id, const tree::Root& root) const {
        const tree::Root before = commit(id).root;
        change_commit(id, [&](CommitRecord& commit) {
            commit.root = root;
            commit.newest_chunk = root.id;
        });
        drop_chunk(storage::ChunkKind::node, before.id);
    }
    /// Does `how` to the entries of the leaf that is the tree of version "3". Answers the new
    /// leaf's id.
    tree::NodeId change_leaf(const std::function<void(Leaf&)>& how) const {
        Leaf leaf = entries(leaf_commit);
        how(leaf);
        const tree::Root root = plant_leaf(leaf);
        graft(leaf_commit, root);
        return root.id;
    }

    ConnectionId mirror{};
    ConnectionId foreign{};
    CommitId leaf_commit = 0;  ///< the head of version "3", the newest commit of all

private:
    void fill() {
        create("1");
        store.edit(key("1"), [](Draft& draft) { return put_numbered(draft, 0, 40); }).value();
        clone("2", "1");
        const Resource renamed = put("2", parameter("before"));
        put("2", parameter(renamed.id, "after"));
        put("2", Kind::definition, definition("Big", std::string(40'000, 'x')));
        put("2", parameter("p7", "edited"));
        erase("2", Kind::parameter, "p8");
        put("1", parameter("p9", "edited, after the clone"));
        clock.move(one_ms);
        publish("1");
    }

    /// Gives "3" names and ids that end no node, so that its tree is one leaf.
    void grow_leaf() {
        create("3");
        std::vector<std::string> names;
        for (int i = 0; names.size() < 3; ++i)
            if (const auto name = "leaf" + std::to_string(i);
                rank(content::resource_key(Kind::parameter, name)) == 0)
                names.push_back(name);
        std::vector<ResourceId> ids;
        for (std::uint8_t i = 1; ids.size() < 3; ++i)
            if (const auto id = numbered<ResourceId>(i); rank(content::id_key(id)) == 0)
                ids.push_back(id);
        store
            .edit(key("3"),
                  [&](Draft& draft) -> Result<void> {
                      for (std::size_t i = 0; i < 3; ++i)
                          draft.put(Kind::parameter, parameter(ids[i], names[i])).value();
                      return {};
                  })
            .value();
        publish("3");
        store.update_version(key("1"), {.is_default = true}).value();
        leaf_commit = head("3");
        REQUIRE(entries(leaf_commit).size() == 6);
    }
};

}  // namespace verso::engine
