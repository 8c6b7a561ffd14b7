#include "cli/version_graph.hpp"

#include "cli/text.hpp"
#include "domain/failure.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace verso::cli {

namespace {

using Node = VersionGraph::Node;

/// Finds nodes by the ids of their versions.
using Places = std::map<VersionId, std::size_t>;

/// How many clones follow on one another below each node, at most. Clones stand behind their
/// origins, but for origins that are deleted.
std::vector<std::size_t> heights_of(const std::vector<Node>& nodes) {
    std::vector<std::size_t> heights(nodes.size());
    for (std::size_t at = nodes.size(); at-- > 0;)
        if (const auto origin = nodes[at].origin)
            heights[*origin] = std::max(heights[*origin], heights[at] + 1);
    return heights;
}

/// The place of an origin; one that is deleted gets a node.
std::size_t place_of(VersionGraph& graph, Places& places, VersionId origin) {
    const auto [found, is_new] = places.try_emplace(origin, graph.nodes.size());
    if (is_new) graph.nodes.push_back({"(deleted)", {}, {}, {}});
    return found->second;
}

/// Calls visit(commit) for the commits that a version has written itself, newest first.
template <class Visit>
void each_own_commit(const Snapshot& snapshot, ConnectionId connection,
                     const ConnectionVersion& version, Visit visit) {
    must(snapshot.each_commit({connection, version.name}, [&](const Commit& commit) {
        if (commit.version != version.id) return false;
        visit(commit);
        return true;
    }));
}

void find_merges(VersionGraph& graph, const Snapshot& snapshot, ConnectionId connection) {
    std::map<std::uint64_t, std::size_t> writers;               // of commits
    std::vector<std::pair<std::uint64_t, std::size_t>> merged;  // commits, into nodes
    for (std::size_t at = 0; at < graph.nodes.size(); ++at)
        if (const auto& version = graph.nodes[at].version)
            each_own_commit(snapshot, connection, *version, [&](const Commit& commit) {
                writers.emplace(commit.number, at);
                for (const std::uint64_t each : commit.merged) merged.emplace_back(each, at);
            });
    std::set<std::pair<std::size_t, std::size_t>> known;
    for (const auto& [commit, into] : merged)
        if (const auto from = writers.find(commit); from != writers.end() && from->second != into)
            known.emplace(from->second, into);
    for (const auto& [from, into] : known) graph.merges.push_back({from, into});
}

}  // namespace

void link_clones(VersionGraph& graph) {
    for (std::size_t at = 0; at < graph.nodes.size(); ++at)
        if (const auto origin = graph.nodes[at].origin) graph.nodes[*origin].clones.push_back(at);
    const std::vector<std::size_t> heights = heights_of(graph.nodes);
    for (Node& node : graph.nodes)
        std::sort(node.clones.begin(), node.clones.end(), [&](std::size_t a, std::size_t b) {
            return std::pair(heights[a], a) > std::pair(heights[b], b);
        });
}

VersionGraph read_graph(const Snapshot& snapshot, ConnectionId connection,
                        const std::vector<VersionOrigin>& origins) {
    std::map<VersionId, ConnectionVersion> versions;
    for (ConnectionVersion& each : must(snapshot.versions(connection)))
        versions.emplace(each.id, std::move(each));
    VersionGraph graph;
    Places places;
    for (const VersionOrigin& each : origins) {
        places.emplace(each.version, graph.nodes.size());
        graph.nodes.push_back({shown(each.name), versions.at(each.version), {}, {}});
    }
    for (std::size_t at = 0; at < origins.size(); ++at)
        if (const auto& origin = origins[at].origin)
            graph.nodes[at].origin = place_of(graph, places, *origin);
    link_clones(graph);
    find_merges(graph, snapshot, connection);
    return graph;
}

std::string format_state(const VersionGraph::Node& node) {
    if (!node.version) return {};
    std::string text = "draft";
    if (const auto& published_at = node.version->published_at)
        text = "published " + format_time(*published_at).substr(0, 10);
    if (node.version->is_latest) text += ", latest";
    if (node.version->is_default) text += ", default";
    return text;
}

}  // namespace verso::cli
