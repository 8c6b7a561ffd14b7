// What differs between two states of one document, place by place: for people to read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso::cli {

/// One place at which two documents differ.
struct DocumentChange {
    /// A JSON Pointer. A string that holds JSON of its own, as a schema's content, is entered: what
    /// follows `#` is a JSON Pointer into that.
    std::string pointer;
    std::optional<std::string> before;  ///< JSON; none: it was added.
    std::optional<std::string>
        after;  ///< JSON; none: it was removed. None of both: in another order.
};

/// In the order of the documents. Requires: both are JSON without white space between tokens.
///
/// Complexity: O(size).
[[nodiscard]] std::vector<DocumentChange> document_changes(std::string_view before,
                                                           std::string_view after);

}  // namespace verso::cli
