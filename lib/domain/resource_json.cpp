#include "domain/resource_json.hpp"

#include <verso/domain/json_patch.hpp>

#include "domain/json_outline.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_reader.hpp"
#include "domain/utf8.hpp"

namespace verso {

std::string to_json(const Connection& connection) {
    JsonWriter json(256 + connection.properties.text().size());
    json.begin_object();
    json.key("id").string(to_string(connection.id));
    json.key("organisationId").string(to_string(connection.organisation));
    json.key("name").string(connection.name);
    json.key("properties").raw(connection.properties.text());
    json.key("createdAt").string(format_timestamp(connection.created_at));
    json.key("updatedAt").string(format_timestamp(connection.updated_at));
    json.end_object();
    return std::move(json).take();
}

std::string to_json(const ConnectionVersion& version) {
    JsonWriter json(384);
    json.begin_object();
    json.key("id").string(to_string(version.id));
    json.key("name").string(version.name);
    json.key("description").string(version.description);
    json.key("isLatest").boolean(version.is_latest);
    json.key("isDefault").boolean(version.is_default);
    json.key("createdAt").string(format_timestamp(version.created_at));
    json.key("updatedAt").string(format_timestamp(version.updated_at));
    json.key("publishedAt");
    if (version.published_at)
        json.string(format_timestamp(*version.published_at));
    else
        json.null();
    json.key("revision").number(version.revision);
    json.end_object();
    return std::move(json).take();
}

std::string to_json(const Resource& resource) {
    JsonWriter json(128 + resource.document.text().size());
    json.begin_object().key("id").string(to_string(resource.id));
    if (has_shape(resource.kind)) {
        const Outline outline(resource.document.text());
        for (const auto [key, value] : outline.root(resource.document.text()).members())
            json.raw_key(key.text()).raw(value.text());
    } else {
        json.key("type").string(to_string(resource.kind));
        json.key("name").string(resource.name);
        json.key("document").raw(resource.document.text());
    }
    json.end_object();
    return std::move(json).take();
}

std::string to_json(const DescribedResource& described) {
    JsonWriter more;
    more.begin_object();
    if (described.errors) {
        more.key("errors").begin_array();
        for (const Finding& each : *described.errors) {
            more.begin_object();
            more.key("field").string(each.field);
            more.key("message").string(each.message);
            more.key("severity").string(to_string(each.severity));
            more.end_object();
        }
        more.end_array();
    }
    const Kind kind = described.resource.kind;
    if (kind == Kind::definition || kind == Kind::parameter) {
        more.key("referencedBy").begin_array();
        for (const Referrer& each : described.referenced_by) {
            more.begin_object();
            more.key("type").string(to_string(each.kind));
            more.key("id").string(to_string(each.id));
            more.key("name").string(each.name);
            more.end_object();
        }
        more.end_array();
    }
    more.end_object();
    std::string text = to_json(described.resource);
    const std::string members = std::move(more).take();
    if (members == "{}") return text;
    text.back() = ',';
    return text.append(members, 1);
}

std::string to_json(const Change& change) {
    JsonWriter json;
    json.begin_object();
    json.key("change").string(to_string(change.type));
    json.key("type").string(to_string(change.kind));
    json.key("id").string(to_string(change.id));
    json.key("name").string(change.name);
    if (change.old_name) json.key("oldName").string(*change.old_name);
    if (change.before) json.key("before").raw(change.before->text());
    if (change.after) json.key("after").raw(change.after->text());
    json.end_object();
    return std::move(json).take();
}

std::string to_json_with_patch(const Change& change) {
    if (!change.before || !change.after) return to_json(change);
    const JsonPatch patch = JsonPatch::between(*change.before, *change.after);
    std::string text =
        to_json({change.type, change.kind, change.id, change.name, change.old_name, {}, {}});
    text.back() = ',';
    return text + R"("patch":)" + patch.text() + '}';
}

std::string to_json(const KindSummary& summary) {
    JsonWriter json;
    json.begin_object().key("type").string(to_string(summary.kind));
    json.key(to_string(ChangeType::added)).number(summary.added);
    json.key(to_string(ChangeType::removed)).number(summary.removed);
    json.key(to_string(ChangeType::changed)).number(summary.changed);
    json.key(to_string(ChangeType::renamed)).number(summary.renamed);
    json.end_object();
    return std::move(json).take();
}

std::string to_json(const Conflict& conflict) {
    JsonWriter json;
    json.begin_object();
    json.key("conflict").string(to_string(conflict.type));
    json.key("type").string(to_string(conflict.kind));
    json.key("id").string(to_string(conflict.id));
    json.key("name").string(conflict.name);
    if (conflict.type == ConflictType::content) json.key("pointer").string(conflict.pointer);
    if (conflict.base) json.key("base").raw(*conflict.base);
    if (conflict.ours) json.key("ours").raw(*conflict.ours);
    if (conflict.theirs) json.key("theirs").raw(*conflict.theirs);
    if (conflict.other) json.key("other").string(to_string(*conflict.other));
    json.key("taken").string(to_string(conflict.resolution.take));
    json.end_object();
    return std::move(json).take();
}

std::string to_json(const Commit& commit) {
    JsonWriter json;
    json.begin_object();
    json.key("number").number(commit.number).key("id").string(format_uuid(commit.id));
    json.key("time").string(format_timestamp(commit.time));
    json.key("versionId").string(to_string(commit.version));
    json.key("author").string(commit.author).key("message").string(commit.message);
    const auto count = [&](std::string_view key, std::uint64_t value) {
        json.key(key).number(value);
    };
    count("added", commit.added);
    count("changed", commit.changed);
    count("removed", commit.removed);
    count("renamed", commit.renamed);
    json.key("parent");
    if (commit.parent == 0)
        json.null();
    else
        json.number(commit.parent);
    json.key("merged").begin_array();
    for (const std::uint64_t each : commit.merged) json.number(each);
    json.end_array().end_object();
    return std::move(json).take();
}

std::string to_json(const VersionOrigin& origin) {
    JsonWriter json;
    json.begin_object();
    json.key("id").string(to_string(origin.version)).key("name").string(origin.name);
    if (origin.origin) json.key("fromId").string(to_string(*origin.origin));
    if (origin.origin_name) json.key("fromName").string(*origin.origin_name);
    if (origin.origin) json.key("fromCommit").number(origin.commit);
    json.end_object();
    return std::move(json).take();
}

std::string to_json(const Error& error) {
    JsonWriter json;
    json.begin_object();
    json.key("code").string(name(error.code));
    json.key("message").string(to_valid_utf8(error.message));
    if (!error.fields.empty()) {
        json.key("fields").begin_array();
        for (const FieldError& field : error.fields) {
            json.begin_object();
            json.key("field").string(to_valid_utf8(field.field));
            json.key("message").string(to_valid_utf8(field.message));
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
    return std::move(json).take();
}

}  // namespace verso
