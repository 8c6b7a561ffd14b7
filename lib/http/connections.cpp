// The routes of connections.

#include <verso/domain/names.hpp>

#include "http/answers.hpp"
#include "http/handlers.hpp"

namespace verso::http {

namespace {

/// What a body says of a connection; none: it says nothing.
struct WantedConnection {
    std::optional<std::string> name;
    std::optional<Document> properties;
};

/// A member that is answered and cannot be changed may come back as it is.
void check_unchanged(BodyReader& body, std::string_view name, const std::string& value) {
    const auto given = body.optional_string(name);
    if (given && *given != value) body.report(name, "cannot be changed; it is " + value);
}

WantedConnection read_wanted(BodyReader& body) {
    WantedConnection wanted{body.optional_string("name"), body.optional_document("properties")};
    if (wanted.name) body.report(check_connection_name(*wanted.name));
    return wanted;
}

}  // namespace

Response list_connections(const Call& call) {
    const auto page = must(call.snapshot->page_connections(call.organisation, call.query.page));
    return json_answer(200, page_json("items", page));
}

Response create_connection(const Call& call) {
    BodyReader body(call.request.body, call.body_limits(), {"name", "properties"});
    body.require("name", JsonType::string);
    const WantedConnection wanted = read_wanted(body);
    body.finish();
    const Connection created = write(call, [&](Transaction& transaction) {
        return must(transaction.create_connection(
            call.organisation,
            {.name = *wanted.name, .properties = wanted.properties.value_or(Document())}));
    });
    return with_header(json_answer(201, to_json(created)), "Location",
                       path_of(call.organisation, {to_string(created.id)}));
}

Response read_connection(const Call& call) { return json_answer(200, to_json(*call.connection)); }

Response update_connection(const Call& call) {
    const Connection& present = *call.connection;
    BodyReader body(call.request.body, call.body_limits(),
                    {"id", "organisationId", "name", "properties", "createdAt", "updatedAt"});
    check_unchanged(body, "id", to_string(present.id));
    check_unchanged(body, "organisationId", to_string(present.organisation));
    check_unchanged(body, "createdAt", format_timestamp(present.created_at));
    const WantedConnection wanted = read_wanted(body);
    body.finish();
    const Connection updated = write(call, [&](Transaction& transaction) {
        const Connection before = must(transaction.connection(present.id));
        return must(transaction.update_connection(present.id, wanted.name.value_or(before.name),
                                                  wanted.properties.value_or(before.properties)));
    });
    return json_answer(200, to_json(updated));
}

Response delete_connection(const Call& call) {
    write(call, [&](Transaction& transaction) {
        must(transaction.delete_connection(call.connection_id(), call.query.force));
    });
    return empty_answer();
}

}  // namespace verso::http
