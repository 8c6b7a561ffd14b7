// Which commits of a connection a store has, by the UUIDs that commits have in every store. There
// is no index of them: the histories of versions are walked, from their newest commits on and only
// as far as somebody asks.
#pragma once

#include "engine/view.hpp"

#include <boost/functional/hash.hpp>

#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace verso::engine::bundle {

struct UuidHash {
    std::size_t operator()(const Uuid& uuid) const noexcept { return hash_value(uuid); }
};

/// Thread safety: bound. Failures are thrown.
class KnownCommits {
public:
    KnownCommits(View& view, ConnectionId connection) : view_(view), connection_(connection) {}

    /// Says where to look first: the history that ends with this commit.
    void look_from(CommitId head) { heads_.push_back(head); }
    /// The commit of that UUID, if it is kept. O(commits between the heads to look from and it); of
    /// what is not there O(versions and commits of the connection), once.
    [[nodiscard]] std::optional<CommitId> find(const Uuid& uuid);
    /// The same, without looking elsewhere than from the heads.
    [[nodiscard]] std::optional<CommitId> find_near(const Uuid& uuid);
    /// The same, among the commits that have been walked over already.
    [[nodiscard]] std::optional<CommitId> find_met(const Uuid& uuid) const;

private:
    /// Takes note of one more commit; answers whether there was one.
    bool step();
    void look_everywhere();

    View& view_;
    ConnectionId connection_;
    std::deque<CommitId> heads_;  ///< of the histories that are still to be walked
    std::unordered_set<CommitId> seen_;
    std::unordered_map<Uuid, CommitId, UuidHash> ids_;
    bool looked_everywhere_ = false;
};

/// Whether a commit is `head` or before it. Ids rise along a history. O(commits between).
[[nodiscard]] bool is_in_history(View& view, CommitId wanted, CommitId head);

}  // namespace verso::engine::bundle
