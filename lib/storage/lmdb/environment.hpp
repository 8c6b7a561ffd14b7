// One opened LMDB environment and the tables in it: a named database for each Table and each
// ChunkKind, and the format stamp beside them. Thread safety: safe, as far as LMDB's calls are.
#pragma once

#include "storage/lmdb/lmdb_storage.hpp"
#include "storage/lmdb/process.hpp"

#include <lmdb.h>

#include <array>
#include <atomic>
#include <memory>

namespace verso::storage::lmdb {

struct CloseEnvironment {
    FileClaim* claim = nullptr;  ///< none: nobody else knows the file

    void operator()(MDB_env* environment) const noexcept;
};
using EnvironmentHandle = std::unique_ptr<MDB_env, CloseEnvironment>;

[[nodiscard]] inline MDB_val to_val(BytesView bytes) noexcept {
    return {bytes.size(), const_cast<char*>(bytes.data())};  // LMDB only reads what it is given
}
[[nodiscard]] inline BytesView to_view(const MDB_val& value) noexcept {
    return {static_cast<const char*>(value.mv_data), value.mv_size};
}

/// The named databases, records before chunks. Part of the stored format.
inline constexpr std::array table_names{"records", "commits", "payload_index", "nodes", "payloads"};
inline constexpr std::size_t record_tables = 3;

/// The longest key that LMDB takes. Units: bytes.
inline constexpr std::size_t max_key_bytes = 511;

/// Opens LMDB on `path` with the flags that every environment of ours has, and `flags`; unless
/// nobody else knows the file, by a claim on it, which outlives what is answered.
[[nodiscard]] EnvironmentHandle open_environment(const std::filesystem::path& path,
                                                 const LmdbOptions& options, unsigned flags,
                                                 FileClaim* claim);

/// Makes the tables and the stamp in a new environment.
void write_empty_store(MDB_env* environment, const std::filesystem::path& path);

class Environment {
public:
    /// Opens the environment, and makes sure that it is a store of this format, that it is whole,
    /// and that it is the file of the claim, which outlives it.
    Environment(const LmdbOptions& options, const std::filesystem::path& path, FileClaim& claim);

    [[nodiscard]] MDB_env* handle() const noexcept { return handle_.get(); }
    [[nodiscard]] MDB_dbi table(Table table) const noexcept {
        return tables_[static_cast<std::size_t>(table)];
    }
    [[nodiscard]] MDB_dbi chunks(ChunkKind kind) const noexcept {
        return tables_[record_tables + static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// Whether what LMDB answered lies inside the file. A damaged page may say that a value is
    /// longer than the file, and to read it would kill the process.
    [[nodiscard]] bool holds(const MDB_val& value) const noexcept {
        const auto begin = reinterpret_cast<std::uintptr_t>(value.mv_data);
        if (begin - map_begin_ >= map_bytes_)
            return true;  // on the heap: a page that this writer changed
        return begin + value.mv_size <= file_end_.load(std::memory_order_relaxed) ||
               holds_after_growth(value);
    }

    /// Gives back the slots of readers whose process is gone.
    void clear_dead_readers() noexcept;

    /// Maps as much as another process has made of the store. Requires: no transaction is live.
    void adopt_larger_map();

private:
    void open_tables(MDB_txn* transaction);
    void check_stamp(MDB_txn* transaction);
    void locate_map(const char* stamp, std::uint64_t page_bytes);
    [[nodiscard]] bool holds_after_growth(const MDB_val& value) const noexcept;

    std::filesystem::path path_;
    EnvironmentHandle handle_;
    std::array<MDB_dbi, table_names.size()> tables_{};
    std::uintptr_t map_begin_ = 0;
    std::uintptr_t map_bytes_ = 0;
    mutable std::atomic<std::uintptr_t> file_end_{0};  // in the map; it only rises
};

}  // namespace verso::storage::lmdb
