// The documents of an import that is too large for one transaction, in the store before what will
// hold them: so many at a time, each time by a commit that is no version's and that a lease keeps.
// When the import has been done, or not gone on with for as long as its leases last, the commits go
// as others do, and with them every document that nothing else holds.
#pragma once

#include <verso/domain/ids.hpp>

#include "engine/bundle/lines.hpp"
#include "engine/records.hpp"
#include "engine/store_state.hpp"
#include "engine/writer.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace verso::engine::bundle {

struct StageLimits {
    std::uint64_t slice_bytes = 0;  ///< of documents that one transaction stores
    std::uint64_t max_bytes = 0;    ///< of documents that the store lacked; 0: any
    std::chrono::milliseconds keep{};
};

/// Fails with option_invalid where they mean nothing.
void check_limits(const StageLimits& limits);

/// Fails with limit_exceeded: documents went before their import had come to its end.
[[noreturn]] void fail_not_kept();

/// Thread safety: bound. Failures are thrown.
class DocumentStage {
public:
    /// `owner`: said of the leases.
    DocumentStage(StoreState& store, OrganisationId organisation, const StageLimits& limits,
                  std::string owner)
        : store_(store), organisation_(organisation), limits_(limits), owner_(std::move(owner)) {}

    /// Takes a document, which is in the store once flush() has returned, if not before. Fails with
    /// bundle_invalid, limit_exceeded.
    void add(const DocumentLine& document);
    void flush();
    /// Makes the leases last as long again, once half their time is over.
    void keep();

    /// Ends the leases, within the transaction that holds the documents or has no use for them.
    void release(Writer& writer);
    /// Runs `work`; if it fails, what has been stored is of no use, and the leases end.
    template <class Work>
    void or_release(const Work& work) {
        try {
            work();
        } catch (const Failure&) {
            give_up();
            throw;
        }
    }
    /// Ends the leases at once; if that fails, they expire.
    void give_up();

private:
    void store_slice(Writer& writer, LeaseRecord& lease);

    StoreState& store_;
    OrganisationId organisation_;
    StageLimits limits_;
    std::string owner_;
    std::vector<std::pair<Digest, std::string>> slice_;
    std::uint64_t slice_bytes_ = 0;
    std::uint64_t stored_bytes_ = 0;
    std::vector<LeaseRecord> leases_;  ///< the first to expire comes first
};

}  // namespace verso::engine::bundle
