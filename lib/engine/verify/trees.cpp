#include "engine/verify/trees.hpp"

#include <verso/domain/names.hpp>

#include "domain/resource_reader.hpp"
#include "domain/resource_references.hpp"
#include "engine/verify/entries.hpp"
#include "tree/sha256.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace verso::engine::verification {

using tree::NodeId;
using tree::NodeView;

namespace {

/// No walk of a tree has more.
constexpr auto max_steps = std::numeric_limits<std::size_t>::max();

std::uint64_t short_hash(BytesView bytes) { return std::hash<BytesView>{}(bytes); }

std::string where_is_node(NodeId node) { return "node " + std::to_string(node); }

}  // namespace

// Commits

void Trees::check(CommitId id, const CommitRecord& commit) {
    if (commit.root.id == 0) return;
    commit_id_ = id;
    payload_scope_ = commit.payload_scope;
    if (const auto& store = context_.catalogue.store) {
        const auto connection = context_.catalogue.connections.find(commit.connection);
        const bool is_known =
            connection != context_.catalogue.connections.end() && connection->second.record;
        if (store->payload_scope == PayloadScope::store)
            payload_scope_ = Uuid{};
        else if (is_known)
            payload_scope_ = connection->second.record->organisation.value;
    }

    const KnownNode& root = visit(commit.root.id, std::nullopt, true);
    are_readable_ &= root.is_readable;
    if (root.bytes.empty()) return;
    if (root.digest != commit.root.digest)
        add_to_commit("its root, " + where_is_node(commit.root.id) +
                      ", has another digest than it says");
    if (root.count != commit.root.count)
        add_to_commit("it counts " + std::to_string(commit.root.count) +
                      " entries, but its root, " + where_is_node(commit.root.id) + ", has " +
                      std::to_string(root.count));
    if (root.level > 0 && NodeView(commit.root.id, root.bytes).size() == 1)
        add_to_commit("its root, " + where_is_node(commit.root.id) +
                      ", has a single child, which is to be the root");
    if (root.is_sound) check_balance(commit.root, root.balance);
}

void Trees::check_rest(CommitId id, const tree::Between& between, const tree::DropPlace& from) {
    class Rest final : public tree::DropVisitor {
    public:
        explicit Rest(Trees& trees) : trees_(trees) {}
        std::uint64_t node(NodeId id) override {
            trees_.nodes_[id].is_visited = true;
            ++trees_.context_.report.counts().nodes;
            trees_.context_.report.step();
            return 1;
        }
        std::uint64_t entry(const tree::Entry& entry) override {
            trees_.count_put(entry);
            return 1;
        }

    private:
        Trees& trees_;
    };
    commit_id_ = id;
    Rest rest(*this);
    are_readable_ &= context_.report.check(
        [&] { return where_is(id) + ", which is half dropped"; },
        [&] { static_cast<void>(tree::walk_drop(nodes_, between, from, max_steps, rest)); });
}

void Trees::check_balance(const tree::Root& root, std::uint64_t balance) {
    if (balance == 0) return;
    const bool is_new = explained_balances_.insert(balance).second;
    add_to_commit("its index of ids does not match its resources: " +
                  (is_new ? explain_balance(root) : "as in an earlier commit"));
}

std::string Trees::explain_balance(const tree::Root& root) {
    std::map<std::string, std::string, std::less<>> ids;  // of resources, by kind and name
    tree::scan(nodes_, root, content::section(content::Section::resources).range(),
               [&](const tree::Entry& entry) {
                   const auto value = content::ResourceValue::decode(entry.value);
                   ids[std::string(entry.key.substr(1))] = bytes_of(value.id.value);
                   return true;
               });
    std::string explanation;
    tree::scan(nodes_, root, content::section(content::Section::ids).range(),
               [&](const tree::Entry& entry) {
                   const auto found = ids.find(entry.value);
                   if (found == ids.end() || found->second != entry.key.substr(1)) {
                       const content::ResourceKey key = content::read_id_value(entry.value);
                       explanation =
                           "id " + format_uuid(uuid_of(entry.key.substr(1))) + " stands for " +
                           describe_resource(key) +
                           (found == ids.end() ? ", which is not there" : ", which has another id");
                       return false;
                   }
                   ids.erase(found);
                   return true;
               });
    if (!explanation.empty() || ids.empty()) return explanation;
    const auto& [key, id] = *ids.begin();
    return "id " + format_uuid(uuid_of(id)) + " of " +
           describe_resource(content::read_id_value(key)) + " is not in it";
}

