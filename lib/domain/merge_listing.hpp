// The members of an object or the elements of an array by what tells them apart, and how the orders
// of two sides become one.
#pragma once

#include "domain/json_equality.hpp"
#include "domain/json_outline.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verso {

/// What stands in one object or array: by label, in its order. A label is a member's name or an
/// element's identity.
class MergeListing {
public:
    struct Item {
        std::string label;
        std::size_t position;  // from 0
        std::optional<JsonView> key;
        JsonView value;
    };

    /// Adds an item behind the others. False where its label is there already.
    bool add(std::string label, std::optional<JsonView> key, JsonView value);

    [[nodiscard]] const std::vector<Item>& items() const noexcept { return items_; }
    [[nodiscard]] const Item* find(const std::string& label) const;

private:
    std::vector<Item> items_;
    std::map<std::string, std::size_t> positions_;
};

/// One place seen from three sides.
template <class Side>
struct ThreeSides {
    Side base;
    Side ours;
    Side theirs;
};

using MergeListings = ThreeSides<MergeListing>;
using Labels = std::vector<std::string>;

/// The members of three objects; of what is not there, none.
[[nodiscard]] MergeListings list_members(const ThreeSides<std::optional<JsonView>>& objects);

/// The elements of three arrays, if everything in them has an identity that is its own there.
[[nodiscard]] std::optional<MergeListings> list_elements(
    const ThreeSides<std::optional<JsonView>>& arrays, JsonEquality& equality);

/// All that ours or theirs has, in the order of ours; what only theirs has comes after what it
/// comes after there.
[[nodiscard]] Labels order_members(const MergeListings& listings);

/// All that ours or theirs has, in an order that is the same whichever of the two is ours. What
/// both have stands in the order of the side that changed it; none where both changed it,
/// differently.
[[nodiscard]] std::optional<Labels> order_elements(const MergeListings& listings);

}  // namespace verso
