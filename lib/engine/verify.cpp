// verify: reads everything once, in one snapshot, and holds each thing against what else says so.
// What is damaged becomes a finding, and what hangs on it is not held against it, lest one damage
// be reported many times over: so what is clean is clean, and what is not may hold more than the
// report says.
#include <verso/maintenance.hpp>

#include "engine/collect.hpp"
#include "engine/quotas.hpp"
#include "engine/store_state.hpp"
#include "engine/verify/catalogue.hpp"
#include "engine/verify/commits.hpp"
#include "engine/verify/inheritance.hpp"
#include "engine/verify/nodes.hpp"
#include "engine/verify/payloads.hpp"
#include "engine/verify/references.hpp"
#include "engine/verify/shared_faults.hpp"
#include "engine/verify/trees.hpp"

namespace verso {

namespace engine::verification {

namespace {

void count(const Catalogue& catalogue, const Commits& commits, VerifyReport& counts) {
    counts.connections = catalogue.connections.size();
    for (const auto& [id, connection] : catalogue.connections)
        counts.versions += connection.versions.size();
    counts.commits = commits.records.size();
}

/// Nodes that no tree has, and the counter that ids come from.
void check_node_ids(const KnownNodes& nodes, const Catalogue& catalogue, bool all_were_reached,
                    Report& report) {
    if (catalogue.store && nodes.newest() >= catalogue.store->next_chunk)
        report.add("store", "its next chunk is to be " +
                                std::to_string(catalogue.store->next_chunk) +
                                ", but there is node " + std::to_string(nodes.newest()));
    if (!all_were_reached) return;
    for (const tree::NodeId id : nodes.unvisited())
        report.add("node " + std::to_string(id), "no commit's tree has it; it only takes space");
}

/// How much there is to do, which is asked of the database beside everything else.
void expect_steps(storage::Storage& storage, Report& report) {
    try {
        const storage::Usage usage = storage.usage();
        report.expect_steps(usage.node_chunks + usage.payload_chunks);
    } catch (const Failure& failure) {
        const Errc code = failure.error.code;
        if (code != Errc::corrupt && code != Errc::io_failed) throw;
        report.add("store", "its pages cannot be counted: " + failure.error.message);
    }
}

/// Which commits' content is checked.
class Chosen {
public:
    explicit Chosen(const std::optional<ConnectionId>& connection) : connection_(connection) {}

