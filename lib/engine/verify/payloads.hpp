// The index of payloads, held against the entries of trees that use it and the chunks that it
// names.
#pragma once

#include "engine/verify/catalogue.hpp"
#include "engine/verify/shared_faults.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

namespace verso::engine::verification {

/// A record of the index, and how many entries were met that hold it.
struct IndexedPayload {
    Uuid scope{};
    Digest digest{};
    PayloadRecord record{};
    std::uint64_t met = 0;
    CommitId first_commit = 0;  ///< of those in which one was met
    BytesView first_key{};      ///< the key that it lies under there
};

class Payloads {
public:
    /// Reads the index. Finds records that are not well-formed.
    Payloads(storage::ReadTransaction& transaction, SharedFaults& faults, Report& report);

    /// The payload whose first chunk has this id; none if the index has none.
    [[nodiscard]] IndexedPayload* find(std::uint64_t id) noexcept;

    /// Whether the whole index could be read: else what is missing here may be there.
    [[nodiscard]] bool is_whole() const noexcept { return whole_; }

    /// Holds the counted holdings against those met, once all entries have been. Where some could
    /// not be read, only payloads with more holders than they count are wrong for sure.
    void check_holdings(bool all_entries_met);

    /// Holds every payload's chunks against it, and finds those that belong to none.
    void check_chunks(const std::optional<StoreRecord>& store);

    /// Holds the content of those against it that were met.
    void check_met();

private:
    void read(BytesView key, BytesView value);
    void check_places();
    void add(const IndexedPayload& payload, std::string message);
    void check_content(const IndexedPayload& payload, BytesView bytes);

    storage::ReadTransaction& transaction_;
    SharedFaults& faults_;
    Report& report_;
    std::unordered_map<std::uint64_t, IndexedPayload> payloads_;
    std::vector<const IndexedPayload*> in_order_;  // of their chunks' ids
    bool whole_ = true;
};

}  // namespace verso::engine::verification
