// How a store comes to be open: the one place that knows which database is underneath.
#include <verso/domain/names.hpp>

#include "domain/json_parser.hpp"
#include "engine/limits.hpp"
#include "engine/new_store.hpp"
#include "engine/store_state.hpp"
#include "storage/lmdb/creation.hpp"
#include "storage/lmdb/lmdb_storage.hpp"
#include "storage/lmdb/rescue.hpp"

#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <cstdlib>

namespace verso {

namespace {

constexpr std::uint64_t default_map_size_bytes = std::uint64_t{1} << 40;
constexpr std::uint64_t temporary_map_size_bytes = std::uint64_t{1} << 30;
constexpr std::filesystem::perms owners_only{0600};
constexpr std::filesystem::perms everybodys{0666};

Timestamp system_time() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

void system_random(std::span<std::byte> bytes) {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()),
                   static_cast<int>(bytes.size())) != 1)
        fail(Errc::io_failed, "the system's source of randomness failed, so no id can be made");
}

storage::Durability storage_durability(Durability durability) {
    switch (durability) {
        case Durability::full: return storage::Durability::full;
        case Durability::relaxed: return storage::Durability::relaxed;
        case Durability::none: return storage::Durability::none;
    }
    fail(Errc::option_invalid, "options.durability is none of full, relaxed, none");
}

void check_options(const Options& options) {
    if (options.max_readers == 0)
        fail(Errc::option_invalid, "options.max_readers is 0; give at least 1");
    if ((options.file_permissions | everybodys) != everybodys ||
        (options.file_permissions & owners_only) != owners_only)
        fail(Errc::option_invalid,
             "options.file_permissions must let the owner read and write, and nobody do more");
    if (options.payload_scope > PayloadScope::store)
        fail(Errc::option_invalid, "options.payload_scope is none of organisation, store");
    if (options.document.max_bytes < 2)
        fail(Errc::option_invalid, "options.document.max_bytes is less than 2, the size of {}");
    if (options.document.max_bytes > widest_limits.max_bytes)
        fail(Errc::option_invalid,
             "options.document.max_bytes is more than 4 GiB, which the format cannot hold");
    if (options.max_name_bytes == 0 || options.max_name_bytes > max_name_bytes)
        fail(Errc::option_invalid, "options.max_name_bytes is " +
                                       std::to_string(options.max_name_bytes) + "; give 1 to 255");
    if (options.max_batch == 0)
        fail(Errc::option_invalid, "options.max_batch is 0; give at least 1");
    if (options.keep_requests.count() <= 0)
        fail(Errc::option_invalid, "options.keep_requests is not positive; give a duration");
    if (options.slow_reader_after.count() <= 0)
        fail(Errc::option_invalid, "options.slow_reader_after is not positive; give a duration");
    engine::check_history_limits("options.history", options.history);
    if (options.document.max_depth == 0)
        fail(Errc::option_invalid, "options.document.max_depth is 0; give at least 1");
}

std::filesystem::path temporary_path() {
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error);
    if (error) fail(Errc::io_failed, "there is no folder for temporary files: " + error.message());
    return engine::unique_path(folder / "verso-store-");
}

storage::LmdbOptions storage_options(const std::filesystem::path& path, const Options& options) {
    return {
        .path = path,
        .create = options.create,
        .permissions = options.file_permissions,
        .map_size_bytes = options.map_size_bytes ? options.map_size_bytes : default_map_size_bytes,
        .durability = storage_durability(options.durability),
        .max_readers = options.max_readers,
        .allow_network_file_system = options.allow_network_file_system,
        .check_checksums = options.check_chunks,
    };
}

}  // namespace

namespace engine {

std::unique_ptr<storage::NewStore> make_store(const std::filesystem::path& path,
                                              const Options& options) {
    storage::LmdbOptions made = storage_options(path, options);
    made.create = true;
    return storage::make_lmdb(made);
}

std::filesystem::perms permissions_of(const std::filesystem::path& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    return error ? owners_only : (status.permissions() & everybodys) | owners_only;
}

void rescue(const std::filesystem::path& path, storage::Storage& to,
            Visitor<const std::string&, const std::string&> lost) {
    storage::rescue_lmdb(path, to, lost);
}

std::filesystem::path unique_path(const std::filesystem::path& start) {
    std::array<std::byte, 16> random{};
    system_random(random);
    Uuid unique;
    std::transform(random.begin(), random.end(), unique.data,
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    std::filesystem::path path = start;
    return path += format_uuid(unique);
}

std::filesystem::path passing_path(const std::filesystem::path& path) {
    return storage::lmdb::temporary_path(path);
}

}  // namespace engine

Result<Store> Store::open(const std::filesystem::path& path, const Options& options) {
    return guarded([&] {
        check_options(options);
        Options filled = options;
        filled.clock = [clock = options.clock ? options.clock : system_time] {
            return std::clamp(clock(), Timestamp{}, latest_timestamp);
        };
        if (!filled.random) filled.random = system_random;
        filled.document.max_depth = std::min(filled.document.max_depth, max_json_depth);
        auto storage = storage::open_lmdb(storage_options(path, options));
        std::error_code error;
        auto lasting = std::filesystem::absolute(path, error);  // should the process change folders
        if (error) lasting = path;
        return Store(std::make_shared<engine::StoreState>(std::move(lasting), std::move(filled),
                                                          std::move(storage)));
    });
}

Result<Store> Store::temporary(Options options) {
    return guarded([&] {
        if (options.map_size_bytes == 0) options.map_size_bytes = temporary_map_size_bytes;
        options.create = true;
        options.file_permissions = owners_only;
        options.durability = Durability::none;  // what goes away need not survive a power cut
        auto files = std::make_unique<storage::TemporaryFiles>(temporary_path());
        Store store = must(open(files->path(), options));
        store.state_->own(std::move(files));
        return store;
    });
}

}  // namespace verso
