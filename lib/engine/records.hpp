// The records of a store, and the keys they lie under. All of it is part of the stored format: see
// docs/format.md. Integers in keys are big-endian, so that they sort; those in values
// little-endian.
//
// What belongs to one connection lies under one prefix, so that a change of it touches few pages.
#pragma once

#include <verso/domain/connection.hpp>
#include <verso/domain/connection_version.hpp>
#include <verso/domain/digest.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/timestamp.hpp>
#include <verso/options.hpp>
#include <verso/quota.hpp>

#include "domain/bytes.hpp"
#include "tree/drop.hpp"
#include "tree/tree.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verso::engine {

/// The format that this library writes. Part of the stored format.
inline constexpr std::uint32_t format = 1;

using CommitId = std::uint64_t;  ///< Counts up over the store; 0 is no commit.

/// The first 16 bytes of a name's SHA-256: how names of any length enter keys of one length.
using NameDigest = std::array<char, 16>;
[[nodiscard]] NameDigest name_digest(std::string_view name);

[[nodiscard]] BytesView bytes_of(const Uuid& uuid) noexcept;
[[nodiscard]] BytesView bytes_of(const Digest& digest) noexcept;
[[nodiscard]] inline BytesView bytes_of(const NameDigest& digest) noexcept {
    return {digest.data(), digest.size()};
}
[[nodiscard]] Uuid uuid_of(BytesView bytes);
[[nodiscard]] Digest digest_of(BytesView bytes);

/// The store as a whole: one record.
struct StoreRecord {
    std::uint32_t format = engine::format;
    tree::Secret secret{};
    PayloadScope payload_scope = PayloadScope::organisation;
    std::uint64_t next_chunk = 1;
    CommitId next_commit = 1;

    [[nodiscard]] std::string encode() const;
    [[nodiscard]] static StoreRecord decode(BytesView bytes);
};

/// What seldom changes about a connection.
struct ConnectionRecord {
    OrganisationId organisation{};
    std::string name{};
    std::string properties{};
    Timestamp created_at{};

    [[nodiscard]] std::string encode() const;
    [[nodiscard]] static ConnectionRecord decode(BytesView bytes);
    /// The organisation alone, which every commit asks for.
    [[nodiscard]] static OrganisationId decode_organisation(BytesView bytes);
};

/// What changes with every change in a connection: small, since every clone rewrites it.
struct ConnectionState {
    Timestamp updated_at{};
    std::uint64_t versions = 0;
    Timestamp last_published_at{};  ///< the greatest ever given
    VersionId default_version{};    ///< the chosen one; nil: none
    NameDigest default_name{};      ///< whose name is frozen

    [[nodiscard]] std::string encode() const;
    [[nodiscard]] static ConnectionState decode(BytesView bytes);
};

/// A version: a name for a commit.
struct VersionRecord {
    VersionId id{};
    std::string name{};
    std::string description{};
    Timestamp created_at{};
    Timestamp updated_at{};
    Timestamp published_at{};  ///< the epoch: a draft
    std::uint64_t revision = 1;
    CommitId head = 0;
    CommitId first = 0;      ///< its own oldest commit that is kept; 0: it has none yet
    std::uint64_t kept = 0;  ///< its own commits that are kept
    VersionId origin{};      ///< what it was cloned from; nil: created empty
    CommitId origin_commit = 0;
    std::uint64_t let_go = 0;  ///< its own commits that it does not keep any more

    [[nodiscard]] bool is_published() const noexcept { return published_at != Timestamp{}; }
    [[nodiscard]] std::string encode() const;
    [[nodiscard]] static VersionRecord decode(BytesView bytes);
};

/// That a line was merged in, and its newest commit then.
struct MergedLine {
    VersionId line{};
    CommitId commit = 0;
};

/// How many resources a commit changed.
struct ChangeCounts {
    std::uint32_t added = 0;
    std::uint32_t changed = 0;
    std::uint32_t removed = 0;
    std::uint32_t renamed = 0;
};

/// A commit: a root of the tree, and its place in the forest of kept commits.
struct CommitRecord {
    Uuid uuid{};  ///< counters collide between stores
    ConnectionId connection{};
    Uuid payload_scope{};  ///< where its payloads are indexed; outlives the connection
    VersionId line{};      ///< the version that wrote it
    tree::Root root{};
    Timestamp time{};
    ChangeCounts counts{};
    CommitId prev = 0;               ///< the nearest older kept commit that it came from
    CommitId next = 0;               ///< the next of the same line
    std::uint64_t newest_chunk = 0;  ///< the highest chunk id when it was written
    std::uint64_t refs = 0;          ///< heads, its place in its line's history, merges, leases
    std::uint64_t kids = 0;          ///< kept commits whose prev it is
    CommitId kid = 0;                ///< the XOR of their ids: with one kid, its id
    std::vector<MergedLine> merged{};
    std::string author{};
    std::string message{};

