// What the routes lead to. A handler gets a call whose path has been resolved, whose query and
// conditions have been read, and whose body is JSON if it takes one. It fails by throwing.
#pragma once

#include "http/call.hpp"

namespace verso::http {

[[nodiscard]] Response list_connections(const Call& call);
[[nodiscard]] Response create_connection(const Call& call);
[[nodiscard]] Response read_connection(const Call& call);
[[nodiscard]] Response update_connection(const Call& call);
[[nodiscard]] Response delete_connection(const Call& call);

[[nodiscard]] Response list_versions(const Call& call);
[[nodiscard]] Response create_version(const Call& call);
/// The body is `{"name", "fromVersion"?, "document"}`, the last being an OpenAPI document as an
/// object; the answer `{"version", "actions", "definitions", "messages"}`: how many Actions and
/// Definitions the version holds, and `[{"severity", "pointer", "message"}]` with pointers into the
/// document.
[[nodiscard]] Response import_version(const Call& call);
[[nodiscard]] Response read_version(const Call& call);
[[nodiscard]] Response update_version(const Call& call);
[[nodiscard]] Response delete_version(const Call& call);
[[nodiscard]] Response publish_version(const Call& call);
[[nodiscard]] Response unpublish_version(const Call& call);

/// The version's log.
[[nodiscard]] Response list_commits(const Call& call);
/// What turns the version `from` into this one: a page, and `"summary": [{"type", "added",
/// "removed", "changed", "renamed"}]` of all.
[[nodiscard]] Response list_changes(const Call& call);
/// `{"versions": [...]}`: which version of the connection came from which.
[[nodiscard]] Response read_lineage(const Call& call);
/// The body is `{"from", "fromCommit"?, "policy"?, "allowUnrelated"?, "dryRun"?, "author"?,
/// "message"?}`, the answer what the merge did, or would do. A conflict that is left open is 409,
/// with the same beside code and message; in a dry run it is 200.
[[nodiscard]] Response merge_version(const Call& call);

[[nodiscard]] Response list_resources(const Call& call);
[[nodiscard]] Response create_resource(const Call& call);
[[nodiscard]] Response read_resource(const Call& call);
[[nodiscard]] Response replace_resource(const Call& call);
[[nodiscard]] Response delete_resource(const Call& call);

[[nodiscard]] Response create_definitions(const Call& call);
/// The body is `{"ids"?, "names"?}` with one of them at least, or `{"all": true}`. One that is not
/// there is 404, and none is deleted.
[[nodiscard]] Response delete_definitions(const Call& call);

}  // namespace verso::http
