// All nodes of a store, each with what verify has found out about it.
#pragma once

#include "engine/verify/report.hpp"
#include "storage/storage.hpp"
#include "tree/node.hpp"

#include <unordered_map>
#include <vector>

namespace verso::engine::verification {

/// Visited means that some tree has it. The rest is known from then on.
struct KnownNode {
    BytesView bytes{};  ///< empty: damaged, or not there
    bool is_stored = false;
    bool is_visited = false;
    bool is_readable = false;   ///< and so are all nodes below it
    bool is_sound = false;      ///< neither in it nor below it anything was found
    bool ends_by_rank = false;  ///< of its last key; else it can only be the last of its level
    std::uint8_t level = 0;
    std::uint64_t count = 0;    ///< entries in and below it, as it says
    std::uint64_t balance = 0;  ///< 0 for a whole tree in which ids and resources match
    Digest digest{};
};

/// Thread safety: bound.
class KnownNodes final : public tree::NodeSource {
public:
    explicit KnownNodes(storage::ReadTransaction& transaction) : transaction_(transaction) {}

    /// Reads every node, so that each is read once and in the order in which they lie. Without it
    /// they are read as they are asked for.
    void read_all(Report& report);

    [[nodiscard]] KnownNode& operator[](tree::NodeId id) { return nodes_[id]; }

    /// Fails with corrupt where the node is missing or damaged.
    [[nodiscard]] BytesView node(tree::NodeId id) override;

    [[nodiscard]] tree::NodeId newest() const noexcept { return newest_; }

    /// Those that were never visited, in order.
    [[nodiscard]] std::vector<tree::NodeId> unvisited() const;

private:
    storage::ReadTransaction& transaction_;
    std::unordered_map<tree::NodeId, KnownNode> nodes_;
    tree::NodeId newest_ = 0;
};

}  // namespace verso::engine::verification
