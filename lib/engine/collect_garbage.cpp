#include <verso/maintenance.hpp>

#include "engine/store_state.hpp"
#include "engine/writer.hpp"

namespace verso {

namespace {

/// Of one transaction, so that writers wait little and it changes few pages.
constexpr std::size_t steps_per_transaction = 1024;

}  // namespace

Result<CollectReport> collect_garbage(Store& store, const CollectOptions& options) {
    return guarded([&] {
        CollectReport report;
        bool more = true;
        while (more && !options.stop.stop_requested()) {
            engine::Collected collected;
            engine::StoreAccess::state(store).write([&](engine::Writer& writer) {
                more = writer.collect(steps_per_transaction);
                collected = writer.collected();
            });
            report.commits += collected.commits;
            report.nodes += collected.nodes;
            report.payloads += collected.payloads;
            report.payload_bytes += collected.payload_bytes;
            report.is_complete = !more;
            if (options.progress) options.progress(report);
        }
        return report;
    });
}

}  // namespace verso
