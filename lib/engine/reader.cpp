#include <verso/reader.hpp>

#include <verso/domain/names.hpp>

#include "domain/document_access.hpp"
#include "engine/compare.hpp"
#include "engine/history.hpp"
#include "engine/leases.hpp"
#include "engine/limits.hpp"
#include "engine/merge.hpp"
#include "engine/overlay.hpp"
#include "engine/pages.hpp"
#include "engine/quotas.hpp"
#include "engine/requests.hpp"
#include "engine/view.hpp"

#include <algorithm>

namespace verso {

using engine::OpenVersion;

Result<Connection> Reader::connection(ConnectionId id) const {
    return guarded([&] { return view_->connection(id); });
}

Result<std::optional<Connection>> Reader::find_connection(ConnectionId id) const {
    return guarded([&]() -> std::optional<Connection> {
        if (!view_->has_connection(id)) return std::nullopt;
        return view_->connection(id);
    });
}

Result<std::optional<Connection>> Reader::find_connection(OrganisationId organisation,
                                                          ConnectionId id) const {
    return guarded([&]() -> std::optional<Connection> {
        if (!view_->has_connection(organisation, id)) return std::nullopt;
        return view_->connection(id);
    });
}

Result<std::optional<Connection>> Reader::find_connection(OrganisationId organisation,
                                                          std::string_view name) const {
    return guarded([&]() -> std::optional<Connection> {
        const auto id = view_->find_connection(organisation, name);
        if (!id) return std::nullopt;
        return view_->connection(*id);
    });
}

Result<std::vector<Connection>> Reader::connections(OrganisationId organisation) const {
    return guarded([&] { return view_->connections(organisation); });
}

namespace {

std::size_t bytes_of(const Connection& connection) { return connection.properties.text().size(); }
std::size_t bytes_of(const DescribedResource& described) {
    std::size_t bytes = described.resource.document.text().size();
    for (const Referrer& each : described.referenced_by) bytes += sizeof each + each.name.size();
    return bytes;
}
template <class Small>
std::size_t bytes_of(const Small&) {
    return sizeof(Small);
}

/// The items of a page, made of what was listed, from the end that the request begins at.
template <class Item, class Make>
Page<Item> make_page(const PageRequest& request, const engine::KeyedList& list, Make make) {
    Page<engine::ListedItem> listed = engine::cut_page(request, list);
    Page<Item> page{.next = std::move(listed.next), .prev = std::move(listed.prev)};
    if (request.before) std::ranges::reverse(listed.items);
    std::size_t bytes = 0;
    for (const engine::ListedItem& item : listed.items) {
        if (!page.items.empty() && bytes >= request.max_bytes) break;
        page.items.push_back(make(item));
        bytes += bytes_of(page.items.back());
    }
    const std::size_t made = page.items.size();
    if (made < listed.items.size())
        (request.before ? page.prev : page.next) =
            engine::encode_cursor(list.tag, listed.items[made - 1].key);
    if (request.before) std::ranges::reverse(page.items);
    return page;
}

}  // namespace

Result<Page<Connection>> Reader::page_connections(OrganisationId organisation,
                                                  const PageRequest& request) const {
    return guarded([&] {
        const engine::KeyedList list = engine::connections_list(*view_, organisation);
        auto page = make_page<Connection>(request, list, [&](const engine::ListedItem& item) {
            return view_->connection({engine::uuid_of(item.key)});
        });
        page.total_count = engine::count_items(list);
        return page;
    });
}

Result<std::optional<std::string>> Reader::find_request(std::string_view request) const {
    return guarded([&] { return engine::find_request(view_->transaction(), request); });
}

Result<std::vector<Lease>> Reader::leases(ConnectionId connection) const {
    return guarded([&] { return engine::leases_of(*view_, connection); });
}

Result<OrganisationUsage> Reader::usage(OrganisationId organisation) const {
    return guarded([&] { return engine::usage_of(*view_, organisation); });
}

Result<std::optional<HistoryLimits>> Reader::history_limits(ConnectionId id) const {
    return guarded([&] {
        static_cast<void>(view_->connection_state(id));
        return view_->history_limits(id);
    });
}

Result<ConnectionVersion> Reader::version(const VersionKey& version) const {
    return guarded([&] { return view_->describe(version.connection, view_->version(version)); });
}

Result<std::optional<ConnectionVersion>> Reader::find_version(const VersionKey& version) const {
    return guarded([&]() -> std::optional<ConnectionVersion> {
        const auto record = view_->find_version(version);
        if (!record) return std::nullopt;
        return view_->describe(version.connection, *record);
    });
}

Result<std::vector<ConnectionVersion>> Reader::versions(ConnectionId connection,
                                                        const ListOptions& options) const {
    return guarded([&] { return view_->versions(connection, options.first); });
}

Result<Page<ConnectionVersion>> Reader::page_versions(ConnectionId connection,
                                                      const PageRequest& request) const {
    return guarded([&] {
        const std::uint64_t total = view_->connection_state(connection).versions;
        const engine::KeyedList list = engine::versions_list(*view_, connection);
        auto page =
            make_page<ConnectionVersion>(request, list, [&](const engine::ListedItem& item) {
                return view_->describe_listed(connection, item.value);
            });
        page.total_count = total;
        return page;
    });
}

Result<std::uint64_t> Reader::count_versions(ConnectionId connection) const {
    return guarded([&] { return view_->connection_state(connection).versions; });
}

Result<Resource> Reader::resource(const VersionKey& version, Kind kind,
                                  std::string_view name) const {
    return guarded([&] {
        auto found = view_->find_resource(view_->open(version).root, kind, name);
        if (!found) fail(engine::unknown_resource(version, kind, name));
        return std::move(*found);
    });
}

Result<std::optional<Resource>> Reader::find_resource(const VersionKey& version, Kind kind,
                                                      std::string_view name) const {
    return guarded([&] { return view_->find_resource(view_->open(version).root, kind, name); });
}

Result<std::optional<Resource>> Reader::find_resource(const VersionKey& version,
                                                      ResourceId id) const {
    return guarded([&] { return view_->find_resource(view_->open(version).root, id); });
}

Result<std::vector<Resource>> Reader::resources(const VersionKey& version, Kind kind,
                                                const ListOptions& options) const {
    return guarded([&] {
        std::vector<Resource> resources;
        if (options.first == 0) return resources;
        view_->each_resource(view_->open(version).root, kind, [&](const ResourceView& each) {
            resources.push_back({each.kind, each.id, std::string(each.name),
                                 DocumentAccess::make(std::string(each.document))});
            return resources.size() < options.first;
        });
        return resources;
    });
}

Result<Page<DescribedResource>> Reader::page_resources(const VersionKey& version, Kind kind,
                                                       const PageRequest& request) const {
    return guarded([&] {
        const OpenVersion open = view_->open(version);
        const engine::KeyedList list =
            engine::resources_list(*view_, open.root, kind, request.name);
        engine::Overlay overlay(*view_, open.root);
        engine::OverlaySurroundings surroundings(overlay);
        auto page =
            make_page<DescribedResource>(request, list, [&](const engine::ListedItem& item) {
                return engine::describe(overlay, surroundings, open.is_published(), kind, item.key);
            });
        const engine::content::KeyRange keys = engine::content::resources_of(kind);
        page.total_count = request.name.empty()
                               ? tree::count(view_->nodes(), open.root, keys.range())
                               : engine::count_items(list);
        return page;
    });
}

Result<DescribedResource> Reader::describe_resource(const VersionKey& version, Kind kind,
                                                    std::string_view name) const {
    return guarded([&] {
        const OpenVersion& open = view_->open(version);
        engine::Overlay overlay(*view_, open.root);
        if (!overlay.find(kind, name)) fail(engine::unknown_resource(version, kind, name));
        engine::OverlaySurroundings surroundings(overlay);
        return engine::describe(overlay, surroundings, open.is_published(), kind, name);
    });
}

Result<std::vector<Referrer>> Reader::referrers(const VersionKey& version, Kind kind,
                                                std::string_view name) const {
    return guarded([&] {
        engine::Overlay overlay(*view_, view_->open(version).root);
        const auto found = overlay.find(kind, name);
        if (!found) fail(engine::unknown_resource(version, kind, name));
        return engine::referrers_of(overlay, found->value.id);
    });
}

Result<void> Reader::each_resource(const VersionKey& version, Kind kind,
                                   const std::function<bool(const ResourceView&)>& visit) const {
    return guarded([&] { view_->each_resource(view_->open(version).root, kind, visit); });
}

Result<std::uint64_t> Reader::count_resources(const VersionKey& version, Kind kind) const {
    return guarded([&] {
        const engine::content::KeyRange keys = engine::content::resources_of(kind);
        return tree::count(view_->nodes(), view_->open(version).root, keys.range());
    });
}

Result<Digest> Reader::digest(const VersionKey& version) const {
    return guarded([&] { return view_->open(version).root.digest; });
}

namespace {

/// Answers use(compared) of two versions.
template <class Use>
auto compare_versions(engine::View& view, const VersionKey& from, const VersionKey& to, Use use) {
    return guarded([&] {
        const tree::Root old_root = view.open(from).root;
        const tree::Root new_root = view.open(to).root;
        return use(engine::Compared{old_root, new_root});
    });
}

}  // namespace

Result<std::vector<Change>> Reader::compare(const VersionKey& from, const VersionKey& to) const {
    return compare_versions(*view_, from, to, [&](const engine::Compared& compared) {
        std::vector<Change> changes;
        engine::each_change(*view_, compared, {}, [&](Change& change) {
            changes.push_back(std::move(change));
            return true;
        });
        return changes;
    });
}

Result<void> Reader::each_change(const VersionKey& from, const VersionKey& to,
                                 const CompareOptions& options,
                                 const std::function<bool(const Change&)>& visit) const {
    return compare_versions(*view_, from, to, [&](const engine::Compared& compared) {
        engine::each_change(*view_, compared, options, visit);
    });
}

Result<ChangePage> Reader::page_changes(const VersionKey& from, const VersionKey& to,
                                        const PageRequest& request) const {
    return compare_versions(*view_, from, to, [&](const engine::Compared& compared) {
        return engine::page_changes(*view_, compared, request);
    });
}

Result<std::vector<KindSummary>> Reader::summarize_changes(const VersionKey& from,
                                                           const VersionKey& to) const {
    return compare_versions(*view_, from, to, [&](const engine::Compared& compared) {
        return engine::summarize(*view_, compared);
    });
}

Result<MergeReport> Reader::preview_merge(const VersionKey& into, const VersionKey& from,
                                          const MergeOptions& options) const {
    return guarded([&] {
        engine::check_note(options.note);
        MergeReport report = engine::plan_merge(*view_, into, from, options).report;
        report.version = view_->describe(into.connection, view_->version(into));
        return report;
    });
}

Result<Page<Commit>> Reader::page_log(const VersionKey& version, const PageRequest& request) const {
    return guarded([&] {
        const OpenVersion open = view_->open(version);
        const engine::KeyedList list = engine::commits_list(*view_, open.commit);
        auto page = make_page<Commit>(request, list, [&](const engine::ListedItem& item) {
            const auto id = load_be<engine::CommitId>(item.key.data());
            return engine::describe(id, view_->commit(id));
        });
        page.total_count = open.record.kept;
        return page;
    });
}

Result<void> Reader::each_commit(const VersionKey& version,
                                 const std::function<bool(const Commit&)>& visit) const {
    return guarded([&] {
        const auto describe = [&](engine::CommitId id, const engine::CommitRecord& record) {
            return visit(engine::describe(id, record));
        };
        engine::each_before(*view_, view_->open(version).commit, describe);
    });
}

Result<std::vector<VersionOrigin>> Reader::lineage(ConnectionId connection) const {
    return guarded([&] { return engine::lineage(*view_, connection); });
}

}  // namespace verso
