#include "storage/lmdb/usage.hpp"

#include "storage/lmdb/errors.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace verso::storage::lmdb {

namespace {

/// LMDB's table of free pages: by transaction, how many and which.
constexpr MDB_dbi free_table = 0;

std::uint64_t count_entries(const HeldState& state, MDB_dbi table) {
    MDB_stat stat{};
    check_lmdb(mdb_stat(state.transaction(), table, &stat), "measure", state.environment().path());
    return stat.ms_entries;
}

std::uint64_t count_free_pages(const HeldState& state) {
    MDB_cursor* cursor = nullptr;
    check_lmdb(mdb_cursor_open(state.transaction(), free_table, &cursor), "measure",
               state.environment().path());
    std::uint64_t pages = 0;
    MDB_val key{};
    MDB_val value{};
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        std::size_t count = 0;
        if (state.environment().holds(value) && value.mv_size >= sizeof count)
            std::memcpy(&count, value.mv_data, sizeof count);
        pages += count;
    }
    mdb_cursor_close(cursor);
    return pages;
}

/// The transactions that are live now. A slot that is kept without one ends its line with "-".
std::uint32_t count_readers(MDB_env* environment) {
    std::uint32_t readers = 0;
    mdb_reader_list(
        environment,
        [](const char* line, void* count) {
            const std::string_view text(line);
            const bool is_slot = text.find_first_of("0123456789") != text.npos;
            if (is_slot && !text.ends_with("-\n")) ++*static_cast<std::uint32_t*>(count);
            return 0;
        },
        &readers);
    return readers;
}

}  // namespace

Usage measure(Gate& gate) {
    const HeldState state(gate);
    const Environment& environment = state.environment();
    Usage usage;
    usage.readers = count_readers(environment.handle()) - 1;  // less this one
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(environment.handle(), &info);
    mdb_env_stat(environment.handle(), &stat);
    usage.used_bytes = (info.me_last_pgno + 1 - count_free_pages(state)) * stat.ms_psize;
    usage.map_bytes = info.me_mapsize;
    int descriptor = -1;
    struct stat file {};
    if (mdb_env_get_fd(environment.handle(), &descriptor) != 0 || ::fstat(descriptor, &file) != 0)
        fail_lmdb(errno, "measure", environment.path());
    usage.file_bytes = static_cast<std::uint64_t>(file.st_size);
    for (const Table table : {Table::records, Table::commits, Table::payload_index})
        usage.record_count += count_entries(state, environment.table(table));
    usage.node_chunks = count_entries(state, environment.chunks(ChunkKind::node));
    usage.payload_chunks = count_entries(state, environment.chunks(ChunkKind::payload));
    return usage;
}

}  // namespace verso::storage::lmdb
