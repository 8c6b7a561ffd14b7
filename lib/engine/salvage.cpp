// What can still be read of a damaged file is copied value by value into a scratch store, which
// lacks things, but is sound as a database. From there each connection moves into the new store as
// a bundle: whole where all of it is there, else version by version, else what the versions hold.
#include <verso/maintenance.hpp>

#include "domain/json_parser.hpp"
#include "engine/bundle/bundle_export.hpp"
#include "engine/bundle/bundle_writer.hpp"
#include "engine/bundle/known_versions.hpp"
#include "engine/bundle/staged_import.hpp"
#include "engine/new_store.hpp"
#include "engine/payloads.hpp"
#include "engine/store_state.hpp"
#include "engine/verify/catalogue.hpp"
#include "tree/node.hpp"
#include "tree/sha256.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace verso {

namespace engine {

namespace {

using bundle::BundleContent;
using bundle::Holds;
using storage::Table;
using verification::where_is;

/// Whether a failure says that the new store cannot be written, and not that the old one lacks
/// something.
bool is_of_the_new_store(Errc code) {
    return code == Errc::disk_full || code == Errc::store_full || code == Errc::io_failed ||
           code == Errc::permission_denied || code == Errc::store_forked;
}

/// What was lost.
class Losses {
public:
    Losses(SalvageReport& report, std::size_t most) : report_(report), most_(most) {}

    void add(std::string where, std::string message) {
        ++report_.losses_total;
        if (report_.losses.size() < most_)
            report_.losses.push_back({std::move(where), std::move(message)});
    }

private:
    SalvageReport& report_;
    std::size_t most_;
};

/// The connections of a scratch store, each with a record and a state, made up where it has none.
class Connections {
public:
    Connections(storage::Storage& scratch, Losses& losses) : losses_(losses) {
        const auto moment = scratch.begin_read();
        View view(*moment);
        read_keys(*moment);
        std::map<std::string, std::string> missing;
        for (const ConnectionId id : ids_) complete(view, id, missing);
        const auto writing = scratch.begin_write({});
        for (const auto& [key, value] : missing) writing->put(Table::records, key, value);
        writing->commit();
    }

    [[nodiscard]] const std::map<ConnectionId, OrganisationId>& all() const noexcept {
        return organisations_;
    }

private:
    void read_keys(storage::ReadTransaction& moment) {
        const std::string members = key::organisation({}).substr(0, 1);
        moment.scan(Table::records, {.prefix = members}, [&](BytesView key, BytesView) {
            if (key.size() != 33) return true;
            const ConnectionId id{uuid_of(key.substr(17))};
            listed_[id] = OrganisationId{uuid_of(key.substr(1, 16))};
            ids_.insert(id);
            return true;
        });
        moment.scan(Table::records, {.prefix = key::connections()}, [&](BytesView key, BytesView) {
            if (key.size() > 17) ids_.insert(ConnectionId{uuid_of(key.substr(1, 16))});
            return true;
        });
    }

    void complete(View& view, ConnectionId id, std::map<std::string, std::string>& missing) {
        const auto versions = guarded([&] { return bundle::versions_of(view, id); });
        const auto record = guarded([&] { return view.connection_record(id); });
        const auto organisation =
            record ? std::optional(record->organisation) : find_organisation(view, id, versions);
        if (!organisation)
            return losses_.add(where_is(id), "nothing says any more which organisation it is of");
        organisations_.emplace(id, *organisation);
        if (!record) {
            const ConnectionRecord made{.organisation = *organisation,
                                        .name = "salvaged " + to_string(id),
                                        .properties = "{}"};
            losses_.add(where_is(id),
                        "its name and its properties; it is now \"" + made.name + '"');
            missing[key::connection_record(id)] = made.encode();
        }
        if (guarded([&] { return view.connection_state(id); })) return;
        losses_.add(where_is(id), "which version was chosen as its default");
        missing[key::connection_state(id)] = ConnectionState{}.encode();  // dated by its versions
    }

    [[nodiscard]] std::optional<OrganisationId> find_organisation(
        View& view, ConnectionId id, const Result<std::vector<VersionRecord>>& versions) const {
        if (const auto listed = listed_.find(id); listed != listed_.end()) return listed->second;
        if (!versions) return std::nullopt;
        for (const VersionRecord& version : *versions)
            if (const auto head = guarded([&] { return view.commit(version.head); });
                head && !head->payload_scope.is_nil())
                return OrganisationId{head->payload_scope};
        return std::nullopt;
    }

    Losses& losses_;
    std::set<ConnectionId> ids_;
    std::map<ConnectionId, OrganisationId> listed_;
    std::map<ConnectionId, OrganisationId> organisations_;
};

/// Writes what is left of a version's content as a bundle of one commit.
class RestOfVersion {
public:
    RestOfVersion(View& view, Losses& losses, std::string where)
        : view_(view), losses_(losses), where_(std::move(where)) {}

