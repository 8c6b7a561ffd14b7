#include "engine/history.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace verso::engine {

Commit describe(CommitId id, CommitRecord record) {
    Commit commit{.number = id,
                  .id = record.uuid,
                  .time = record.time,
                  .version = record.line,
                  .author = std::move(record.author),
                  .message = std::move(record.message),
                  .added = record.counts.added,
                  .changed = record.counts.changed,
                  .removed = record.counts.removed,
                  .renamed = record.counts.renamed,
                  .parent = record.prev};
    for (const MergedLine& line : record.merged) commit.merged.push_back(line.commit);
    return commit;
}

void each_before(View& view, CommitId newest, Visitor<CommitId, const CommitRecord&> visitor) {
    for (CommitId id = newest; id != 0;) {
        const CommitRecord record = view.commit(id);
        if (record.is_needed() && !visitor(id, record)) return;
        id = record.prev;
    }
}

KeyedList commits_list(View& view, CommitId newest) {
    using Direction = KeyedList::Direction;
    const auto walk = [&view, newest](const std::optional<std::string>& from, Direction direction,
                                      Visitor<BytesView, BytesView> visitor) {
        const std::optional<CommitId> behind =
            from ? std::optional(load_be<CommitId>(from->data())) : std::nullopt;
        std::vector<CommitId> newer;  // for the way back, which commits do not know
        each_before(view, newest, [&](CommitId id, const CommitRecord&) {
            if (direction == Direction::forward)
                return (behind && id >= *behind) || visitor(key::commit(id), {});
            if (behind && id <= *behind) return false;
            newer.push_back(id);
            return true;
        });
        std::ranges::reverse(newer);
        for (const CommitId id : newer)
            if (!visitor(key::commit(id), {})) return;
    };
    return {ListTag::commits, sizeof(CommitId), walk};
}

std::vector<VersionOrigin> lineage(View& view, ConnectionId connection) {
    static_cast<void>(view.connection_state(connection));
    std::vector<VersionOrigin> origins;
    std::map<VersionId, std::string> names;
    const std::string prefix = key::versions(connection);
    view.transaction().scan(storage::Table::records, {.prefix = prefix},
                            [&](BytesView, BytesView value) {
                                VersionRecord version = VersionRecord::decode(value);
                                names.insert({version.id, version.name});
                                VersionOrigin& made = origins.emplace_back();
                                made.version = version.id;
                                made.name = std::move(version.name);
                                if (!version.origin.is_nil()) made.origin = version.origin;
                                made.commit = version.origin_commit;
                                return true;
                            });
    for (VersionOrigin& each : origins)
        if (const auto name = each.origin ? names.find(*each.origin) : names.end();
            name != names.end())
            each.origin_name = name->second;
    std::ranges::sort(origins, {}, &VersionOrigin::version);  // ids rise with time
    return origins;
}

CommitId commit_before_last_change(View& view, const VersionRecord& version) {
    CommitRecord commit = view.commit(version.head);
    for (std::uint64_t own = version.kept; own > 0; --own) {
        const CommitId before = commit.prev;
        const bool is_origin = version.let_go == 0 && before == version.origin_commit;
        if (before == 0 || (own == 1 && !is_origin)) break;
        CommitRecord earlier = view.commit(before);
        if (own == 1 && !earlier.is_needed()) break;
        if (earlier.root.digest != commit.root.digest) return before;
        commit = std::move(earlier);
    }
    fail(Errc::commit_not_found,
         "version \"" + version.name +
             "\" has no change of its own that could be undone, or does not keep what was before "
             "it any more");
}

}  // namespace verso::engine
