#include <verso/sync.hpp>

#include "engine/bundle/bundle_export.hpp"
#include "engine/bundle/bundle_import.hpp"
#include "engine/bundle/moment.hpp"
#include "engine/bundle/negotiation.hpp"
#include "engine/store_state.hpp"

#include <algorithm>

namespace verso {

using engine::bundle::BundleContent;
using engine::bundle::BundleImport;
using engine::bundle::Moment;
using engine::bundle::Negotiation;

namespace {

/// One run of push(): what has been agreed with the other side, and what moves.
class Push {
public:
    Push(const Store& from, ConnectionId connection, const SyncOptions& options)
        : from_(from),
          moment_(from),
          organisation_(moment_.view.organisation_of(connection)),
          connection_(connection),
          options_(options) {}

    SyncReport try_out(const Store& to) {
        Moment there(to);
        Negotiation negotiation(moment_.view, there.view, connection_);
        negotiation.run(options_.version);
        SyncReport report{.connection_added = !negotiation.is_connection_there(),
                          .versions = negotiation.outcomes()};
        if (moves_nothing(negotiation)) return report;
        take_sizes(report, send(content_for(negotiation, there.view),
                                [](std::string_view) -> Result<void> { return {}; }));
        return report;
    }

    /// What is agreed on cannot change before it is stored: all of it is one write there.
    SyncReport run(engine::Writer& there) {
        Negotiation negotiation(moment_.view, there.view(), connection_);
        negotiation.run(options_.version);
        SyncReport report{.connection_added = !negotiation.is_connection_there(),
                          .versions = negotiation.outcomes()};
        if (moves_nothing(negotiation)) return report;
        const BundleImportOptions import_options{.organisation = organisation_,
                                                 .on_conflict = BundleConflict::skip};
        BundleImport import(there, import_options);
        take_sizes(report,
                   send(content_for(negotiation, there.view()), [&](std::string_view bytes) {
                       return guarded([&] { import.feed(bytes); });
                   }));
        const BundleImportReport imported = import.finish();
        for (const MovedVersion& moved : imported.versions)
            std::ranges::find(report.versions, moved.id, &MovedVersion::id)->outcome =
                moved.outcome;
        return report;
    }

private:
    static bool moves_nothing(const Negotiation& negotiation) {
        return negotiation.is_connection_there() && negotiation.content().versions.empty();
    }

    [[nodiscard]] BundleContent content_for(const Negotiation& negotiation,
                                            engine::View& there) const {
        BundleContent content = negotiation.content();
        if (content.base.empty()) return content;  // it stands alone, with all its documents
        const auto store = there.transaction().find(storage::Table::records, engine::key::store());
        const bool is_shared =
            store && engine::StoreRecord::decode(*store).payload_scope == PayloadScope::store;
        content.has_document =
            [&there, scope = is_shared ? Uuid{} : organisation_.value](const Digest& digest) {
                const std::string key = engine::key::payload(scope, digest);
                return there.transaction().find(storage::Table::payload_index, key).has_value();
            };
        return content;
    }

    BundleSummary send(const BundleContent& content, const BundleSink& sink) {
        return engine::bundle::export_bundle(moment_.view, from_.options().clock(), content, sink,
                                             options_.progress);
    }

    static void take_sizes(SyncReport& report, const BundleSummary& sent) {
        report.commits = sent.commits;
        report.documents = sent.documents;
        report.document_bytes = sent.document_bytes;
    }

    const Store& from_;
    Moment moment_;
    OrganisationId organisation_;
    ConnectionId connection_;
    const SyncOptions& options_;
};

}  // namespace

std::uint64_t SyncReport::count(MoveOutcome outcome) const noexcept {
    return static_cast<std::uint64_t>(
        std::ranges::count(versions, outcome, &MovedVersion::outcome));
}

Result<SyncReport> push(const Store& from, Store& to, ConnectionId connection,
                        const SyncOptions& options) {
    return guarded([&] {
        Push push(from, connection, options);
        if (options.dry_run) return push.try_out(to);
        SyncReport report;
        engine::StoreAccess::state(to).write(
            [&](engine::Writer& writer) { report = push.run(writer); });
        return report;
    });
}

Result<SyncReport> pull(Store& into, const Store& from, ConnectionId connection,
                        const SyncOptions& options) {
    return push(from, into, connection, options);
}

}  // namespace verso
