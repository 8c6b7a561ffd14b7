#include "engine/compare.hpp"

#include <unordered_map>
#include <utility>

namespace verso::engine {

namespace {

/// A resource on one side of a difference, copied out of the tree.
struct Side {
    Kind kind;
    std::string name;
    content::ResourceValue value;
    tree::Locator locator;
};

Side side_of(const tree::Entry& entry) {
    const content::ResourceKey key = content::read_resource_key(entry.key);
    return {key.kind, std::string(key.name), content::ResourceValue::decode(entry.value),
            entry.locator};
}

/// One name at which the two differ.
struct NameDifference {
    std::optional<Side> from;
    std::optional<Side> to;
};

std::vector<NameDifference> differing_names(View& view, const tree::Root& from,
                                            const tree::Root& to) {
    std::vector<NameDifference> differences;
    const content::KeyRange keys = content::section(content::Section::resources);
    tree::diff(view.nodes(), from, to, keys.range(), [&](const tree::Difference& difference) {
        NameDifference made;
        if (difference.a) made.from = side_of(*difference.a);
        if (difference.b) made.to = side_of(*difference.b);
        if (!made.from || !made.to || !made.from->value.is_same_resource(made.to->value))
            differences.push_back(std::move(made));
        return true;
    });
    return differences;
}

}  // namespace

std::vector<Change> compare(View& view, const tree::Root& from, const tree::Root& to) {
    const std::vector<NameDifference> differences = differing_names(view, from, to);
    std::unordered_map<ResourceId, const Side*>
        left;  // each by id, where its name is another's or nobody's now
    std::unordered_map<ResourceId, const Side*> arrived;
    const auto stayed = [](const NameDifference& each) {
        return each.from && each.to && each.from->value.id == each.to->value.id;
    };
    for (const NameDifference& each : differences) {
        if (stayed(each)) continue;
        if (each.from) left.emplace(each.from->value.id, &*each.from);
        if (each.to) arrived.emplace(each.to->value.id, &*each.to);
    }

    // Ids are unique across kinds, so one that went over to another kind is another resource's now.
    const auto same_in = [](const std::unordered_map<ResourceId, const Side*>& sides,
                            const Side& side) {
        const auto found = sides.find(side.value.id);
        return found != sides.end() && found->second->kind == side.kind ? found->second : nullptr;
    };

    std::vector<Change> changes;
    const auto document = [&](const Side& side) { return view.document(side.value, side.locator); };
    const auto add = [&](ChangeType type, const Side& named, const Side* before,
                         const Side* after) {
        Change change{.type = type, .kind = named.kind, .id = named.value.id, .name = named.name};
        if (type == ChangeType::renamed) change.old_name = before->name;
        if (before) change.before = document(*before);
        if (after) change.after = document(*after);
        changes.push_back(std::move(change));
    };
    for (const NameDifference& each : differences) {
        if (stayed(each)) {
            add(ChangeType::changed, *each.to, &*each.from, &*each.to);
            continue;
        }
        if (each.from && !same_in(arrived, *each.from))
            add(ChangeType::removed, *each.from, &*each.from, nullptr);
        if (!each.to) continue;
        if (const Side* old = same_in(left, *each.to))
            add(ChangeType::renamed, *each.to, old, &*each.to);
        else
            add(ChangeType::added, *each.to, nullptr, &*each.to);
    }
    return changes;
}

}  // namespace verso::engine
