// When two JSON values are equal: objects with equal members in any order, strings of the same
// characters however they are escaped, arrays element by element.
#pragma once

#include "domain/json_outline.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace verso {

/// Whether numbers are equal that are written differently, as `1.0` and `1.00`.
enum class NumberEquality : std::uint8_t { as_written, by_value };

/// Sorts JSON values into classes of equal ones. What is asked for again is not read again, so that
/// all questions about the values of some texts together cost no more than the texts are long.
///
/// Lifetime:      the texts stay where they are.
/// Complexity:    O(n log n) in the sizes of the values that were ever asked about.
/// Thread safety: movable
class JsonEquality {
public:
    explicit JsonEquality(NumberEquality numbers = NumberEquality::as_written)
        : numbers_(numbers) {}

    [[nodiscard]] bool same(JsonView a, JsonView b) {
        if (a.text() == b.text()) return true;
        return a.type() == b.type() && class_of(a) == class_of(b);
    }

    /// A number that equal values share, and no others.
    [[nodiscard]] std::uint32_t class_of(JsonView value);

private:
    /// What is the same for equal values, and for no others.
    [[nodiscard]] std::string canonical(JsonView value);

    NumberEquality numbers_;
    std::map<std::string, std::uint32_t> classes_;
    std::unordered_map<const char*, std::uint32_t> known_;  // by where the text of a value begins
};

}  // namespace verso
