#include <verso/error.hpp>

#include <utility>

namespace verso {

namespace {

class ErrorCategory final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "verso"; }
    [[nodiscard]] std::string message(int code) const override {
        return std::string(verso::name(static_cast<Errc>(code)));
    }
};

std::string what_of(const Error& error) {
    return std::string(name(error.code)) + ": " + error.message;
}

}  // namespace

std::string_view name(Errc code) noexcept {
    switch (code) {
        case Errc::name_invalid: return "name_invalid";
        case Errc::name_reserved: return "name_reserved";
        case Errc::text_invalid: return "text_invalid";
        case Errc::document_invalid: return "document_invalid";
        case Errc::resource_invalid: return "resource_invalid";
        case Errc::id_invalid: return "id_invalid";
        case Errc::option_invalid: return "option_invalid";
        case Errc::import_invalid: return "import_invalid";
        case Errc::bundle_invalid: return "bundle_invalid";
        case Errc::limit_exceeded: return "limit_exceeded";
        case Errc::reference_not_found: return "reference_not_found";
        case Errc::cursor_invalid: return "cursor_invalid";
        case Errc::patch_invalid: return "patch_invalid";
        case Errc::connection_not_found: return "connection_not_found";
        case Errc::version_not_found: return "version_not_found";
        case Errc::commit_not_found: return "commit_not_found";
        case Errc::resource_not_found: return "resource_not_found";
        case Errc::from_version_not_found: return "from_version_not_found";
        case Errc::lease_not_found: return "lease_not_found";
        case Errc::no_common_commit: return "no_common_commit";
        case Errc::merge_conflict: return "merge_conflict";
        case Errc::name_taken: return "name_taken";
        case Errc::id_taken: return "id_taken";
        case Errc::version_published: return "version_published";
        case Errc::version_not_published: return "version_not_published";
        case Errc::version_invalid: return "version_invalid";
        case Errc::version_in_use: return "version_in_use";
        case Errc::connection_has_versions: return "connection_has_versions";
        case Errc::patch_failed: return "patch_failed";
        case Errc::version_diverged: return "version_diverged";
        case Errc::quota_exceeded: return "quota_exceeded";
        case Errc::definition_referenced: return "definition_referenced";
        case Errc::revision_mismatch: return "revision_mismatch";
        case Errc::store_not_found: return "store_not_found";
        case Errc::store_invalid: return "store_invalid";
        case Errc::format_unsupported: return "format_unsupported";
        case Errc::store_open_already: return "store_open_already";
        case Errc::store_forked: return "store_forked";
        case Errc::nested_write: return "nested_write";
        case Errc::store_full: return "store_full";
        case Errc::disk_full: return "disk_full";
        case Errc::readers_full: return "readers_full";
        case Errc::permission_denied: return "permission_denied";
        case Errc::file_system_unsupported: return "file_system_unsupported";
        case Errc::io_failed: return "io_failed";
        case Errc::corrupt: return "corrupt";
        case Errc::request_invalid: return "request_invalid";
        case Errc::unauthenticated: return "unauthenticated";
        case Errc::forbidden: return "forbidden";
        case Errc::route_not_found: return "route_not_found";
        case Errc::method_not_allowed: return "method_not_allowed";
        case Errc::media_type_unsupported: return "media_type_unsupported";
        case Errc::body_too_large: return "body_too_large";
        case Errc::service_unavailable: return "service_unavailable";
        case Errc::internal_error: return "internal_error";
    }
    return "unknown";
}

const boost::system::error_category& error_category() noexcept {
    static const ErrorCategory category;
    return category;
}

boost::system::error_code make_error_code(Errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

BadResult::BadResult(Error error) : std::runtime_error(what_of(error)), error_(std::move(error)) {}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw BadResult(error);
}

}  // namespace verso
