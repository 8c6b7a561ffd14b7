#include "cli/graph_drawing.hpp"

#include <utility>

namespace verso::cli {

namespace {

/// `merged A, B`, of what was merged into each node; else nothing.
std::vector<std::string> format_merges(const VersionGraph& graph) {
    std::vector<std::string> texts(graph.nodes.size());
    for (const VersionGraph::Merge& each : graph.merges) {
        std::string& text = texts[each.into];
        text += (text.empty() ? "merged " : ", ") + graph.nodes[each.from].name;
    }
    return texts;
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

std::string_view mark_of(const VersionGraph::Node& node) {
    if (!node.version) return "×";
    return node.version->is_published() ? "●" : "○";
}

/// The text with what Mermaid would read as markup as character codes.
std::string mermaid_text(std::string_view text) {
    std::string escaped;
    for (const char c : text)
        if (std::string_view("#\"<>&`\\").find(c) != std::string_view::npos)
            escaped += '#' + std::to_string(static_cast<unsigned char>(c)) + ';';
        else
            escaped += c;
    return escaped;
}

std::string_view mermaid_class(const VersionGraph::Node& node) {
    if (!node.version) return "deleted";
    return node.version->is_published() ? "published" : "draft";
}

}  // namespace

std::vector<GraphRow> lay_out(const VersionGraph& graph) {
    struct Visit {
        GraphRow row;
        std::size_t next_clone = 0;
    };
    std::vector<GraphRow> rows;
    std::vector<Visit> path;
    for (std::size_t root = graph.nodes.size(); root-- > 0;) {
        if (graph.nodes[root].origin) continue;
        path.push_back({{root, 0, false}});
        while (!path.empty()) {
            Visit& visit = path.back();
            const auto& clones = graph.nodes[visit.row.node].clones;
            if (visit.next_clone == clones.size()) {
                rows.push_back(visit.row);
                path.pop_back();
                continue;
            }
            const bool is_first = visit.next_clone == 0;
            const std::size_t clone = clones[visit.next_clone++];
            path.push_back({{clone, visit.row.lane + (is_first ? 0 : 1), !is_first}});
        }
    }
    return rows;
}

std::string draw_text(const VersionGraph& graph) {
    const std::vector<std::string> merges = format_merges(graph);
    std::string text;
    for (const auto& [at, lane, ends_lane] : lay_out(graph)) {
        const VersionGraph::Node& node = graph.nodes[at];
        text += repeated("│ ", lane);
        text.append(mark_of(node)).append(" ").append(node.name);
        if (const std::string state = format_state(node); !state.empty()) text += "  " + state;
        if (!merges[at].empty()) text += ", " + merges[at];
        text += '\n';
        if (ends_lane) text += repeated("│ ", lane - 1) + "├─╯\n";
    }
    return text;
}

std::string draw_mermaid(const VersionGraph& graph) {
    const auto id = [](std::size_t at) { return 'v' + std::to_string(at); };
    std::string text = "flowchart LR\n";
    for (std::size_t at = 0; at < graph.nodes.size(); ++at) {
        const VersionGraph::Node& node = graph.nodes[at];
        const std::string state = format_state(node);
        text += "    " + id(at) + "[\"" + mermaid_text(node.name);
        text += (state.empty() ? "" : "<br/>" + state) + "\"]:::";
        text.append(mermaid_class(node)).append("\n");
    }
    for (std::size_t at = 0; at < graph.nodes.size(); ++at)
        if (const auto origin = graph.nodes[at].origin)
            text += "    " + id(*origin) + " --> " + id(at) + '\n';
    for (const VersionGraph::Merge& each : graph.merges)
        text += "    " + id(each.from) + " -. merged .-> " + id(each.into) + '\n';
    return text +
           "    classDef published stroke-width:2px\n"
           "    classDef draft stroke-dasharray:4 3\n"
           "    classDef deleted stroke:none,opacity:0.5\n";
}

}  // namespace verso::cli
