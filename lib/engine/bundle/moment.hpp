// One moment of a store, as an export reads it.
#pragma once

#include "engine/store_state.hpp"
#include "engine/view.hpp"

#include <memory>

namespace verso::engine::bundle {

/// Lifetime: less than the store's. Thread safety: movable.
struct Moment {
    explicit Moment(const Store& store)
        : transaction(StoreAccess::state(store).storage().begin_read()), view(*transaction) {}

    std::unique_ptr<storage::ReadTransaction> transaction;
    View view;
};

}  // namespace verso::engine::bundle
