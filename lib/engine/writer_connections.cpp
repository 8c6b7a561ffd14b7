#include "engine/leases.hpp"
#include "engine/limits.hpp"
#include "engine/writer.hpp"

#include <verso/domain/names.hpp>

#include "domain/json_parser.hpp"

namespace verso::engine {

Connection Writer::create_connection(OrganisationId organisation, const NewConnection& connection) {
    must(check_connection_name(connection.name));
    check_name_length(options(), connection.name);
    must(check_limits(connection.properties.text(), options().document));
    check_connection_name_free(organisation, connection.name);
    const ConnectionId id = connection.id.value_or(ConnectionId{});
    if (connection.id && transaction_.find(storage::Table::records, key::connection_state(id)))
        fail(Errc::id_taken,
             "connection " + to_string(id) + " exists already; give another id, or none");

    const ConnectionId made = connection.id ? id : ConnectionId{tools_.ids.next()};
    const ConnectionRecord record{organisation, connection.name, connection.properties.text(),
                                  clock_now_};
    put(key::connection_record(made), record.encode());
    put(key::connection_state(made), ConnectionState{.updated_at = clock_now_}.encode());
    put(key::organisation_connection(organisation, made), {});
    put(key::connection_name(organisation, connection.name), bytes_of(made.value));
    return view_.connection(made);
}

Connection Writer::update_connection(ConnectionId id, std::string name,
                                     const Document& properties) {
    ConnectionRecord record = view_.connection_record(id);
    ConnectionState state = view_.connection_state(id);
    must(check_connection_name(name));
    check_name_length(options(), name);
    must(check_limits(properties.text(), options().document));
    if (record.name == name && record.properties == properties.text()) return view_.connection(id);
    if (record.name != name) {
        check_connection_name_free(record.organisation, name);
        erase(key::connection_name(record.organisation, record.name));
        put(key::connection_name(record.organisation, name), bytes_of(id.value));
    }
    record.name = std::move(name);
    record.properties = properties.text();
    state.updated_at = now(state);
    put(key::connection_record(id), record.encode());
    put(key::connection_state(id), state.encode());
    return view_.connection(id);
}

void Writer::delete_connection(ConnectionId id, bool force) {
    flush();
    const ConnectionRecord record = view_.connection_record(id);
    const ConnectionState state = view_.connection_state(id);
    if (state.versions > 0 && !force)
        fail(Errc::connection_has_versions, "connection \"" + record.name + "\" has " +
                                                std::to_string(state.versions) +
                                                " version(s); delete them first, or force it");
    for (const ConnectionVersion& version : view_.versions(id, state.versions)) {
        check_not_in_use(id, version);
        Subject gone = subject({id, version.name});
        remove_version(gone);
    }
    for (const Lease& lease : leases_of(view_, id)) end(lease);
    erase(key::connection_record(id));
    erase(key::connection_state(id));
    erase(key::history(id));
    erase(key::organisation_connection(record.organisation, id));
    erase(key::connection_name(record.organisation, record.name));
}

void Writer::check_connection_name_free(OrganisationId organisation, const std::string& name) {
    if (view_.find_connection(organisation, name)) fail(name_taken("connection", name));
}

void Writer::set_quota(OrganisationId organisation, const std::optional<Quota>& quota) {
    flush();
    engine::set_quota(transaction_, view_, organisation, quota);
}

void Writer::count(ConnectionId connection, const UsageChange& change) {
    if (change == UsageChange{}) return;
    take_from_quota(transaction_, view_.organisation_of(connection), change);
}

void Writer::count_bytes(const Uuid& scope, std::int64_t bytes) {
    count_documents(transaction_, store(), scope, bytes);
}

void Writer::set_history_limits(ConnectionId id, const std::optional<HistoryLimits>& limits) {
    static_cast<void>(view_.connection_state(id));
    if (!limits) return erase(key::history(id));
    check_history_limits("limits", *limits);
    put(key::history(id), encode_history(*limits));
}

}  // namespace verso::engine
