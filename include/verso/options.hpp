// How a store is opened: where its time and randomness come from, how durable it is, and its
// limits.
#pragma once

#include <verso/domain/connection_version.hpp>
#include <verso/domain/document.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace verso {

class Observer;

/// What a successful write promises.
enum class Durability : std::uint8_t {
    full,     ///< It is on disk.
    relaxed,  ///< A power cut may lose the last moments, never the structure.
    none,     ///< A power cut may lose the store: for tests and scratch stores.
};

/// Within which bounds equal payloads are stored once.
enum class PayloadScope : std::uint8_t {
    organisation,  ///< No tenant can tell what another has.
    store,         ///< A thousand tenants that import one API store it once.
};

/// How many commits a version keeps as its history, counted of its own: a clone's begins behind the
/// commit that it was cloned at. Its head is always kept, and so is what another version needs. A
/// version may keep a few more for a while, up to 16, for it is cheaper to let several go at once.
///
/// Thread safety: a value.
struct HistoryLimits {
    std::uint64_t max_commits = 100;       ///< Of a draft; 0: all.
    std::chrono::milliseconds max_age{0};  ///< Of a draft's commits; 0: any.
    std::uint64_t published_commits = 1;   ///< Of a published version; 0: all.

    friend bool operator==(const HistoryLimits&, const HistoryLimits&) = default;
};

/// Every member has a default that suits a service. Thread safety: a value.
struct Options {
    /// Whether a missing store is created; if not, opening one is store_not_found.
    bool create = true;
    Durability durability = Durability::full;
    /// Who may read and write the file of a store that is created, less what the process's umask
    /// takes. The lock file follows the store's. A backup, and what is salvaged, may be read by
    /// nobody who may not read what it was made of; a temporary store is its owner's only.
    std::filesystem::perms file_permissions{0666};
    /// What the file may grow to; address space that is reserved, not memory. Halved, down to 1
    /// GiB, where the system refuses it. 0: 1 TiB, and 1 GiB for a temporary store. Units: bytes.
    std::uint64_t map_size_bytes = 0;
    /// Snapshots that may be open at once, over all processes. Fixed by the process that opens
    /// first.
    unsigned max_readers = 512;
    /// LMDB needs coherent memory maps and locks, which network file systems do not give.
    bool allow_network_file_system = false;
    /// Whether each chunk's checksum is verified when it is loaded.
    bool check_chunks = true;
    /// Fixed when the store is created; ignored for one that exists.
    PayloadScope payload_scope = PayloadScope::organisation;
    /// Of connections that have no limits of their own. Applied when a version is edited and when
    /// it is published.
    HistoryLimits history = {};
    /// Whether each write also drops a little of what nobody needs any more, in proportion to what
    /// it wrote. If not, only collect_garbage() does.
    bool collect_with_writes = true;
    /// How long the answers of Store::write_once() are kept, at least.
    std::chrono::milliseconds keep_requests = std::chrono::hours{24};
    /// Of every document that is written: put, imported, merged or rewritten to follow a rename.
    /// What was stored under higher limits stays, and is read and cloned as ever.
    DocumentLimits document = {};
    /// The longest name that a connection, version or resource is given: 1 to 255. Units: bytes.
    std::size_t max_name_bytes = 255;
    /// How many resources one call may create or remove.
    std::size_t max_batch = 100'000;
    /// Asked before a published version is unpublished, or deleted by force, alone or with its
    /// connection: whether the host still uses it, which refuses the call. It runs within the
    /// write, on the caller's thread, and must not use the store. None: nothing is in use.
    std::function<bool(ConnectionId, const ConnectionVersion&)> version_in_use = {};
    /// Who is told of the store's own work; none: nobody.
    std::shared_ptr<Observer> observer = {};
    /// From which age on an open snapshot is a slow reader.
    std::chrono::milliseconds slow_reader_after = std::chrono::seconds{10};
    /// The time; none: the system's clock. One before 1970 counts as 1970, one after
    /// latest_timestamp as that.
    std::function<Timestamp()> clock = {};
    /// Fills bytes with randomness for ids and the store's secret; none: OpenSSL's generator. It
    /// must be unpredictable in production; a test may make it repeatable.
    std::function<void(std::span<std::byte>)> random = {};
};

}  // namespace verso
