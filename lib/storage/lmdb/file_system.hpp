// What the adapter asks of the file system that a store lies on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace verso::storage::lmdb {

/// The folder that a path names a file in; "." for a bare name.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& path);

/// The name of the network file system that statfs() gives this number, or empty for a local one.
/// Maps and locks are not shared between the machines that mount one. FUSE counts as one: nothing
/// tells a local FUSE file system from sshfs. An overlay hides what is below it and counts as
/// local.
///
/// Source: statfs(2), linux/magic.h
[[nodiscard]] std::string_view network_file_system(std::uint64_t type) noexcept;

/// Fails with file_system_unsupported where `folder` lies on a network file system.
void check_local(const std::filesystem::path& folder);

/// Whether the file's disk has no room left, or the process's file size limit is reached.
[[nodiscard]] bool cannot_grow(const std::filesystem::path& path);

}  // namespace verso::storage::lmdb
