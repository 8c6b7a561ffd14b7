// OpenAPI descriptions as versions: one document becomes one draft, and a version one document.
#pragma once

#include <verso/domain/connection_version.hpp>
#include <verso/domain/finding.hpp>
#include <verso/error.hpp>
#include <verso/reader.hpp>
#include <verso/store.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace verso {

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
    /// In the order of the document's parts; of more than 16 MiB the last one says how many are
    /// left out.
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
///             Pointer; limit_exceeded, also where it comes to more than 64 MiB and 16 times its
///             size, as references and long names may make it; those of
///             Transaction::create_version(). Nothing is created then.
/// Complexity: O(size of the document and of what it comes to + changes x log n).
/// Source:     OpenAPI Specification 3.0.3, 3.1.0
[[nodiscard]] Result<ImportResult> import_openapi(Store& store, ConnectionId connection,
                                                  const NewVersion& version, std::string_view text,
                                                  const ImportOptions& options = {});
/// The same as part of a write, with whatever else is done in it. Other writers wait while the
/// document is read, which the other form does before its turn.
[[nodiscard]] Result<ImportResult> import_openapi(Transaction& transaction, ConnectionId connection,
                                                  const NewVersion& version, std::string_view text,
                                                  const ImportOptions& options = {});

struct ExportOptions {
    /// Told now and then how far the export is; from 0 to 1.
    std::function<void(double)> progress = {};
};

/// Makes the OpenAPI description of a version, as compact JSON: the inverse of import_openapi().
///
/// A version that was imported and not edited gives its source, member for member, with numbers as
/// they were written; so does a clone of it. The source's text is not stored: the order of members
/// is that of the source as far as resources tell it. After an edit, what the typed members of a
/// resource say is the truth, and everything else is what the import kept. A version that was never
/// imported gives an OpenAPI 3.1 description of its resources, titled as its connection and with
/// the connection's property baseUrl as its server.
///
/// What a description cannot say:
/// - A reference that dangles is left out: a schema allows anything where it was, a body keeps its
///   media types without a schema, a parameter goes.
/// - A schema that is not JSON becomes a string with contentMediaType, and itself its member
///   x-schema: {contentType, content}.
/// - A Definition that an import made of a schema within a body, and that no body holds any more,
///   is left out; one that was renamed, that several bodies hold, or that another schema refers to,
///   becomes a component.
///
/// Errors:     version_invalid, where two Actions have the same path and method, or one has a
///             method that OpenAPI does not know; it names them. limit_exceeded, where references
///             that are written out make it come to more than 64 MiB and 16 times the documents.
/// Complexity: O(n log n) in the size of the documents.
/// Source:     OpenAPI Specification 3.0.3, 3.1.0
[[nodiscard]] Result<std::string> export_openapi(const Reader& reader, const VersionKey& version,
                                                 const ExportOptions& options = {});

}  // namespace verso
