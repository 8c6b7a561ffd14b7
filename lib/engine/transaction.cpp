#include <verso/transaction.hpp>

#include "engine/draft_content.hpp"
#include "engine/limits.hpp"
#include "engine/writer.hpp"

namespace verso {

Transaction::Transaction(engine::Writer* writer) noexcept
    : Reader(&writer->view()), writer_(writer) {}
Transaction::~Transaction() = default;

Result<Connection> Transaction::create_connection(OrganisationId organisation,
                                                  const NewConnection& connection) {
    return guarded([&] { return writer_->create_connection(organisation, connection); });
}

Result<Connection> Transaction::update_connection(ConnectionId id, std::string name,
                                                  Document properties) {
    return guarded([&] { return writer_->update_connection(id, std::move(name), properties); });
}

Result<void> Transaction::delete_connection(ConnectionId id, bool force) {
    return guarded([&] { writer_->delete_connection(id, force); });
}

Result<void> Transaction::set_history_limits(ConnectionId id,
                                             const std::optional<HistoryLimits>& limits) {
    return guarded([&] { writer_->set_history_limits(id, limits); });
}

Result<void> Transaction::set_quota(OrganisationId organisation,
                                    const std::optional<Quota>& quota) {
    return guarded([&] { writer_->set_quota(organisation, quota); });
}

Result<Lease> Transaction::take_lease(const VersionKey& version, std::chrono::milliseconds duration,
                                      std::string_view owner) {
    return guarded([&] { return writer_->take_lease(version, duration, owner); });
}

Result<Lease> Transaction::renew_lease(LeaseId lease, std::chrono::milliseconds duration) {
    return guarded([&] { return writer_->renew_lease(lease, duration); });
}

Result<void> Transaction::end_lease(LeaseId lease) {
    return guarded([&] { writer_->end_lease(lease); });
}

Result<void> Transaction::keep_request(std::string_view request, std::string_view answer) {
    return guarded([&] { writer_->keep_request(request, answer); });
}

Result<ConnectionVersion> Transaction::create_version(ConnectionId connection,
                                                      const NewVersion& version) {
    return guarded([&] { return writer_->create_version(connection, version); });
}

Result<ConnectionVersion> Transaction::create_version(
    ConnectionId connection, const NewVersion& version,
    const std::function<Result<void>(Draft&)>& fill) {
    return guarded([&] {
        return writer_->create_version(connection, version, [&](engine::DraftContent& content) {
            Draft draft(&content, &writer_->options());
            must(fill(draft));
        });
    });
}

Result<ConnectionVersion> Transaction::update_version(const VersionKey& version,
                                                      const VersionUpdate& update) {
    return guarded([&] { return writer_->update_version(version, update); });
}

Result<ConnectionVersion> Transaction::publish(const VersionKey& version) {
    return guarded([&] { return writer_->publish(version); });
}

Result<ConnectionVersion> Transaction::unpublish(const VersionKey& version) {
    return guarded([&] { return writer_->unpublish(version); });
}

Result<void> Transaction::expect_revision(const VersionKey& version, std::uint64_t revision) const {
    return guarded([&] {
        const std::uint64_t found = view_->version(version).revision;
        if (found == revision) return;
        fail(Errc::revision_mismatch, "version \"" + std::string(version.name) +
                                          "\" is at revision " + std::to_string(found) + ", not " +
                                          std::to_string(revision) +
                                          ": it has changed meanwhile; read it again");
    });
}

Result<void> Transaction::delete_version(const VersionKey& version, bool force) {
    return guarded([&] { writer_->delete_version(version, force); });
}

Result<Draft> Transaction::draft(const VersionKey& version) {
    return guarded([&] { return Draft(&writer_->draft(version), &writer_->options()); });
}

Result<ConnectionVersion> Transaction::edit(const VersionKey& version,
                                            const std::function<Result<void>(Draft&)>& change) {
    return guarded([&] {
        return writer_->edit(version, [&](engine::DraftContent& content) {
            Draft draft(&content, &writer_->options());
            must(change(draft));
        });
    });
}

Result<MergeReport> Transaction::merge(const VersionKey& into, const VersionKey& from,
                                       const MergeOptions& options) {
    return guarded([&] {
        engine::check_note(options.note);
        return writer_->merge(into, from, options);
    });
}

Result<ConnectionVersion> Transaction::pick(const VersionKey& into, const VersionKey& from,
                                            const Pick& pick) {
    return guarded([&] {
        engine::check_note(pick.note);
        return writer_->pick(into, from, pick);
    });
}

Result<ConnectionVersion> Transaction::restore(const VersionKey& version, std::uint64_t commit,
                                               const CommitNote& note) {
    return guarded([&] {
        engine::check_note(note);
        return writer_->restore(version, commit, note);
    });
}

Result<ConnectionVersion> Transaction::undo(const VersionKey& version, const CommitNote& note) {
    return guarded([&] {
        engine::check_note(note);
        return writer_->undo(version, note);
    });
}

Result<Resource> Draft::put(Kind kind, const Document& document) {
    return guarded([&] { return content_->put(kind, std::nullopt, document); });
}

Result<Resource> Draft::put(Kind kind, std::string_view name, const Document& document) {
    return guarded([&] { return content_->put(kind, name, document); });
}

namespace {

template <class Typed>
Result<Resource> put_typed(Draft& draft, Kind kind, const Typed& typed) {
    auto document = typed.to_document();
    if (!document) return document.error();
    return draft.put(kind, *document);
}

}  // namespace

Result<Resource> Draft::put(const Action& action) { return put_typed(*this, Kind::action, action); }
Result<Resource> Draft::put(const Definition& definition) {
    return put_typed(*this, Kind::definition, definition);
}
Result<Resource> Draft::put(const Trigger& trigger) {
    return put_typed(*this, Kind::trigger, trigger);
}
Result<Resource> Draft::put(const Parameter& parameter) {
    return put_typed(*this, Kind::parameter, parameter);
}

Result<std::vector<Resource>> Draft::put(Kind kind, std::span<const Document> documents) {
    return guarded([&] { return content_->put(kind, documents, engine::DraftContent::Mode::put); });
}

Result<Resource> Draft::create(Kind kind, const Document& document) {
    return guarded([&] {
        return content_->put(kind, std::nullopt, document, engine::DraftContent::Mode::create);
    });
}

Result<std::vector<Resource>> Draft::create(Kind kind, std::span<const Document> documents) {
    return guarded(
        [&] { return content_->put(kind, documents, engine::DraftContent::Mode::create); });
}

Result<Resource> Draft::replace(Kind kind, std::string_view name, const Document& document) {
    return guarded([&] { return content_->replace(kind, name, document); });
}

Result<void> Draft::erase(Kind kind, std::string_view name, bool force) {
    return guarded([&] { content_->erase(kind, name, force); });
}

Result<void> Draft::erase(Kind kind, std::span<const std::string> names, bool force) {
    return guarded([&] { content_->erase(kind, names, force); });
}

Result<Resource> Draft::get(Kind kind, std::string_view name) const {
    return guarded([&] {
        auto found = content_->find(kind, name);
        const engine::OpenVersion& version = content_->version();
        if (!found)
            fail(engine::unknown_resource({version.connection, version.record.name}, kind, name));
        return std::move(*found);
    });
}

Result<std::optional<Resource>> Draft::find(Kind kind, std::string_view name) const {
    return guarded([&] { return content_->find(kind, name); });
}

Result<std::optional<Resource>> Draft::find(ResourceId id) const {
    return guarded([&] { return content_->find(id); });
}

Result<std::vector<Resource>> Draft::list(Kind kind) const {
    return guarded([&] { return content_->list(kind); });
}

Result<void> Draft::annotate(CommitNote note) {
    return guarded([&] {
        engine::check_note(note);
        content_->annotate(std::move(note));
    });
}

}  // namespace verso
