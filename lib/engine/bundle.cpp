#include <verso/bundle.hpp>

#include "engine/bundle/bundle_export.hpp"
#include "engine/bundle/bundle_import.hpp"
#include "engine/bundle/moment.hpp"
#include "engine/store_state.hpp"

#include <algorithm>
#include <vector>

namespace verso {

using engine::bundle::BundleContent;
using engine::bundle::BundleImport;
using engine::bundle::Holds;
using engine::bundle::Moment;

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
        constexpr std::size_t piece_bytes = std::size_t{256} * 1024;
        BundleImportReport report;
        engine::StoreAccess::state(store).write([&](engine::Writer& writer) {
            BundleImport import(writer, options);
            std::vector<char> piece(piece_bytes);
            std::uint64_t read = 0;
            while (const std::size_t size = must(source(piece))) {
                import.feed({piece.data(), std::min(size, piece.size())});
                read += size;
                if (options.progress) options.progress(read);
            }
            report = import.finish();
        });
        return report;
    });
}

}  // namespace verso
