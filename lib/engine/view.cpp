#include "engine/view.hpp"

#include "domain/document_access.hpp"
#include "engine/leases.hpp"
#include "engine/payloads.hpp"

namespace verso::engine {

using storage::Order;
using storage::Table;

namespace {

/// How many versions a view remembers: more than a request touches, less than a listing does.
constexpr std::size_t max_opened = 256;

NameDigest name_digest_of(BytesView bytes) {
    NameDigest digest;
    ByteReader in(bytes);
    std::ranges::copy(in.bytes(digest.size()), digest.begin());
    return digest;
}

[[noreturn]] void fail_dangling(std::string_view what) {
    fail(Errc::corrupt, std::string(what) + " names a record that is not there; run verify");
}

}  // namespace

Error unknown_connection(ConnectionId id) {
    return {
        Errc::connection_not_found,
        "there is no connection " + to_string(id) + " in this store; create it, or check its id",
        {}};
}

Error name_taken(std::string_view what, const std::string& name) {
    return field_error(Errc::name_taken, "name",
                       std::string(what) + " \"" + name + "\" exists already; choose another name");
}

Error unknown_version(const VersionKey& key) {
    const bool alias = key.name == "latest" || key.name == "default";
    return {Errc::version_not_found,
            alias ? "connection " + to_string(key.connection) +
                        " has no published version, so there is no \"" + std::string(key.name) +
                        "\"; publish one first"
                  : "connection " + to_string(key.connection) + " has no version named \"" +
                        std::string(key.name) + "\"",
            {}};
}

Error published(const VersionRecord& version, std::string_view advice) {
    return {Errc::version_published,
            "version \"" + version.name + "\" is published and does not change any more; " +
                std::string(advice),
            {}};
}

void check_now(const VersionKey& key) {
    if (key.commit != 0)
        fail(Errc::option_invalid,
             "this is about a version as it is now, not as it was at commit " +
                 std::to_string(key.commit) + "; name the version alone");
}

std::string named(const VersionKey& key) {
    if (key.is_of_lease()) return "commit " + std::to_string(key.commit);
    return "version \"" + std::string(key.name) + '"';
}

Error unknown_resource(const VersionKey& key, Kind kind, std::string_view name) {
    return {Errc::resource_not_found,
            named(key) + " has no " + std::string(to_string(kind)) + " named \"" +
                std::string(name) + "\"",
            {}};
}

ConnectionState View::connection_state(ConnectionId id) {
    const auto found = transaction_.find(Table::records, key::connection_state(id));
    if (!found) fail(unknown_connection(id));
    return ConnectionState::decode(*found);
}

ConnectionRecord View::connection_record(ConnectionId id) {
    const auto found = transaction_.find(Table::records, key::connection_record(id));
    if (!found) fail(unknown_connection(id));
    return ConnectionRecord::decode(*found);
}

Connection View::connection(ConnectionId id) {
    ConnectionRecord record = connection_record(id);
    return {.id = id,
            .organisation = record.organisation,
            .name = std::move(record.name),
            .properties = DocumentAccess::make(std::move(record.properties)),
            .created_at = record.created_at,
            .updated_at = connection_state(id).updated_at};
}

bool View::has_connection(ConnectionId id) {
    return transaction_.find(Table::records, key::connection_state(id)).has_value();
}

bool View::has_connection(OrganisationId organisation, ConnectionId id) {
    return transaction_.find(Table::records, key::organisation_connection(organisation, id))
        .has_value();
}

OrganisationId View::organisation_of(ConnectionId id) {
    const auto found = transaction_.find(Table::records, key::connection_record(id));
    if (!found) fail(unknown_connection(id));
    return ConnectionRecord::decode_organisation(*found);
}

std::optional<ConnectionId> View::find_connection(OrganisationId organisation,
                                                  std::string_view name) {
    const auto found = transaction_.find(Table::records, key::connection_name(organisation, name));
    if (!found) return std::nullopt;
    return ConnectionId{uuid_of(ByteReader(*found).bytes(16))};
}

std::vector<ConnectionId> View::connection_ids(OrganisationId organisation) {
    std::vector<ConnectionId> ids;
    const std::string prefix = key::organisation(organisation);
    transaction_.scan(Table::records, {.prefix = prefix}, [&](BytesView key, BytesView) {
        ids.push_back({uuid_of(ByteReader(key.substr(prefix.size())).bytes(16))});
        return true;
    });
    return ids;
}

std::vector<Connection> View::connections(OrganisationId organisation) {
    std::vector<Connection> connections;
    for (const ConnectionId id : connection_ids(organisation))
        connections.push_back(connection(id));
    return connections;
}

std::optional<VersionRecord> View::find_named(ConnectionId connection, const NameDigest& name) {
    const auto found = transaction_.find(Table::records, key::version(connection, name));
    if (!found) return std::nullopt;
    return VersionRecord::decode(*found);
}

std::optional<VersionRecord> View::find_latest(ConnectionId connection) {
    std::optional<NameDigest> name;
    const std::string prefix = key::publications(connection);
    transaction_.scan(Table::records, {.prefix = prefix, .order = Order::descending},
                      [&](BytesView, BytesView value) {
                          name = name_digest_of(value);
                          return false;
                      });
    if (!name) return std::nullopt;
    auto record = find_named(connection, *name);
    if (!record) fail_dangling("the index of published versions");
    return record;
}

std::optional<VersionRecord> View::find_version(const VersionKey& key) {
    // A version that is there has a connection, so that is asked for only where there is none.
    if (key.name != "latest" && key.name != "default")
        if (auto named = find_named(key.connection, name_digest(key.name))) return named;
    const ConnectionState state = connection_state(key.connection);
    if (key.name == "latest") return find_latest(key.connection);
    if (key.name != "default") return std::nullopt;
    if (state.default_version.is_nil()) return find_latest(key.connection);
    auto chosen = find_named(key.connection, state.default_name);
    if (!chosen) fail_dangling("the choice of the default version");
    return chosen;
}

VersionRecord View::version(const VersionKey& key) {
    auto record = find_version(key);
    if (!record) fail(unknown_version(key));
    return std::move(*record);
}

const OpenVersion& View::open(const VersionKey& key) {
    const auto found = opened_.find(key);
    if (found != opened_.end() && !may_change_) return found->second;
    VersionRecord record = key.is_of_lease() ? VersionRecord{} : version(key);
    const CommitId id = key.is_of_lease() ? leased_commit(key.connection, key.commit)
                                          : history_commit(record, key.commit);
    const CommitRecord content = commit(id);
    if (may_change_ || opened_.size() >= max_opened) opened_.clear();
    OpenVersion opened{key.connection, std::move(record), content.root, content.payload_scope, id};
    CacheKey name{key.connection, std::string(key.name), key.commit};
    return opened_.emplace(std::move(name), std::move(opened)).first->second;
}

CommitRecord View::commit(CommitId id) {
    const auto found = transaction_.find(Table::commits, key::commit(id));
    if (!found) fail_dangling("commit " + std::to_string(id) + " is missing: something");
    return CommitRecord::decode(*found);
}

CommitId View::history_commit(const VersionRecord& version, CommitId id) {
    if (id == 0 || id == version.head) return version.head;
    CommitId at = version.head;
    while (at > id) at = commit(at).prev;
    if (at != id || !commit(id).is_needed())
        fail(Errc::commit_not_found, "version \"" + version.name + "\" has no commit " +
                                         std::to_string(id) +
                                         " in its history, or does not keep it any more");
    return id;
}

CommitId View::leased_commit(ConnectionId connection, CommitId id) {
    for (const Lease& lease : leases_of(*this, connection))
        if (lease.commit == id) return id;
    fail(Errc::commit_not_found, "no lease keeps commit " + std::to_string(id) + " of connection " +
                                     to_string(connection) +
                                     "; name the version that has it, or take a lease in time");
}

std::optional<HistoryLimits> View::history_limits(ConnectionId connection) {
    const auto found = transaction_.find(Table::records, key::history(connection));
    if (!found) return std::nullopt;
    return decode_history(*found);
}

View::Aliases View::aliases(ConnectionId connection) {
    const auto latest = find_latest(connection);
    if (!latest) return {};
    const VersionId chosen = connection_state(connection).default_version;
    return {latest->id, chosen.is_nil() ? latest->id : chosen};
}

namespace {

ConnectionVersion described(VersionRecord record, VersionId latest, VersionId chosen) {
    ConnectionVersion version;
    version.id = record.id;
    version.name = std::move(record.name);
    version.description = std::move(record.description);
    version.is_latest = record.is_published() && record.id == latest;
    version.is_default = record.is_published() && record.id == chosen;
    version.created_at = record.created_at;
    version.updated_at = record.updated_at;
    if (record.is_published()) version.published_at = record.published_at;
    version.revision = record.revision;
    return version;
}

}  // namespace

ConnectionVersion View::describe(ConnectionId connection, const VersionRecord& record) {
    if (!record.is_published()) return described(record, {}, {});
    const Aliases aliases = this->aliases(connection);
    return described(record, aliases.latest, aliases.chosen);
}

ConnectionVersion View::describe_listed(ConnectionId connection, BytesView name_digest) {
    const auto record = find_named(connection, name_digest_of(name_digest));
    if (!record) fail_dangling("the index of updates");
    return describe(connection, *record);
}

std::vector<ConnectionVersion> View::versions(ConnectionId connection, std::size_t first) {
    static_cast<void>(connection_state(connection));
    const Aliases aliases = this->aliases(connection);
    std::vector<ConnectionVersion> versions;
    if (first == 0) return versions;
    const std::string prefix = key::updates(connection);
    transaction_.scan(
        Table::records, {.prefix = prefix, .order = Order::descending},
        [&](BytesView, BytesView value) {
            auto record = find_named(connection, name_digest_of(value));
            if (!record) fail_dangling("the index of updates");
            versions.push_back(described(std::move(*record), aliases.latest, aliases.chosen));
            return versions.size() < first;
        });
    return versions;
}

std::optional<ResourceEntry> View::find_entry(const tree::Root& root, Kind kind,
                                              std::string_view name) {
    const auto entry = tree::find(nodes_, root, content::resource_key(kind, name));
    if (!entry) return std::nullopt;
    return ResourceEntry{content::ResourceValue::decode(entry->value), entry->locator};
}

std::optional<Resource> View::find_resource(const tree::Root& root, Kind kind,
                                            std::string_view name) {
    const auto entry = find_entry(root, kind, name);
    if (!entry) return std::nullopt;
    return Resource{kind, entry->value.id, std::string(name),
                    document(entry->value, entry->locator)};
}

std::optional<Resource> View::find_resource(const tree::Root& root, ResourceId id) {
    const auto entry = tree::find(nodes_, root, content::id_key(id));
    if (!entry) return std::nullopt;
    const content::ResourceKey key = content::read_id_value(entry->value);
    auto resource = find_resource(root, key.kind, key.name);
    if (!resource) fail_dangling("the index of ids");
    return resource;
}

void View::each_resource(const tree::Root& root, Kind kind, Visitor<const ResourceView&> visitor) {
    const content::KeyRange keys = content::resources_of(kind);
    tree::scan(nodes_, root, keys.range(), [&](const tree::Entry& entry) {
        const content::ResourceValue value = content::ResourceValue::decode(entry.value);
        const std::string_view name = content::read_resource_key(entry.key).name;
        return visit_payload(transaction_, entry.locator.payload, value.size_bytes,
                             [&](BytesView text) {
                                 return visitor(ResourceView{kind, value.id, name, text});
                             });
    });
}

Document View::document(const content::ResourceValue& value, const tree::Locator& locator) {
    return DocumentAccess::make(load_payload(transaction_, locator.payload, value.size_bytes));
}

}  // namespace verso::engine
