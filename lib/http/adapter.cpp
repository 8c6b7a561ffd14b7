// How a request becomes a response: one check after another, in the order in which faults are
// answered, then the handler of its route.

#include "http/answers.hpp"
#include "http/credential.hpp"
#include "http/idempotency.hpp"
#include "http/media_type.hpp"
#include "http/routes.hpp"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace verso::http {

struct Adapter::State {
    Store store;
    Options options;
};

namespace {

/// What there is of a request.
enum class Part : std::uint8_t { head, whole };

bool is_read(std::string_view method) { return method == "GET" || method == "HEAD"; }

// Who asks

Principal authenticate(const Request& request, const Options& options) {
    const auto credential = find_credential(request, options.cookie_name);
    auto principal = options.authenticator ? options.authenticator(credential) : std::nullopt;
    if (principal) return std::move(*principal);
    fail(Errc::unauthenticated, credential
                                    ? "the credential is nobody's; sign in again"
                                    : "the request has no credential; send a cookie named '" +
                                          options.cookie_name + "' or 'Authorization: Bearer'");
}

void check_right(const Principal& principal, std::string_view method) {
    if (method == "OPTIONS") return;
    if (is_read(method) && !principal.may_read)
        fail(Errc::forbidden, "the credential may not read; ask for that right");
    if (!is_read(method) && !principal.may_write)
        fail(Errc::forbidden, "the credential may not write; ask for that right");
}

void check_member(const Principal& principal, OrganisationId organisation) {
    const auto& all = principal.organisations;
    if (principal.is_member_of_all || std::find(all.begin(), all.end(), organisation) != all.end())
        return;
    fail(Errc::forbidden, "the credential is no member's of this organisation");
}

// What the path names

[[noreturn]] void fail_route() {
    fail(Errc::route_not_found,
         "there is nothing at this path; paths begin with /o/{organisation_id}/connections and end "
         "without a slash");
}

OrganisationId read_organisation(const Target& target) {
    const auto segments = target.segments();
    if (segments.size() < 2 || percent_decode(segments[0], "path") != "o") fail_route();
    const auto organisation = parse_id<OrganisationId>(percent_decode(segments[1], "path"));
    if (!organisation) fail_route();
    return *organisation;
}

/// The segments below the organisation, decoded.
std::vector<std::string> decode_path(const Target& target) {
    if (target.segments().size() == Target::max_segments) fail_route();
    std::vector<std::string> segments;
    for (const std::string_view each : target.segments().subspan(2))
        segments.push_back(percent_decode(each, "path"));
    return segments;
}

/// The connection, if it is the organisation's; what is another's is unknown in the same words and
/// after the same reads.
Connection find_connection(const Call& call, std::string_view text) {
    const auto id = parse_id<ConnectionId>(text);
    auto found = id ? must(call.snapshot->find_connection(call.organisation, *id)) : std::nullopt;
    if (!found)
        fail(Errc::connection_not_found,
             "the organisation has no connection \"" + std::string(text) + '"');
    return std::move(*found);
}

/// Whether the resource that the path names is the handler's to find: it may be read as it was at a
/// commit. If the query is at fault, a resource that is not there is told before that.
bool is_for_handler(const Call& call, const Route& route) {
    const Endpoint* endpoint = route.find(call.request.method);
    if (endpoint == nullptr || !is_read(call.request.method)) return false;
    const auto query =
        guarded([&] { return read_query(call.target.query(), endpoint->parameters); });
    return query.has_value();
}

/// Finds what the path names. What a GET reads is left to it.
void locate(Call& call, const Route& route, const std::vector<std::string>& segments) {
    call.snapshot = must(call.store.snapshot());
    if (segments.size() > 1) call.connection = find_connection(call, segments[1]);
    if (segments.size() > 3) {
        call.version_name = segments[3];
        call.version = must(call.snapshot->version(call.key()));
    }
    if (!route.kind) return;
    call.kind = *route.kind;
    if (segments.size() <= 5) return;
    call.resource_name = segments[5];
    if (!is_for_handler(call, route))
        (void)must(call.snapshot->resource(call.key(), call.kind, call.resource_name));
}

// What it asks for

void check_body(const Call& call, const Endpoint& endpoint) {
    if (endpoint.takes_json) require_json(call.request);
    if (!call.request.is_body_too_large && call.request.body.size() <= call.options.max_body_bytes)
        return;
    fail(Errc::body_too_large, "the body is longer than the " +
                                   std::to_string(call.options.max_body_bytes) +
                                   " bytes that are taken; send less at once");
}

/// Whether what the client has is what it would get. A revision says that of a version under its
/// own name only, and of a published version's members but isLatest and isDefault.
bool is_unchanged(const Call& call, const Route& route) {
    const auto& if_none_match = call.conditions.if_none_match;
    if (!if_none_match || !call.version || call.version_name != call.version->name) return false;
    if (!route.kind && call.version->is_published()) return false;
    return if_none_match->matches(call.version->revision, true);
}

bool has_tag(const Response& response) {
    return std::ranges::any_of(response.headers,
                               [](const Header& each) { return each.name == "ETag"; });
}

Response not_modified(std::uint64_t revision) {
    Response response = empty_answer();
    response.status = 304;
    return with_tag(std::move(response), revision);
}

Response read(const Call& call, const Route& route, const Endpoint& endpoint) {
    Response response = endpoint.handler(call);
    const auto& if_match = call.conditions.if_match;
    if (if_match && call.version && !if_match->matches(call.version->revision, false))
        fail(revision_mismatch(call.version->revision));
    if (has_tag(response) && is_unchanged(call, route)) return not_modified(call.version->revision);
    return response;
}

/// None where only the body can tell, and that has not been read.
std::optional<Response> run(Call& call, const Route& route, Part part) {
    const std::string_view method = call.request.method;
    if (method == "OPTIONS") return with_header(empty_answer(), "Allow", route.allow());
    const Endpoint* endpoint = route.find(method);
    if (endpoint == nullptr) {
        const Error error{Errc::method_not_allowed,
                          "the method is not allowed here; allowed are " + route.allow(),
                          {}};
        return with_header(to_response(error), "Allow", route.allow());
    }
    check_body(call, *endpoint);
    call.query = read_query(call.target.query(), endpoint->parameters);
    call.conditions = read_conditions(call.request);
    if (part == Part::head) return std::nullopt;
    if (is_read(method)) return read(call, route, *endpoint);
    call.snapshot.reset();
    return call.idempotency_key ? answer_once(call, endpoint->handler) : endpoint->handler(call);
}

std::optional<Response> answer(const Request& request, const Store& store, const Options& options,
                               Part part) {
    const Principal principal = authenticate(request, options);
    check_right(principal, request.method);
    const Target target(request.target);
    const OrganisationId organisation = read_organisation(target);
    check_member(principal, organisation);
    const std::vector<std::string> segments = decode_path(target);
    const Route* route = find_route(segments);
    if (route == nullptr) fail_route();
    auto key = idempotency_key(request);
    if (key && part == Part::whole)
        if (auto kept = find_answer(store, organisation, *key, request)) return kept;
    Call call{.request = request,
              .target = target,
              .options = options,
              .store = store,
              .organisation = organisation};
    call.idempotency_key = std::move(key);
    locate(call, *route, segments);
    return run(call, *route, part);
}

/// Tells the host; what its function throws is not the client's concern.
void tell(const Options& options, const Error& error) noexcept {
    try {
        if (options.on_error) options.on_error(error);
    } catch (...) {  // there is nobody left to tell
    }
}

Response refuse(const Options& options, const Error& error) {
    if (status_of(error.code) >= 500) tell(options, error);
    return to_response(error);
}

/// The answer to the exception that is being handled.
Response answer_to_exception(const Options& options) {
    try {
        throw;
    } catch (const Failure& failure) {
        return refuse(options, failure.error);
    } catch (const BadResult& bad) {
        return refuse(options, bad.error());
    } catch (const std::bad_alloc&) {
        return refuse(options, {Errc::service_unavailable, "there is no memory left", {}});
    } catch (const std::exception& error) {
        return refuse(options, {Errc::internal_error, error.what(), {}});
    } catch (...) {
        return refuse(options, {Errc::internal_error, "something unknown was thrown", {}});
    }
}

/// What HEAD answers instead of GET's answer.
Response without_body(Response response) {
    if (response.status != 204 && response.status != 304)
        response.headers.push_back({"Content-Length", std::to_string(response.body.size())});
    response.body.clear();
    return response;
}

/// An answer whatever happens; none as run().
std::optional<Response> answer_always(const Request& request, const Store& store,
                                      const Options& options, Part part) {
    try {
        std::optional<Response> response;
        try {
            response = answer(request, store, options, part);
        } catch (...) {
            response = answer_to_exception(options);
        }
        return response && request.method == "HEAD" ? without_body(std::move(*response)) : response;
    } catch (...) {  // no memory is left to say more
        return Response{.status = 503, .headers = {}, .body = {}};
    }
}

}  // namespace

Adapter::Adapter(Store store, Options options)
    : state_(std::make_unique<const State>(State{std::move(store), std::move(options)})) {}
Adapter::~Adapter() = default;
Adapter::Adapter(Adapter&&) noexcept = default;
Adapter& Adapter::operator=(Adapter&&) noexcept = default;

const Options& Adapter::options() const noexcept { return state_->options; }

Response Adapter::handle(const Request& request) const {
    return *answer_always(request, state_->store, state_->options, Part::whole);
}

std::optional<Response> Adapter::check_head(const Request& head) const {
    return answer_always(head, state_->store, state_->options, Part::head);
}

}  // namespace verso::http
