// A store of nodes in memory, for the tests of the tree: it counts what is read and holds apply()
// to the contract of a NodeSink.
#pragma once

#include "tree/node.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace verso::tree {

class MemoryNodes : public NodeSource, public NodeSink {
public:
    BytesView node(NodeId id) override {
        ++loads;
        return stored(id);
    }

    void prefetch(std::span<const NodeId> ids) override {
        prefetched.insert(prefetched.end(), ids.begin(), ids.end());
    }

    NodeId next_id() override { return ++last_id_; }

    void write(NodeId id, BytesView bytes) override {
        if (is_strict) check_write(id, bytes);
        written.push_back(id);
        nodes_.emplace(id, std::vector<char>(bytes.begin(), bytes.end()));
    }

    /// The bytes of a node, uncounted.
    [[nodiscard]] BytesView stored(NodeId id) const {
        const auto found = nodes_.find(id);
        if (found == nodes_.end()) fail(Errc::corrupt, "the node is missing");
        return {found->second.data(), found->second.size()};
    }

    /// Damages a node, or heals it.
    void replace(NodeId id, BytesView bytes) {
        nodes_.at(id) = std::vector<char>(bytes.begin(), bytes.end());
    }

    void erase(NodeId id) { REQUIRE(nodes_.erase(id) == 1); }

    [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }

    std::size_t loads = 0;
    std::vector<NodeId> prefetched;
    std::vector<NodeId> written;  // in the order of writing
    bool is_strict = true;        // checks what is written

private:
    void check_write(NodeId id, BytesView bytes) {
        INFO("node " << id);
        REQUIRE(id <= last_id_);
        REQUIRE((written.empty() || id > written.back()));
        REQUIRE_NOTHROW(check_node(id, bytes));
        const NodeView node(id, bytes);
        if (node.is_leaf()) return;
        for (std::size_t i = 0; i < node.size(); ++i) REQUIRE(nodes_.count(node.child_id(i)) == 1);
    }

    std::unordered_map<NodeId, std::vector<char>> nodes_;  // each in memory of its exact size
    NodeId last_id_ = 0;
};

}  // namespace verso::tree
