// The index of references of each commit, held against what the documents say: who refers to whom,
// and who to nothing.
#pragma once

#include "domain/resource_references.hpp"
#include "engine/content.hpp"
#include "engine/verify/commits.hpp"
#include "engine/verify/nodes.hpp"

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace verso::engine::verification {

/// Thread safety: bound.
class References {
public:
    References(storage::ReadTransaction& transaction, KnownNodes& nodes, const Affected& affected,
               Report& report)
        : transaction_(transaction), nodes_(nodes), affected_(affected), report_(report) {}

    /// Checks a commit's index, unless another commit has the same tree. A tree that is not sound
    /// is not held to it. `before`: the commit that it came from, which was checked before, if it
    /// is there.
    ///
    /// Complexity: O(changes x log n), or where the commit before is not right O(entries x log n),
    ///             and each document once.
    void check(CommitId id, const CommitRecord& commit, const CommitRecord* before);

private:
    /// What a commit's documents and its index say of some referrers, as keys of the index.
    struct Keys {
        std::set<std::string, std::less<>> expected;
        std::set<std::string, std::less<>> found;
    };
    using Sites = std::optional<std::vector<ReferenceSite>>;

    /// Of those referrers for whom the index, or what they mean by it, may have changed. None: a
    /// document cannot be read, which is held against its payload. Requires: the index before is
    /// right, as that of an empty tree is.
    [[nodiscard]] std::optional<Keys> changed_keys(const tree::Root& before,
                                                   const tree::Root& after);
    void add_referrers(std::set<ResourceId>& referrers, const tree::Root& root,
                       const content::KeyRange& keys);
    [[nodiscard]] std::optional<std::vector<std::string>> keys_of(const tree::Root& root,
                                                                  ResourceId referrer);
    [[nodiscard]] std::optional<ResourceId> resolve(const tree::Root& root,
                                                    const ReferenceSite& site);
    /// Of an entry that says it rightly whether there are any.
    [[nodiscard]] const Sites& checked_sites(const tree::Entry& entry);
    [[nodiscard]] const Sites& sites_of(Kind kind, const content::ResourceValue& value,
                                        const tree::Locator& locator);
    [[nodiscard]] Sites read_sites(Kind kind, const content::ResourceValue& value,
                                   const tree::Locator& locator);

    storage::ReadTransaction& transaction_;
    KnownNodes& nodes_;
    const Affected& affected_;
    Report& report_;
    std::unordered_map<std::uint64_t, Sites> sites_;  // by payload and kind
    std::unordered_set<tree::NodeId> checked_;
    std::unordered_set<tree::NodeId> right_;  // of these
    std::set<std::string> reported_;          // each fault once, however many commits have it
};

}  // namespace verso::engine::verification
