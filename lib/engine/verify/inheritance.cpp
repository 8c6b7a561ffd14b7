#include "engine/verify/inheritance.hpp"

namespace verso::engine::verification {

using tree::NodeView;

namespace {

class InheritanceCheck {
public:
    InheritanceCheck(KnownNodes& nodes, CommitId before_id, const CommitRecord& before)
        : nodes_(nodes), before_id_(before_id), before_(before) {}

    /// What is wrong in and below a node of the younger commit; empty: nothing.
    [[nodiscard]] std::string find_foreign(const NodeView& node) {
        if (node.id() <= before_.newest_chunk) return is_held(node) ? std::string() : foreign(node);
        for (std::size_t i = 0; i < node.size(); ++i) {
            std::string found = node.is_leaf() ? find_foreign(node.entry(i))
                                               : find_foreign(load_child(nodes_, node, i));
            if (!found.empty()) return found;
        }
        return {};
    }

private:
    [[nodiscard]] std::string find_foreign(const tree::Entry& entry) {
        if (entry.locator.since == 0 || entry.locator.since > before_id_) return {};
        const auto held = tree::find(nodes_, before_.root, entry.key);
        if (held && held->locator == entry.locator) return {};
        return "it has an entry that commit " + std::to_string(entry.locator.since) +
               " put, but the commit before it, " + std::to_string(before_id_) + ", does not";
    }

    /// Whether the older commit has the node on the same level: it can only be where its last key
    /// belongs.
    [[nodiscard]] bool is_held(const NodeView& wanted) {
        if (before_.root.id == 0) return false;
        NodeView node = load(nodes_, before_.root.id);
        while (node.level() > wanted.level()) {
            const std::size_t i = node.lower_bound(wanted.last_key());
            if (i == node.size()) return false;
            node = load_child(nodes_, node, i);
        }
        return node.id() == wanted.id();
    }

    [[nodiscard]] std::string foreign(const NodeView& node) const {
        return "node " + std::to_string(node.id()) +
               " of its tree is older than the commit before it, " + std::to_string(before_id_) +
               ", but that commit does not have it";
    }

    KnownNodes& nodes_;
    CommitId before_id_;
    const CommitRecord& before_;
};

}  // namespace

void check_inheritance(CommitId id, const Commits& commits, const Affected& affected,
                       KnownNodes& nodes, Report& report) {
    const CommitRecord& commit = commits.records.at(id);
    const auto before = commits.records.find(commit.prev);
    const auto is_sound = [&](const tree::Root& root) {
        return root.id == 0 || nodes[root.id].is_sound;
    };
    if (before == commits.records.end() || commit.root.id == 0 || !is_sound(commit.root) ||
        !is_sound(before->second.root))
        return;
    InheritanceCheck check(nodes, before->first, before->second);
    const std::string found = check.find_foreign(load(nodes, commit.root.id));
    if (!found.empty())
        report.add(where_is(id),
                   found + "; to drop either may take away what is needed; " + affected.by(id));
}

}  // namespace verso::engine::verification
