// The routes of many Definitions at once.

#include "http/answers.hpp"
#include "http/editing.hpp"
#include "http/handlers.hpp"

#include <span>

namespace verso::http {

namespace {

struct WrittenDefinitions {
    ConnectionVersion version;
    std::vector<DescribedResource> definitions;
};

/// Which Definitions are to go.
struct Selection {
    bool is_all = false;
    std::vector<ResourceId> ids = {};
    std::vector<std::string> names = {};
};

Selection read_selection(const Call& call) {
    BodyReader body(call.request.body, call.body_limits(), {"ids", "names", "all"});
    Selection selection;
    const auto all = body.optional_flag("all");
    const auto ids = body.optional_ids("ids");
    const auto names = body.optional_strings("names");
    if (all && !*all && body.text("all") == "false")
        body.report("all", "is false; give true, or ids or names instead");
    if (body.has("all") && (ids || names))
        body.report("all", "may not be given together with ids or names");
    if (!body.has("all") && !ids && !names)
        body.report("all", "is missing, and so are ids and names; say which Definitions go");
    selection.is_all = all.value_or(false);
    selection.ids = ids.value_or(std::vector<ResourceId>());
    selection.names = names.value_or(std::vector<std::string>());
    body.finish();
    return selection;
}

[[noreturn]] void fail_unknown(const std::string& field, const std::string& which) {
    fail_field(Errc::resource_not_found, field, "there is no definition " + which);
}

/// Those that go, and where the body says so.
struct Going {
    std::vector<std::string> names = {};
    std::vector<std::string> places = {};  ///< Of each name, as a field.
};

Going going_all(const Draft& draft) {
    Going going;
    for (const Resource& each : must(draft.list(Kind::definition)))
        going.names.push_back(each.name);
    going.places.assign(going.names.size(), "all");
    return going;
}

Going going_of(const Selection& selection, const Draft& draft) {
    if (selection.is_all) return going_all(draft);
    Going going;
    for (std::size_t i = 0; i < selection.ids.size(); ++i) {
        going.places.push_back("/ids/" + std::to_string(i));
        const auto found = must(draft.find(selection.ids[i]));
        if (!found || found->kind != Kind::definition)
            fail_unknown(going.places.back(), "of id " + to_string(selection.ids[i]));
        going.names.push_back(found->name);
    }
    for (std::size_t i = 0; i < selection.names.size(); ++i) {
        const std::string& name = selection.names[i];
        going.places.push_back("/names/" + std::to_string(i));
        if (!must(draft.find(Kind::definition, name)))
            fail_unknown(going.places.back(), '"' + name + '"');
        going.names.push_back(name);
    }
    return going;
}

/// Removes them. The place in the list of one that is referred to becomes that in the body.
void erase(const Going& going, Draft& draft, bool force) {
    auto erased = draft.erase(Kind::definition, std::span(going.names), force);
    if (erased) return;
    Error error = erased.error();
    if (error.code == Errc::definition_referenced) {
        std::string& place = error.fields.front().field;  // as "/3"
        place = going.places.at(std::stoul(place.substr(1)));
    }
    fail(std::move(error));
}

/// What an error says of the list of documents, said of the body.
Error in_body(Error error) {
    for (FieldError& each : error.fields)
        if (each.field.starts_with('/')) each.field.insert(0, "/definitions");
    return error;
}

std::string definitions_json(const WrittenDefinitions& written) {
    JsonWriter json;
    json.begin_object().key(plural(Kind::definition));
    write_items(json, written.definitions);
    json.end_object();
    return std::move(json).take();
}

}  // namespace

Response create_definitions(const Call& call) {
    BodyReader body(call.request.body, call.body_limits(), {"definitions"});
    body.require("definitions", JsonType::array);
    const auto given = body.optional_documents("definitions");
    body.finish();
    const std::vector<Document>& documents = *given;
    const WrittenDefinitions written = write(call, [&](Transaction& transaction) {
        WrittenDefinitions answer;
        std::vector<Resource> created;
        answer.version = edit(call, transaction, [&](Draft& draft) {
            auto done = draft.create(Kind::definition, std::span(documents));
            if (!done) fail(in_body(done.error()));
            created = std::move(*done);
        });
        for (const Resource& each : created)
            answer.definitions.push_back(
                must(transaction.describe_resource(call.key(), each.kind, each.name)));
        return answer;
    });
    Response response =
        with_header(json_answer(201, definitions_json(written)), "Location",
                    path_of(call.organisation, {to_string(call.connection_id()), "versions",
                                                written.version.name, plural(Kind::definition)}));
    return with_tag(std::move(response), written.version.revision);
}

Response delete_definitions(const Call& call) {
    const Selection selection = read_selection(call);
    const ConnectionVersion after = write(call, [&](Transaction& transaction) {
        return edit(call, transaction, [&](Draft& draft) {
            erase(going_of(selection, draft), draft, call.query.force);
        });
    });
    return with_tag(empty_answer(), after.revision);
}

}  // namespace verso::http
