#include "engine/verify/catalogue.hpp"

#include "engine/verify/tables.hpp"

#include <algorithm>

namespace verso::engine::verification {

namespace {

Timestamp read_time(ByteReader& in) {
    return Timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(in.be<std::uint64_t>())}};
}

NameDigest read_name_digest(ByteReader& in) {
    NameDigest digest;
    std::ranges::copy(in.bytes(digest.size()), digest.begin());
    return digest;
}

void expect_end(const ByteReader& in) {
    if (!in.empty()) fail(Errc::corrupt, "it is longer than a record of its kind is");
}

NameDigest name_digest_of(BytesView value) {
    ByteReader in(value);
    const NameDigest digest = read_name_digest(in);
    expect_end(in);
    return digest;
}

/// Sorts records into a Catalogue by what their keys begin with.
class CatalogueReader {
public:
    explicit CatalogueReader(Catalogue& out) : out_(out) {}

    /// Fails with corrupt where the record is not well-formed.
    void read(BytesView key, BytesView value) {
        if (key.front() == storage_adapter_tag) return;
        if (key == key::store())
            out_.store = StoreRecord::decode(value);
        else if (key.starts_with(organisation_prefix_))
            read_member(key.substr(1), value);
        else if (key.starts_with(connection_name_prefix_))
            read_name(key.substr(1), value);
        else if (key.starts_with(connection_prefix_))
            read_of_connection(key, value);
        else if (key.starts_with(dropped_prefix_))
            read_dropped(key.substr(1), value);
        else if (key.starts_with(lease_prefix_))
            out_.leased.push_back(LeaseRecord::decode(key, value).commit);
        else if (key.starts_with(request_prefix_))
            read_request(key.substr(1), value);
        else if (key.starts_with(request_expiry_prefix_))
            read_request_expiry(key.substr(1), value);
        else if (key.starts_with(quota_prefix_))
            read_quota(key.substr(1), value);
        else
            fail(Errc::corrupt, "no record has such a key");
    }

private:
    static constexpr char storage_adapter_tag = 0;

    void read_member(BytesView key, BytesView value) {
        ByteReader in(key);
        const OrganisationId organisation{uuid_of(in.bytes(16))};
        const ConnectionId connection{uuid_of(in.bytes(16))};
        expect_end(in);
        expect_end(ByteReader(value));
        out_.members.insert({organisation, connection});
    }

    void read_name(BytesView key, BytesView value) {
        ByteReader in(key);
        const OrganisationId organisation{uuid_of(in.bytes(16))};
        const NameDigest name = read_name_digest(in);
        expect_end(in);
        ByteReader id(value);
        out_.names[{organisation, name}] = {uuid_of(id.bytes(16))};
        expect_end(id);
    }

    void read_dropped(BytesView key, BytesView value) {
        ByteReader in(key);
        out_.dropped[in.be<CommitId>()] = decode_place(value);
        expect_end(in);
    }

    void read_request(BytesView key, BytesView value) {
        ByteReader in(key);
        const NameDigest request = read_name_digest(in);
        expect_end(in);
        out_.requests[request] = RequestRecord::decode(value).expires_at;
    }

    void read_request_expiry(BytesView key, BytesView value) {
        ByteReader in(key);
        const Timestamp time = read_time(in);
        const NameDigest request = read_name_digest(in);
        expect_end(in);
        expect_end(ByteReader(value));
        out_.request_expiries.insert({time, request});
    }

    void read_quota(BytesView key, BytesView value) {
        ByteReader in(key);
        const OrganisationId organisation{uuid_of(in.bytes(16))};
        expect_end(in);
        out_.quotas[organisation] = decode_usage(value);
    }

    void read_of_connection(BytesView key, BytesView value) {
        ByteReader in(key.substr(1));
        const ConnectionId id{uuid_of(in.bytes(16))};
        ConnectionFacts& connection = out_.connections[id];
        if (key == key::connection_state(id)) {
            connection.state = ConnectionState::decode(value);
        } else if (key == key::history(id)) {
            if (decode_history(value).max_age.count() < 0)
                fail(Errc::corrupt, "its limits of history are none that there may be");
        } else if (key == key::connection_record(id)) {
            connection.record = ConnectionRecord::decode(value);
            connection.record->properties.clear();  // nothing is held against them
        } else {
            static_cast<void>(in.be<std::uint8_t>());  // which part, as the prefixes tell
            read_part(connection, {id, key}, in, value);
        }
    }

    struct PartKey {
        ConnectionId connection;
        BytesView bytes;
    };
    static void read_part(ConnectionFacts& connection, const PartKey& key, ByteReader in,
                          BytesView value) {
        if (key.bytes.starts_with(key::versions(key.connection))) {
            const NameDigest name = read_name_digest(in);
            VersionRecord version = VersionRecord::decode(value);
            version.description.clear();  // nothing is held against it
            connection.versions[name] = std::move(version);
        } else if (key.bytes.starts_with(key::updates(key.connection))) {
            const Timestamp time = read_time(in);
            const VersionId version{uuid_of(in.bytes(16))};
            connection.updates[{time, version}] = name_digest_of(value);
        } else if (key.bytes.starts_with(key::publications(key.connection))) {
            connection.publications[read_time(in)] = name_digest_of(value);
        } else {
            fail(Errc::corrupt, "no record has such a key");
        }
        expect_end(in);
    }

    Catalogue& out_;
    std::string organisation_prefix_ = key::organisation({}).substr(0, 1);
    std::string connection_name_prefix_ = key::connection_name({}, {}).substr(0, 1);
    std::string connection_prefix_ = key::connections();
    std::string dropped_prefix_ = key::drops();
    std::string lease_prefix_ = key::leases();
    std::string request_prefix_ = key::request({}).substr(0, 1);
    std::string request_expiry_prefix_ = key::request_expiries();
    std::string quota_prefix_ = key::quotas();
};

}  // namespace

Catalogue read_catalogue(storage::ReadTransaction& transaction, Report& report) {
    Catalogue catalogue;
    CatalogueReader reader(catalogue);
    bool all_decoded = true;
    const auto read = [&](BytesView key, BytesView value) {
        all_decoded &=
            report.check([&] { return "record " + hex(key); }, [&] { reader.read(key, value); });
        return true;
    };
    const bool all_read = read_table(transaction, storage::Table::records, report, read);
    catalogue.whole = all_read && all_decoded;
    return catalogue;
}

std::string Catalogue::where_is(ConnectionId id) const {
    const auto found = connections.find(id);
    return verification::where_is(id,
                                  found == connections.end() ? std::nullopt : found->second.record);
}

std::string where_is(ConnectionId id, const std::optional<ConnectionRecord>& record) {
    return record ? "connection \"" + record->name + "\" (" + to_string(id) + ')'
                  : "connection " + to_string(id);
}

std::string where_is(const std::string& connection, const VersionRecord& version) {
    return connection + ", version \"" + version.name + '"';
}

}  // namespace verso::engine::verification
