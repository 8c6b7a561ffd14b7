// OpenAPI descriptions as versions: one document becomes one draft.
#pragma once

#include <verso/domain/connection_version.hpp>
#include <verso/error.hpp>
#include <verso/store.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

enum class Severity : std::uint8_t { info, warning, error };

[[nodiscard]] std::string_view to_string(Severity severity) noexcept;

/// Something that an import has to say about the document.
struct ImportMessage {
    Severity severity = Severity::info;
    std::string pointer;  ///< Where: an RFC 6901 JSON Pointer into the document.
    std::string message;

    friend bool operator==(const ImportMessage&, const ImportMessage&) = default;
};

/// What an import made. Counts are of resources of all kinds unless the name says otherwise.
struct ImportResult {
    ConnectionVersion version;
    std::uint64_t actions = 0;      ///< Actions that the version holds now.
    std::uint64_t definitions = 0;  ///< Definitions that the version holds now.
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t removed = 0;
    std::uint64_t unchanged = 0;      ///< Shared with the version that it was cloned from.
    std::uint64_t changed_bytes = 0;  ///< Of the documents added and changed.
    std::vector<ImportMessage> messages;
};

struct ImportOptions {
    /// The largest document. Units: bytes.
    std::size_t max_bytes = std::size_t{256} * 1024 * 1024;
    CommitNote note = {};
    /// Told now and then how far the import is; from 0 to 1.
    std::function<void(double)> progress = {};
};

/// Imports an OpenAPI 3.0 or 3.1 description (JSON) as the new draft `version`. With `from_version`
/// the draft is a clone of that and the document replaces its content: what did not change stays
/// shared, resources keep their ids, paired by kind and original name, and what the document no
/// longer has is removed. All in one transaction. A connection without a property baseUrl gets that
/// of the document's first server.
///
/// Errors:     import_invalid, whose fields are every message of severity error with its JSON
///             Pointer; limit_exceeded; those of Transaction::create_version(). Nothing is created
///             then.
/// Complexity: O(size of the document + changes x log n).
/// Source:     OpenAPI Specification 3.0.3, 3.1.0
[[nodiscard]] Result<ImportResult> import_openapi(Store& store, ConnectionId connection,
                                                  const NewVersion& version, std::string_view text,
                                                  const ImportOptions& options = {});

}  // namespace verso