    [[nodiscard]] bool are_all() const noexcept { return !connection_; }
    [[nodiscard]] bool contain(const CommitRecord& commit) const {
        return are_all() || commit.connection == *connection_;
    }

private:
    const std::optional<ConnectionId>& connection_;
};

void check_trees(const Commits& commits, const Chosen& chosen, const Catalogue& catalogue,
                 Trees& trees) {
    for (const auto& [id, commit] : commits.records) {
        if (!chosen.contain(commit)) continue;
        if (!catalogue.is_being_dropped(id)) {
            trees.check(id, commit);
            continue;
        }
        const CommitRecord* const after = commit.kids == 1 ? commits.find(commit.kid) : nullptr;
        const tree::Between range = between(commit, commits.find(commit.prev), after);
        trees.check_rest(id, range, catalogue.dropped.at(id).value());
    }
}

/// Tells what was found in nodes and documents, with the versions that have it.
void report_faults(SharedFaults& faults, const Catalogue& catalogue, const Commits& commits,
                   const Chosen& chosen) {
    for (const auto& [id, connection] : catalogue.connections)
        for (const auto& [name, version] : connection.versions)
            if (const CommitRecord* const head = commits.find(version.head);
                head != nullptr && chosen.contain(*head))
                faults.search({id, &version}, head->root.id);
    faults.report();
}

/// What organisations with a quota are counted to have. Only where nothing else is wrong, for what
/// is missing may be what was counted.
void check_quotas(const Catalogue& catalogue, storage::ReadTransaction& transaction,
                  Report& report) {
    if (report.has_found()) return;
    View view(transaction);
    const auto described = [](const OrganisationUsage& usage) {
        return std::to_string(usage.versions) + " versions, " + std::to_string(usage.resources) +
               " resources and " + std::to_string(usage.unique_bytes) + " bytes of documents";
    };
    for (const auto& [organisation, counted] : catalogue.quotas) {
        OrganisationUsage has = measure_usage(view, organisation);
        has.quota = counted.quota;
        if (has != counted)
            report.add("organisation " + to_string(organisation),
                       "for its quota, it counts " + described(counted) + ", and has " +
                           described(has) + "; take its quota away and give it again");
    }
}

/// Answers whether the rest can be read.
bool check_structure(storage::Storage& storage, Report& report) {
    return storage.check_structure([&](const std::string& where, const std::string& message) {
        report.add(where, message);
        return true;
    });
}

void verify(StoreState& state, const std::optional<ConnectionId>& connection, Report& report) {
    const Chosen chosen(connection);
    if (chosen.are_all() && !check_structure(state.storage(), report))
        return report.add("store",
                          "the rest was not checked: the database does not survive such pages");
    expect_steps(state.storage(), report);
    const auto transaction = state.storage().begin_read();

    const Catalogue catalogue = read_catalogue(*transaction, report);
    const Commits commits = read_commits(*transaction, report);
    const Affected affected(catalogue, commits.records);
    if (connection && !catalogue.connections.contains(*connection))
        fail(unknown_connection(*connection));
    count(catalogue, commits, report.counts());
    check_connections(catalogue, report);
    check_commits(commits, catalogue, affected, report);

    KnownNodes nodes(*transaction);
    SharedFaults faults(affected, nodes, report);
    const auto is_whole = [&](CommitId id) { return !catalogue.is_being_dropped(id); };
    const auto check_content = [&] {
        Payloads payloads(*transaction, faults, report);
        if (chosen.are_all()) nodes.read_all(report);
        Trees trees({catalogue, affected, faults, state.secret(), report}, nodes, payloads);
        check_trees(commits, chosen, catalogue, trees);
        for (const auto& [id, commit] : commits.records)
            if (chosen.contain(commit) && is_whole(id) && is_whole(commit.prev))
                check_inheritance(id, commits, affected, nodes, report);

        if (!chosen.are_all()) return payloads.check_met();
        const bool all_were_reached = commits.whole && trees.are_readable();
        check_node_ids(nodes, catalogue, all_were_reached, report);
        payloads.check_holdings(all_were_reached);
        payloads.check_chunks(catalogue.store);
    };
    try {
        check_content();
    } catch (...) {
        report_faults(faults, catalogue, commits, chosen);
        throw;
    }
    report_faults(faults, catalogue, commits, chosen);
    // Last, for it reads documents, and what is wrong with them has been found by then.
    References references(*transaction, nodes, affected, report);
    for (const auto& [id, commit] : commits.records)
        if (chosen.contain(commit) && is_whole(id))
            references.check(id, commit, commits.find(commit.prev));
    check_quotas(catalogue, *transaction, report);
}

}  // namespace

}  // namespace engine::verification

Result<VerifyReport> verify(const Store& store, const VerifyOptions& options) {
    return guarded([&] {
        VerifyReport out;
        engine::verification::Report report(options, out);
        try {
            engine::verification::verify(engine::StoreAccess::state(store), options.connection,
                                         report);
        } catch (const engine::verification::Stopped&) {
            return out;
        } catch (const Failure& failure) {
            // The database reads nothing more in a transaction that has met a page it cannot
            // follow.
            if (failure.error.code != Errc::io_failed || !report.has_found()) throw;
            report.add("store", "the rest could not be checked: " + failure.error.message);
        }
        report.finish();
        return out;
    });
}

}  // namespace verso
