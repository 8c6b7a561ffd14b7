#include <verso/maintenance.hpp>

#include "engine/collect.hpp"
#include "engine/leases.hpp"
#include "engine/store_state.hpp"
#include "storage/scratch_transaction.hpp"

#include <limits>

namespace verso {

// The version is deleted and what goes with it collected, as it would be, but in memory.
Result<std::uint64_t> bytes_only_here(const Store& store, const VersionKey& version) {
    return guarded([&] {
        engine::check_now(version);
        constexpr auto all = std::numeric_limits<std::size_t>::max();
        const auto moment = engine::StoreAccess::state(store).storage().begin_read();
        storage::ScratchTransaction scratch(*moment);
        engine::View view(scratch);
        engine::release_expired_leases(scratch, store.options().clock());
        engine::Collector garbage(scratch, view);
        garbage.run(all);  // which would go without it
        const std::uint64_t before = scratch.dropped_bytes();
        engine::release_version(scratch, view, view.version(version));
        garbage.run(all);
        return scratch.dropped_bytes() - before;
    });
}

}  // namespace verso
