// What is wrong in nodes and documents, which many versions may share.
#pragma once

#include "engine/verify/affected.hpp"
#include "engine/verify/nodes.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace verso::engine::verification {

/// Keeps what is found until all of it is known: then each version is searched once for all of it,
/// and nothing but what has some of it. Thread safety: bound.
class SharedFaults {
public:
    SharedFaults(const Affected& affected, KnownNodes& nodes, Report& report)
        : affected_(affected), nodes_(nodes), report_(report) {}

    /// Something wrong in a node; it is said of the node, the first of the commits that have it is
    /// `commit`.
    void add_in_node(tree::NodeId node, std::string message, CommitId commit);
    /// The same in a document. Where no commit has it (0) nothing is affected.
    void add_in_payload(std::uint64_t payload, std::string message, CommitId commit);

    /// Looks for all that was added in a version's tree. Once all was added.
    void search(const Holder& holder, tree::NodeId root);

    /// Adds all to the report, with the versions in which it was found.
    void report();

private:
    struct Fault {
        std::string where;
        std::string message;
        CommitId first_commit;
        Holders holders = {};
        const VersionRecord* last_holder = nullptr;
    };
    /// What of it there is, by the id of the node or payload.
    using Places = std::unordered_multimap<std::uint64_t, std::size_t>;

    [[nodiscard]] bool has_any(tree::NodeId id);
    void collect(tree::NodeId id, const Holder& holder);
    void hold(const Places& places, std::uint64_t id, const Holder& holder);

    const Affected& affected_;
    KnownNodes& nodes_;
    Report& report_;
    std::vector<Fault> faults_;
    Places in_nodes_;
    Places in_payloads_;
    std::unordered_map<tree::NodeId, bool> searched_;  // whether something is in or below it
    std::size_t steps_ = 0;
};

}  // namespace verso::engine::verification
