#include "storage/lmdb/lmdb_storage.hpp"

#include "domain/failure.hpp"
#include "storage/follow_links.hpp"
#include "storage/lmdb/creation.hpp"
#include "storage/lmdb/errors.hpp"
#include "storage/lmdb/file_system.hpp"
#include "storage/lmdb/page_check.hpp"
#include "storage/lmdb/transactions.hpp"
#include "storage/lmdb/usage.hpp"
#include "storage/temporary_files.hpp"

#include <system_error>

namespace verso::storage {

namespace {

class LmdbStorage final : public Storage {
public:
    explicit LmdbStorage(const LmdbOptions& options) : gate_(options) {}

    std::unique_ptr<ReadTransaction> begin_read() override {
        return lmdb::make_read_transaction(gate_);
    }
    std::unique_ptr<WriteTransaction> begin_write(BytesView /*connection*/) override {
        return lmdb::make_write_transaction(gate_);
    }
    Usage usage() override { return lmdb::measure(gate_); }
    Readers readers() override { return lmdb::find_readers(gate_); }
    bool check_structure(Visitor<const std::string&, const std::string&> visitor) override {
        return lmdb::check_pages(gate_, visitor);
    }
    void check_process() const override { gate_.guard().check(); }

private:
    lmdb::Gate gate_;
};

void check_options(const LmdbOptions& options) {
    if (!options.path.has_filename())
        fail(Errc::option_invalid,
             "the path '" + options.path.string() + "' names no file; give one");
    if (options.map_size_bytes == 0)
        fail(Errc::option_invalid, "map_size_bytes is 0; give a size in bytes");
    if (options.max_readers == 0) fail(Errc::option_invalid, "max_readers is 0; give at least 1");
}

/// Where the file really lies. LMDB derives the lock file's name from the path: two processes that
/// come by different links would lock different files.
std::filesystem::path resolve(const std::filesystem::path& path) {
    std::error_code error;
    auto resolved = std::filesystem::weakly_canonical(follow_links(path), error);
    if (error) lmdb::fail_lmdb(error.value(), "open", path);
    return resolved;
}

bool is_there(const std::filesystem::path& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::none)
        lmdb::fail_lmdb(error.value(), "open", path);
    return std::filesystem::exists(status);
}

[[noreturn]] void fail_taken(const std::filesystem::path& path) {
    fail(Errc::option_invalid,
         "there is a file " + path.string() + " already; remove it, or name another");
}

class LmdbNewStore final : public NewStore {
public:
    explicit LmdbNewStore(const LmdbOptions& options) : target_(resolve(options.path)) {
        if (is_there(target_)) fail_taken(target_);
        LmdbOptions temporary = options;
        temporary.path = files_.path();
        temporary.durability = Durability::none;  // it is synced as a whole
        storage_ = open_lmdb(temporary);
    }

    Storage& storage() override { return *storage_; }

    void publish() override {
        storage_.reset();
        lmdb::sync_file(files_.path());
        if (!lmdb::give_name(files_.path(), target_, true)) fail_taken(target_);
    }

private:
    std::filesystem::path target_;
    TemporaryFiles files_{lmdb::temporary_path(target_)};  // unless they have another name
    std::unique_ptr<Storage> storage_;
};

}  // namespace

std::unique_ptr<NewStore> make_lmdb(const LmdbOptions& options) {
    check_options(options);
    return std::make_unique<LmdbNewStore>(options);
}

std::unique_ptr<Storage> open_lmdb(const LmdbOptions& options) {
    check_options(options);
    lmdb::occupy_standard_streams();
    LmdbOptions resolved = options;
    resolved.path = resolve(options.path);
    const auto folder = lmdb::folder_of(resolved.path);
    if (!is_there(folder))
        fail(Errc::store_not_found,
             "there is no folder " + folder.string() + " for a store; create it first");
    if (!options.allow_network_file_system) lmdb::check_local(folder);
    if (options.create && !is_there(resolved.path)) lmdb::create_store(resolved);
    return std::make_unique<LmdbStorage>(resolved);
}

}  // namespace verso::storage
