// What a merge of two versions comes to: decided as a whole from three trees, before anything is
// set.
//
// Resources are merged by id. First it is settled which of them there are, then what they are
// called, then their documents, and last whether what is referred to is still there. Documents are
// compared once all of them call what they refer to by the names of the result; so a rename on one
// side conflicts with no change on the other. Where a reference keeps a resource whose name has
// gone to another by then, all is settled once more, with that one there from the beginning.
#pragma once

#include <verso/domain/change.hpp>
#include <verso/domain/conflict.hpp>

#include "domain/budget.hpp"
#include "domain/former_names.hpp"
#include "engine/draft_change.hpp"
#include "engine/overlay.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verso::engine {

struct MergedTrees {
    tree::Root base;
    tree::Root ours;
    tree::Root theirs;
};

/// Thread safety: bound. Failures are thrown.
class MergePlan {
public:
    /// Decides all. Calls `policy` for each conflict. O(changes of both sides x log n), and the
    /// referrers of what is renamed or removed; all once more for each name that a reference
    /// brings into conflict.
    MergePlan(View& view, const MergedTrees& trees, const MergePolicy& policy);

    /// In the order in which they came up: by kind and id, those of names, of Parameters'
    /// documents, of other documents and of references each behind.
    [[nodiscard]] std::vector<Conflict> conflicts() const {
        return {conflicts_.begin(), conflicts_.end()};
    }
    [[nodiscard]] bool is_open() const noexcept { return is_open_; }
    /// What becomes of ours, by kind and name; renames that referrers follow are not told of these.
    [[nodiscard]] std::vector<Change> changes() const;
    /// What is to be erased from ours, and then put into it.
    [[nodiscard]] Batch erases() const;
    [[nodiscard]] Batch puts() const;

private:
    using Key = std::pair<Kind, ResourceId>;
    using Name = std::pair<Kind, std::string>;
    enum class Fate : std::uint8_t { stays, put, erased };

    /// A resource on which theirs has a say.
    struct Item {
        std::optional<Resource> base;
        std::optional<Resource> ours;
        std::optional<Resource> theirs;
        Fate fate = Fate::stays;
        std::string name = {};  ///< That it shall have, where it is put.
        std::string text = {};  ///< The same.
        /// Instead of what the sides come to: decided as a whole.
        std::optional<std::string> decided = {};
        unsigned clashes = 0;       ///< How often its name was another's.
        bool is_asked_for = false;  ///< Whether it was asked if a reference keeps or restores it.
    };
    /// What each wrote that is called otherwise in the result.
    struct Renames {
        FormerNames base;
        FormerNames ours;
        FormerNames theirs;
    };

    std::vector<RenamedTarget> load(Overlay& side, std::set<Key>& changed);
    void settle();
    [[nodiscard]] Item load_item(const Key& key);
    Item& item(const Key& key);

    void settle_presence(const Key& key, Item& item);
    void settle_name(const Key& key, Item& item);
    void settle_name_clashes();
    [[nodiscard]] static bool has_new_name(const Item& item);
    /// Answers whose name or fate was changed by it, if any was.
    std::optional<Key> settle_name_clash(const Key& key, Item& item);
    void give_way(const Key& holder);
    void settle_renames();
    void write_documents();
    void put(const Key& key, Item& item);
    void write_document(const Key& key, Item& item);
    void settle_erased_targets();
    void settle_missing_targets();
    void ask_for(const Key& target, Item& item, const Key& referrer);
    [[nodiscard]] bool is_name_taken(const Key& key, const Item& item);
    [[nodiscard]] Fate fate_of(const Key& key) const;

    /// What there is to say of a resource as a whole. Requires: it is in ours or in theirs.
    [[nodiscard]] static Conflict whole_conflict(ConflictType type, const Key& key,
                                                 const Item& item);
    /// Puts what is decided of a whole resource, or takes it away.
    static void decide(const Conflict& conflict, Item& item);
    /// Answers the conflict with its resolution.
    const Conflict& ask(Conflict conflict);
    const Conflict& take_down(Conflict conflict);
    [[nodiscard]] bool is_in_result(const ReferenceSite& site);
    [[nodiscard]] static bool dangles(Overlay& side, const Key& referrer, const Resource& removed);

    View& view_;
    MergedTrees trees_;
    const MergePolicy& policy_;
    Overlay base_;
    Overlay ours_;
    Overlay theirs_;
    OverlaySurroundings in_base_{base_};
    OverlaySurroundings in_ours_{ours_};
    OverlaySurroundings in_theirs_{theirs_};
    std::set<Key> ours_changed_;
    std::set<Key> theirs_changed_;
    std::map<Key, Conflict> kept_;  ///< For a reference's sake, and what was asked then.
    std::map<Key, Item> items_;
    std::set<Name> names_put_;          ///< Once names are settled.
    Renames renames_;                   ///< The same.
    std::map<Key, Key> added_by_both_;  ///< Ours, to theirs that is the same but for its id.
    std::vector<RenamedTarget> ours_renamed_;
    std::deque<Conflict> conflicts_;  ///< That stay where they are.
    Budget pointers_;                 ///< Of the conflicts.
    bool is_open_ = false;
    bool begins_again_ = false;
};

}  // namespace verso::engine
