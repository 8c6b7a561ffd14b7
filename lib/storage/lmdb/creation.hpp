// How a store's file comes into being: whole, or not at all.
#pragma once

#include "storage/lmdb/lmdb_storage.hpp"

namespace verso::storage::lmdb {

/// Creates an empty store as `options.path`, unless another process is faster: then its store
/// stands there. LMDB's own creation does not survive a crash. So the file is written under a
/// temporary name in the same folder, synced, and only then given its name; what a crash leaves is
/// swept by a later creation there.
void create_store(const LmdbOptions& options);

}  // namespace verso::storage::lmdb
