#include <verso/http.hpp>

#include "domain/resource_json.hpp"
#include "http/answers.hpp"

#include <utility>

namespace verso::http {

unsigned status_of(Errc code) noexcept {
    switch (code) {
        case Errc::name_invalid:
        case Errc::name_reserved:
        case Errc::text_invalid:
        case Errc::document_invalid:
        case Errc::resource_invalid:
        case Errc::id_invalid:
        case Errc::option_invalid:
        case Errc::import_invalid:
        case Errc::bundle_invalid:
        case Errc::limit_exceeded:
        case Errc::reference_not_found:
        case Errc::cursor_invalid:
        case Errc::patch_invalid:
        case Errc::from_version_not_found:
        case Errc::request_invalid: return 400;
        case Errc::unauthenticated: return 401;
        case Errc::forbidden: return 403;
        case Errc::connection_not_found:
        case Errc::version_not_found:
        case Errc::commit_not_found:
        case Errc::resource_not_found:
        case Errc::lease_not_found:
        case Errc::route_not_found: return 404;
        case Errc::method_not_allowed: return 405;
        case Errc::name_taken:
        case Errc::id_taken:
        case Errc::version_published:
        case Errc::version_not_published:
        case Errc::version_invalid:
        case Errc::version_in_use:
        case Errc::no_common_commit:
        case Errc::merge_conflict:
        case Errc::connection_has_versions:
        case Errc::version_diverged:
        case Errc::quota_exceeded:
        case Errc::patch_failed: return 409;
        case Errc::definition_referenced:
        case Errc::revision_mismatch: return 412;
        case Errc::body_too_large: return 413;
        case Errc::media_type_unsupported: return 415;
        case Errc::readers_full:
        case Errc::service_unavailable: return 503;
        case Errc::store_full:
        case Errc::disk_full: return 507;
        case Errc::store_not_found:
        case Errc::store_invalid:
        case Errc::format_unsupported:
        case Errc::store_open_already:
        case Errc::store_forked:
        case Errc::nested_write:
        case Errc::permission_denied:
        case Errc::file_system_unsupported:
        case Errc::io_failed:
        case Errc::corrupt:
        case Errc::internal_error: return 500;
    }
    return 500;
}

namespace {

std::string general_message(unsigned status) {
    switch (status) {
        case 503: return "the service cannot answer now; try again later";
        case 507: return "the service has no room left; its operator has to make some";
        default: return "the service failed; its operator can tell why";
    }
}

}  // namespace

Response to_response(const Error& error) {
    const unsigned status = status_of(error.code);
    if (status >= 500)
        return json_answer(status, to_json(Error{error.code, general_message(status), {}}));
    Response response = json_answer(status, to_json(error));
    if (status == 401)
        return with_header(std::move(response), "WWW-Authenticate", "Bearer");  // RFC 9110, 15.5.2
    return response;
}

}  // namespace verso::http
