#include <verso/maintenance.hpp>

#include "engine/store_state.hpp"

namespace verso {

namespace engine {

namespace {

using storage::Table;

void add_connections(storage::ReadTransaction& transaction, StoreStats& stats) {
    // By the lists of the organisations: a connection's own prefix has its versions too.
    const std::string all = key::organisation({}).substr(0, 1);
    const std::size_t id_at = key::organisation({}).size();
    transaction.scan(Table::records, {.prefix = all}, [&](BytesView key, BytesView) {
        ByteReader id(key.substr(std::min(id_at, key.size())));
        const ConnectionId connection{uuid_of(id.bytes(16))};
        const auto state = transaction.find(Table::records, key::connection_state(connection));
        if (!state)
            fail(Errc::corrupt,
                 "the state of connection " + to_string(connection) + " is missing; run verify");
        ++stats.connections;
        stats.versions += ConnectionState::decode(*state).versions;
        return true;
    });
}

void add_commits(storage::ReadTransaction& transaction, StoreStats& stats) {
    transaction.scan(Table::commits, {}, [&](BytesView, BytesView) {
        ++stats.commits;
        return true;
    });
    const std::string leases = key::leases();
    transaction.scan(Table::records, {.prefix = leases}, [&](BytesView, BytesView) {
        ++stats.leases;
        return true;
    });
    const std::string queue = key::drops();
    transaction.scan(Table::records, {.prefix = queue}, [&](BytesView, BytesView) {
        ++stats.commits_to_drop;
        return true;
    });
}

void add_payloads(storage::ReadTransaction& transaction, StoreStats& stats) {
    transaction.scan(Table::payload_index, {}, [&](BytesView, BytesView value) {
        const PayloadRecord payload = PayloadRecord::decode(value);
        ++stats.payloads;
        stats.payload_holdings += payload.holdings;
        stats.payload_bytes += payload.size_bytes;
        return true;
    });
}

}  // namespace

}  // namespace engine

Result<StoreStats> stat(const Store& store) {
    return guarded([&] {
        storage::Storage& storage = engine::StoreAccess::state(store).storage();
        const storage::Usage usage = storage.usage();  // before a reader of our own is open
        StoreStats stats{.format = engine::format,
                         .node_chunks = usage.node_chunks,
                         .payload_chunks = usage.payload_chunks,
                         .file_bytes = usage.file_bytes,
                         .used_bytes = usage.used_bytes,
                         .map_bytes = usage.map_bytes,
                         .readers = usage.readers.count,
                         .oldest_reader_commits = usage.readers.commits_behind,
                         .held_bytes = usage.readers.held_bytes};
        const auto transaction = storage.begin_read();
        engine::add_connections(*transaction, stats);
        engine::add_commits(*transaction, stats);
        engine::add_payloads(*transaction, stats);
        return stats;
    });
}

}  // namespace verso
