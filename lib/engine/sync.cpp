#include <verso/sync.hpp>

#include "engine/bundle/bundle_export.hpp"
#include "engine/bundle/bundle_import.hpp"
#include "engine/bundle/bundle_lines.hpp"
#include "engine/bundle/document_stage.hpp"
#include "engine/bundle/moment.hpp"
#include "engine/bundle/negotiation.hpp"
#include "engine/store_state.hpp"

#include <algorithm>

namespace verso {

using engine::bundle::BundleContent;
using engine::bundle::BundleImport;
using engine::bundle::BundleLines;
using engine::bundle::DocumentStage;
using engine::bundle::Moment;
using engine::bundle::Negotiation;

namespace {

/// What moves is more than one transaction is to store.
struct TooLarge {};

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

    /// What is agreed on cannot change before it is stored: all of it is one write there. Throws
    /// TooLarge where that would be more than `max_bytes`; 0: any.
    SyncReport run(engine::Writer& there, std::uint64_t max_bytes) {
        Negotiation negotiation(moment_.view, there.view(), connection_);
        negotiation.run(options_.version);
        SyncReport report{.connection_added = !negotiation.is_connection_there(),
                          .versions = negotiation.outcomes()};
        if (moves_nothing(negotiation)) return report;
        const BundleImportOptions import_options{.organisation = organisation_,
                                                 .on_conflict = BundleConflict::skip};
        BundleImport import(there, import_options);
        BundleLines lines(engine::bundle::max_line_bytes(there.options().document),
                          [&](std::string_view line) { import.take(line); });
        std::uint64_t bytes_sent = 0;
        take_sizes(report,
                   send(content_for(negotiation, there.view()), [&](std::string_view bytes) {
                       bytes_sent += bytes.size();
                       if (max_bytes != 0 && bytes_sent > max_bytes) throw TooLarge{};
                       return guarded([&] { lines.feed(bytes); });
                   }));
        lines.finish();
        const BundleImportReport imported = import.finish();
        for (const MovedVersion& moved : imported.versions)  // both are in order of id
            std::ranges::lower_bound(report.versions, moved.id, {}, &MovedVersion::id)->outcome =
                moved.outcome;
        return report;
    }

    /// Stores the documents that are to move, before what will hold them. Answers what moves.
    BundleSummary stage(const Store& to, DocumentStage& documents) {
        Moment there(to);
        Negotiation negotiation(moment_.view, there.view, connection_);
        negotiation.run(options_.version);
        BundleLines lines(engine::bundle::max_line_bytes(to.options().document),
                          [&](std::string_view line) {
                              if (line.starts_with(engine::bundle::document_prefix))
                                  documents.add(engine::bundle::read_document(line));
                          });
        const BundleSummary moved =
            send(content_for(negotiation, there.view),
                 [&](std::string_view bytes) { return guarded([&] { lines.feed(bytes); }); });
        documents.flush();
        return moved;
    }

    [[nodiscard]] OrganisationId organisation() const noexcept { return organisation_; }

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
        const engine::bundle::StageLimits limits{options.slice_bytes, 0, options.keep_unfinished};
        check_limits(limits);
        Push push(from, connection, options);
        if (options.dry_run) return push.try_out(to);
        engine::StoreState& there = engine::StoreAccess::state(to);
        SyncReport report;
        try {
            there.write(
                [&](engine::Writer& writer) { report = push.run(writer, limits.slice_bytes); });
            return report;
        } catch (const TooLarge&) {
        }
        DocumentStage documents(there, push.organisation(), limits, "push of a connection");
        documents.or_release([&] {
            const BundleSummary moved = push.stage(to, documents);
            there.write([&](engine::Writer& writer) {
                report = push.run(writer, 0);
                documents.release(writer);
            });
            report.documents = moved.documents;
            report.document_bytes = moved.document_bytes;
        });
        return report;
    });
}

Result<SyncReport> pull(Store& into, const Store& from, ConnectionId connection,
                        const SyncOptions& options) {
    return push(from, into, connection, options);
}

}  // namespace verso
