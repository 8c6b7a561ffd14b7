#include "storage/lmdb/environment.hpp"

#include "domain/failure.hpp"
#include "storage/lmdb/checksum.hpp"
#include "storage/lmdb/errors.hpp"
#include "storage/lmdb/file_check.hpp"

#include <verso/library_version.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace verso::storage::lmdb {

namespace {

/// The stamp: a key of LMDB's unnamed database, beside the names of the tables. Its value is a
/// checksum, "verso" and the format number, 32 bits, little-endian. Part of the stored format.
constexpr BytesView stamp_key = "verso";
constexpr BytesView stamp_name = "verso";
constexpr std::uint32_t format = 1;

constexpr std::uint64_t smallest_halved_map_bytes = std::uint64_t{1} << 30;

unsigned durability_flags(Durability durability) noexcept {
    switch (durability) {
        // The pages of a commit are synced, the header that points to them goes with the next
        // commit's: a power cut leaves the header before it, whose pages no commit since then has
        // written over.
        case Durability::relaxed: return MDB_NOMETASYNC;
        // Nothing is synced: the kernel may write the header before the pages that it points to.
        case Durability::none: return MDB_NOSYNC;
        case Durability::full: break;
    }
    return 0;
}

unsigned table_flags(std::size_t table) noexcept {
    return table < record_tables ? 0 : MDB_INTEGERKEY;
}

/// Undoes its transaction unless that was committed.
class OpeningTransaction {
public:
    OpeningTransaction(MDB_env* environment, unsigned flags, const std::filesystem::path& path)
        : path_(path) {
        check_lmdb(mdb_txn_begin(environment, nullptr, flags, &handle_), "open", path_);
    }
    ~OpeningTransaction() {
        if (handle_ != nullptr) mdb_txn_abort(handle_);
    }
    OpeningTransaction(const OpeningTransaction&) = delete;
    OpeningTransaction& operator=(const OpeningTransaction&) = delete;

    [[nodiscard]] MDB_txn* handle() const noexcept { return handle_; }
    void commit() { check_lmdb(mdb_txn_commit(std::exchange(handle_, nullptr)), "open", path_); }

private:
    const std::filesystem::path& path_;
    MDB_txn* handle_ = nullptr;
};

std::uint64_t page_bytes_of(MDB_env* environment) noexcept {
    MDB_stat stat{};
    mdb_env_stat(environment, &stat);
    return stat.ms_psize;
}

mdb_mode_t permissions_of(const std::filesystem::path& path) {
    constexpr mdb_mode_t read_and_write = 0666;
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) fail_lmdb(errno, "open", path);
    return info.st_mode & read_and_write;
}

}  // namespace

void CloseEnvironment::operator()(MDB_env* environment) const noexcept {
    if (claim == nullptr) return mdb_env_close(environment);
    const auto turn = guarded([&] { claim->lock(); });
    mdb_env_close(environment);
    if (turn) claim->unlock();
}

EnvironmentHandle open_environment(const std::filesystem::path& path, const LmdbOptions& options,
                                   unsigned flags, FileClaim* claim) {
    const auto os_page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::uint64_t map_bytes = (options.map_size_bytes + os_page - 1) / os_page * os_page;
    for (;; map_bytes = std::max(map_bytes / 2, smallest_halved_map_bytes)) {
        MDB_env* created = nullptr;
        check_lmdb(mdb_env_create(&created), "open", path);
        EnvironmentHandle environment(created, CloseEnvironment{claim});
        check_lmdb(mdb_env_set_maxdbs(created, static_cast<MDB_dbi>(table_names.size())), "open",
                   path);
        check_lmdb(mdb_env_set_maxreaders(created, options.max_readers), "open", path);
        check_lmdb(mdb_env_set_mapsize(created, map_bytes), "open", path);
        const unsigned all_flags =
            MDB_NOTLS | MDB_NOSUBDIR | durability_flags(options.durability) | flags;
        // The store's file is there; LMDB makes the lock file with these.
        const mdb_mode_t lock_file_mode = permissions_of(path);
        if (claim != nullptr) claim->lock();
        int code = mdb_env_open(created, path.c_str(), all_flags, lock_file_mode);
        if (claim != nullptr) claim->unlock();
        // Where more is asked for than an address space has, Linux says ENOMEM and Valgrind EINVAL.
        if (code == EINVAL) code = ENOMEM;
        if (code == ENOMEM && map_bytes > smallest_halved_map_bytes) continue;
        check_lmdb(code, "open", path);
        return environment;
    }
}

void write_empty_store(MDB_env* environment, const std::filesystem::path& path) {
    OpeningTransaction transaction(environment, 0, path);
    MDB_dbi table = 0;
    for (std::size_t i = 0; i < table_names.size(); ++i)
        check_lmdb(
            mdb_dbi_open(transaction.handle(), table_names[i], MDB_CREATE | table_flags(i), &table),
            "create", path);
    check_lmdb(mdb_dbi_open(transaction.handle(), nullptr, 0, &table), "create", path);
    ByteWriter stamp;
    stamp.bytes(stamp_name).le(format);
    std::string value(checksum_bytes + stamp.size(), '\0');
    seal(value.data(), stamp_key, stamp.view());
    MDB_val key = to_val(stamp_key);
    MDB_val bytes = to_val(value);
    check_lmdb(mdb_put(transaction.handle(), table, &key, &bytes, 0), "create", path);
    transaction.commit();
}

