// Goal:   each error has the status that the domain gives it, and a 5xx tells nothing of the host.
// Method: a table of all codes, and answers made of errors.

#include "http/fixture.hpp"

#include <map>

namespace verso::http {
namespace {

Answer respond(const Error& error) {
    const Response response = to_response(error);
    return {response.status, response.headers, response.body};
}

}  // namespace

TEST_CASE("status: each code has its own", "[http]") {
    const std::map<Errc, unsigned> statuses{{Errc::name_invalid, 400},
                                            {Errc::name_reserved, 400},
                                            {Errc::document_invalid, 400},
                                            {Errc::resource_invalid, 400},
                                            {Errc::limit_exceeded, 400},
                                            {Errc::reference_not_found, 400},
                                            {Errc::cursor_invalid, 400},
                                            {Errc::patch_invalid, 400},
                                            {Errc::from_version_not_found, 400},
                                            {Errc::bundle_invalid, 400},
                                            {Errc::request_invalid, 400},
                                            {Errc::unauthenticated, 401},
                                            {Errc::forbidden, 403},
                                            {Errc::connection_not_found, 404},
                                            {Errc::version_not_found, 404},
                                            {Errc::commit_not_found, 404},
                                            {Errc::resource_not_found, 404},
                                            {Errc::route_not_found, 404},
                                            {Errc::method_not_allowed, 405},
                                            {Errc::name_taken, 409},
                                            {Errc::id_taken, 409},
                                            {Errc::version_published, 409},
                                            {Errc::version_in_use, 409},
                                            {Errc::no_common_commit, 409},
                                            {Errc::merge_conflict, 409},
                                            {Errc::connection_has_versions, 409},
                                            {Errc::patch_failed, 409},
                                            {Errc::version_diverged, 409},
                                            {Errc::quota_exceeded, 409},
                                            {Errc::definition_referenced, 412},
                                            {Errc::revision_mismatch, 412},
                                            {Errc::body_too_large, 413},
                                            {Errc::media_type_unsupported, 415},
                                            {Errc::corrupt, 500},
                                            {Errc::io_failed, 500},
                                            {Errc::internal_error, 500},
                                            {Errc::readers_full, 503},
                                            {Errc::service_unavailable, 503},
                                            {Errc::disk_full, 507},
                                            {Errc::store_full, 507}};
    for (const auto& [code, status] : statuses) {
        CAPTURE(name(code));
        CHECK(status_of(code) == status);
    }
}

TEST_CASE("status: an error of the request is told as it is", "[http]") {
    const Answer answer = respond({Errc::name_invalid, "the name is \"\xff\"", {{"name", "bad"}}});
    CHECK(answer.status == 400);
    CHECK(answer.body ==
          "{\"code\":\"name_invalid\",\"message\":\"the name is \\\"\xEF\xBF\xBD"
          "\\\"\",\"fields\":[{\"field\":\"name\",\"message\":\"bad\"}]}");
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.header("Cache-Control") == "no-cache");
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
}

TEST_CASE("status: an error of the host is told in general", "[http]") {
    for (const Errc code : {Errc::corrupt, Errc::disk_full, Errc::readers_full}) {
        const Answer answer = respond({code, "/var/lib/secret.db is broken", {{"f", "secret"}}});
        CHECK(answer.code() == name(code));
        CHECK_THAT(answer.body, !Catch::Contains("secret"));
    }
}

TEST_CASE("status: 401 says how to authenticate", "[http]") {
    CHECK(respond({Errc::unauthenticated, "no", {}}).header("WWW-Authenticate") == "Bearer");
    CHECK(respond({Errc::forbidden, "no", {}}).header("WWW-Authenticate").empty());
}

}  // namespace verso::http
