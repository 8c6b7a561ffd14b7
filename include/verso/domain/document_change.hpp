// What differs between two states of one document, place by place: for people to read. JsonPatch
// says the same to programs.
#pragma once

#include <verso/domain/document.hpp>

#include <optional>
#include <string>
#include <vector>

namespace verso {

/// One place at which two documents differ.
///
/// Thread safety: a value.
struct DocumentChange {
    /// A JSON Pointer into the later document, or to what was removed, into the earlier one. A
    /// string that holds JSON of its own, as a schema's content, is entered: what follows `#` is a
    /// JSON Pointer into that.
    std::string pointer;
    std::optional<std::string> before;  ///< JSON; none: it was added.
    std::optional<std::string>
        after;  ///< JSON; none: it was removed. None of both: in another order.

    friend bool operator==(const DocumentChange&, const DocumentChange&) = default;
};

/// In the order of the documents. Elements of arrays pair as in JsonPatch::between(). Where the
/// pointers together take more than 64 MiB and 16 times both documents, as many below one long name
/// do, the documents are one change as a whole.
///
/// Complexity: O(n log n) in the sizes of both, and an O(n) of comparing bytes for each level.
[[nodiscard]] std::vector<DocumentChange> document_changes(const Document& before,
                                                           const Document& after);

}  // namespace verso
