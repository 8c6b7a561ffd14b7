// One request on its way: who asks is known, and what its path names has been found.
#pragma once

#include <verso/http.hpp>

#include "domain/failure.hpp"
#include "http/body.hpp"
#include "http/conditions.hpp"
#include "http/query.hpp"
#include "http/target.hpp"

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace verso::http {

/// Lifetime:      the request's.
/// Thread safety: bound
struct Call {
    const Request& request;
    const Target& target;
    const Options& options;
    mutable Store store;
    OrganisationId organisation = {};

    std::optional<Connection> connection = {};      ///< Where the path names one.
    std::optional<ConnectionVersion> version = {};  ///< The same.
    std::string version_name = {};                  ///< As the path has it, perhaps `latest`.
    Kind kind = Kind::action;                       ///< Of the resources that the path names.
    std::string resource_name = {};

    /// The moment in which the path was resolved: for reads, what they answer.
    std::optional<Snapshot> snapshot = {};
    Query query = {};
    Conditions conditions = {};
    std::optional<std::string> idempotency_key = {};
    Transaction* transaction = nullptr;  ///< Where the whole request is one write.

    [[nodiscard]] ConnectionId connection_id() const { return connection->id; }
    /// The version, as it was at a commit if the query names one.
    [[nodiscard]] VersionKey key() const { return {connection->id, version_name, query.commit}; }
    [[nodiscard]] BodyLimits body_limits() const {
        return {.max_bytes = options.max_body_bytes, .document = store.options().document};
    }
};

/// Fails with what the revision has against a change, refused or not: what the client has not seen
/// comes before a conflict, and after a fault of the request.
void check_revision(const Call& call, std::optional<std::uint64_t> revision,
                    std::optional<Errc> refused = {});

/// Runs `change(transaction)`, which fails by throwing, as one change of the store. It may run more
/// than once.
template <class Change>
auto write(const Call& call, const Change& change) {
    using Written = std::invoke_result_t<const Change&, Transaction&>;
    const auto change_checked = [&](Transaction& transaction) -> Result<Written> {
        return guarded([&]() -> Written {
            std::optional<std::uint64_t> revision;
            if (call.version)
                if (const auto version = must(transaction.find_version(call.key())))
                    revision = version->revision;
            auto answer = guarded([&] { return change(transaction); });
            check_revision(call, revision,
                           answer ? std::nullopt : std::optional(answer.error().code));
            return must(std::move(answer));
        });
    };
    return must(call.transaction != nullptr ? change_checked(*call.transaction)
                                            : call.store.write(change_checked));
}

}  // namespace verso::http
