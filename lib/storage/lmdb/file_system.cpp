#include "storage/lmdb/file_system.hpp"

#include "domain/failure.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include <algorithm>
#include <string>

namespace verso::storage::lmdb {

namespace {

struct NetworkFileSystem {
    std::uint64_t type;
    std::string_view name;
};

constexpr NetworkFileSystem network_file_systems[] = {
    {0x6969, "NFS"},
    {0xff534d42, "CIFS"},
    {0xfe534d42, "SMB2"},
    {0x517b, "SMB"},
    {0x65735546, "FUSE"},
    {0x01021997, "9p"},
    {0x5346414f, "AFS"},
    {0x6b414653, "kAFS"},
    {0x00c36400, "Ceph"},
    {0x0bd00bd0, "Lustre"},
    {0x7461636f, "OCFS2"},
    {0x01161970, "GFS2"},
    {0x47504653, "GPFS"},
    {0x19830326, "BeeGFS"},
    {0x73757245, "Coda"},
    {0x564c, "NCP"},
    {0x20030528, "OrangeFS"},
    {0xaad7aaea, "PanFS"},
    {0xbacbacbc, "VMware shared folder"},
    {0x786f4256, "VirtualBox shared folder"},
};

/// Less room than this is none: a commit writes a few pages at a time.
constexpr std::uint64_t little_room_bytes = 1024 * 1024;

}  // namespace

std::filesystem::path folder_of(const std::filesystem::path& path) {
    const auto folder = path.parent_path();
    return folder.empty() ? std::filesystem::path(".") : folder;
}

std::string_view network_file_system(std::uint64_t type) noexcept {
    // A machine of 32 bits gives the number with its sign drawn out.
    const std::uint64_t low = type & 0xffffffff;
    const auto* found = std::ranges::find(network_file_systems, low, &NetworkFileSystem::type);
    return found == std::end(network_file_systems) ? std::string_view{} : found->name;
}

void check_local(const std::filesystem::path& folder) {
    struct statfs info {};
    if (::statfs(folder.c_str(), &info) != 0)
        return;  // what is wrong with it shows when the file is opened
    const auto name = network_file_system(static_cast<std::uint64_t>(info.f_type));
    if (name.empty()) return;
    fail(Errc::file_system_unsupported,
         "cannot open a store in " + folder.string() + ": it is on " + std::string(name) +
             ", where processes of several machines would ruin it; put it on a local disk, or set "
             "allow_network_file_system if only one machine ever opens it");
}

bool cannot_grow(const std::filesystem::path& path) {
    struct statvfs disk {};
    if (::statvfs(folder_of(path).c_str(), &disk) == 0 &&
        static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize < little_room_bytes)
        return true;
    struct rlimit limit {};
    struct stat file {};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
           ::stat(path.c_str(), &file) == 0 &&
           static_cast<std::uint64_t>(file.st_size) + little_room_bytes > limit.rlim_cur;
}

}  // namespace verso::storage::lmdb
