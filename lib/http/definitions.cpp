// The routes of many Definitions at once.

#include "http/answers.hpp"
#include "http/editing.hpp"
#include "http/handlers.hpp"

#include <set>
#include <span>

namespace verso::http {

namespace {

struct Written {
    ConnectionVersion version;
    std::vector<DescribedResource> definitions;
};

/// Which Definitions are to go.
struct Selection {
    bool is_all = false;
    std::vector<ResourceId> ids = {};
    std::vector<std::string> names = {};
};

ResourceId read_id(BodyReader& body, const std::string& text) {
    const auto id = parse_id<ResourceId>(text);
    if (!id) body.report("ids", "has \"" + text + "\", which is no UUID");
    return id ? *id : ResourceId{};
}

Selection read_selection(const Call& call) {
    BodyReader body(call.request.body, call.body_limits(), {"ids", "names", "all"});
    Selection selection;
    const auto all = body.optional_flag("all");
    const auto ids = body.optional_strings("ids");
    const auto names = body.optional_strings("names");
    if (all && !*all && body.text("all") == "false")
        body.report("all", "is false; give true, or ids or names instead");
    if (body.has("all") && (ids || names))
        body.report("all", "may not be given together with ids or names");
    if (!body.has("all") && !ids && !names)
        body.report("all", "is missing, and so are ids and names; say which Definitions go");
    selection.is_all = all.value_or(false);
    if (ids)
        for (const std::string& each : *ids) selection.ids.push_back(read_id(body, each));
    selection.names = names.value_or(std::vector<std::string>());
    body.finish();
    return selection;
}

std::vector<std::string> all_names(const Draft& draft) {
    std::vector<std::string> names;
    for (const Resource& each : must(draft.list(Kind::definition))) names.push_back(each.name);
    return names;
}

/// The names of those selected, each once.
std::vector<std::string> names_of(const Selection& selection, const Draft& draft) {
    if (selection.is_all) return all_names(draft);
    std::set<std::string> names;
    for (const ResourceId id : selection.ids) {
        const auto found = must(draft.find(id));
        if (!found || found->kind != Kind::definition)
            fail(Errc::resource_not_found, "there is no definition of id " + to_string(id));
        names.insert(found->name);
    }
    for (const std::string& name : selection.names) {
        if (!must(draft.find(Kind::definition, name)))
            fail(Errc::resource_not_found, "there is no definition \"" + name + "\"");
        names.insert(name);
    }
    return {names.begin(), names.end()};
}

std::string written_json(const Written& written) {
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
    const Written written = write(call, [&](Transaction& transaction) {
        Written answer;
        std::vector<Resource> created;
        answer.version = edit(call, transaction, [&](Draft& draft) {
            created = must(draft.create(Kind::definition, std::span(documents)));
        });
        for (const Resource& each : created)
            answer.definitions.push_back(
                must(transaction.describe_resource(call.key(), each.kind, each.name)));
        return answer;
    });
    Response response =
        with_header(json_answer(201, written_json(written)), "Location",
                    path_of(call.organisation, {to_string(call.connection_id()), "versions",
                                                written.version.name, plural(Kind::definition)}));
    return with_tag(std::move(response), written.version.revision);
}

Response delete_definitions(const Call& call) {
    const Selection selection = read_selection(call);
    const ConnectionVersion after = write(call, [&](Transaction& transaction) {
        return edit(call, transaction, [&](Draft& draft) {
            const std::vector<std::string> names = names_of(selection, draft);
            must(draft.erase(Kind::definition, std::span(names), call.query.force));
        });
    });
    return with_tag(empty_answer(), after.revision);
}

}  // namespace verso::http