// Nodes

const KnownNode& Trees::visit(NodeId id, std::optional<unsigned> level, bool is_last) {
    KnownNode& known = nodes_[id];
    if (known.is_visited) return known;
    try {
        const NodeView node(id, nodes_.node(id));
        if (level && node.level() != *level) return known;
        known.is_visited = known.is_readable = known.is_sound = true;
        known.level = static_cast<std::uint8_t>(node.level());
        tree::check_node(id, known.bytes);
        ++context_.report.counts().nodes;
        context_.report.step();
        known.digest = tree::sha256(node.digested());
        known.count = node.count();
        check_ranks(node, known);
        if (node.is_leaf())
            check_entries(node, known);
        else
            visit_children(node, known, is_last);
    } catch (const Failure& failure) {
        if (failure.error.code != Errc::corrupt) throw;
        known.is_visited = true;
        known.is_readable = false;
        known.bytes = {};
        add_fault(id, failure.error.message);
    }
    return known;
}

void Trees::check_ranks(const NodeView& node, KnownNode& known) {
    for (std::size_t i = 0; i < node.size(); ++i) {
        const bool ends = rank_(node.key(i)) > node.level();
        if (i + 1 == node.size())
            known.ends_by_rank = ends;
        else if (ends)
            add_fault(
                node.id(),
                "by its rank " + describe_entry(node.key(i)) +
                    " ends the node, but others follow; changes will not find back to one shape");
    }
}

void Trees::visit_children(const NodeView& node, KnownNode& known, bool is_last) {
    for (std::size_t i = 0; i < node.size(); ++i) {
        const bool child_is_last = is_last && i + 1 == node.size();
        const KnownNode& child = visit(node.child_id(i), node.level() - 1, child_is_last);
        known.is_readable &= child.is_readable;
        known.balance += child.balance;
        check_child(node, i, child_is_last);
        known.is_sound &= child.is_sound;
    }
}

void Trees::check_child(const NodeView& node, std::size_t i, bool is_last) {
    const KnownNode& child = nodes_[node.child_id(i)];
    const auto add = [&](const char* what) {
        add_fault(node.id(), "its child, " + where_is_node(node.child_id(i)) + ", " + what);
    };
    if (child.is_visited && child.bytes.empty()) return;  // which has been said of the child
    if (!child.is_visited || child.level + 1u != node.level())
        return add("is on another level than it says");
    const NodeView view(node.child_id(i), child.bytes);
    if (bytes_of(child.digest) != node.child_digest(i)) add("has another digest than it says");
    if (child.count != node.child_count(i)) add("has more or fewer entries than it says");
    if (view.last_key() != node.key(i)) add("ends with another key than it says");
    if (!is_last && !child.ends_by_rank)
        add("ends with a key whose rank does not end it, though others follow on its level");
}

// Entries

void Trees::check_entries(const NodeView& node, KnownNode& known) {
    for (std::size_t i = 0; i < node.size(); ++i) {
        const tree::Entry entry = node.entry(i);
        try {
            const auto section = entry.key.empty() ? '\0' : entry.key.front();
            if (section == static_cast<char>(content::Section::resources))
                check_resource(entry, known);
            else if (section == static_cast<char>(content::Section::ids))
                check_id(entry, known);
            else if (section == static_cast<char>(content::Section::references) ||
                     section == static_cast<char>(content::Section::dangling))
                check_reference(entry);
            else if (section == static_cast<char>(content::Section::staged))
                check_staged(entry);
            else
                fail(Errc::corrupt, "its key is in no section that there is");
        } catch (const Failure& failure) {
            if (failure.error.code != Errc::corrupt) throw;
            add_fault(node.id(), describe_entry(entry.key) + ": " + failure.error.message);
        }
    }
}

