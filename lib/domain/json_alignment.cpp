#include "domain/json_alignment.hpp"

#include "domain/element_matcher.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace verso {

namespace {

using Anchor = std::pair<std::size_t, std::size_t>;  // indices of elements before and after

/// The most pairs that stand in one order in both: a longest increasing subsequence of partners.
std::vector<Anchor> anchors_of(const ElementMatcher& matcher, std::size_t next_size) {
    std::vector<Anchor> pairs;
    std::vector<std::size_t> previous;  // of each pair, the one before it in the best run to it
    std::vector<std::size_t> ends;      // by length, the pair that the run of lowest end ends in
    constexpr auto none = static_cast<std::size_t>(-1);
    for (std::size_t at = 0; at < next_size; ++at) {
        const auto partner = matcher.partner(at);
        if (!partner) continue;
        const auto place =
            std::lower_bound(ends.begin(), ends.end(), *partner,
                             [&](std::size_t end, std::size_t i) { return pairs[end].first < i; });
        previous.push_back(place == ends.begin() ? none : *(place - 1));
        if (place == ends.end())
            ends.push_back(pairs.size());
        else
            *place = pairs.size();
        pairs.emplace_back(*partner, at);
    }
    std::vector<Anchor> anchors;
    for (std::size_t at = ends.empty() ? none : ends.back(); at != none; at = previous[at])
        anchors.push_back(pairs[at]);
    std::reverse(anchors.begin(), anchors.end());
    return anchors;
}

/// Lays two lists of elements side by side, from anchor to anchor.
class Alignment {
public:
    Alignment(const std::vector<JsonView>& before, const std::vector<JsonView>& after)
        : before_(before), after_(after) {}

    /// Lays out what stands before an anchor by position, then the anchor.
    void anchor(Anchor place) {
        fill({place.first, place.second});
        pairs_.push_back({before_[place.first], after_[place.second]});
        done_ = {place.first + 1, place.second + 1};
    }

    std::vector<ElementPair> finish() && {
        fill({before_.size(), after_.size()});
        return std::move(pairs_);
    }

private:
    void fill(Anchor end) {
        for (; done_.first < end.first || done_.second < end.second;) {
            ElementPair pair;
            if (done_.first < end.first) pair.before = before_[done_.first++];
            if (done_.second < end.second) pair.after = after_[done_.second++];
            pairs_.push_back(pair);
        }
    }

    const std::vector<JsonView>& before_;
    const std::vector<JsonView>& after_;
    Anchor done_{0, 0};
    std::vector<ElementPair> pairs_;
};

std::vector<JsonView> slice(const std::vector<JsonView>& all, std::size_t begin, std::size_t end) {
    using Distance = std::vector<JsonView>::difference_type;
    return {all.begin() + static_cast<Distance>(begin), all.begin() + static_cast<Distance>(end)};
}

}  // namespace

std::vector<ElementPair> align_elements(JsonView before, JsonView after, JsonEquality& equality) {
    const std::vector<JsonView> old_ones = elements_of(before);
    const std::vector<JsonView> new_ones = elements_of(after);
    const std::size_t shorter = std::min(old_ones.size(), new_ones.size());
    // What both begin and end with needs no matcher, and is often all but one.
    std::size_t head = 0;
    while (head < shorter && old_ones[head].text() == new_ones[head].text()) ++head;
    std::size_t tail = 0;
    while (tail < shorter - head && old_ones[old_ones.size() - 1 - tail].text() ==
                                        new_ones[new_ones.size() - 1 - tail].text())
        ++tail;
    const auto old_middle = slice(old_ones, head, old_ones.size() - tail);
    const auto new_middle = slice(new_ones, head, new_ones.size() - tail);

    Alignment alignment(old_ones, new_ones);
    for (std::size_t i = 0; i < head; ++i) alignment.anchor({i, i});
    const ElementMatcher matcher(old_middle, new_middle, equality);
    for (const Anchor& anchor : anchors_of(matcher, new_middle.size()))
        alignment.anchor({head + anchor.first, head + anchor.second});
    for (std::size_t i = tail; i > 0; --i)
        alignment.anchor({old_ones.size() - i, new_ones.size() - i});
    return std::move(alignment).finish();
}

std::vector<MemberPair> align_members(JsonView before, JsonView after) {
    std::map<std::string, std::size_t> places;
    std::vector<MemberPair> pairs;
    for (const auto [key, value] : before.members()) {
        places.emplace(key.string(), pairs.size());
        pairs.push_back({key, value, std::nullopt});
    }
    for (const auto [key, value] : after.members()) {
        const auto found = places.find(key.string());
        if (found != places.end())
            pairs[found->second].after = value;
        else
            pairs.push_back({key, std::nullopt, value});
    }
    return pairs;
}

}  // namespace verso