    /// Whether something holds it, or more than one line comes of it. If not, it is queued to be
    /// dropped, and stays so: nothing can come to need it again.
    [[nodiscard]] bool is_needed() const noexcept { return refs > 0 || kids > 1; }
    [[nodiscard]] std::string encode() const;
    [[nodiscard]] static CommitRecord decode(BytesView bytes);
};

/// How far the dropping of a queued commit has come; none: it has not begun.
[[nodiscard]] std::string encode_place(const tree::DropPlace& place);
[[nodiscard]] std::optional<tree::DropPlace> decode_place(BytesView bytes);

/// A connection's own limits of history.
[[nodiscard]] std::string encode_history(const HistoryLimits& limits);
[[nodiscard]] HistoryLimits decode_history(BytesView bytes);

/// An organisation's quota, and what it has of it. Requires: it has one.
[[nodiscard]] std::string encode_usage(const OrganisationUsage& usage);
[[nodiscard]] OrganisationUsage decode_usage(BytesView bytes);

/// What keeps a commit until a time, of which no version may know.
struct LeaseRecord {
    Uuid id{};
    Timestamp expires_at{};
    CommitId commit = 0;
    std::string owner{};  ///< who holds it and what for, for people

    /// All but what its key says: the time and the id.
    [[nodiscard]] std::string encode() const;
    /// Fails with corrupt.
    [[nodiscard]] static LeaseRecord decode(BytesView key, BytesView value);
};

/// A write that has been done once, and what its caller keeps of it.
struct RequestRecord {
    Timestamp expires_at{};
    std::string answer{};

    [[nodiscard]] std::string encode() const;
    [[nodiscard]] static RequestRecord decode(BytesView bytes);
};

/// A payload that is stored: how many entries hold it.
struct PayloadRecord {
    std::uint64_t id = 0;  ///< of its first piece; the others follow
    std::uint64_t holdings = 0;
    std::uint64_t size_bytes = 0;

    [[nodiscard]] std::string encode() const;
    [[nodiscard]] static PayloadRecord decode(BytesView bytes);
};

/// The keys of the table `records`.
namespace key {

[[nodiscard]] std::string store();
[[nodiscard]] std::string organisation(OrganisationId organisation);  ///< prefix of its connections
[[nodiscard]] std::string organisation_connection(OrganisationId organisation, ConnectionId id);
[[nodiscard]] std::string connection_name(OrganisationId organisation, std::string_view name);
[[nodiscard]] std::string connections();  ///< prefix of all connections
[[nodiscard]] std::string connection_state(ConnectionId id);
[[nodiscard]] std::string connection_record(ConnectionId id);
[[nodiscard]] std::string versions(ConnectionId id);  ///< prefix
[[nodiscard]] std::string version(ConnectionId id, const NameDigest& name);
[[nodiscard]] std::string updates(ConnectionId id);  ///< prefix
[[nodiscard]] std::string update(ConnectionId id, Timestamp time, VersionId version);
[[nodiscard]] std::string publications(ConnectionId id);  ///< prefix
[[nodiscard]] std::string publication(ConnectionId id, Timestamp time);
[[nodiscard]] std::string history(ConnectionId id);  ///< its own limits of history
[[nodiscard]] std::string drops();                   ///< prefix of the queue
[[nodiscard]] std::string dropped(CommitId id);      ///< a commit that nobody needs any more
[[nodiscard]] std::string leases();                  ///< prefix; the first to expire comes first
[[nodiscard]] std::string lease(Timestamp expires_at, const Uuid& id);
[[nodiscard]] std::string request(const NameDigest& request);
[[nodiscard]] std::string request_expiries();  ///< prefix; the first to expire comes first
[[nodiscard]] std::string request_expiry(Timestamp time, const NameDigest& request);
[[nodiscard]] std::string quotas();  ///< prefix
[[nodiscard]] std::string quota(OrganisationId organisation);

/// Of the table `commits`.
[[nodiscard]] std::string commit(CommitId id);

/// Of the table `payload_index`. `scope` is an organisation, or nil for the whole store.
[[nodiscard]] std::string payloads(const Uuid& scope);  ///< prefix
[[nodiscard]] std::string payload(const Uuid& scope, const Digest& digest);

}  // namespace key

}  // namespace verso::engine
