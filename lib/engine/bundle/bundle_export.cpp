#include "engine/bundle/bundle_export.hpp"

#include "engine/bundle/bundle_writer.hpp"
#include "engine/payloads.hpp"

#include <algorithm>
#include <string>

namespace verso::engine::bundle {

namespace {

class BundleExport {
public:
    BundleExport(View& view, const BundleContent& content, const BundleSink& sink)
        : view_(view), content_(content), out_(sink) {}

    BundleSummary run(Timestamp time, const std::function<void(double)>& progress) {
        const ConnectionState state = view_.connection_state(content_.connection);
        const auto members = history();
        for (const History::Member& member : members) commits_.insert(member.id);
        out_.add(header(time, state));
        for (const VersionRecord& version : content_.versions)
            out_.add(version_line(version, version.id == state.default_version));
        for (const History::Member& member : members) out_.add(commit_line(member));
        for (const History::Member& member : members) {
            add_content(member);
            ++summary_.commits;
            if (progress)
                progress(static_cast<double>(summary_.commits) /
                         static_cast<double>(members.size()));
        }
        out_.finish();
        summary_.versions = content_.versions.size();
        summary_.bytes = out_.bytes();
        return summary_;
    }

private:
    HeaderLine header(Timestamp time, const ConnectionState& state) {
        ConnectionRecord connection = view_.connection_record(content_.connection);
        HeaderLine header{.holds = content_.holds,
                          .time = time,
                          .connection = content_.connection,
                          .name = std::move(connection.name),
                          .properties = std::move(connection.properties),
                          .created_at = connection.created_at,
                          .updated_at = state.updated_at};
        std::vector<CommitId> base(content_.base.begin(), content_.base.end());
        std::ranges::sort(base);
        for (const CommitId id : base) header.base.push_back(view_.commit(id).uuid);
        return header;
    }

    VersionLine version_line(const VersionRecord& version, bool is_chosen) {
        return {.id = version.id,
                .name = version.name,
                .description = version.description,
                .created_at = version.created_at,
                .updated_at = version.updated_at,
                .published_at = version.published_at,
                .revision = version.revision,
                .is_chosen = is_chosen,
                .head = view_.commit(version.head).uuid,
                .origin = version.origin,
                .origin_commit = is_told(version.origin_commit)
                                     ? view_.commit(version.origin_commit).uuid
                                     : Uuid{}};
    }

    [[nodiscard]] bool is_told(CommitId id) const {
        return commits_.contains(id) || content_.base.contains(id);
    }

    std::vector<History::Member> history() {
        History history(view_, content_.base);
        for (const VersionRecord& version : content_.versions)
            history.add(version.head, content_.holds == Holds::version ? std::optional(version.id)
                                                                       : std::nullopt);
        return history.members();
    }

    CommitLine commit_line(const History::Member& member) {
        CommitRecord commit = view_.commit(member.id);
        CommitLine line{.id = commit.uuid,
                        .line = member.line,
                        .time = commit.time,
                        .counts = commit.counts,
                        .author = std::move(commit.author),
                        .message = std::move(commit.message)};
        if (member.parent != 0) line.parent = view_.commit(member.parent).uuid;
        for (const engine::MergedLine& merged : commit.merged)
            line.merged.push_back({merged.line, view_.commit(merged.commit).uuid});
        return line;
    }

    void add_content(const History::Member& member) {
        const CommitRecord commit = view_.commit(member.id);
        const tree::Root before =
            member.parent == 0 ? tree::Root{} : view_.commit(member.parent).root;
        out_.add_content(commit.uuid);
        const content::KeyRange keys = content::section(content::Section::resources);
        tree::diff(view_.nodes(), before, commit.root, keys.range(),
                   [&](const tree::Difference& difference) {
                       if (difference.b)
                           add_put(*difference.b);
                       else
                           add_removed(*difference.a);
                       return true;
                   });
    }

    void add_put(const tree::Entry& entry) {
        const content::ResourceKey key = content::read_resource_key(entry.key);
        const auto value = content::ResourceValue::decode(entry.value);
        if (written_.insert(entry.locator.payload).second &&
            !(content_.has_document && content_.has_document(value.digest))) {
            visit_payload(view_.transaction(), entry.locator.payload, value.size_bytes,
                          [&](BytesView text) {
                              out_.add(DocumentLine{value.digest, text});
                          });
            ++summary_.documents;
            summary_.document_bytes += value.size_bytes;
        }
        out_.add(
            PutLine{key.kind, value.id, std::string(key.name), value.digest, value.validation});
    }

    void add_removed(const tree::Entry& entry) {
        const content::ResourceKey key = content::read_resource_key(entry.key);
        const auto value = content::ResourceValue::decode(entry.value);
        out_.add(RemovedLine{key.kind, value.id, std::string(key.name)});
    }

    View& view_;
    const BundleContent& content_;
    BundleWriter out_;
    CommitIds commits_;                          ///< that the bundle holds
    std::unordered_set<std::uint64_t> written_;  ///< payloads
    BundleSummary summary_;
};

}  // namespace

BundleSummary export_bundle(View& view, Timestamp time, const BundleContent& content,
                            const BundleSink& sink, const std::function<void(double)>& progress) {
    return BundleExport(view, content, sink).run(time, progress);
}

}  // namespace verso::engine::bundle
