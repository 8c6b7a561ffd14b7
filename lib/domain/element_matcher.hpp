// Which elements of two states of an array are the same element.
#pragma once

#include "domain/json_equality.hpp"
#include "domain/json_outline.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace verso {

[[nodiscard]] std::vector<JsonView> elements_of(JsonView array);

/// What tells an element of an array from its neighbours while its other members change: its `id`,
/// its `name` and `in`, its `status`, or the Parameter or Definition that it refers to. None for
/// what has none of them. The text has no meaning but to be compared with others of `equality`.
[[nodiscard]] std::optional<std::string> identity_of(JsonView element, JsonEquality& equality);

/// Pairs the elements of an array as it shall be with those of the array that it was. First pair
/// those that are equal, in order, then those of one identity; of the objects without one, those of
/// one `name`, and those without a name either.
class ElementMatcher {
public:
    /// Complexity: O(n log n) in the numbers of elements, and what `equality` takes.
    ElementMatcher(const std::vector<JsonView>& previous, const std::vector<JsonView>& next,
                   JsonEquality& equality);

    /// The index of the previous element that the `index`th next one was, if it was there.
    [[nodiscard]] std::optional<std::size_t> partner(std::size_t index) const {
        return partners_[index];
    }

private:
    std::vector<std::optional<std::size_t>> partners_;
};

}  // namespace verso
