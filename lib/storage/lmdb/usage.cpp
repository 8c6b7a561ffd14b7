#include "storage/lmdb/usage.hpp"

#include "storage/lmdb/errors.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
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

/// Free pages, but for those that transactions before `from` have freed.
std::uint64_t count_free_pages(const HeldState& state, std::size_t from) {
    MDB_cursor* cursor = nullptr;
    check_lmdb(mdb_cursor_open(state.transaction(), free_table, &cursor), "measure",
               state.environment().path());
    std::uint64_t pages = 0;
    MDB_val key{sizeof from, &from};
    MDB_val value{};
    for (MDB_cursor_op step = MDB_SET_RANGE; mdb_cursor_get(cursor, &key, &value, step) == 0;
         step = MDB_NEXT) {
        std::size_t count = 0;
        if (state.environment().holds(value) && value.mv_size >= sizeof count)
            std::memcpy(&count, value.mv_data, sizeof count);
        pages += count;
    }
    mdb_cursor_close(cursor);
    return pages;
}

struct LiveReaders {
    std::uint32_t count = 0;
    std::uint64_t oldest = std::numeric_limits<std::uint64_t>::max();
};

/// The transactions that are live now: each has a line that ends with its moment. A slot that is
/// kept without one ends its line with "-".
LiveReaders find_live(MDB_env* environment) {
    LiveReaders found;
    mdb_reader_list(
        environment,
        [](const char* line, void* out) {
            std::string_view text(line);
            while (text.ends_with('\n')) text.remove_suffix(1);
            text.remove_prefix(text.find_last_of(' ') + 1);
            std::uint64_t moment = 0;
            const auto [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), moment);
            if (error != std::errc{} || end != text.data() + text.size()) return 0;
            auto& readers = *static_cast<LiveReaders*>(out);
            ++readers.count;
            readers.oldest = std::min(readers.oldest, moment);
            return 0;
        },
        &found);
    return found;
}

std::uint64_t page_bytes_of(const HeldState& state) {
    MDB_stat stat{};
    mdb_env_stat(state.environment().handle(), &stat);
    return stat.ms_psize;
}

Readers readers_of(const HeldState& state) {
    const LiveReaders found = find_live(state.environment().handle());
    Readers readers{.count = found.count - 1};  // less this one
    readers.oldest_moment = found.oldest;
    const std::uint64_t newest = mdb_txn_id(state.transaction());
    if (readers.count == 0 || found.oldest >= newest) return readers;
    readers.commits_behind = newest - found.oldest;
    readers.held_bytes = count_free_pages(state, found.oldest) * page_bytes_of(state);
    return readers;
}

}  // namespace

Usage measure(Gate& gate) {
    const HeldState state(gate);
    const Environment& environment = state.environment();
    Usage usage;
    usage.readers = readers_of(state);
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(environment.handle(), &info);
    mdb_env_stat(environment.handle(), &stat);
    usage.used_bytes = (info.me_last_pgno + 1 - count_free_pages(state, 0)) * stat.ms_psize;
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

Readers find_readers(Gate& gate) { return readers_of(HeldState(gate)); }

}  // namespace verso::storage::lmdb
