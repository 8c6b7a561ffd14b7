#include <verso/bundle.hpp>

#include "engine/bundle/bundle_export.hpp"
#include "engine/bundle/bundle_import.hpp"
#include "engine/bundle/bundle_lines.hpp"
#include "engine/bundle/moment.hpp"
#include "engine/bundle/staged_import.hpp"
#include "engine/store_state.hpp"

#include <algorithm>
#include <string>

namespace verso {

using engine::bundle::BundleContent;
using engine::bundle::BundleImport;
using engine::bundle::BundleLines;
using engine::bundle::Holds;
using engine::bundle::Moment;
using engine::bundle::StagedImport;

namespace {

/// Reads a source piece by piece.
class SourceReader {
public:
    SourceReader(const BundleSource& source, const std::function<void(std::uint64_t)>& progress)
        : source_(source), progress_(progress) {}

    /// Reads a piece to the end of `bytes`. Answers whether there was one. Fails as the source
    /// does.
    bool read_into(std::string& bytes) {
        const std::size_t size = bytes.size();
        bytes.resize(size + piece_bytes_);
        const std::size_t more =
            std::min(must(source_({bytes.data() + size, piece_bytes_})), piece_bytes_);
        bytes.resize(size + more);
        is_at_end_ = more == 0;
        read_ += more;
        // Room that a source leaves empty was made for nothing, so pieces grow as they are filled.
        if (more == piece_bytes_) piece_bytes_ = std::min(2 * piece_bytes_, most_piece_bytes);
        if (!is_at_end_ && progress_) progress_(read_);
        return !is_at_end_;
    }
    [[nodiscard]] bool is_at_end() const noexcept { return is_at_end_; }

private:
    static constexpr std::size_t most_piece_bytes = std::size_t{256} * 1024;

    const BundleSource& source_;
    const std::function<void(std::uint64_t)>& progress_;
    std::size_t piece_bytes_ = std::size_t{16} * 1024;
    std::uint64_t read_ = 0;
    bool is_at_end_ = false;
};

BundleImportReport import_at_once(engine::Writer& writer, std::string_view bytes,
                                  const BundleImportOptions& options) {
    BundleImport import(writer, options);
    BundleLines lines(engine::bundle::max_line_bytes(writer.options().document),
                      [&](std::string_view line) { import.take(line); });
    lines.feed(bytes);
    lines.finish();
    return import.finish();
}

}  // namespace

std::string_view to_string(MoveOutcome outcome) noexcept {
    switch (outcome) {
        case MoveOutcome::added: return "added";
        case MoveOutcome::updated: return "updated";
        case MoveOutcome::unchanged: return "unchanged";
        case MoveOutcome::newer: return "newer";
        case MoveOutcome::diverged: return "diverged";
        case MoveOutcome::published: return "published";
        case MoveOutcome::name_taken: return "name_taken";
    }
    return "unknown";
}

std::uint64_t BundleImportReport::count(MoveOutcome outcome) const noexcept {
    return static_cast<std::uint64_t>(
        std::ranges::count(versions, outcome, &MovedVersion::outcome));
}

Result<BundleSummary> export_bundle(const Store& store, const VersionKey& version,
                                    const BundleSink& sink, const BundleExportOptions& options) {
    return guarded([&] {
        engine::check_now(version);
        Moment moment(store);
        return engine::bundle::export_bundle(moment.view, store.options().clock(),
                                             {.holds = Holds::version,
                                              .connection = version.connection,
                                              .versions = {moment.view.version(version)}},
                                             sink, options.progress);
    });
}

Result<BundleSummary> export_bundle(const Store& store, ConnectionId connection,
                                    const BundleSink& sink, const BundleExportOptions& options) {
    return guarded([&] {
        Moment moment(store);
        BundleContent content{.holds = Holds::connection, .connection = connection};
        static_cast<void>(moment.view.connection_state(connection));
        content.versions = engine::bundle::versions_of(moment.view, connection);
        return engine::bundle::export_bundle(moment.view, store.options().clock(), content, sink,
                                             options.progress);
    });
}

Result<BundleImportReport> import_bundle(Store& store, const BundleSource& source,
                                         const BundleImportOptions& options) {
    return guarded([&] {
        engine::StoreState& state = engine::StoreAccess::state(store);
        engine::bundle::check_limits(
            {options.slice_bytes, options.max_bytes, options.keep_unfinished});
        SourceReader reader(source, options.progress);
        std::string bytes;
        while (bytes.size() < options.slice_bytes && reader.read_into(bytes)) continue;
        if (reader.is_at_end()) {
            BundleImportReport report;
            state.write(
                [&](engine::Writer& writer) { report = import_at_once(writer, bytes, options); });
            return report;
        }
        StagedImport import(state, options);
        do {
            import.feed(bytes);
            bytes.clear();
        } while (reader.read_into(bytes));
        return import.finish();
    });
}

}  // namespace verso
