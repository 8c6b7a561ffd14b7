// Goal: the versions of a connection are drawn as they came from one another, on a terminal and
// into files. Method: real processes; for lanes the drawing of graphs made by hand.
#include "cli/graph_drawing.hpp"
#include "cli/process.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using namespace verso::cli;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// A graph whose nodes are cloned from those at `origins`; -1: from none. They have no versions, so
/// that a drawing shows names and lanes alone.
VersionGraph graph_of(const std::vector<int>& origins) {
    VersionGraph graph;
    for (std::size_t at = 0; at < origins.size(); ++at) {
        VersionGraph::Node node{std::string(1, static_cast<char>('a' + at)), {}, {}, {}};
        if (origins[at] >= 0) node.origin = static_cast<std::size_t>(origins[at]);
        graph.nodes.push_back(node);
    }
    link_clones(graph);
    return graph;
}

/// 2.0.0 comes from 1.0.0 and has 1.0.1 merged into it, and what 3 came from is deleted.
struct Grown : Workspace {
    Grown() {
        ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
        ok({"version", "publish", "Harbour", "1.0.0"});
        clone("1.0.1", "1.0.0");
        clone("2.0.0", "1.0.0");
        ok({"rm", "Harbour", "1.0.1", "action", "getTariffs"});
        ok({"merge", "Harbour", "2.0.0", "1.0.1"});
        clone("gone", "1.0.0");
        clone("3<\"&", "gone");
        ok({"version", "delete", "Harbour", "gone"});
    }
    void clone(const std::string& name, const std::string& from) const {
        ok({"version", "create", "Harbour", name, "--from", from});
    }
};

}  // namespace

TEST_CASE("graph: a line of clones keeps its lane", "[cli]") {
    CHECK(draw_text(graph_of({-1, 0, 1})) == "× c\n× b\n× a\n");
}

TEST_CASE("graph: each other clone has a lane, which ends at once", "[cli]") {
    CHECK(draw_text(graph_of({-1, 0, 0, 0})) == "× d\n│ × c\n├─╯\n│ × b\n├─╯\n× a\n");
}

TEST_CASE("graph: the longest line of clones is in the lane of its origin", "[cli]") {
    CHECK(draw_text(graph_of({-1, 0, 0, 1, 1, 2, 3})) ==
          "× g\n× d\n│ × e\n├─╯\n× b\n│ × f\n│ × c\n├─╯\n× a\n");
}

TEST_CASE("graph: versions that came from nothing stand apart, and there may be none", "[cli]") {
    CHECK(draw_text(graph_of({-1, -1})) == "× b\n× a\n");
    CHECK(draw_text(graph_of({})).empty());
    CHECK_THAT(draw_svg(graph_of({})), StartsWith("<svg "));
}

TEST_CASE("graph: a line of very many clones is drawn", "[cli]") {
    std::vector<int> origins;
    for (int at = -1; at < 100'000; ++at) origins.push_back(at);
    CHECK(lay_out(graph_of(origins)).size() == origins.size());
}

TEST_CASE("graph: it shows states, merges and what is deleted", "[cli]") {
    const Grown work;
    const std::string graph = work.ok({"graph", "Harbour"});
    CHECK_THAT(graph, Contains("○ 2.0.0  draft, merged 1.0.1\n") &&
                          Contains("● 1.0.0  published ") && Contains(", latest, default\n") &&
                          Contains("○ 3<\"&  draft\n× (deleted)\n") && Contains("├─╯\n"));
    const auto json = work.json({"graph", "Harbour"});
    CHECK(json.at("versions").as_array().size() == 4);
    CHECK(text_at(json, "/merges/0/from") == "1.0.1");
    CHECK(text_at(json, "/merges/0/into") == "2.0.0");
    work.ok({"connection", "create", "Empty"});
    CHECK_THAT(work.ok({"graph", "Empty"}), Contains("\"Empty\" has no versions yet"));
}

TEST_CASE("graph: it is drawn into files, as an image and for Mermaid", "[cli]") {
    const Grown work;
    CHECK_THAT(work.ok({"graph", "Harbour", "--output", "graph.svg"}),
               Contains("Drew 4 versions of \"Harbour\" into graph.svg"));
    const std::string image = read_file(work.path("graph.svg"));
    CHECK_THAT(image, StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"") &&
                          Contains("1.0.1 merged into 2.0.0") && Contains(">3&lt;&quot;&amp;<"));
    work.ok({"graph", "Harbour", "-o", "graph.mmd"});
    const std::string flowchart = read_file(work.path("graph.mmd"));
    CHECK_THAT(flowchart, StartsWith("flowchart LR\n") && Contains("v0 --> v1\n") &&
                              Contains("v1 -. merged .-> v2\n") &&
                              Contains("\"3#60;#34;#38;<br/>"));
}

TEST_CASE("graph: a file of no known kind is refused before anything is written", "[cli]") {
    const Grown work;
    const Outcome outcome = work.verso({"graph", "Harbour", "-o", "graph.png"});
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Contains(".svg for an image or .mmd for Mermaid"));
    CHECK_FALSE(std::filesystem::exists(work.path("graph.png")));
}
