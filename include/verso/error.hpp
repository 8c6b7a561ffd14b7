// What can go wrong, as values. Every fallible function of the library answers Result<T>: the
// value, or an Error that says what happened, to what, and what to do about it. No exception
// crosses the API but std::bad_alloc and the BadResult that Result::value() throws.
#pragma once

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace verso {

/// The library's error names. They are stable: hosts compare them, and `name()` is what goes on the
/// wire.
enum class Errc {
    // The request is invalid.
    name_invalid = 1,
    name_reserved,
    text_invalid,
    document_invalid,
    resource_invalid,
    id_invalid,
    option_invalid,
    import_invalid,
    bundle_invalid,
    limit_exceeded,
    reference_not_found,
    cursor_invalid,
    patch_invalid,
    // What it names is not there.
    connection_not_found,
    version_not_found,
    commit_not_found,
    resource_not_found,
    from_version_not_found,
    lease_not_found,
    // It conflicts with the state.
    name_taken,
    id_taken,
    version_published,
    version_not_published,
    version_invalid,
    version_in_use,
    no_common_commit,
    merge_conflict,
    connection_has_versions,
    patch_failed,
    version_diverged,
    quota_exceeded,
    // A precondition does not hold.
    definition_referenced,
    revision_mismatch,
    // The store cannot do it.
    store_not_found,
    store_invalid,
    format_unsupported,
    store_open_already,
    store_forked,
    nested_write,
    store_full,
    disk_full,
    readers_full,
    permission_denied,
    file_system_unsupported,
    io_failed,
    corrupt,
    // Said over HTTP only.
    request_invalid,
    unauthenticated,
    forbidden,
    route_not_found,
    method_not_allowed,
    media_type_unsupported,
    body_too_large,
    service_unavailable,
    internal_error,  ///< The service failed in a way that nobody foresaw.
};

/// The stable name of a code, as `version_not_found`.
[[nodiscard]] std::string_view name(Errc code) noexcept;

/// The category of Errc, named "verso".
[[nodiscard]] const boost::system::error_category& error_category() noexcept;
[[nodiscard]] boost::system::error_code make_error_code(Errc code) noexcept;

/// What is wrong with one part of a request.
struct FieldError {
    std::string field;  ///< A member name, or an RFC 6901 JSON Pointer into the document.
    std::string message;

    friend bool operator==(const FieldError&, const FieldError&) = default;
};

/// Why something was not done. Thread safety: a value.
struct Error {
    Errc code{};
    std::string message;  ///< What, which, and what to do; one line, no trailing full stop needed.
    std::vector<FieldError> fields;  ///< Empty unless the request's own fields are at fault.

    friend bool operator==(const Error&, const Error&) = default;
};

/// The exception that Result::value() throws when there is an Error instead of a value.
class BadResult : public std::runtime_error {
public:
    explicit BadResult(Error error);
    [[nodiscard]] const Error& error() const noexcept { return error_; }

private:
    Error error_;
};

/// Found by Boost.System when value() is called on an error. Throws BadResult.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

/// A value or an Error.
template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace verso

template <>
struct boost::system::is_error_code_enum<verso::Errc> : std::true_type {};
