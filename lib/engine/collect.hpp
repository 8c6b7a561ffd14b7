// The collection of garbage: commits that nobody needs any more are queued, and dropped one by one,
// in slices, with the nodes and holdings of payloads that only they had.
//
// Two that follow one another are never being dropped at once, for each is walked beside the other:
// the oldest in the queue goes first, unless the commit after it is half gone.
#pragma once

#include "engine/merged_lines.hpp"
#include "engine/records.hpp"
#include "engine/view.hpp"
#include "storage/storage.hpp"
#include "tree/drop.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verso::engine {

/// What went. Units: bytes where the name says so, else counts.
struct Collected {
    std::uint64_t commits = 0;
    std::uint64_t nodes = 0;
    std::uint64_t payloads = 0;
    std::uint64_t payload_bytes = 0;

    Collected& operator+=(const Collected& more) noexcept {
        commits += more.commits;
        nodes += more.nodes;
        payloads += more.payloads;
        payload_bytes += more.payload_bytes;
        return *this;
    }
};

/// Where a commit stands between the kept one before it and the one after it, if there are such.
[[nodiscard]] tree::Between between(const CommitRecord& commit, const CommitRecord* before,
                                    const CommitRecord* after);

/// Puts a commit that nobody needs into the queue. One that is in it keeps its place there: how far
/// its dropping has come.
void queue_drop(storage::WriteTransaction& transaction, CommitId id);

/// Stores a commit that one thing less holds, and queues it when nothing needs it any more. Fails
/// with corrupt where nothing held it.
void release_commit(storage::WriteTransaction& transaction, CommitId id, CommitRecord commit);

/// Lets go of what a version holds: its own commits, and its head. Failures are thrown.
void release_version(storage::WriteTransaction& transaction, View& view,
                     const VersionRecord& version);

/// Works off the queue within one storage transaction.
///
/// Thread safety: bound. Failures are thrown.
class Collector {
public:
    /// What is to happen where something is damaged that is to go: to fail, or to leave it.
    enum class OnDamage : std::uint8_t { fail, stop };

    /// Requires: the view is of the transaction.
    Collector(storage::WriteTransaction& transaction, View& view) noexcept
        : transaction_(transaction), view_(view) {}

    /// Drops until that has made some `max_changes` changes of the store. Answers whether any
    /// commits are left.
    bool run(std::uint64_t max_changes, OnDamage on_damage = OnDamage::fail);

    [[nodiscard]] const Collected& collected() const noexcept { return collected_; }
    /// The bytes of documents that have gone, by the scope that they were indexed in.
    [[nodiscard]] const std::map<Uuid, std::uint64_t>& freed() const noexcept { return freed_; }

private:
    /// A commit to be dropped, with its neighbours as they are found.
    struct Drop {
        CommitId id = 0;
        CommitRecord commit{};
        std::optional<tree::DropPlace> from{};
        std::optional<CommitRecord> before{};
        std::optional<CommitRecord> after{};  ///< under commit.kid
    };
    /// What is to go at once: found before anything is changed.
    struct Slice {
        Drop drop;
        std::vector<tree::NodeId> nodes{};
        /// As they are to be, by key of the payload index.
        std::map<std::string, PayloadRecord> payloads{};
        std::optional<tree::DropPlace> rest{};  ///< none: the commit is done with
        std::vector<MergedChange> merged{};     ///< then
    };
    class SliceFinder;

    [[nodiscard]] std::optional<Slice> find_slice(std::uint64_t max_changes);
    [[nodiscard]] std::optional<CommitId> first_queued();
    [[nodiscard]] std::optional<CommitId> next_drop();
    [[nodiscard]] Drop read_drop(CommitId id);
    [[nodiscard]] BytesView queued(CommitId id);
    void drop(const Slice& slice);
    void let_go(const Uuid& scope, const std::string& key, const PayloadRecord& record);
    void unlink(const Drop& drop, const std::vector<MergedChange>& merged);
    void name(const MergedChange& change);
    void put(CommitId id, const CommitRecord& record);

    storage::WriteTransaction& transaction_;
    View& view_;
    /// Nothing before it is queued; in a scratch transaction a walk of what has gone takes time.
    CommitId queue_begin_ = 0;
    Collected collected_;
    std::map<Uuid, std::uint64_t> freed_;
};

}  // namespace verso::engine
