// Reading a whole table of records, some of which may be damaged.
#pragma once

#include "engine/verify/report.hpp"
#include "storage/storage.hpp"

#include <string>

namespace verso::engine::verification {

/// Calls visit(key, value) for every record of a table that can be read. Where one cannot, that is
/// a finding, and the table is read from its other end too, so that one damaged record hides no
/// other. A record that is there but not found by its key is a finding too.
///
/// Answers whether all were read: only then does a missing record mean anything.
bool read_table(storage::ReadTransaction& transaction, storage::Table table, Report& report,
                Visitor<BytesView, BytesView> visit);

/// The same for the chunks of a kind: visit(id, bytes), the bytes empty where they are damaged.
bool read_chunks(storage::ReadTransaction& transaction, storage::ChunkKind kind, Report& report,
                 Visitor<storage::ChunkId, BytesView> visit);

/// A key as findings name it: two digits a byte.
[[nodiscard]] std::string hex(BytesView key);

}  // namespace verso::engine::verification
