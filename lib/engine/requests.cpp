#include "engine/requests.hpp"

#include "domain/failure.hpp"

#include <vector>

namespace verso::engine {

using storage::Table;

namespace {

constexpr std::size_t max_request_bytes = 255;
constexpr std::size_t max_answer_bytes = std::size_t{1} << 20;

NameDigest digest_of_request(std::string_view request) {
    if (request.empty() || request.size() > max_request_bytes)
        fail(Errc::option_invalid, "a request id has 1 to " + std::to_string(max_request_bytes) +
                                       " bytes, and this one " + std::to_string(request.size()) +
                                       "; give a UUID, as an example");
    return name_digest(request);
}

}  // namespace

std::optional<std::string> find_request(storage::ReadTransaction& transaction,
                                        std::string_view request) {
    const auto found = transaction.find(Table::records, key::request(digest_of_request(request)));
    if (!found) return std::nullopt;
    return RequestRecord::decode(*found).answer;
}

void keep_request(storage::WriteTransaction& transaction, std::string_view request,
                  std::string_view answer, Timestamp expires_at) {
    const NameDigest digest = digest_of_request(request);
    if (answer.size() > max_answer_bytes)
        fail(Errc::limit_exceeded, "the answer to be kept has " + std::to_string(answer.size()) +
                                       " bytes, more than the " + std::to_string(max_answer_bytes) +
                                       " that a request may have; keep ids instead");
    transaction.put(Table::records, key::request(digest),
                    RequestRecord{expires_at, std::string(answer)}.encode());
    transaction.put(Table::records, key::request_expiry(expires_at, digest), {});
}

bool forget_expired_requests(storage::WriteTransaction& transaction, Timestamp now,
                             std::size_t most) {
    std::vector<std::string> gone;
    bool are_all = true;
    const std::string prefix = key::request_expiries();
    const std::string end = key::request_expiry(now + std::chrono::milliseconds{1}, {});
    transaction.scan(Table::records, {.prefix = prefix}, [&](BytesView key, BytesView) {
        if (key >= end) return false;
        are_all = gone.size() < most;
        if (are_all) gone.emplace_back(key);
        return are_all;
    });
    for (const std::string& key : gone) {
        NameDigest digest;
        ByteReader in(BytesView(key).substr(end.size() - digest.size()));
        const BytesView bytes = in.bytes(digest.size());
        std::copy(bytes.begin(), bytes.end(), digest.begin());
        transaction.erase(Table::records, key::request(digest));
        transaction.erase(Table::records, key);
    }
    return are_all;
}

}  // namespace verso::engine
