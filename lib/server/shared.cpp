#include "server/shared.hpp"

#include <utility>

namespace verso::server {

void Registry::add(Connection* connection) {
    const std::lock_guard lock(mutex_);
    connections_.insert(connection);
}

void Registry::remove(Connection* connection) {
    const std::lock_guard lock(mutex_);
    connections_.erase(connection);
}

std::size_t Registry::size() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
}

Shared::Shared(Handler handler_given, ServerOptions options_given)
    : handler(std::move(handler_given)), options(std::move(options_given)) {}

}  // namespace verso::server
