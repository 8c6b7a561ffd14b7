#include "engine/verify/catalogue.hpp"
#include "engine/verify/tables.hpp"

#include <verso/domain/names.hpp>

namespace verso::engine::verification {

namespace {

/// Holds what one connection has against itself.
class ConnectionCheck {
public:
    ConnectionCheck(ConnectionId id, const ConnectionFacts& facts, Report& report)
        : id_(id), facts_(facts), report_(report) {}

    void run() {
        for (const auto& [name, version] : facts_.versions) check_version(name, version);
        for (const auto& [key, name] : facts_.updates) check_update(key.first, key.second, name);
        for (const auto& [time, name] : facts_.publications) check_publication(time, name);
        if (facts_.state) check_state(*facts_.state);
    }

private:
    [[nodiscard]] std::string where() const { return where_is(id_, facts_.record); }
    void add(std::string message) { report_.add(where(), std::move(message)); }

    void check_version(const NameDigest& name, const VersionRecord& version) {
        const auto add = [&](std::string message) {
            report_.add(where_is(where(), version), std::move(message));
        };
        if (name != name_digest(version.name))
            add("its record lies under another name's key, so it is not found by its own name");
        if (!check_version_name(version.name)) add("its name is none that a version may have");
        const auto updated = facts_.updates.find({version.updated_at, version.id});
        if (updated == facts_.updates.end() || updated->second != name)
            add("the index by time of update lacks it, so lists of versions lack it too");
        if (version.is_published()) {
            const auto published = facts_.publications.find(version.published_at);
            if (published == facts_.publications.end() || published->second != name)
                add("it is published, but the index of published versions lacks it, so it may not "
                    "be found as \"latest\"");
        }
        if ((version.first == 0) != (version.kept == 0))
            add("it counts " + std::to_string(version.kept) +
                " commits of its own, and its oldest is " + std::to_string(version.first));
        if (!facts_.state) return;
        if (version.updated_at > facts_.state->updated_at)
            add("it was updated after its connection was");
        if (version.published_at > facts_.state->last_published_at)
            add("it was published after its connection's last publication, so the next one may "
                "get the same time");
    }

    void check_update(Timestamp time, VersionId id, const NameDigest& name) {
        const auto version = facts_.versions.find(name);
        if (version == facts_.versions.end() || version->second.id != id ||
            version->second.updated_at != time)
            add("its index by time of update has an entry for version " + to_string(id) + " at " +
                format_timestamp(time) +
                " that no version matches; lists of its versions fail or repeat one");
    }

    void check_publication(Timestamp time, const NameDigest& name) {
        const auto version = facts_.versions.find(name);
        if (version == facts_.versions.end() || !version->second.is_published() ||
            version->second.published_at != time)
            add("its index of published versions has an entry at " + format_timestamp(time) +
                " that no published version matches; \"latest\" may name a wrong version or fail");
    }

    void check_state(const ConnectionState& state) {
        if (state.versions != facts_.versions.size())
            add("it counts " + std::to_string(state.versions) + " versions and has " +
                std::to_string(facts_.versions.size()));
        const auto chosen = facts_.versions.find(state.default_name);
        if (state.default_version.is_nil()) {
            if (state.default_name != NameDigest{}) add("no default is chosen, but one is named");
        } else if (chosen == facts_.versions.end() || chosen->second.id != state.default_version) {
            add("the version chosen as default, " + to_string(state.default_version) +
                ", is not there under the name that is kept for it; \"default\" cannot be read");
        } else if (!chosen->second.is_published()) {
            add("the version chosen as default, \"" + chosen->second.name + "\", is a draft");
        }
    }

    ConnectionId id_;
    const ConnectionFacts& facts_;
    Report& report_;
};

/// Every connection is in its organisation's list and names, and nothing else is.
void check_membership(const Catalogue& catalogue, Report& report) {
    const auto add = [&](ConnectionId id, std::string message) {
        report.add(catalogue.where_is(id), std::move(message));
    };
    for (const auto& [id, connection] : catalogue.connections) {
        if (!connection.state) add(id, "its state is missing; nothing of it can be read");
        if (!connection.record) {
            add(id, "its record is missing; neither its name nor its organisation is known");
            continue;
        }
        const ConnectionRecord& record = *connection.record;
        if (!check_connection_name(record.name))
            add(id, "its name is none that a connection may have");
        if (!catalogue.members.contains({record.organisation, id}))
            add(id, "the list of its organisation's connections lacks it");
        const auto name = catalogue.names.find({record.organisation, name_digest(record.name)});
        if (name == catalogue.names.end() || name->second != id)
            add(id, "it is not found by its name, \"" + record.name + "\"");
    }
    const auto record_of = [&](ConnectionId id) -> const ConnectionRecord* {
        const auto found = catalogue.connections.find(id);
        const bool known = found != catalogue.connections.end() && found->second.record;
        return known ? &*found->second.record : nullptr;
    };
    for (const auto& [organisation, id] : catalogue.members) {
        const ConnectionRecord* const record = record_of(id);
        if (record == nullptr || record->organisation != organisation)
            report.add(
                "organisation " + to_string(organisation),
                "its list has " + catalogue.where_is(id) + ", which is not one of its connections");
    }
    for (const auto& [key, id] : catalogue.names) {
        const ConnectionRecord* const record = record_of(id);
        if (record == nullptr || record->organisation != key.first ||
            name_digest(record->name) != key.second)
            report.add("organisation " + to_string(key.first),
                       "a name of its connections stands for " + catalogue.where_is(id) +
                           ", which has another one; the name is taken for nothing");
    }
}

void check_version_ids(const Catalogue& catalogue, Report& report) {
    std::map<VersionId, ConnectionId> seen;
    for (const auto& [id, connection] : catalogue.connections)
        for (const auto& [name, version] : connection.versions)
            if (const auto [first, is_new] = seen.insert({version.id, id}); !is_new)
                report.add(where_is(catalogue.where_is(id), version),
                           "another version, of " + catalogue.where_is(first->second) +
                               ", has its id " + to_string(version.id));
}

/// Each request that has been done is in the order in which they expire, and nothing else is.
void check_requests(const Catalogue& catalogue, Report& report) {
    const auto where = [](const NameDigest& request) {
        return "request " + hex(bytes_of(request));
    };
    for (const auto& [request, expires_at] : catalogue.requests)
        if (!catalogue.request_expiries.contains({expires_at, request}))
            report.add(where(request), "nothing says when it expires; it stays for ever");
    for (const auto& [time, request] : catalogue.request_expiries)
        if (const auto found = catalogue.requests.find(request);
            found == catalogue.requests.end() || found->second != time)
            report.add(where(request), "it is to expire at " + format_timestamp(time) +
                                           ", but is not there, or expires at another time");
}

}  // namespace

void check_connections(const Catalogue& catalogue, Report& report) {
    if (!catalogue.whole) return;  // what is missing may be what could not be read
    check_membership(catalogue, report);
    check_version_ids(catalogue, report);
    check_requests(catalogue, report);
    for (const auto& [id, connection] : catalogue.connections)
        ConnectionCheck(id, connection, report).run();
}

}  // namespace verso::engine::verification
