// What can still be read of a damaged file is copied value by value into a scratch store, which
// lacks things, but is sound as a database. From there each connection moves into the new store as
// a bundle: as it was where all of it is there, else with its history repaired.
#include <verso/maintenance.hpp>

#include "domain/uuid_v7.hpp"
#include "engine/bundle/bundle_export.hpp"
#include "engine/bundle/known_versions.hpp"
#include "engine/bundle/staged_import.hpp"
#include "engine/new_store.hpp"
#include "engine/repaired_history.hpp"
#include "engine/store_state.hpp"
#include "engine/verify/catalogue.hpp"

#include <algorithm>
#include <map>
#include <optional>
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

/// A connection that is to be moved.
struct Moved {
    ConnectionId id;
    OrganisationId organisation;
    std::string where;  ///< As losses name it.
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

    [[nodiscard]] const std::vector<Moved>& all() const noexcept { return all_; }

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
        const auto read = guarded([&] { return view.connection_record(id); });
        const auto record = read ? std::optional(*read) : std::nullopt;
        const std::string where = where_is(id, record);
        const auto organisation =
            record ? std::optional(record->organisation) : find_organisation(view, id, versions);
        if (!organisation)
            return losses_.add(where, "nothing says any more which organisation it is of");
        all_.push_back({id, *organisation, where});
        if (!record) {
            const ConnectionRecord made{.organisation = *organisation,
                                        .name = "salvaged " + to_string(id),
                                        .properties = "{}"};
            losses_.add(where, "its name and its properties; it is now \"" + made.name + '"');
            missing[key::connection_record(id)] = made.encode();
        }
        if (guarded([&] { return view.connection_state(id); })) return;
        losses_.add(where, "which version was chosen as its default");
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
    std::vector<Moved> all_;
};

/// Moves everything from a scratch store into a new one.
class Salvage {
public:
    Salvage(storage::Storage& scratch, Store& to, Losses& losses, SalvageReport& report)
        : scratch_(scratch),
          to_(to),
          losses_(losses),
          report_(report),
          ids_(to.options().clock, to.options().random) {}

    void move(const Moved& connection) {
        std::vector<VersionRecord> versions = read_versions(connection);
        if (try_move(connection, Holds::connection, versions)) {
            report_.versions += versions.size();
        } else {
            losses_.add(connection.where, "some of it; what follows is of its versions");
            move_repaired(connection, std::move(versions));
        }
        const auto there = must(must(to_.snapshot()).find_connection(connection.id));
        if (!there) {
            losses_.add(connection.where, "all of it");
            return;
        }
        ++report_.connections;
        const auto moment = scratch_.begin_read();
        if (const auto limits =
                guarded([&] { return View(*moment).history_limits(connection.id); });
            limits && *limits)
            must(to_.set_history_limits(connection.id, *limits));
    }

