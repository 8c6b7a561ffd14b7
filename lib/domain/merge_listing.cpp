#include "domain/merge_listing.hpp"

#include "domain/element_matcher.hpp"

#include <utility>

namespace verso {

namespace {

MergeListing members_of(const std::optional<JsonView>& object) {
    MergeListing listing;
    if (object)
        for (const auto [key, value] : object->members()) listing.add(key.string(), key, value);
    return listing;
}

constexpr std::string_view status_label = "status";

bool has_status(const std::optional<JsonView>& array) {
    if (!array) return false;
    for (const JsonView element : array->elements())
        if (element.find(status_label)) return true;
    return false;
}

/// `default_allowed`: whether one object without an identity is the default response.
std::optional<MergeListing> elements_of(const std::optional<JsonView>& array, bool default_allowed,
                                        JsonEquality& equality) {
    MergeListing listing;
    if (!array) return listing;
    for (const JsonView element : array->elements()) {
        auto label = identity_of(element, equality);
        if (!label && default_allowed && element.is_object()) label = status_label;
        if (!label || !listing.add(std::move(*label), std::nullopt, element)) return std::nullopt;
    }
    return listing;
}

/// The labels of `listing` that are in all of `others`.
Labels common_labels(const MergeListing& listing, const std::vector<const MergeListing*>& others) {
    Labels labels;
    for (const auto& item : listing.items()) {
        bool common = true;
        for (const MergeListing* other : others) common = common && other->find(item.label);
        if (common) labels.push_back(item.label);
    }
    return labels;
}

/// Items that stand together, all of one side.
using Run = std::vector<const MergeListing::Item*>;

/// The runs of what is not in `spine`: before its first label, behind the first, and so on.
std::vector<Run> runs_between(const MergeListing& listing, const Labels& spine) {
    std::map<std::string, std::size_t> gaps;
    for (const std::string& label : spine) gaps.emplace(label, gaps.size() + 1);
    std::vector<Run> runs(spine.size() + 1);
    std::size_t gap = 0;
    for (const auto& item : listing.items()) {
        const auto found = gaps.find(item.label);
        if (found != gaps.end())
            gap = found->second;
        else
            runs[gap].push_back(&item);
    }
    return runs;
}

/// The spine with the runs of both sides in its gaps. `goes_first(ours, theirs)` says whose run
/// does.
template <class GoesFirst>
Labels interleave(const MergeListings& listings, const Labels& spine, GoesFirst goes_first) {
    const std::vector<Run> ours = runs_between(listings.ours, spine);
    const std::vector<Run> theirs = runs_between(listings.theirs, spine);
    Labels labels;
    const auto append = [&](const Run& run) {
        for (const auto* item : run) labels.push_back(item->label);
    };
    for (std::size_t gap = 0; gap <= spine.size(); ++gap) {
        if (gap > 0) labels.push_back(spine[gap - 1]);
        const bool ours_first =
            ours[gap].empty() || theirs[gap].empty() || goes_first(ours[gap], theirs[gap]);
        append(ours_first ? ours[gap] : theirs[gap]);
        append(ours_first ? theirs[gap] : ours[gap]);
    }
    return labels;
}

}  // namespace

bool MergeListing::add(std::string label, std::optional<JsonView> key, JsonView value) {
    if (!positions_.emplace(label, items_.size()).second) return false;
    items_.push_back({std::move(label), items_.size(), key, value});
    return true;
}

const MergeListing::Item* MergeListing::find(const std::string& label) const {
    const auto found = positions_.find(label);
    return found == positions_.end() ? nullptr : &items_[found->second];
}

MergeListings list_members(const ThreeSides<std::optional<JsonView>>& objects) {
    return {members_of(objects.base), members_of(objects.ours), members_of(objects.theirs)};
}

std::optional<MergeListings> list_elements(const ThreeSides<std::optional<JsonView>>& arrays,
                                           JsonEquality& equality) {
    const bool default_allowed =
        has_status(arrays.base) || has_status(arrays.ours) || has_status(arrays.theirs);
    auto base = elements_of(arrays.base, default_allowed, equality);
    auto ours = elements_of(arrays.ours, default_allowed, equality);
    auto theirs = elements_of(arrays.theirs, default_allowed, equality);
    if (!base || !ours || !theirs) return std::nullopt;
    return MergeListings{std::move(*base), std::move(*ours), std::move(*theirs)};
}

Labels order_members(const MergeListings& listings) {
    return interleave(listings, common_labels(listings.ours, {&listings.theirs}),
                      [](const Run&, const Run&) { return true; });
}

std::optional<Labels> order_elements(const MergeListings& listings) {
    const auto& [base, ours, theirs] = listings;
    Labels spine = common_labels(ours, {&theirs});
    Labels theirs_order = common_labels(theirs, {&ours});
    if (spine != theirs_order) {
        const Labels base_order = common_labels(base, {&ours, &theirs});
        const bool kept_by_ours = common_labels(ours, {&theirs, &base}) == base_order;
        const bool kept_by_theirs = common_labels(theirs, {&ours, &base}) == base_order;
        if (kept_by_ours == kept_by_theirs) return std::nullopt;
        if (kept_by_ours) spine = std::move(theirs_order);
    }
    // Any rule does that both sides come to alike.
    return interleave(listings, spine, [](const Run& a, const Run& b) {
        return a.front()->value.text() < b.front()->value.text();
    });
}

}  // namespace verso
