#include <verso/maintenance.hpp>

#include "engine/store_state.hpp"
#include "engine/writer.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

namespace verso {

namespace {

using engine::StoreState;
using Clock = std::chrono::steady_clock;

/// What one transaction changes: little where others write, so that they wait little, and more
/// where nobody does.
constexpr std::uint64_t fewest_changes = 16;
constexpr std::uint64_t most_changes = 256;

/// What says whether others write, and whether what they write drops garbage.
struct GarbageState {
    engine::CommitId next_commit = 0;
    std::string garbage;  ///< what goes next, and how far it has gone; empty: there is none

    [[nodiscard]] static GarbageState of(storage::ReadTransaction& transaction) {
        using storage::Table;
        GarbageState state;
        if (const auto store = transaction.find(Table::records, engine::key::store()))
            state.next_commit = engine::StoreRecord::decode(*store).next_commit;
        transaction.scan(Table::records, {.prefix = engine::key::drops()},
                         [&](BytesView key, BytesView place) {
                             state.garbage.append(key).append(place);
                             return false;
                         });
        return state;
    }
};

/// How much the next transaction drops, and when.
class Pace {
public:
    explicit Pace(StoreState& state) noexcept : state_(state) {}

    [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }

    /// After a transaction that took so long and left this. Waits as long as others write and their
    /// writes drop garbage: they wait less for a little more of their own than for a transaction
    /// more.
    void adapt(GarbageState left, Clock::duration took, const std::stop_token& stop) {
        const bool is_alone = std::exchange(next_commit_, left.next_commit) == left.next_commit;
        changes_ = is_alone ? std::min(2 * changes_, most_changes) : fewest_changes;
        while (!is_alone && do_others_drop_ && !stop.stop_requested()) {
            std::this_thread::sleep_for(std::min<Clock::duration>(2 * took, longest_pause));
            auto now = guarded([&] { return GarbageState::of(*state_.storage().begin_read()); });
            if (!now) return;  // the next transaction will say why, if it cannot either
            const bool write = now->next_commit != left.next_commit;
            do_others_drop_ = !write || now->garbage != left.garbage;
            if (!write || now->garbage.empty()) return;
            next_commit_ = now->next_commit;
            left = std::move(*now);
        }
    }

private:
    static constexpr std::chrono::milliseconds longest_pause{100};

    StoreState& state_;
    std::uint64_t changes_ = fewest_changes;
    engine::CommitId next_commit_ = 0;
    bool do_others_drop_ = true;
};

}  // namespace

Result<CollectReport> collect_garbage(Store& store, const CollectOptions& options) {
    return guarded([&] {
        CollectReport report;
        bool more = true;
        StoreState& state = engine::StoreAccess::state(store);
        Pace pace(state);
        while (more && !options.stop.stop_requested()) {
            engine::Collected collected;
            GarbageState left;
            const auto begun = Clock::now();
            state.write([&](engine::Writer& writer) {
                more = writer.collect(pace.changes());
                collected = writer.collected();
                left = GarbageState::of(writer.view().transaction());
            });
            const auto took = Clock::now() - begun;
            report.commits += collected.commits;
            report.nodes += collected.nodes;
            report.payloads += collected.payloads;
            report.payload_bytes += collected.payload_bytes;
            report.is_complete = !more;
            if (options.progress) options.progress(report);
            if (more) pace.adapt(std::move(left), took, options.stop);
        }
        return report;
    });
}

}  // namespace verso
