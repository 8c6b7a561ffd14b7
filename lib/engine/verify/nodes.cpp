#include "engine/verify/nodes.hpp"

#include "engine/verify/tables.hpp"

#include <algorithm>

namespace verso::engine::verification {

void KnownNodes::read_all(Report& report) {
    const auto keep = [&](tree::NodeId id, BytesView bytes) {
        KnownNode& node = nodes_[id];
        node.bytes = bytes;
        node.is_stored = true;
        newest_ = id;
        return true;
    };
    read_chunks(transaction_, storage::ChunkKind::node, report, keep);
}

BytesView KnownNodes::node(tree::NodeId id) {
    KnownNode& node = nodes_[id];
    if (node.is_stored && node.bytes.empty())
        fail(Errc::corrupt,
             "its bytes are not those that were written; they do not match their checksum");
    if (node.bytes.empty()) node.bytes = transaction_.chunk(storage::ChunkKind::node, id);
    return node.bytes;
}

std::vector<tree::NodeId> KnownNodes::unvisited() const {
    std::vector<tree::NodeId> ids;
    for (const auto& [id, node] : nodes_)
        if (node.is_stored && !node.is_visited) ids.push_back(id);
    std::ranges::sort(ids);
    return ids;
}

}  // namespace verso::engine::verification