void Trees::check_resource(const tree::Entry& entry, KnownNode& known) {
    const bool is_new = count_put(entry);
    const content::ResourceKey key = content::read_resource_key(entry.key);
    const auto value = content::ResourceValue::decode(entry.value);
    const bool is_validated = value.validation != content::Validation::none;
    if (value.encode() != entry.value || value.validation > content::Validation::findings ||
        (is_validated && !has_shape(key.kind)) || (value.refers && !may_refer(key.kind)))
        fail(Errc::corrupt, "its value is not one of a resource");
    known.balance += hash_of(bytes_of(value.id.value), entry.key.substr(1));
    if (!check_resource_name(key.kind, key.name))
        fail(Errc::corrupt, "its name is none that such a resource may have");
    if (is_new) check_put(entry, value);
}

bool Trees::count_put(const tree::Entry& entry) {
    const auto [payload_id, since] = entry.locator;
    const auto [met, is_new] =
        puts_.insert({{payload_id, since, short_hash(entry.key)}, short_hash(entry.value)});
    if (!is_new && met->second != short_hash(entry.value))
        fail(Errc::corrupt, "another node has another value that the same commit put in its place");
    if (!is_new) return false;
    ++context_.report.counts().resources;
    IndexedPayload* const payload = payloads_.find(payload_id);
    if (payload != nullptr && payload->met++ == 0) {
        payload->first_commit = commit_id_;
        payload->first_key = entry.key;
    }
    return true;
}

void Trees::check_put(const tree::Entry& entry, const content::ResourceValue& value) {
    const auto [payload_id, since] = entry.locator;
    if (since == 0 || since > commit_id_)
        fail(Errc::corrupt, "the commit that put it, " + std::to_string(since) + ", is not " +
                                where_is(commit_id_) + ", which has it, or one before");
    const std::string what = "its document, payload " + std::to_string(payload_id) + ", ";
    const IndexedPayload* const payload = payloads_.find(payload_id);
    if (payload == nullptr) {
        if (payloads_.is_whole()) fail(Errc::corrupt, what + "is not in the index; it may be gone");
        return;
    }
    if (payload->digest != value.digest)
        fail(Errc::corrupt, what + "has another digest than it says");
    if (payload->record.size_bytes != value.size_bytes)
        fail(Errc::corrupt, what + "has another size than it says");
    if (payload->scope != payload_scope_)
        fail(Errc::corrupt, what + "is kept for another organisation");
}

void Trees::check_id(const tree::Entry& entry, KnownNode& known) {
    if (entry.key.size() != content::id_key({}).size())
        fail(Errc::corrupt, "its key is not one of an id");
    static_cast<void>(content::read_id_value(entry.value));
    known.balance -= hash_of(entry.key.substr(1), entry.value);
    if (entry.locator != tree::Locator{})
        fail(Errc::corrupt, "it is to have a document, which ids have not");
}

void Trees::check_reference(const tree::Entry& entry) {
    const bool is_resolved = entry.key.front() == static_cast<char>(content::Section::references);
    if (is_resolved && entry.key.size() != content::reference_key({}, {}).size())
        fail(Errc::corrupt, "its key is not one of a reference");
    static_cast<void>(content::read_referrer(entry.key));
    if (!entry.value.empty() || entry.locator != tree::Locator{})
        fail(Errc::corrupt, "it is to have a value, which references have not");
}

void Trees::check_staged(const tree::Entry& entry) {
    const bool is_new = count_put(entry);
    const auto value = content::ResourceValue::decode(entry.value);
    if (entry.key != content::staged_key(value.digest))
        fail(Errc::corrupt, "its key is not that of its document");
    if (is_new) check_put(entry, value);
}

std::uint64_t Trees::hash_of(BytesView id, BytesView kind_and_name) {
    return load_le<std::uint64_t>(bytes_of(tree::sha256(id, kind_and_name)).data());
}

// Findings

void Trees::add_fault(NodeId node, std::string message) {
    nodes_[node].is_sound = false;
    context_.faults.add_in_node(node, std::move(message) + "; ", commit_id_);
}

void Trees::add_to_commit(const std::string& message) {
    context_.report.add(where_is(commit_id_), message + "; " + context_.affected.by(commit_id_));
}

}  // namespace verso::engine::verification