    void write(ConnectionId connection, const VersionRecord& version, Timestamp time,
               const Uuid& commit_id, const BundleSink& sink) {
        const auto head = guarded([&] { return view_.commit(version.head); });
        if (head)
            collect(head->root.id, std::nullopt);
        else
            lose("all of its content: its newest commit is missing");
        const ConnectionRecord record = view_.connection_record(connection);
        bundle::BundleWriter out(sink);
        out.add(bundle::HeaderLine{.holds = Holds::version,
                                   .time = time,
                                   .connection = connection,
                                   .name = record.name,
                                   .properties = record.properties,
                                   .created_at = record.created_at,
                                   .updated_at = version.updated_at});
        out.add(
            bundle::VersionLine{.id = version.id,
                                .name = version.name,
                                .description = version.description,
                                .created_at = version.created_at,
                                .updated_at = version.updated_at,
                                .published_at = is_incomplete_ ? Timestamp{} : version.published_at,
                                .revision = version.revision,
                                .head = commit_id,
                                .origin = version.origin});
        bundle::CommitLine commit{.id = commit_id, .line = version.id, .time = version.updated_at};
        commit.counts.added = static_cast<std::uint32_t>(resources_.size());
        commit.message = "Salvaged from a damaged file";
        out.add(commit);
        out.add_content(commit_id);
        std::set<Digest> written;
        for (const auto& [key, found] : resources_) {
            const content::ResourceKey name = content::read_resource_key(key);
            if (written.insert(found.value.digest).second)
                out.add(bundle::DocumentLine{found.value.digest, found.document});
            out.add(bundle::PutLine{name.kind, found.value.id, std::string(name.name),
                                    found.value.digest, found.value.validation});
        }
        out.finish();
    }

    [[nodiscard]] bool is_incomplete() const noexcept { return is_incomplete_; }
    [[nodiscard]] bool is_empty() const noexcept { return resources_.empty(); }

private:
    struct Found {
        content::ResourceValue value;
        std::string document;
    };

    void lose(std::string message) {
        is_incomplete_ = true;
        losses_.add(where_, std::move(message));
    }

    /// `count`: how many entries are below, as far as is known.
    void collect(tree::NodeId id, const std::optional<std::uint64_t>& count) {
        if (id == 0) return;
        const auto done = guarded([&] {
            const std::string bytes(view_.nodes().node(id));
            const tree::NodeView node(id, bytes);
            for (std::size_t i = 0; i < node.size(); ++i) {
                if (node.is_leaf())
                    take(node.entry(i));
                else
                    collect(node.child_id(i), node.child_count(i));
            }
        });
        if (!done)
            lose("node " + std::to_string(id) + " of its tree" +
                 (count ? ", which has " + std::to_string(*count) + " entries" : ""));
    }

    void take(const tree::Entry& entry) {
        if (!entry.key.starts_with(static_cast<char>(content::Section::resources))) return;
        const content::ResourceKey key = content::read_resource_key(entry.key);
        const std::string named =
            std::string(to_string(key.kind)) + " \"" + std::string(key.name) + '"';
        const auto done = guarded([&] {
            const auto value = content::ResourceValue::decode(entry.value);
            std::string document =
                load_payload(view_.transaction(), entry.locator.payload, value.size_bytes);
            if (tree::sha256(document) != value.digest)
                fail(Errc::corrupt, "its document is not the one that was written");
            resources_[std::string(entry.key)] = {value, std::move(document)};
        });
        if (!done) lose(named + ": its document is missing or damaged");
    }

    View& view_;
    Losses& losses_;
    std::string where_;
    std::map<std::string, Found> resources_;  ///< by key
    bool is_incomplete_ = false;
};

/// Moves everything from a scratch store into a new one.
class Salvage {
public:
    Salvage(storage::Storage& scratch, Store& to, Losses& losses, SalvageReport& report)
        : moment_(scratch.begin_read()),
          view_(*moment_),
          to_(to),
          losses_(losses),
          report_(report) {}

    void move(ConnectionId id, OrganisationId organisation) {
        const auto versions = read_versions(id);
        const auto counted = report_;
        BundleContent all{.holds = Holds::connection, .connection = id, .versions = versions};
        const auto whole = move_bundle(organisation, [&](const BundleSink& sink) {
            static_cast<void>(bundle::export_bundle(view_, now(), all, sink, {}));
        });
        if (whole) {
            report_.versions += versions.size();
        } else {
            losses_.add(where_is(id), "some of it; what follows is of its versions");
            for (const VersionRecord& version : versions) move(id, organisation, version);
        }
        const auto there = must(must(to_.snapshot()).find_connection(id));
        if (!there) {
            losses_.add(where_is(id), "all of it");
            return;
        }
        ++report_.connections;
        if (const auto limits = guarded([&] { return view_.history_limits(id); });
            limits && *limits)
            must(to_.set_history_limits(id, *limits));
    }

