#include "http/call.hpp"

namespace verso::http {

void check_revision(const Call& call, std::optional<std::uint64_t> revision,
                    std::optional<Errc> refused) {
    if (call.conditions.allow_write(revision)) return;
    const unsigned status = refused ? status_of(*refused) : 412;
    if (status == 409 || status == 412) fail(revision_mismatch(revision));
}

}  // namespace verso::http
