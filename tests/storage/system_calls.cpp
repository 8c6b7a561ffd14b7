#include "storage/system_calls.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace verso::storage {

namespace {

OnCall watcher;
WatchedCalls::Which watched{};

/// What the watcher wants: 0, fall_short, or errno set and 1.
int ask(const SystemCall& call, WatchedCalls::Which which = WatchedCalls::Which::writing) {
    const int answer = watcher && which == watched ? watcher(call) : 0;
    if (answer <= 0) return answer;
    errno = answer;
    return 1;
}

}  // namespace

WatchedCalls::WatchedCalls(OnCall on_call, Which which) {
    watcher = std::move(on_call);
    watched = which;
}
WatchedCalls::~WatchedCalls() { watcher = nullptr; }

}  // namespace verso::storage

using verso::storage::ask;
using verso::storage::fall_short;
using verso::storage::WatchedCalls;

extern "C" {

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    const iovec part{const_cast<void*>(bytes), size};
    const int answer = ask({"pwrite", offset, descriptor, {&part, 1}});
    if (answer > 0) return -1;
    return ::syscall(SYS_pwrite64, descriptor, bytes, answer == fall_short ? size / 2 : size,
                     offset);
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
    const int answer = ask({"writev", -1, descriptor, {parts, static_cast<size_t>(count)}});
    if (answer > 0) return -1;
    return ::syscall(SYS_writev, descriptor, parts, answer == fall_short ? 1 : count);
}

int fsync(int descriptor) {
    return ask({"fsync", -1, descriptor}) > 0 ? -1
                                              : static_cast<int>(::syscall(SYS_fsync, descriptor));
}

int fdatasync(int descriptor) {
    return ask({"fdatasync", -1, descriptor}) > 0
               ? -1
               : static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

int renameat2(int old_folder, const char* old_path, int new_folder, const char* new_path,
              unsigned flags) noexcept {
    if (ask({"renameat2"}) > 0) return -1;
    return static_cast<int>(
        ::syscall(SYS_renameat2, old_folder, old_path, new_folder, new_path, flags));
}

ssize_t pread(int descriptor, void* bytes, size_t size, off_t offset) {
    if (ask({"pread", offset, descriptor}, WatchedCalls::Which::reading) > 0) return -1;
    return ::syscall(SYS_pread64, descriptor, bytes, size, offset);
}

#ifndef __SANITIZE_THREAD__  // which maps its own memory by it before the program is ready
void* mmap(void* address, size_t length, int protection, int flags, int descriptor,
           off_t offset) noexcept {
    if (ask({"mmap", offset, descriptor, {}, length}, WatchedCalls::Which::mapping) > 0)
        return MAP_FAILED;
    return reinterpret_cast<void*>(
        ::syscall(SYS_mmap, address, length, protection, flags, descriptor, offset));
}
#endif

}  // extern "C"
