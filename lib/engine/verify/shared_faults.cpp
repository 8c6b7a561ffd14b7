#include "engine/verify/shared_faults.hpp"

#include <utility>

namespace verso::engine::verification {

namespace {

/// Of nodes that have something: a few seconds. Who has not been found by then is not named.
constexpr std::size_t max_search_steps = 10'000'000;

/// Calls child(id) for each child that a node has where it says, and payload(id) for each of a
/// leaf's entries. A node that cannot be read has none.
template <class OnChild, class OnPayload>
void each_below(KnownNodes& nodes, tree::NodeId id, OnChild child, OnPayload payload) {
    const KnownNode& known = nodes[id];
    if (!known.is_visited || known.bytes.empty()) return;
    const tree::NodeView node(id, known.bytes);
    for (std::size_t i = 0; i < node.size(); ++i) {
        if (node.is_leaf()) {
            payload(node.entry(i).locator.payload);
            continue;
        }
        const KnownNode& below = nodes[node.child_id(i)];
        if (below.bytes.empty() || below.level + 1u == node.level()) child(node.child_id(i));
    }
}

}  // namespace

void SharedFaults::add_in_node(tree::NodeId node, std::string message, CommitId commit) {
    in_nodes_.emplace(node, faults_.size());
    faults_.push_back({"node " + std::to_string(node), std::move(message), commit});
}

void SharedFaults::add_in_payload(std::uint64_t payload, std::string message, CommitId commit) {
    in_payloads_.emplace(payload, faults_.size());
    faults_.push_back({"payload " + std::to_string(payload), std::move(message), commit});
}

void SharedFaults::search(const Holder& holder, tree::NodeId root) {
    if (!faults_.empty()) collect(root, holder);
}

bool SharedFaults::has_any(tree::NodeId id) {
    const auto [searched, is_new] = searched_.emplace(id, in_nodes_.contains(id));
    if (!is_new || searched->second) return searched->second;
    bool any = false;
    each_below(
        nodes_, id, [&](tree::NodeId child) { any |= has_any(child); },
        [&](std::uint64_t payload) { any |= in_payloads_.contains(payload); });
    searched_[id] = any;
    return any;
}

void SharedFaults::collect(tree::NodeId id, const Holder& holder) {
    if (!has_any(id) || ++steps_ > max_search_steps) return;
    hold(in_nodes_, id, holder);
    each_below(
        nodes_, id, [&](tree::NodeId child) { collect(child, holder); },
        [&](std::uint64_t payload) { hold(in_payloads_, payload, holder); });
}

void SharedFaults::hold(const Places& places, std::uint64_t id, const Holder& holder) {
    const auto [begin, end] = places.equal_range(id);
    for (auto place = begin; place != end; ++place) {
        Fault& fault = faults_[place->second];
        if (std::exchange(fault.last_holder, holder.version) != holder.version)
            fault.holders.add(holder);
    }
}

void SharedFaults::report() {
    for (Fault& fault : faults_) {
        fault.holders.are_all = steps_ <= max_search_steps;
        if (fault.first_commit != 0)
            fault.message += affected_.by(fault.holders, fault.first_commit);
        report_.add(std::move(fault.where), std::move(fault.message));
    }
}

}  // namespace verso::engine::verification
