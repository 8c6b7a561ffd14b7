#include "engine/verify/tables.hpp"

#include "domain/hex.hpp"

namespace verso::engine::verification {

namespace {

std::string name_of(storage::Table table) {
    switch (table) {
        case storage::Table::records: return "table records";
        case storage::Table::commits: return "table commits";
        case storage::Table::payload_index: return "table payload_index";
    }
    return "a table";
}

}  // namespace

bool read_table(storage::ReadTransaction& transaction, storage::Table table, Report& report,
                Visitor<BytesView, BytesView> visit) {
    std::string last;
    const bool whole = report.check(
        [&] { return name_of(table); },
        [&] {
            transaction.scan(table, {}, [&](BytesView key, BytesView value) {
                last = key;
                // A scan steps from page to page; a look-up goes by the pages above, which are
                // damaged apart.
                if (transaction.find(table, key) != value)
                    report.add(name_of(table),
                               "the record " + hex(key) +
                                   " is there, but is not found by its key: the database's own "
                                   "index is damaged; restore a backup");
                return visit(key, value);
            });
        });
    if (whole) return true;
    const auto visit_unseen = [&](BytesView key, BytesView value) {
        return key > last && visit(key, value);
    };
    try {
        transaction.scan(table, {.order = storage::Order::descending}, visit_unseen);
    } catch (const Failure& failure) {
        if (failure.error.code != Errc::corrupt) throw;  // else it has been said already
    }
    return false;
}

bool read_chunks(storage::ReadTransaction& transaction, storage::ChunkKind kind, Report& report,
                 Visitor<storage::ChunkId, BytesView> visit) {
    std::string name = kind == storage::ChunkKind::node ? "table nodes" : "table payloads";
    return report.check(
        [&] { return name; },
        [&] {
            transaction.each_chunk(kind, [&](storage::ChunkId id, BytesView bytes) {
                if (!bytes.empty())
                    report.check(
                        [&] { return name + ", chunk " + std::to_string(id) + ", which is there"; },
                        [&] { static_cast<void>(transaction.chunk(kind, id)); });
                return visit(id, bytes);
            });
        });
}

std::string hex(BytesView key) {
    std::string text;
    for (const char byte : key) append_hex(text, static_cast<std::uint8_t>(byte));
    return text;
}

}  // namespace verso::engine::verification
