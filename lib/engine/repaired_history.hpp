// The history of a damaged store, made readable: what cannot be read of a commit's content is taken
// out of its tree, which goes on sharing with those of other commits what they have in common.
#pragma once

#include "domain/uuid_v7.hpp"
#include "engine/verify/commits.hpp"
#include "engine/view.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace verso::engine {

/// A commit that lacks something gets another id, so that nobody takes it for the one that it was.
/// Of what a tree holds beside resources nothing is repaired: who imports it makes that anew.
///
/// Thread safety: bound. Failures are thrown.
class RepairedHistory {
public:
    /// Reads all commits of the scratch store, to which nobody else may write from now on.
    RepairedHistory(storage::Storage& scratch, IdSource& ids);

    /// Repairs the commits of a connection. Once for each.
    ///
    /// Complexity: O(its nodes and documents, each of them once).
    void repair(ConnectionId connection);

    /// Makes a commit without content, for a version that has lost its own.
    [[nodiscard]] CommitId make_empty(ConnectionId connection, const VersionRecord& version);

    [[nodiscard]] bool has(CommitId id) const { return commits_.find(id) != nullptr; }

    // Of commits of connections that were repaired.

    [[nodiscard]] bool is_incomplete(CommitId id) const { return incomplete_.contains(id); }
    /// Whether a commit before it is missing.
    [[nodiscard]] bool is_cut_off(CommitId id) const { return cut_off_.contains(id); }
    /// Calls lost(what) for everything that a commit lacks. O(that x log n)
    void each_lost(CommitId id, const std::function<void(const std::string&)>& lost);
    /// How many commits that a version wrote lack something, its newest one left out.
    [[nodiscard]] std::size_t count_incomplete(const VersionRecord& version) const;

private:
    /// A node that can be read is whole if all that lies below it can be, too.
    struct Node {
        bool is_readable = false;
        bool is_whole = false;
        Digest digest{};
    };
    /// The keys of a node: those behind `after`, up to `last` (none: the end).
    struct Span {
        std::string after = {};
        std::optional<std::string> last = {};
    };
    /// Some commits' repairs: what is done by itself leaves pages behind that nobody may use again
    /// as long as the moment lasts.
    struct Writing {
        explicit Writing(storage::Storage& scratch)
            : transaction(scratch.begin_write({})), view(*transaction) {}

        std::unique_ptr<storage::WriteTransaction> transaction;
        View view;
        std::size_t commits = 0;
    };
    class ContentRepair;

    [[nodiscard]] Node look_at(tree::NodeId id);
    [[nodiscard]] bool is_readable(tree::NodeId id, BytesView digest);
    [[nodiscard]] bool is_readable(const tree::Entry& entry);
    [[nodiscard]] bool is_whole(tree::NodeId id, BytesView digest);
    void repair(CommitId id, CommitRecord& commit);
    void save(CommitId id, const CommitRecord& repaired);
    [[nodiscard]] Writing& writing();
    void finish_writing();
    /// Until visit(what) answers false, which this answers then, too.
    bool each_lost(const tree::Root& node, const Span& keys, Visitor<const std::string&> lost);

    storage::Storage& scratch_;
    IdSource& ids_;
    std::unique_ptr<storage::ReadTransaction> moment_;  // before anything was repaired
    View view_;
    std::unique_ptr<Writing> writing_;
    verification::Commits commits_;
    std::map<ConnectionId, std::vector<CommitId>> ids_of_;
    bool makes_anew_ = false;  // all trees, for nothing says how those that there are were shaped
    tree::Rank rank_;
    std::uint64_t next_chunk_ = 1;
    CommitId next_empty_ = CommitId{1} << 62;  // no store has come to it, missing ones included
    std::unordered_map<tree::NodeId, Node> nodes_;
    std::unordered_map<std::uint64_t, Digest> documents_;  // of payloads; zeros: unreadable
    std::unordered_map<CommitId, tree::Root> incomplete_;  // with the trees that they had
    std::map<VersionId, std::size_t> incomplete_of_;
    std::unordered_map<CommitId, std::vector<Span>> gaps_;  // of nodes that cannot be read
    std::set<CommitId> cut_off_;
};

}  // namespace verso::engine
