#include "http/editing.hpp"

namespace verso::http {

namespace {

/// Whether an error is answered before a conflict with the state.
bool precedes_conflict(const Error& error) {
    const unsigned status = status_of(error.code);
    return status == 400 || status == 404 || status == 412;
}

void try_on_clone(Transaction& transaction, ConnectionId connection,
                  const ConnectionVersion& version,
                  const std::function<Result<void>(Draft&)>& change) {
    const std::string name = "clone of " + to_string(version.id);
    if (!transaction.create_version(connection, {.name = name, .from_version = version.name}))
        return;
    const auto tried = transaction.edit({connection, name}, change);
    if (!tried && precedes_conflict(tried.error())) fail(tried.error());
}

}  // namespace

std::string_view plural(Kind kind) noexcept {
    switch (kind) {
        case Kind::action: return "actions";
        case Kind::definition: return "definitions";
        case Kind::trigger: return "triggers";
        case Kind::parameter: return "parameters";
        default: return "items";
    }
}

ConnectionVersion edit(const Call& call, Transaction& transaction,
                       const std::function<void(Draft&)>& change) {
    const auto guarded_change = [&](Draft& draft) { return guarded([&] { change(draft); }); };
    const ConnectionVersion version = must(transaction.version(call.key()));
    if (version.is_published())
        try_on_clone(transaction, call.connection_id(), version, guarded_change);
    return must(transaction.edit(call.key(), guarded_change));
}

}  // namespace verso::http
