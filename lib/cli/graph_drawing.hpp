// Drawings of a version graph: as text for a terminal, as an image, as source for Mermaid.
#pragma once

#include "cli/version_graph.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace verso::cli {

/// Where a version stands in a drawing: rows from the newest down, an origin below its clones and
/// in the lane of the longest line of them. The lanes left of it lead on to rows below.
struct GraphRow {
    std::size_t node;
    std::size_t lane;
    bool ends_lane;  ///< Its origin is in the lane left of it, which it joins at once.
};

/// A row for each node.
[[nodiscard]] std::vector<GraphRow> lay_out(const VersionGraph& graph);

/// A line of text for each version, with its lanes before its name, and one where a lane ends.
[[nodiscard]] std::string draw_text(const VersionGraph& graph);

/// An image, which adapts to light and dark surroundings. Source: SVG 1.1
[[nodiscard]] std::string draw_svg(const VersionGraph& graph);

/// A flowchart. Source: https://mermaid.js.org/syntax/flowchart.html
[[nodiscard]] std::string draw_mermaid(const VersionGraph& graph);

}  // namespace verso::cli
