// The REST endpoint without a server: a request comes in as a value, a response goes out as one. It
// has no socket and no thread of its own, so that a host mounts it in the server that it has.
#pragma once

#include <verso/domain/ids.hpp>
#include <verso/store.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso::http {

/// A header field. Names compare without regard to case.
struct Header {
    std::string name;
    std::string value;
};

/// A request as it came in. Lifetime: of what the views name, the call's.
struct Request {
    std::string_view method;  ///< As `GET`; upper case.
    std::string_view target;  ///< The origin form, as `/o/.../versions?first=5`, still encoded.
    std::vector<Header> headers = {};
    std::string_view body = {};
    /// That the server did not read the body, because it is longer than Options::max_body_bytes:
    /// the answer is 413, unless the request has an earlier fault.
    bool is_body_too_large = false;
};

struct Response {
    unsigned status = 200;
    std::vector<Header> headers = {};  ///< Without those that the server adds, as Content-Length.
    /// Empty for HEAD: `Content-Length`, of what GET would answer, is then a header.
    std::string body = {};
};

/// How a credential came in.
enum class CredentialSource { cookie, bearer };

/// What a client proves itself with. It is handed to the authenticator and neither kept nor logged.
struct Credential {
    CredentialSource source;
    std::string_view value;
};

/// Who a credential belongs to, and what that one may do.
struct Principal {
    std::vector<OrganisationId> organisations = {};  ///< That it is a member of.
    bool is_member_of_all = false;
    bool may_read = true;
    bool may_write = true;
};

/// Tells whose credential it is; nothing: nobody's, which answers 401. A request without any asks
/// with none.
using Authenticator =
    std::function<std::optional<Principal>(const std::optional<Credential>& credential)>;

struct Options {
    /// Required: without one every answer is 401. It is called on the thread of the request,
    /// several at a time.
    Authenticator authenticator;
    /// The cookie that carries the credential.
    std::string cookie_name = "cookie";
    /// The longest body. Units: bytes.
    std::size_t max_body_bytes = std::size_t{64} * 1024 * 1024;
    /// Told of each fault that is the store's or the host's, answered as 5xx: what the answer keeps
    /// to itself. It is called on the thread of the request.
    std::function<void(const Error&)> on_error = {};
};

/// Answers requests about the connections, versions and resources of one store: see docs/http.md
/// for the routes, and docs/openapi.json for their description.
///
/// Whatever comes in, there is an answer: faults of the request are 4xx with an error object,
/// `{"code", "message", "fields"?}`, and those of the store 5xx.
///
/// Thread safety: safe
class Adapter {
public:
    Adapter(Store store, Options options);
    ~Adapter();
    Adapter(Adapter&&) noexcept;
    Adapter& operator=(Adapter&&) noexcept;

    /// Complexity: that of the library's calls, and O(size of the bodies).
    [[nodiscard]] Response handle(const Request& request) const;

    /// What handle() would answer to a request of which only `head` has been read, the body left
    /// out, where that is no matter of the body: who asks, what is there, the method, the media
    /// type, the length. None: read the body, and call handle() with all of it. So a server need
    /// not take a body from anyone; it sets `is_body_too_large` where Content-Length is.
    ///
    /// Complexity: that of finding what the path names.
    [[nodiscard]] std::optional<Response> check_head(const Request& head) const;

    [[nodiscard]] const Options& options() const noexcept;

private:
    struct State;
    std::unique_ptr<const State> state_;
};

/// The HTTP status of an error: 400, 401, 403, 404, 405, 409, 412, 413, 415, 500, 503 or 507.
[[nodiscard]] unsigned status_of(Errc code) noexcept;

/// `error` as a response: its status, and the error object as JSON. What a 5xx says is general,
/// since its message may name what is the host's alone, as the path of a file.
[[nodiscard]] Response to_response(const Error& error);

}  // namespace verso::http
