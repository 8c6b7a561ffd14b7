// Merges two documents that come from one, member by member.
#pragma once

#include <verso/domain/conflict.hpp>

#include "domain/budget.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace verso {

/// The texts of three documents. What both sides added has `{}` as base.
struct DocumentSides {
    std::string_view base;
    std::string_view ours;
    std::string_view theirs;
};

/// What became of two documents.
struct MergedDocument {
    std::string text;
    std::vector<Conflict> conflicts = {};  ///< In the order of the text, resolved or not.

    /// Whether the policy has resolved every conflict.
    [[nodiscard]] bool is_resolved() const noexcept;
};

/// Merges `ours` and `theirs`, which came from `base`.
///
/// What one side changed, and what both changed to equal values, is taken with its exact text.
/// Objects that both changed are merged by their members, arrays by their elements where
/// identity_of() tells all elements of all three apart; one response may be without a status, which
/// makes it the default. All else that both changed, strings that hold JSON too, is a conflict as a
/// whole, and so is an array that both put into another order. `policy` resolves conflicts; those
/// that it does not resolve have in the text what ours has.
///
/// Members stand in the order of ours, unless ours left the object as it was; what only theirs has
/// comes after what it comes after there. Elements too, but what both sides add at one place stands
/// in an order that depends on no side.
///
/// `about` is the conflicts' kind, id and name. `budget` grows with the documents and pays for the
/// conflicts' pointers.
///
/// Requires:   objects without white space between tokens. The result may be larger than a limit
///             allows, and with a value of the policy deeper.
/// Errors:     thrown as Failure: document_invalid, where the policy gave a value that is not JSON;
///             limit_exceeded, where the budget does not do.
/// Complexity: O(n log n) in the sizes of the three, and an O(n) of comparing bytes for each level.
[[nodiscard]] MergedDocument merge_documents(const DocumentSides& sides, const MergePolicy& policy,
                                             Budget& budget, const Conflict& about = {});

}  // namespace verso
