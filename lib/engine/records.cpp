#include "engine/records.hpp"

#include "tree/sha256.hpp"

#include <algorithm>

namespace verso::engine {

namespace {

std::uint64_t milliseconds(Timestamp time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

Timestamp timestamp(std::uint64_t milliseconds) {
    return Timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(milliseconds)}};
}

/// Fails unless the whole value was read: more bytes than expected are as wrong as fewer.
void expect_end(const ByteReader& reader) {
    if (!reader.empty()) fail(Errc::corrupt, "a stored record is longer than its form; run verify");
}

}  // namespace

NameDigest name_digest(std::string_view name) {
    const Digest digest = tree::sha256(name);
    NameDigest shortened;
    std::copy_n(digest.bytes.begin(), shortened.size(), shortened.begin());
    return shortened;
}

BytesView bytes_of(const Uuid& uuid) noexcept {
    return {reinterpret_cast<const char*>(uuid.data), sizeof uuid.data};
}

BytesView bytes_of(const Digest& digest) noexcept {
    return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

Uuid uuid_of(BytesView bytes) {
    Uuid uuid;
    std::copy_n(bytes.begin(), sizeof uuid.data, uuid.data);
    return uuid;
}

Digest digest_of(BytesView bytes) {
    Digest digest;
    std::copy_n(bytes.begin(), digest.bytes.size(), digest.bytes.begin());
    return digest;
}

std::string StoreRecord::encode() const {
    ByteWriter out;
    out.le(format).bytes({reinterpret_cast<const char*>(secret.data()), secret.size()});
    out.le(static_cast<std::uint8_t>(payload_scope)).le(next_chunk).le(next_commit);
    return std::move(out).take();
}

StoreRecord StoreRecord::decode(BytesView bytes) {
    ByteReader in(bytes);
    StoreRecord record;
    record.format = in.le<std::uint32_t>();
    if (record.format != engine::format)
        fail(Errc::format_unsupported, "the store has format " + std::to_string(record.format) +
                                           ", this library reads format " +
                                           std::to_string(engine::format) +
                                           "; open it with a newer library");
    const BytesView secret = in.bytes(record.secret.size());
    std::copy(secret.begin(), secret.end(), record.secret.begin());
    record.payload_scope = static_cast<PayloadScope>(in.le<std::uint8_t>());
    record.next_chunk = in.le<std::uint64_t>();
    record.next_commit = in.le<std::uint64_t>();
    expect_end(in);
    return record;
}

std::string ConnectionRecord::encode() const {
    ByteWriter out(64 + name.size() + properties.size());
    out.bytes(bytes_of(organisation.value))
        .le(milliseconds(created_at))
        .sized(name)
        .sized(properties);
    return std::move(out).take();
}

ConnectionRecord ConnectionRecord::decode(BytesView bytes) {
    ByteReader in(bytes);
    ConnectionRecord record;
    record.organisation.value = uuid_of(in.bytes(16));
    record.created_at = timestamp(in.le<std::uint64_t>());
    record.name = in.sized();
    record.properties = in.sized();
    expect_end(in);
    return record;
}

OrganisationId ConnectionRecord::decode_organisation(BytesView bytes) {
    return {uuid_of(ByteReader(bytes).bytes(16))};
}

std::string ConnectionState::encode() const {
    ByteWriter out(64);
    out.le(milliseconds(updated_at)).le(versions).le(milliseconds(last_published_at));
    out.bytes(bytes_of(default_version.value)).bytes(bytes_of(default_name));
    return std::move(out).take();
}

ConnectionState ConnectionState::decode(BytesView bytes) {
    ByteReader in(bytes);
    ConnectionState state;
    state.updated_at = timestamp(in.le<std::uint64_t>());
    state.versions = in.le<std::uint64_t>();
    state.last_published_at = timestamp(in.le<std::uint64_t>());
    state.default_version.value = uuid_of(in.bytes(16));
    std::ranges::copy(in.bytes(state.default_name.size()), state.default_name.begin());
    expect_end(in);
    return state;
}

std::string VersionRecord::encode() const {
    ByteWriter out(128 + name.size() + description.size());
    out.bytes(bytes_of(id.value));
    out.le(milliseconds(created_at)).le(milliseconds(updated_at)).le(milliseconds(published_at));
    out.le(revision).le(head).le(first).le(kept);
    out.bytes(bytes_of(origin.value)).le(origin_commit);
    out.sized(name).sized(description);
    if (let_go > 0) out.le(let_go);
    return std::move(out).take();
}

VersionRecord VersionRecord::decode(BytesView bytes) {
    ByteReader in(bytes);
    VersionRecord record;
    record.id.value = uuid_of(in.bytes(16));
    record.created_at = timestamp(in.le<std::uint64_t>());
    record.updated_at = timestamp(in.le<std::uint64_t>());
    record.published_at = timestamp(in.le<std::uint64_t>());
    record.revision = in.le<std::uint64_t>();
    record.head = in.le<std::uint64_t>();
    record.first = in.le<std::uint64_t>();
    record.kept = in.le<std::uint64_t>();
    record.origin.value = uuid_of(in.bytes(16));
    record.origin_commit = in.le<std::uint64_t>();
    record.name = in.sized();
    record.description = in.sized();
    if (!in.empty()) record.let_go = in.le<std::uint64_t>();
    expect_end(in);
    return record;
}

std::string CommitRecord::encode() const {
    ByteWriter out(256 + author.size() + message.size() + 24 * merged.size());
    out.bytes(bytes_of(uuid)).bytes(bytes_of(connection.value)).bytes(bytes_of(payload_scope));
    out.bytes(bytes_of(line.value));
    out.le(root.id).bytes(bytes_of(root.digest)).le(root.count).le(milliseconds(time));
    out.le(counts.added).le(counts.changed).le(counts.removed).le(counts.renamed);
    out.le(prev).le(next).le(newest_chunk).le(refs).le(kids).le(kid);
    out.le(static_cast<std::uint32_t>(merged.size()));
    for (const MergedLine& each : merged) out.bytes(bytes_of(each.line.value)).le(each.commit);
    out.sized(author).sized(message);
    return std::move(out).take();
}

CommitRecord CommitRecord::decode(BytesView bytes) {
    ByteReader in(bytes);
    CommitRecord record;
    record.uuid = uuid_of(in.bytes(16));
    record.connection.value = uuid_of(in.bytes(16));
    record.payload_scope = uuid_of(in.bytes(16));
    record.line.value = uuid_of(in.bytes(16));
    record.root.id = in.le<std::uint64_t>();
    record.root.digest = digest_of(in.bytes(32));
    record.root.count = in.le<std::uint64_t>();
    record.time = timestamp(in.le<std::uint64_t>());
    record.counts.added = in.le<std::uint32_t>();
    record.counts.changed = in.le<std::uint32_t>();
    record.counts.removed = in.le<std::uint32_t>();
    record.counts.renamed = in.le<std::uint32_t>();
    record.prev = in.le<std::uint64_t>();
    record.next = in.le<std::uint64_t>();
    record.newest_chunk = in.le<std::uint64_t>();
    record.refs = in.le<std::uint64_t>();
    record.kids = in.le<std::uint64_t>();
    record.kid = in.le<std::uint64_t>();
    for (auto left = in.le<std::uint32_t>(); left > 0; --left) {
        const Uuid line = uuid_of(in.bytes(16));
        record.merged.push_back({{line}, in.le<std::uint64_t>()});
    }
    record.author = in.sized();
    record.message = in.sized();
    expect_end(in);
    return record;
}

std::string encode_place(const tree::DropPlace& place) {
    ByteWriter out(1 + place.key.size());
    out.le(static_cast<std::uint8_t>(place.level)).bytes(place.key);
    return std::move(out).take();
}

std::optional<tree::DropPlace> decode_place(BytesView bytes) {
    if (bytes.empty()) return std::nullopt;
    ByteReader in(bytes);
    tree::DropPlace place{.level = in.le<std::uint8_t>()};
    place.key = in.rest();
    if (place.level > tree::Rank::max || place.key.empty())
        fail(Errc::corrupt, "a place in the queue of dropped commits is none; run verify");
    return place;
}

std::string encode_history(const HistoryLimits& limits) {
    ByteWriter out(24);
    out.le(limits.max_commits).le(static_cast<std::uint64_t>(limits.max_age.count()));
    out.le(limits.published_commits);
    return std::move(out).take();
}

HistoryLimits decode_history(BytesView bytes) {
    ByteReader in(bytes);
    HistoryLimits limits;
    limits.max_commits = in.le<std::uint64_t>();
    limits.max_age = std::chrono::milliseconds{static_cast<std::int64_t>(in.le<std::uint64_t>())};
    limits.published_commits = in.le<std::uint64_t>();
    expect_end(in);
    return limits;
}

std::string encode_usage(const OrganisationUsage& usage) {
    ByteWriter out(48);
    const Quota& quota = usage.quota.value();
    out.le(quota.max_versions).le(quota.max_resources).le(quota.max_unique_bytes);
    out.le(usage.versions).le(usage.resources).le(usage.unique_bytes);
    return std::move(out).take();
}

OrganisationUsage decode_usage(BytesView bytes) {
    ByteReader in(bytes);
    OrganisationUsage usage;
    Quota& quota = usage.quota.emplace();
    quota.max_versions = in.le<std::uint64_t>();
    quota.max_resources = in.le<std::uint64_t>();
    quota.max_unique_bytes = in.le<std::uint64_t>();
    usage.versions = in.le<std::uint64_t>();
    usage.resources = in.le<std::uint64_t>();
    usage.unique_bytes = in.le<std::uint64_t>();
    expect_end(in);
    return usage;
}

std::string LeaseRecord::encode() const {
    ByteWriter out(16 + owner.size());
    return out.le(commit).sized(owner).take();
}

LeaseRecord LeaseRecord::decode(BytesView key, BytesView value) {
    ByteReader in_key(key.substr(key::leases().size()));
    LeaseRecord lease;
    lease.expires_at = timestamp(in_key.be<std::uint64_t>());
    lease.id = uuid_of(in_key.bytes(16));
    expect_end(in_key);
    ByteReader in(value);
    lease.commit = in.le<CommitId>();
    lease.owner = in.sized();
    expect_end(in);
    return lease;
}

std::string RequestRecord::encode() const {
    ByteWriter out(12 + answer.size());
    return out.le(milliseconds(expires_at)).sized(answer).take();
}

RequestRecord RequestRecord::decode(BytesView bytes) {
    ByteReader in(bytes);
    RequestRecord record;
    record.expires_at = timestamp(in.le<std::uint64_t>());
    record.answer = in.sized();
    expect_end(in);
    return record;
}

std::string PayloadRecord::encode() const {
    ByteWriter out(24);
    out.le(id).le(holdings).le(size_bytes);
    return std::move(out).take();
}

PayloadRecord PayloadRecord::decode(BytesView bytes) {
    ByteReader in(bytes);
    PayloadRecord record;
    record.id = in.le<std::uint64_t>();
    record.holdings = in.le<std::uint64_t>();
    record.size_bytes = in.le<std::uint64_t>();
    expect_end(in);
    return record;
}

namespace key {

namespace {

// The first byte of a key says what lies under it.
constexpr std::uint8_t store_tag = 1;
constexpr std::uint8_t organisation_tag = 2;
constexpr std::uint8_t connection_name_tag = 3;
constexpr std::uint8_t connection_tag = 4;
constexpr std::uint8_t dropped_tag = 5;
constexpr std::uint8_t lease_tag = 6;
constexpr std::uint8_t request_tag = 7;
constexpr std::uint8_t request_expiry_tag = 8;
constexpr std::uint8_t quota_tag = 9;

// Under a connection's prefix, the byte after its id.
constexpr std::uint8_t record_part = 0;
constexpr std::uint8_t version_part = 1;
constexpr std::uint8_t publication_part = 2;
constexpr std::uint8_t update_part = 3;
constexpr std::uint8_t state_part = 4;  // behind the newest update: every change writes both
constexpr std::uint8_t history_part = 5;

ByteWriter tagged(std::uint8_t tag) {
    ByteWriter out(48);
    out.be(tag);
    return out;
}

ByteWriter part(ConnectionId id, std::uint8_t part) {
    ByteWriter out = tagged(connection_tag);
    out.bytes(bytes_of(id.value)).be(part);
    return out;
}

}  // namespace

std::string store() { return tagged(store_tag).take(); }

std::string organisation(OrganisationId organisation) {
    return tagged(organisation_tag).bytes(bytes_of(organisation.value)).take();
}

std::string organisation_connection(OrganisationId organisation, ConnectionId id) {
    return key::organisation(organisation).append(bytes_of(id.value));
}

std::string connection_name(OrganisationId organisation, std::string_view name) {
    ByteWriter out = tagged(connection_name_tag);
    return out.bytes(bytes_of(organisation.value)).bytes(bytes_of(name_digest(name))).take();
}

std::string connections() { return tagged(connection_tag).take(); }

std::string connection_state(ConnectionId id) { return part(id, state_part).take(); }
std::string connection_record(ConnectionId id) { return part(id, record_part).take(); }
std::string versions(ConnectionId id) { return part(id, version_part).take(); }
std::string version(ConnectionId id, const NameDigest& name) {
    return part(id, version_part).bytes(bytes_of(name)).take();
}
std::string updates(ConnectionId id) { return part(id, update_part).take(); }
std::string update(ConnectionId id, Timestamp time, VersionId version) {
    ByteWriter out = part(id, update_part);
    return out.be(milliseconds(time)).bytes(bytes_of(version.value)).take();
}
std::string publications(ConnectionId id) { return part(id, publication_part).take(); }
std::string publication(ConnectionId id, Timestamp time) {
    return part(id, publication_part).be(milliseconds(time)).take();
}
std::string history(ConnectionId id) { return part(id, history_part).take(); }
std::string drops() { return tagged(dropped_tag).take(); }
std::string dropped(CommitId id) { return tagged(dropped_tag).be(id).take(); }
std::string leases() { return tagged(lease_tag).take(); }
std::string lease(Timestamp expires_at, const Uuid& id) {
    ByteWriter out = tagged(lease_tag);
    return out.be(milliseconds(expires_at)).bytes(bytes_of(id)).take();
}
std::string request(const NameDigest& request) {
    return tagged(request_tag).bytes(bytes_of(request)).take();
}
std::string request_expiries() { return tagged(request_expiry_tag).take(); }
std::string request_expiry(Timestamp time, const NameDigest& request) {
    ByteWriter out = tagged(request_expiry_tag);
    return out.be(milliseconds(time)).bytes(bytes_of(request)).take();
}

std::string quotas() { return tagged(quota_tag).take(); }
std::string quota(OrganisationId organisation) {
    return quotas().append(bytes_of(organisation.value));
}

std::string commit(CommitId id) { return ByteWriter().be(id).take(); }

std::string payloads(const Uuid& scope) { return std::string(bytes_of(scope)); }
std::string payload(const Uuid& scope, const Digest& digest) {
    return payloads(scope).append(bytes_of(digest));
}

}  // namespace key

}  // namespace verso::engine
