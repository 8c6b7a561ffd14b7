// The routes of a version's resources, one way for all kinds.

#include "http/answers.hpp"
#include "http/editing.hpp"
#include "http/handlers.hpp"

namespace verso::http {

namespace {

/// A resource that was written, with the version after it.
struct Written {
    ConnectionVersion version;
    DescribedResource described;
};

/// Runs `put(draft)`, which answers the resource as it is then.
template <class Put>
Written put_resource(const Call& call, const Put& put) {
    return write(call, [&](Transaction& transaction) {
        std::string name;
        Written written;
        written.version =
            edit(call, transaction, [&](Draft& draft) { name = must(put(draft)).name; });
        written.described = must(transaction.describe_resource(call.key(), call.kind, name));
        return written;
    });
}

Response written_answer(unsigned status, const Written& written) {
    return with_tag(json_answer(status, to_json(written.described)), written.version.revision);
}

/// What is read at a commit stays so, and has no tag: the revision is that of what the version is
/// now.
Response read_answer(const Call& call, std::string body) {
    Response response = json_answer(200, std::move(body));
    if (call.query.commit != 0) return response;
    return with_tag(std::move(response), call.version->revision);
}

}  // namespace

Response list_resources(const Call& call) {
    const auto page = must(call.snapshot->page_resources(call.key(), call.kind, call.query.page));
    return read_answer(call, page_json(plural(call.kind), page));
}

Response create_resource(const Call& call) {
    const Document document = read_document(call.request.body, call.body_limits());
    const Written written =
        put_resource(call, [&](Draft& draft) { return draft.create(call.kind, document); });
    return with_header(written_answer(201, written), "Location",
                       path_of(call.organisation,
                               {to_string(call.connection_id()), "versions", written.version.name,
                                plural(call.kind), written.described.resource.name}));
}

Response read_resource(const Call& call) {
    const auto described =
        must(call.snapshot->describe_resource(call.key(), call.kind, call.resource_name));
    return read_answer(call, to_json(described));
}

Response replace_resource(const Call& call) {
    const Document document = read_document(call.request.body, call.body_limits());
    return written_answer(200, put_resource(call, [&](Draft& draft) {
                              return draft.replace(call.kind, call.resource_name, document);
                          }));
}

Response delete_resource(const Call& call) {
    const ConnectionVersion after = write(call, [&](Transaction& transaction) {
        return edit(call, transaction, [&](Draft& draft) {
            must(draft.erase(call.kind, call.resource_name, call.query.force));
        });
    });
    return with_tag(empty_answer(), after.revision);
}

}  // namespace verso::http
