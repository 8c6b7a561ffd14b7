#include "http/idempotency.hpp"

#include "domain/bytes.hpp"
#include "domain/failure.hpp"
#include "http/headers.hpp"
#include "tree/sha256.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace verso::http {

namespace {

constexpr std::string_view header_name = "Idempotency-Key";
constexpr std::size_t max_key_bytes = 128;

[[noreturn]] void refuse_key(const std::string& why) {
    fail_field(Errc::request_invalid, std::string(header_name),
               "the header " + std::string(header_name) + ' ' + why);
}

/// As the store knows the request.
std::string request_id(OrganisationId organisation, const std::string& key) {
    return "http " + to_string(organisation) + ' ' + key;
}

/// What tells one request from another under the same key.
std::string fingerprint(const Request& request) {
    ByteWriter out;
    out.sized(request.method).sized(request.target);
    const Digest digest = tree::sha256(out.view(), request.body);
    return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

std::string encode(const Request& request, const Response& response) {
    ByteWriter out;
    out.sized(fingerprint(request)).le(response.status);
    out.le(static_cast<std::uint32_t>(response.headers.size()));
    for (const auto& [name, value] : response.headers) out.sized(name).sized(value);
    return out.sized(response.body).take();
}

Response decode(const Request& request, std::string_view kept) {
    ByteReader in(kept);
    if (in.sized() != fingerprint(request))
        refuse_key("was that of another request; give each request a key of its own");
    Response response;
    response.status = in.le<std::uint32_t>();
    for (auto left = in.le<std::uint32_t>(); left > 0; --left) {
        std::string name(in.sized());
        response.headers.push_back({std::move(name), std::string(in.sized())});
    }
    response.body = in.sized();
    return response;
}

}  // namespace

std::optional<std::string> idempotency_key(const Request& request) {
    if (request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS")
        return std::nullopt;
    const auto value = find_header(request, header_name);
    if (!value) return std::nullopt;
    const std::string_view key = unquote(trim(*value));
    const bool is_printable = std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
    if (key.empty() || key.size() > max_key_bytes || !is_printable)
        refuse_key("has 1 to " + std::to_string(max_key_bytes) +
                   " printable ASCII characters without spaces; give a UUID, as an example");
    return std::string(key);
}

std::optional<Response> find_answer(const Store& store, OrganisationId organisation,
                                    const std::string& key, const Request& request) {
    const auto kept = must(must(store.snapshot()).find_request(request_id(organisation, key)));
    if (!kept) return std::nullopt;
    return decode(request, *kept);
}

Response answer_once(Call& call, const std::function<Response(const Call&)>& handler) {
    std::optional<Response> refusal;  // an answer that is an error, and not kept as one
    const auto change = [&](Transaction& transaction) -> Result<std::string> {
        return guarded([&] {
            call.transaction = &transaction;
            refusal.reset();
            Response response = handler(call);
            if (response.status < 400) return encode(call.request, response);
            refusal = std::move(response);
            fail(Errc::merge_conflict, "the answer says what");
        });
    };
    auto answer =
        call.store.write_once(request_id(call.organisation, *call.idempotency_key), change);
    call.transaction = nullptr;
    if (!answer && refusal) return *std::move(refusal);
    return decode(call.request, must(std::move(answer)).answer);
}

}  // namespace verso::http
