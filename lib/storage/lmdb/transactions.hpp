// The port's transactions on LMDB. What they answer lies in the map, or in a page that a writer
// changed.
#pragma once

#include "storage/lmdb/gate.hpp"

namespace verso::storage::lmdb {

[[nodiscard]] std::unique_ptr<ReadTransaction> make_read_transaction(Gate& gate);
[[nodiscard]] std::unique_ptr<WriteTransaction> make_write_transaction(Gate& gate);

}  // namespace verso::storage::lmdb
