#include "engine/bundle/bundle_import.hpp"

#include <verso/domain/names.hpp>

#include "domain/document_access.hpp"
#include "domain/json_parser.hpp"
#include "engine/bundle/bundle_lines.hpp"
#include "engine/limits.hpp"
#include "engine/payloads.hpp"

#include <algorithm>

namespace verso::engine::bundle {

namespace {

/// What a line has beside a document: texts with their escapes.
constexpr std::size_t max_rest_bytes = std::size_t{1} << 20;

}  // namespace

std::size_t max_line_bytes(const DocumentLimits& documents) noexcept {
    return documents.max_bytes + max_rest_bytes;
}

BundleImport::BundleImport(Writer& writer, const BundleImportOptions& options)
    : writer_(writer), options_(options), plan_(writer.view(), options) {}

// Lines

void BundleImport::take(BytesView line) {
    if (line.starts_with(end_prefix)) return read_end();
    expect(Part::content);
    if (line.starts_with(document_prefix)) {
        expect_content();
        documents_->add(read_document(line));
        return;
    }
    if (line.starts_with(put_prefix)) return take_put(read_put(line));
    const DocumentLimits& limits = writer_.options().document;
    const ParsedJson json =
        must(parse_json(line, {max_line_bytes(limits), limits.max_depth + levels_around}));
    if (part_ == Part::content && !json.root().find("content"))
        take_removed(read_removed(json.root()));
    else
        read_head_line(json.root());
}

void BundleImport::take_staged(const Digest& document) {
    expect_content();
    documents_->add_staged(document);
}

void BundleImport::expect_content() const {
    if (current_ == nullptr) fail(Errc::bundle_invalid, "a document stands in no commit's content");
}

void BundleImport::expect(Part at_most) const {
    if (part_ > at_most) fail(Errc::bundle_invalid, "it stands behind the place of such lines");
}

void BundleImport::read_head_line(JsonView line) {
    if (part_ == Part::header) {
        plan_.add(read_header(line));
        part_ = Part::versions;
    } else if (line.find("content")) {
        if (part_ != Part::content) decide();
        begin_content(read_content(line));
    } else if (line.find("commit")) {
        expect(Part::commits);
        plan_.add(read_commit(line));
        part_ = Part::commits;
    } else {
        expect(Part::versions);
        VersionLine version = read_version(line);
        check_name_length(writer_.options(), version.name);
        plan_.add(std::move(version));
    }
}

void BundleImport::read_end() {
    expect(Part::content);
    if (part_ == Part::header) fail(Errc::bundle_invalid, "it ends before it begins");
    if (part_ != Part::content) decide();
    end_content();
    if (next_content_ != plan_.commits().size())
        fail(Errc::bundle_invalid, "the content of commit " +
                                       format_uuid(plan_.commits()[next_content_].line.id) +
                                       " is missing");
    part_ = Part::nothing;
}

// Content

void BundleImport::begin_content(const Uuid& commit) {
    end_content();
    auto& commits = plan_.commits();
    if (next_content_ == commits.size() || commits[next_content_].line.id != commit)
        fail(Errc::bundle_invalid,
             "the contents of commits do not stand in the order of the commits");
    current_ = &commits[next_content_++];
    last_key_.clear();
    if (current_->is_new) change_.emplace(writer_.view(), history_->tree_before(*current_));
}

void BundleImport::end_content() {
    if (change_) {
        history_->add(*current_, std::move(*change_).edits(), *documents_);
        change_.reset();
    }
    current_ = nullptr;
}

void BundleImport::take_put(const PutLine& put) {
    expect_rising(put.kind, put.name);
    check_name_length(writer_.options(), put.name);
    if (!change_) return;
    const PayloadRecord document = documents_->find(put.document, plan_.is_partial()).record;
    const content::ResourceValue value{
        .id = put.id,
        .digest = put.document,
        .size_bytes = static_cast<std::uint32_t>(document.size_bytes),
        .validation = put.validation};
    visit_payload(writer_.view().transaction(), document.id, document.size_bytes,
                  [&](BytesView text) { change_->put(last_key_, value, document.id, text); });
}

void BundleImport::take_removed(const RemovedLine& removed) {
    expect_rising(removed.kind, removed.name);
    if (change_) change_->remove(last_key_, removed.id);
}

void BundleImport::expect_rising(Kind kind, std::string_view name) {
    if (!current_) fail(Errc::bundle_invalid, "a change stands in no commit's content");
    std::string key = content::resource_key(kind, name);
    if (key <= last_key_)
        fail(Errc::bundle_invalid, "changes do not stand in the order of kind and name");
    last_key_ = std::move(key);
}

// The connection

void BundleImport::decide() {
    const ConnectionId connection = open_connection();
    const Writer::Parts parts = writer_.parts();
    const Uuid scope = parts.store.payload_scope == PayloadScope::store
                           ? Uuid{}
                           : writer_.view().organisation_of(connection).value;
    plan_.decide(connection);
    documents_.emplace(parts, scope, options_.max_bytes);
    history_.emplace(writer_.view(), parts, plan_, scope);
    part_ = Part::content;
}

ConnectionId BundleImport::open_connection() {
    View& view = writer_.view();
    const HeaderLine& header = plan_.header();
    const ConnectionId id = options_.connection.value_or(header.connection);
    if (options_.connection || view.has_connection(id)) {
        check_connection(view.connection(id));
        return id;
    }
    const std::string name = options_.name.value_or(header.name);
    if (view.find_connection(options_.organisation, name))
        fail(Errc::name_taken, "another connection has the name \"" + name +
                                   "\"; give the import that connection, or another name");
    writer_.create_connection(
        options_.organisation,
        {.name = name,
         .properties = must(Document::parse(header.properties, writer_.options().document)),
         .id = id});
    const Writer::Parts parts = writer_.parts();
    ConnectionRecord record = view.connection_record(id);
    record.created_at = header.created_at;
    ConnectionState state = view.connection_state(id);
    state.updated_at = header.updated_at;
    parts.transaction.put(storage::Table::records, key::connection_record(id), record.encode());
    parts.transaction.put(storage::Table::records, key::connection_state(id), state.encode());
    connection_added_ = true;
    return id;
}

void BundleImport::check_connection(const Connection& connection) const {
    if (connection.organisation == options_.organisation) return;
    if (options_.connection) fail(unknown_connection(connection.id));
    fail(Errc::id_taken,
         "connection " + to_string(connection.id) +
             " is here already, of another organisation; import into another store");
}

BundleImportReport BundleImport::finish() {
    BundleImportReport report{.connection = plan_.connection(),
                              .connection_added = connection_added_};
    history_->finish(connection_added_ ? Timestamp{} : writer_.parts().now);
    documents_->finish();
    for (const PlannedVersion& version : plan_.versions())
        report.versions.push_back({version.line.id, version.line.name, version.outcome});
    report.commits =
        static_cast<std::uint64_t>(std::ranges::count_if(plan_.commits(), &PlannedCommit::is_new));
    report.documents_stored = documents_->stored();
    report.documents_present = documents_->present();
    return report;
}

}  // namespace verso::engine::bundle
