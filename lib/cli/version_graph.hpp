// Which versions of a connection came from which, as a graph to be drawn.
#pragma once

#include <verso/snapshot.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace verso::cli {

/// Thread safety: a value.
struct VersionGraph {
    struct Node {
        std::string name;                          ///< Safe to be shown.
        std::optional<ConnectionVersion> version;  ///< None: it is deleted, and others came of it.
        std::optional<std::size_t> origin;         ///< The node that it was cloned from.
        std::vector<std::size_t> clones;           ///< The longest line of clones first.
    };
    /// A version that was merged into another, as far as the history that is kept tells.
    struct Merge {
        std::size_t from;
        std::size_t into;
    };

    std::vector<Node> nodes;  ///< The oldest first, and then those that are deleted.
    std::vector<Merge> merges;
};

/// Fills in the clones of all nodes from their origins. O(n log n).
void link_clones(VersionGraph& graph);

/// The graph of a connection's lineage. O(versions + commits kept).
[[nodiscard]] VersionGraph read_graph(const Snapshot& snapshot, ConnectionId connection,
                                      const std::vector<VersionOrigin>& origins);

/// What a drawing says beside a version's name, as `published 2026-01-31, latest`.
[[nodiscard]] std::string format_state(const VersionGraph::Node& node);

}  // namespace verso::cli
