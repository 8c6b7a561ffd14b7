// How a store's file comes into being: whole, or not at all.
#pragma once

#include "storage/lmdb/lmdb_storage.hpp"

namespace verso::storage::lmdb {

/// Creates an empty store as `options.path`, unless another process is faster: then its store
/// stands there. LMDB's own creation does not survive a crash. So the file is written under a
/// temporary name in the same folder, synced, and only then given its name; what a crash leaves is
/// swept by a later creation there.
void create_store(const LmdbOptions& options);

/// A name in the folder of `target` for what is to get that name. If it never does, it is swept.
[[nodiscard]] std::filesystem::path temporary_path(const std::filesystem::path& target);

/// Gives a file its name, unless there is something by that name: then answers false. `durably`:
/// waits until the names in that folder are on the disk.
[[nodiscard]] bool give_name(const std::filesystem::path& file, const std::filesystem::path& target,
                             bool durably);

/// Waits until all of a file is on the disk.
void sync_file(const std::filesystem::path& path);

}  // namespace verso::storage::lmdb
