#include <verso/maintenance.hpp>

#include "domain/failure.hpp"
#include "engine/new_store.hpp"
#include "engine/store_state.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace verso {

namespace {

using storage::ChunkKind;
using storage::Table;

constexpr std::array tables{Table::records, Table::commits, Table::payload_index};
constexpr std::array chunk_kinds{ChunkKind::node, ChunkKind::payload};

/// Of one transaction, so that it is held in memory.
constexpr std::uint64_t bytes_per_transaction = 16U << 20U;

/// Copies a moment of a storage into an empty one.
class Copy {
public:
    Copy(storage::Storage& from, storage::Storage& to, const BackupOptions& options)
        : from_(from.begin_read()),
          usage_(from.usage()),
          to_(to),
          options_(options),
          writing_(to.begin_write({})),
          is_stopped_(options.stop.stop_requested()) {}

    BackupReport run() {
        if (options_.progress) options_.progress(0.0);
        for (const ChunkKind kind : chunk_kinds) copy_chunks(kind);
        for (const Table table : tables) copy_records(table);
        if (is_stopped_) return report_;
        writing_->commit();
        report_.file_bytes = to_.usage().file_bytes;
        report_.is_complete = true;
        return report_;
    }

private:
    void copy_chunks(ChunkKind kind) {
        from_->each_chunk(kind, [&](storage::ChunkId id, BytesView bytes) {
            if (bytes.empty()) static_cast<void>(from_->chunk(kind, id));  // fails, and says why
            writing_->append(kind, id, bytes);
            ++report_.chunks;
            return goes_on(bytes.size());
        });
    }

    void copy_records(Table table) {
        from_->scan(table, {}, [&](BytesView key, BytesView value) {
            writing_->put(table, key, value);
            ++report_.records;
            return goes_on(key.size() + value.size());
        });
    }

    /// Counts what was copied; now and then commits it and tells how far it is.
    bool goes_on(std::uint64_t bytes) {
        pending_bytes_ += bytes;
        if (pending_bytes_ < bytes_per_transaction) return !is_stopped_;
        writing_->commit();
        writing_ = to_.begin_write({});
        pending_bytes_ = 0;
        const std::uint64_t all = usage_.node_chunks + usage_.payload_chunks + usage_.record_count;
        const auto done = static_cast<double>(report_.chunks + report_.records);
        if (options_.progress) options_.progress(std::min(1.0, done / static_cast<double>(all)));
        is_stopped_ = options_.stop.stop_requested();
        return !is_stopped_;
    }

    std::unique_ptr<storage::ReadTransaction> from_;
    storage::Usage usage_;
    storage::Storage& to_;
    const BackupOptions& options_;
    std::unique_ptr<storage::WriteTransaction> writing_;
    std::uint64_t pending_bytes_ = 0;
    BackupReport report_;
    bool is_stopped_;
};

/// Hands a backup's bytes to the sink, in pieces.
void send(std::ifstream& in, const std::function<Result<void>(std::string_view)>& sink) {
    constexpr std::size_t piece_bytes = 1U << 20U;
    std::string piece(piece_bytes, '\0');
    do {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (in.bad() || !in.is_open())
            fail(Errc::io_failed, "cannot read the backup that was made beside the store");
        must(sink({piece.data(), static_cast<std::size_t>(in.gcount())}));
    } while (in);
}

}  // namespace

Result<BackupReport> backup(const Store& store, const std::filesystem::path& path,
                            const BackupOptions& options) {
    return guarded([&] {
        Options options_of_copy = store.options();
        options_of_copy.file_permissions = engine::permissions_of(store.path());
        const auto made = engine::make_store(path, options_of_copy);
        storage::Storage& from = engine::StoreAccess::state(store).storage();
        const BackupReport report = Copy(from, made->storage(), options).run();
        if (report.is_complete) made->publish();
        if (options.progress && report.is_complete) options.progress(1.0);
        return report;
    });
}

Result<BackupReport> backup(const Store& store,
                            const std::function<Result<void>(std::string_view)>& sink,
                            const BackupOptions& options) {
    return guarded([&] {
        BackupReport report;
        std::ifstream in;
        {
            const storage::TemporaryFiles made(
                engine::unique_path(store.path().string() + ".backup-"));
            report = must(backup(store, made.path(), options));
            if (report.is_complete) in.open(made.path(), std::ios::binary);
        }  // it has no name any more: nothing is left, whatever ends the process
        if (report.is_complete) send(in, sink);
        return report;
    });
}

}  // namespace verso