    /// Once all else is there, which is counted then.
    void move_quotas() {
        const std::string prefix = key::quotas();
        moment_->scan(Table::records, {.prefix = prefix}, [&](BytesView key, BytesView value) {
            const OrganisationId organisation{uuid_of(key.substr(prefix.size()))};
            const auto usage = guarded([&] { return decode_usage(value); });
            if (usage)
                must(to_.set_quota(organisation, usage->quota));
            else
                losses_.add("organisation " + to_string(organisation), "its quota");
            return true;
        });
    }

private:
    [[nodiscard]] Timestamp now() const { return to_.options().clock(); }

    [[nodiscard]] std::vector<VersionRecord> read_versions(ConnectionId id) {
        std::vector<VersionRecord> versions;
        moment_->scan(Table::records, {.prefix = key::versions(id)},
                      [&](BytesView, BytesView value) {
                          auto version = guarded([&] { return VersionRecord::decode(value); });
                          if (version)
                              versions.push_back(std::move(*version));
                          else
                              losses_.add(where_is(id), "a version, whose record is damaged");
                          return true;
                      });
        std::ranges::sort(versions, {}, &VersionRecord::id);
        return versions;
    }

    void move(ConnectionId id, OrganisationId organisation, const VersionRecord& version) {
        const std::string where = where_is(id, version);
        const BundleContent alone{.holds = Holds::version, .connection = id, .versions = {version}};
        const auto whole = move_bundle(organisation, [&](const BundleSink& sink) {
            static_cast<void>(bundle::export_bundle(view_, now(), alone, sink, {}));
        });
        if (whole) {
            ++report_.versions;
            return;
        }
        RestOfVersion rest(view_, losses_, where);
        const auto moved = move_bundle(organisation, [&](const BundleSink& sink) {
            Uuid commit{};
            StoreAccess::state(to_).write(
                [&](Writer& writer) { commit = writer.parts().tools.ids.next(); });
            rest.write(id, version, now(), commit, sink);
        });
        if (!moved) {
            losses_.add(where, "all of it");
            return;
        }
        ++report_.versions;
        ++report_.versions_without_history;
        losses_.add(where, "its history, in which something is missing or damaged");
        if (!rest.is_incomplete()) return;
        ++report_.versions_incomplete;
        if (version.is_published())
            losses_.add(where, "that it is published: what is left of it is a draft");
    }

    /// Answers why it could not be moved. Failures of the new store are thrown.
    template <class Write>
    [[nodiscard]] Result<void> move_bundle(OrganisationId organisation, const Write& write) {
        const BundleImportOptions options{.organisation = organisation,
                                          .on_conflict = BundleConflict::skip};
        bundle::StagedImport import(StoreAccess::state(to_), options);
        auto moved = guarded([&] {
            write([&](std::string_view bytes) { return guarded([&] { import.feed(bytes); }); });
            static_cast<void>(import.finish());
        });
        if (!moved && is_of_the_new_store(moved.error().code)) fail(moved.error());
        if (!moved) import.give_up();
        return moved;
    }

    std::unique_ptr<storage::ReadTransaction> moment_;
    View view_;
    Store& to_;
    Losses& losses_;
    SalvageReport& report_;
};

PayloadScope scope_of(storage::Storage& scratch) {
    const auto moment = scratch.begin_read();
    const auto scope = guarded([&] {
        const auto store = moment->find(Table::records, key::store());
        return store ? StoreRecord::decode(*store).payload_scope : PayloadScope::organisation;
    });
    return scope && *scope == PayloadScope::store ? *scope : PayloadScope::organisation;
}

SalvageReport salvage(const std::filesystem::path& damaged, const std::filesystem::path& path,
                      const SalvageOptions& options) {
    if (std::filesystem::exists(path))
        fail(Errc::option_invalid, path.string() + " is there already; name a new file");
    SalvageReport report;
    Losses losses(report, options.max_losses);
    Options made{.durability = Durability::none,
                 .file_permissions = permissions_of(damaged),
                 .history = {0, {}, 0},
                 .document = widest_limits};
    const auto scratch = make_store(passing_path(path), made);
    rescue(damaged, scratch->storage(), [&](const std::string& where, const std::string& message) {
        losses.add(where, message);
        return true;
    });
    const Connections connections(scratch->storage(), losses);

    made.payload_scope = scope_of(scratch->storage());
    const storage::TemporaryFiles files(passing_path(path));
    Store to = must(Store::open(files.path(), made));
    Salvage salvage(scratch->storage(), to, losses, report);
    std::size_t done = 0;
    for (const auto& [id, organisation] : connections.all()) {
        salvage.move(id, organisation);
        if (options.progress)
            options.progress(static_cast<double>(++done) /
                             static_cast<double>(connections.all().size()));
    }
    must(collect_garbage(to));
    salvage.move_quotas();
    static_cast<void>(must(backup(to, path)));
    return report;
}

}  // namespace

}  // namespace engine

Result<SalvageReport> salvage(const std::filesystem::path& damaged,
                              const std::filesystem::path& path, const SalvageOptions& options) {
    return guarded([&] { return engine::salvage(damaged, path, options); });
}

}  // namespace verso
