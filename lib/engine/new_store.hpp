// Stores that the library makes beside the one that is open.
#pragma once

#include <verso/options.hpp>

#include "storage/storage.hpp"

#include <filesystem>
#include <memory>

namespace verso::engine {

/// A store without anything in it, of the same options, to be filled and published at `path`.
///
/// Errors: option_invalid (something is there); those of Store::open().
[[nodiscard]] std::unique_ptr<storage::NewStore> make_store(const std::filesystem::path& path,
                                                            const Options& options);

/// Options::file_permissions for a copy of what is there.
[[nodiscard]] std::filesystem::perms permissions_of(const std::filesystem::path& path);

/// Copies what can still be read of a damaged file into `to`, as storage::rescue_lmdb() does.
void rescue(const std::filesystem::path& path, storage::Storage& to,
            Visitor<const std::string&, const std::string&> lost);

/// `start` with an ending that no other file has, whatever the options' randomness repeats.
///
/// Errors: io_failed.
[[nodiscard]] std::filesystem::path unique_path(const std::filesystem::path& start);

/// A name beside `path` that no other file has, for a store that is not to stay. Should the process
/// be killed, a later creation there removes the file, from an hour after it was last written.
[[nodiscard]] std::filesystem::path passing_path(const std::filesystem::path& path);

}  // namespace verso::engine
