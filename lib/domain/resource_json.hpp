// The library's values as JSON: how they are answered on the wire and printed.
#pragma once

#include <verso/domain/change.hpp>
#include <verso/domain/commit.hpp>
#include <verso/domain/conflict.hpp>
#include <verso/domain/connection.hpp>
#include <verso/domain/connection_version.hpp>
#include <verso/domain/finding.hpp>
#include <verso/domain/resource.hpp>
#include <verso/error.hpp>

#include <string>

namespace verso {

/// `{"id", "organisationId", "name", "properties", "createdAt", "updatedAt"}`
[[nodiscard]] std::string to_json(const Connection& connection);

/// `{"id", "name", "description", "isLatest", "isDefault", "createdAt", "updatedAt", "publishedAt",
/// "revision"}`, publishedAt null for a draft.
[[nodiscard]] std::string to_json(const ConnectionVersion& version);

/// The id, then the document's own members. A kind without a shape, whose document may have an `id`
/// of its own, is
/// `{"id", "type", "name", "document"}`.
[[nodiscard]] std::string to_json(const Resource& resource);

/// As the resource, then `"errors": [{"field", "message", "severity"}]` if it has been validated
/// and, of a Definition or Parameter, `"referencedBy": [{"type", "id", "name"}]`.
[[nodiscard]] std::string to_json(const DescribedResource& described);

/// `{"change", "type", "id", "name", "oldName"?, "before"?, "after"?}`, where type is the kind.
[[nodiscard]] std::string to_json(const Change& change);

/// The same with the JSON Patch of the documents as `"patch"` in place of both of them, where there
/// are both.
[[nodiscard]] std::string to_json_with_patch(const Change& change);

/// `{"conflict", "type", "id", "name", "pointer"?, "base"?, "ours"?, "theirs"?, "other"?,
/// "taken"}`, where type is the kind, and pointer that of a content conflict.
[[nodiscard]] std::string to_json(const Conflict& conflict);

/// `{"number", "id", "time", "versionId", "author", "message", "added", "changed", "removed",
/// "renamed", "parent", "merged"}`; parent is a number, or null where there is none.
[[nodiscard]] std::string to_json(const Commit& commit);

/// `{"type", "added", "removed", "changed", "renamed"}`, where type is the kind.
[[nodiscard]] std::string to_json(const KindSummary& summary);

/// `{"id", "name", "fromId"?, "fromName"?, "fromCommit"?}`, the first two of the version.
[[nodiscard]] std::string to_json(const VersionOrigin& origin);

/// `{"code", "message", "fields"?}`. Texts that echo invalid UTF-8 show U+FFFD in its place.
[[nodiscard]] std::string to_json(const Error& error);

}  // namespace verso
