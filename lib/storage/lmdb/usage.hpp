// How much a store on LMDB takes, and of what.
#pragma once

#include "storage/lmdb/gate.hpp"

namespace verso::storage::lmdb {

/// O(free list): the free pages are counted by reading LMDB's own table of them.
[[nodiscard]] Usage measure(Gate& gate);

/// As Storage::readers().
[[nodiscard]] Readers find_readers(Gate& gate);

}  // namespace verso::storage::lmdb
