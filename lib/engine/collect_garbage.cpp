#include <verso/maintenance.hpp>

#include "engine/store_state.hpp"
#include "engine/writer.hpp"

#include <algorithm>
#include <utility>

namespace verso {

namespace {

/// Of one transaction: few where others write, so that they wait little, and more where nobody
/// does.
constexpr std::size_t fewest_steps = 16;
constexpr std::size_t most_steps = 128;

/// How many steps the next transaction takes.
class Pace {
public:
    [[nodiscard]] std::size_t steps() const noexcept { return steps_; }
    /// `next_commit`: that the store gives out; where it has moved on, others have written.
    void adapt(engine::CommitId next_commit) noexcept {
        const bool is_alone = std::exchange(next_commit_, next_commit) == next_commit;
        steps_ = is_alone ? std::min(2 * steps_, most_steps) : fewest_steps;
    }

private:
    std::size_t steps_ = fewest_steps;
    engine::CommitId next_commit_ = 0;
};

}  // namespace

Result<CollectReport> collect_garbage(Store& store, const CollectOptions& options) {
    return guarded([&] {
        CollectReport report;
        bool more = true;
        Pace pace;
        while (more && !options.stop.stop_requested()) {
            engine::Collected collected;
            engine::CommitId next_commit = 0;
            engine::StoreAccess::state(store).write([&](engine::Writer& writer) {
                more = writer.collect(pace.steps());
                collected = writer.collected();
                next_commit = writer.parts().store.next_commit;
            });
            pace.adapt(next_commit);
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
