// The trees of all commits: each different node is visited once, and held against what its parents
// say of it and the rules of the tree; each entry against the rules of content.
//
// That every resource has its entry among the ids and the other way round is not looked up: each
// node has the sum of a hash over (id, kind, name) of the resources below it less that of the ids
// below it, and of a whole tree this balance is 0. So nodes that trees share are counted in, but
// not visited again.
#pragma once

#include "engine/content.hpp"
#include "engine/verify/commits.hpp"
#include "engine/verify/nodes.hpp"
#include "engine/verify/payloads.hpp"
#include "tree/rank.hpp"

#include <set>
#include <unordered_map>
#include <vector>

namespace verso::engine::verification {

/// What the trees are held against, and where findings go.
struct TreeContext {
    const Catalogue& catalogue;
    const Affected& affected;
    SharedFaults& faults;
    const tree::Secret& secret;
    Report& report;
};

/// Thread safety: bound.
class Trees {
public:
    Trees(const TreeContext& context, KnownNodes& nodes, Payloads& payloads)
        : context_(context), nodes_(nodes), payloads_(payloads), rank_(context.secret) {}

    /// Checks a commit's tree. Requires: a higher id than that of the call before.
    void check(CommitId id, const CommitRecord& commit);

    /// The same of one that is half dropped: meets what only it had and still has.
    void check_rest(CommitId id, const tree::Between& between, const tree::DropPlace& from);

    /// Whether every node of every tree could be read.
    [[nodiscard]] bool are_readable() const noexcept { return are_readable_; }

private:
    /// A leaf entry that some commit put: entries of nodes that were made anew around it are the
    /// same put.
    struct Put {
        std::uint64_t payload;
        CommitId since;
        std::uint64_t key_hash;

        friend bool operator==(const Put&, const Put&) = default;
    };
    struct PutHash {
        std::size_t operator()(const Put& put) const noexcept {
            return static_cast<std::size_t>(put.key_hash ^ (put.payload * 0x9e3779b97f4a7c15u) ^
                                            (put.since * 0xc2b2ae3d27d4eb4fu));
        }
    };

    const KnownNode& visit(tree::NodeId id, std::optional<unsigned> level, bool is_last);
    void check_entries(const tree::NodeView& node, KnownNode& known);
    void visit_children(const tree::NodeView& node, KnownNode& known, bool is_last);
    void check_child(const tree::NodeView& node, std::size_t i, bool is_last);
    void check_ranks(const tree::NodeView& node, KnownNode& known);
    void check_resource(const tree::Entry& entry, KnownNode& known);
    void check_id(const tree::Entry& entry, KnownNode& known);
    static void check_reference(const tree::Entry& entry);
    void check_staged(const tree::Entry& entry);
    /// Counts a put among the holders of its payload; answers whether it is met for the first time.
    bool count_put(const tree::Entry& entry);
    void check_put(const tree::Entry& entry, const content::ResourceValue& value);
    void check_balance(const tree::Root& root, std::uint64_t balance);
    [[nodiscard]] std::string explain_balance(const tree::Root& root);
    [[nodiscard]] std::uint64_t hash_of(BytesView id, BytesView kind_and_name);

    void add_fault(tree::NodeId node, std::string message);
    void add_to_commit(const std::string& message);

    TreeContext context_;
    KnownNodes& nodes_;
    Payloads& payloads_;
    tree::Rank rank_;
    CommitId commit_id_ = 0;  // that is being checked
    Uuid payload_scope_{};    // of that commit's connection; its own word where that is unknown
    bool are_readable_ = true;
    std::unordered_map<Put, std::uint64_t, PutHash> puts_;  // to the hash of its value
    std::set<std::uint64_t> explained_balances_;
};

}  // namespace verso::engine::verification
