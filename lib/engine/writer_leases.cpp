#include "engine/leases.hpp"
#include "engine/limits.hpp"
#include "engine/writer.hpp"

namespace verso::engine {

namespace {

LeaseRecord record_of(const Lease& lease) {
    return {lease.id.value, lease.expires_at, lease.commit, lease.owner};
}

}  // namespace

Lease Writer::take_lease(const VersionKey& key, std::chrono::milliseconds duration,
                         std::string_view owner) {
    flush();
    Lease lease{.connection = key.connection, .commit = view_.open(key).commit};
    must(check_text("owner", owner));
    lease.owner = owner;
    lease.expires_at = end_of(duration);
    lease.id = {tools_.ids.next()};
    CommitRecord commit = view_.commit(lease.commit);
    ++commit.refs;
    put_commit(lease.commit, commit);
    put_lease(transaction_, record_of(lease));
    return lease;
}

Lease Writer::renew_lease(LeaseId id, std::chrono::milliseconds duration) {
    flush();
    Lease lease = find_lease(view_, id);
    const Timestamp expires_at = end_of(duration);
    LeaseRecord record = record_of(lease);
    static_cast<void>(engine::renew_lease(transaction_, record, expires_at));
    lease.expires_at = expires_at;
    return lease;
}

void Writer::end_lease(LeaseId id) {
    flush();
    end(find_lease(view_, id));
}

void Writer::end(const Lease& lease) { release_lease(transaction_, record_of(lease)); }

Timestamp Writer::end_of(std::chrono::milliseconds duration) const {
    if (duration <= std::chrono::milliseconds{0} || duration > max_lease_duration)
        fail(Errc::option_invalid,
             "duration is " + std::to_string(duration.count()) +
                 " ms; give more than none, and at most 366 days, and renew the lease in time");
    return clock_now_ + duration;
}

}  // namespace verso::engine