    /// Once all else is there, which is counted then.
    void move_quotas() {
        const std::string prefix = key::quotas();
        const auto moment = scratch_.begin_read();
        moment->scan(Table::records, {.prefix = prefix}, [&](BytesView key, BytesView value) {
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
    /// What has become of a version's newest content.
    struct Remains {
        bool has_lost_all = false;
        bool was_published = false;  ///< and is incomplete
    };

    [[nodiscard]] std::vector<VersionRecord> read_versions(const Moved& connection) {
        std::vector<VersionRecord> versions;
        const auto moment = scratch_.begin_read();
        moment->scan(Table::records, {.prefix = key::versions(connection.id)},
                     [&](BytesView, BytesView value) {
                         auto version = guarded([&] { return VersionRecord::decode(value); });
                         if (version)
                             versions.push_back(std::move(*version));
                         else
                             losses_.add(connection.where, "a version, whose record is damaged");
                         return true;
                     });
        std::ranges::sort(versions, {}, &VersionRecord::id);
        return versions;
    }

    /// Together, so that they share what they have in common; or each alone, where one of them is
    /// taken by no store.
    void move_repaired(const Moved& connection, std::vector<VersionRecord> versions) {
        if (!history_) history_.emplace(scratch_, ids_);
        history_->repair(connection.id);
        std::vector<Remains> remains;
        remains.reserve(versions.size());
        for (VersionRecord& version : versions) remains.push_back(prepare(connection.id, version));
        drop_default(connection, versions);
        const bool all = try_move(connection, Holds::connection, versions);
        for (std::size_t i = 0; i < versions.size(); ++i) {
            const VersionRecord& version = versions[i];
            if (all || try_move(connection, Holds::version, {version}))
                tell(where_is(connection.where, version), version, remains[i]);
            else
                losses_.add(where_is(connection.where, version), "all of it");
        }
    }

    /// Gives a version that has lost its content an empty one, and makes one that lacks something
    /// a draft.
    Remains prepare(ConnectionId id, VersionRecord& version) {
        Remains remains{.has_lost_all = !history_->has(version.head)};
        if (remains.has_lost_all) version.head = history_->make_empty(id, version);
        if (!remains.has_lost_all && !history_->is_incomplete(version.head)) return remains;
        remains.was_published = version.is_published();
        version.published_at = {};
        return remains;
    }

    /// Where it has become a draft, which none may be.
    void drop_default(const Moved& connection, const std::vector<VersionRecord>& versions) {
        const auto writing = scratch_.begin_write({});
        ConnectionState state = View(*writing).connection_state(connection.id);
        const auto chosen = std::ranges::find(versions, state.default_version, &VersionRecord::id);
        if (chosen == versions.end() || chosen->is_published()) return;
        losses_.add(connection.where, "which version was chosen as its default");
        state.default_version = {};
        writing->put(Table::records, key::connection_state(connection.id), state.encode());
        writing->commit();
    }

    void tell(const std::string& where, const VersionRecord& version, const Remains& remains) {
        ++report_.versions;
        if (remains.has_lost_all)
            losses_.add(where, "all of its content: its newest commit is missing");
        history_->each_lost(version.head,
                            [&](const std::string& lost) { losses_.add(where, lost); });
        if (const std::size_t count = history_->count_incomplete(version))
            losses_.add(where, "of its older commits, " + std::to_string(count) +
                                   " lack what is missing or damaged");
        if (remains.has_lost_all || history_->is_cut_off(version.head)) {
            ++report_.versions_without_history;
            losses_.add(where, "its history, as far back as a commit that is missing");
        }
        if (remains.has_lost_all || history_->is_incomplete(version.head))
            ++report_.versions_incomplete;
        if (remains.was_published)
            losses_.add(where, "that it is published: what is left of it is a draft");
    }

    /// Whether they could be moved. Failures of the new store are thrown.
    [[nodiscard]] bool try_move(const Moved& connection, Holds holds,
                                const std::vector<VersionRecord>& versions) {
        const auto moment = scratch_.begin_read();
        View view(*moment);
        const BundleContent content{
            .holds = holds, .connection = connection.id, .versions = versions};
        const BundleImportOptions options{.organisation = connection.organisation,
                                          .on_conflict = BundleConflict::skip};
        bundle::StagedImport import(StoreAccess::state(to_), options);
        const auto moved = guarded([&] {
            const auto sink = [&](std::string_view bytes) {
                return guarded([&] { import.feed(bytes); });
            };
            static_cast<void>(
                bundle::export_bundle(view, to_.options().clock(), content, sink, {}));
            static_cast<void>(import.finish());
        });
        if (!moved && is_of_the_new_store(moved.error().code)) fail(moved.error());
        if (!moved) import.give_up();
        return moved.has_value();
    }

    storage::Storage& scratch_;
    Store& to_;
    Losses& losses_;
    SalvageReport& report_;
    IdSource ids_;
    std::optional<RepairedHistory> history_;  ///< Once something was found to be damaged.
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
    for (const Moved& connection : connections.all()) {
        salvage.move(connection);
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