Environment::Environment(const LmdbOptions& options, const std::filesystem::path& path,
                         FileClaim& claim)
    : path_(path), handle_(open_environment(path, options, 0, &claim)) {
    int descriptor = -1;
    check_lmdb(mdb_env_get_fd(handle(), &descriptor), "open", path_);
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) fail_lmdb(errno, "open", path_);
    if (FileId{info.st_dev, info.st_ino} != claim.file())
        fail(Errc::store_invalid,
             "the file " + path_.string() +
                 " was replaced while it was opened; open it again when that is over");
    claim.share_lock_file();
    clear_dead_readers();
    const std::size_t page_bytes = page_bytes_of(handle());
    const std::uint64_t newest_before = newest_commit({descriptor, page_bytes}, path_);
    OpeningTransaction transaction(handle(), MDB_RDONLY, path_);
    const std::uint64_t id = mdb_txn_id(transaction.handle());
    const PageFile file(descriptor, page_bytes);  // as long as the transaction's state, or longer
    check_whole(file, id, path_);
    // The lock file counts commits. It is one behind the header pages at most, while one is made.
    if (id + 1 < newest_before || newest_commit(file, path_) < id)
        fail(Errc::store_invalid,
             "the lock file of " + path_.string() +
                 " is of another file that was there before, which a process still has open; stop "
                 "it, and open the store again");
    check_stamp(transaction.handle());
    open_tables(transaction.handle());
    transaction.commit();  // so that the handles of the tables outlive it
}

void Environment::open_tables(MDB_txn* transaction) {
    for (std::size_t i = 0; i < table_names.size(); ++i) {
        unsigned flags = 0;
        int code = mdb_dbi_open(transaction, table_names[i], table_flags(i), &tables_[i]);
        if (code == 0) code = mdb_dbi_flags(transaction, tables_[i], &flags);
        if (code > 0) fail_lmdb(code, "open", path_);  // the system's word, not LMDB's
        if (code < 0 || flags != table_flags(i))
            fail(Errc::corrupt, "the store " + path_.string() + " has no readable table " +
                                    table_names[i] + "; restore a backup");
    }
}

void Environment::check_stamp(MDB_txn* transaction) {
    MDB_dbi unnamed = 0;
    check_lmdb(mdb_dbi_open(transaction, nullptr, 0, &unnamed), "open", path_);
    MDB_val key = to_val(stamp_key);
    MDB_val value{};
    const int code = mdb_get(transaction, unnamed, &key, &value);
    if (code == MDB_NOTFOUND)
        fail(Errc::store_invalid,
             path_.string() + " is an LMDB file, but not a store; name another file");
    check_lmdb(code, "open", path_);
    const BytesView bytes = to_view(value);
    if (bytes.size() < checksum_bytes + stamp_name.size() + sizeof format ||
        load_le<std::uint64_t>(bytes.data()) != checksum(stamp_key, bytes.substr(checksum_bytes)) ||
        bytes.substr(checksum_bytes, stamp_name.size()) != stamp_name)
        fail(Errc::store_invalid, path_.string() +
                                      " has no stamp of a store, or a damaged one; name another "
                                      "file, or restore a backup");
    const auto found = load_le<std::uint32_t>(bytes.data() + checksum_bytes + stamp_name.size());
    if (found != format)
        fail(Errc::format_unsupported,
             "the store " + path_.string() + " has storage format " + std::to_string(found) +
                 ", and verso " + library_version + " reads format " + std::to_string(format) +
                 "; open it with the version of verso that wrote it");
    locate_map(bytes.data(), page_bytes_of(handle()));
}

// LMDB does not tell where its map begins. A page does: it starts with its own number.
void Environment::locate_map(const char* stamp, std::uint64_t page_bytes) {
    if (page_bytes > static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)))
        return;  // pages are not aligned
    const auto page =
        reinterpret_cast<std::uintptr_t>(stamp) & ~static_cast<std::uintptr_t>(page_bytes - 1);
    std::uint64_t number = 0;
    std::memcpy(&number, reinterpret_cast<const char*>(page), sizeof number);
    MDB_envinfo info{};
    mdb_env_info(handle(), &info);
    if (number > info.me_last_pgno)
        fail(Errc::corrupt,
             "the store " + path_.string() + " has a damaged page; restore a backup");
    map_begin_ = page - number * page_bytes;
    map_bytes_ = info.me_mapsize;
    file_end_ = 0;
}

bool Environment::holds_after_growth(const MDB_val& value) const noexcept {
    int descriptor = -1;
    struct stat info {};
    if (mdb_env_get_fd(handle(), &descriptor) != 0 || ::fstat(descriptor, &info) != 0) return false;
    const auto end = map_begin_ + static_cast<std::uintptr_t>(info.st_size);
    file_end_.store(end, std::memory_order_relaxed);
    return reinterpret_cast<std::uintptr_t>(value.mv_data) + value.mv_size <= end;
}

void Environment::clear_dead_readers() noexcept { mdb_reader_check(handle(), nullptr); }

void Environment::adopt_larger_map() {
    check_lmdb(mdb_env_set_mapsize(handle(), 0), "map", path_);
    OpeningTransaction transaction(handle(), MDB_RDONLY, path_);
    check_stamp(transaction.handle());
}

}  // namespace verso::storage::lmdb
