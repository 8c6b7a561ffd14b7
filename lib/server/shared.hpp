// What the connections of a server have in common.
#pragma once

#include "server/access_log.hpp"
#include "server/metrics.hpp"
#include "server/options.hpp"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <unordered_set>

namespace verso::server {

class Connection;

/// The connections that are open. Whoever visits them holds the lock, and a connection leaves
/// before it closes its socket: so what is visited has a socket.
///
/// Thread safety: safe
class Registry {
public:
    void add(Connection* connection);
    void remove(Connection* connection);
    [[nodiscard]] std::size_t size() const;

    template <class Visit>
    void for_each(Visit visit) const {
        const std::lock_guard lock(mutex_);
        for (Connection* each : connections_) visit(*each);
    }

private:
    mutable std::mutex mutex_;
    std::unordered_set<Connection*> connections_;
};

/// Thread safety: safe
struct Shared {
    Shared(Handler handler_given, ServerOptions options_given);

    const Handler handler;
    const ServerOptions options;
    Metrics metrics;
    Registry connections;
    std::atomic<bool> is_stopping{false};
    std::atomic<std::size_t> bodies_bytes{0};  // held by all connections
};

}  // namespace verso::server
