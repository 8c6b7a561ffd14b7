// The routes of versions.

#include <verso/domain/names.hpp>
#include <verso/openapi.hpp>

#include "http/answers.hpp"
#include "http/handlers.hpp"

#include <utility>

namespace verso::http {

namespace {

Response version_answer(unsigned status, const ConnectionVersion& version) {
    return with_tag(json_answer(status, to_json(version)), version.revision);
}

Response created_answer(const Call& call, const ConnectionVersion& version, std::string body) {
    Response response = with_header(
        json_answer(201, std::move(body)), "Location",
        path_of(call.organisation, {to_string(call.connection_id()), "versions", version.name}));
    return with_tag(std::move(response), version.revision);
}

NewVersion read_new_version(BodyReader& body) {
    NewVersion version{.name = body.string("name"),
                       .from_version = body.optional_string("fromVersion")};
    if (body.has("name")) body.report(check_version_name(version.name));
    return version;
}

/// An unknown source is a fault of the body's member, whoever finds it.
template <class Create>
auto naming_source(const Create& create) {
    auto created = guarded(create);
    if (!created && created.error().code == Errc::from_version_not_found)
        fail_field(created.error().code, "fromVersion", created.error().message);
    return must(std::move(created));
}

/// What a body wants of a version, and what it says that the version is.
struct WantedVersion {
    VersionUpdate update;
    std::optional<std::string> id;
    std::optional<std::string> created_at;
    std::optional<std::string> published_at;  ///< Empty: null.
};

WantedVersion read_wanted_version(const Call& call) {
    BodyReader body(call.request.body, call.body_limits(),
                    {"id", "name", "description", "isLatest", "isDefault", "createdAt", "updatedAt",
                     "publishedAt", "revision"});
    WantedVersion wanted;
    wanted.update = {.name = body.optional_string("name"),
                     .description = body.optional_string("description"),
                     .is_default = body.optional_flag("isDefault")};
    wanted.id = body.optional_string("id");
    wanted.created_at = body.optional_string("createdAt");
    if (body.text("publishedAt") == "null")
        wanted.published_at = "";
    else
        wanted.published_at = body.optional_string("publishedAt");
    const auto& [name, description, is_default] = wanted.update;
    if (name) body.report(check_version_name(*name));
    if (description) body.report(check_text("description", *description));
    body.finish();
    return wanted;
}

void check_fixed(const WantedVersion& wanted, const ConnectionVersion& present) {
    std::vector<FieldError> fields;
    const auto check = [&](const char* name, const std::optional<std::string>& given,
                           const std::string& value) {
        if (given && *given != value)
            fields.push_back(
                {name, "cannot be changed; it is " + (value.empty() ? "null" : value)});
    };
    check("id", wanted.id, to_string(present.id));
    check("createdAt", wanted.created_at, format_timestamp(present.created_at));
    check("publishedAt", wanted.published_at,
          present.published_at ? format_timestamp(*present.published_at) : std::string());
    if (fields.empty()) return;
    std::string message =
        "the body is not valid: " + fields.front().field + " " + fields.front().message;
    fail(Error{Errc::request_invalid, std::move(message), std::move(fields)});
}

/// The update without what is so already: that is no change, whatever the version's state.
VersionUpdate without_present(VersionUpdate update, const ConnectionVersion& present) {
    if (update.name == present.name) update.name.reset();
    if (update.description == present.description) update.description.reset();
    if (update.is_default == present.is_default) update.is_default.reset();
    return update;
}

std::string import_json(const ImportResult& result) {
    JsonWriter json;
    json.begin_object();
    json.key("version").raw(to_json(result.version));
    json.key("actions").number(result.actions);
    json.key("definitions").number(result.definitions);
    json.key("messages").begin_array();
    for (const ImportMessage& each : result.messages) {
        json.begin_object();
        json.key("severity").string(to_string(each.severity));
        json.key("pointer").string(each.pointer);
        json.key("message").string(each.message);
        json.end_object();
    }
    json.end_array().end_object();
    return std::move(json).take();
}

Response state_answer(const ConnectionVersion& version) {
    JsonWriter json;
    json.begin_object().key("version").raw(to_json(version)).end_object();
    return with_tag(json_answer(200, std::move(json).take()), version.revision);
}

}  // namespace

Response list_versions(const Call& call) {
    const auto page = must(call.snapshot->page_versions(call.connection_id(), call.query.page));
    return json_answer(200, page_json("items", page));
}

Response create_version(const Call& call) {
    BodyReader body(call.request.body, call.body_limits(), {"name", "fromVersion"});
    const NewVersion wanted = read_new_version(body);
    body.finish();
    const ConnectionVersion created = naming_source([&] {
        return write(call, [&](Transaction& transaction) {
            return must(transaction.create_version(call.connection_id(), wanted));
        });
    });
    return created_answer(call, created, to_json(created));
}

Response import_version(const Call& call) {
    BodyReader body(call.request.body, call.body_limits(), {"name", "fromVersion", "document"});
    const NewVersion wanted = read_new_version(body);
    body.require("document", JsonType::object);
    const std::string_view document = body.text("document");
    if (body.has("document") && !document.starts_with('{'))
        body.report("document", "is no object; give the OpenAPI document itself, not its text");
    body.finish();
    check_revision(call, std::nullopt);
    const auto import_into = [&](auto& target) {
        return must(import_openapi(target, call.connection_id(), wanted, document));
    };
    const ImportResult result = naming_source([&] {
        return call.transaction ? import_into(*call.transaction) : import_into(call.store);
    });
    return created_answer(call, result.version, import_json(result));
}

Response read_version(const Call& call) { return version_answer(200, *call.version); }

Response update_version(const Call& call) {
    const WantedVersion wanted = read_wanted_version(call);
    const ConnectionVersion updated = write(call, [&](Transaction& transaction) {
        const ConnectionVersion present = must(transaction.version(call.key()));
        check_fixed(wanted, present);
        return must(
            transaction.update_version(call.key(), without_present(wanted.update, present)));
    });
    return version_answer(200, updated);
}

Response delete_version(const Call& call) {
    write(call, [&](Transaction& transaction) {
        must(transaction.delete_version(call.key(), call.query.force));
    });
    return empty_answer();
}

Response publish_version(const Call& call) {
    return state_answer(write(
        call, [&](Transaction& transaction) { return must(transaction.publish(call.key())); }));
}

Response unpublish_version(const Call& call) {
    return state_answer(write(
        call, [&](Transaction& transaction) { return must(transaction.unpublish(call.key())); }));
}

}  // namespace verso::http
